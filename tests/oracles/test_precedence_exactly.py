"""Order, denial and passing on: comparison and verdicts agree with an evaluator that asks one flow at a time.

The universe is small and complete: every value that a selector names and one that none names, with and without.
"""

import itertools
import random
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.address_sets import NO_ADDRESSES, block, join_addresses
from egressc.model.flows import (
    DifferenceKind,
    Direction,
    Endpoint,
    Pod,
    PodClass,
    Policy,
    Precedence,
    Rule,
    RuleAction,
    Witness,
)
from egressc.model.label_classes import ANY, NAMESPACE_NAME, namespace, select
from egressc.model.policy import Port, Protocol, Selector
from egressc.model.port_sets import port_set
from egressc.source import Source, Span
from egressc.verify.comparison.compare import compare
from egressc.verify.flows.precedence import additive
from egressc.verify.flows.verdicts import Judge
from oracles.fuzzing import fuzz
from support.tables import each

_NOWHERE = Span(Source("policies.yaml", ""), 0, 0)


class Group(NamedTuple):
    """Pods by the name of their namespace and by their label `app`; None: any."""

    home: str | None
    app: str | None


class PlainRule(NamedTuple):
    action: str
    peers: tuple[Group | str, ...]
    ports: tuple[tuple[int, int] | str, ...]


class PlainPolicy(NamedTuple):
    tier: int
    order: int
    one_by_one: bool
    isolates: bool
    subject: Group
    direction: str
    rules: tuple[PlainRule, ...]


class Spot(NamedTuple):
    home: str
    app: str | None


class Flow(NamedTuple):
    source: Spot | str
    destination: Spot | str
    port: int
    names: frozenset[str]


# --- The evaluator: nothing of the product, one flow, each rule in the words of its dialect.


def is_allowed(policies: list[PlainPolicy], flow: Flow) -> bool:
    return _passes(policies, "egress", flow.source, flow.destination, flow) and _passes(
        policies, "ingress", flow.destination, flow.source, flow
    )


def _passes(policies: list[PlainPolicy], direction: str, guarded: Spot | str, other: Spot | str, flow: Flow) -> bool:
    if isinstance(guarded, str):
        return True
    mine = [it for it in policies if it.direction == direction and _is_in(it.subject, guarded)]
    while mine:
        tier = min(it.tier for it in mine)
        verdict = _ask_tier([it for it in mine if it.tier == tier], other, flow)
        if verdict in ("allow", "deny"):
            return verdict == "allow"
        mine = [it for it in mine if it.tier > tier]
    return True


def _ask_tier(tier: list[PlainPolicy], other: Spot | str, flow: Flow) -> str:
    for order in sorted({it.order for it in tier}):
        asked = [it for it in tier if it.order == order]
        rounds = max((len(it.rules) for it in asked if it.one_by_one), default=0)
        for number in range(max(rounds, 1)):
            said = {
                rule.action
                for policy in asked
                for index, rule in enumerate(policy.rules)
                if number == (index if policy.one_by_one else 0) and _is_met(rule, other, flow)
            }
            for action in ("deny", "allow", "pass"):
                if action in said:
                    return action
    return "deny" if any(it.isolates for it in tier) else "pass"


def _is_in(group: Group, spot: Spot) -> bool:
    return group.home in (None, spot.home) and group.app in (None, spot.app)


def _is_met(rule: PlainRule, other: Spot | str, flow: Flow) -> bool:
    at_port = any(
        port in flow.names if isinstance(port, str) else port[0] <= flow.port <= port[1] for port in rule.ports
    )
    return at_port and any(_is_peer(peer, other) for peer in rule.peers)


def _is_peer(peer: Group | str, other: Spot | str) -> bool:
    if isinstance(peer, Group):
        return isinstance(other, Spot) and _is_in(peer, other)
    return isinstance(other, str) and other.startswith(peer)


# --- The same policies as the product reads them.


def _read(policies: list[PlainPolicy]) -> list[Policy]:
    found = []
    for number, policy in enumerate(policies):
        rules = tuple(
            Rule(
                index,
                tuple(_pods(peer) for peer in rule.peers if isinstance(peer, Group)),
                join_addresses(block(f"{peer}0.0.0/8") for peer in rule.peers if isinstance(peer, str))
                if any(isinstance(peer, str) for peer in rule.peers)
                else NO_ADDRESSES,
                port_set(
                    tuple(
                        Port(Protocol.TCP, port) if isinstance(port, str) else Port(Protocol.TCP, *port)
                        for port in rule.ports
                    )
                ),
                action=RuleAction(rule.action),
            )
            for index, rule in enumerate(policy.rules)
        )
        precedence = Precedence(
            policy.tier,
            policy.order,
            by_index=policy.one_by_one,
            isolates=frozenset(Direction) if policy.isolates else frozenset(),
        )
        is_plain = precedence == Precedence() and all(rule.action == "allow" for rule in policy.rules)
        egress, ingress = (rules, None) if policy.direction == "egress" else (None, rules)
        found.append(
            Policy(
                "x",
                f"policy-{number}",
                _pods(policy.subject),
                egress,
                ingress,
                _NOWHERE,
                precedence=None if is_plain else precedence,
            )
        )
    return found


def _pods(group: Group) -> PodClass:
    return PodClass(
        ANY if group.home is None else namespace(group.home),
        ANY if group.app is None else select(Selector((("app", group.app),))),
    )


_groups = st.builds(Group, st.sampled_from((None, None, "x", "y")), st.sampled_from((None, "a", "b")))
_ports = st.sampled_from([(1, 65535), (1, 1), (2, 2), (1, 2), (2, 65535), "http", "metrics"])
_rules = st.builds(
    PlainRule,
    st.sampled_from(("allow", "deny", "pass")),
    st.lists(_groups | st.sampled_from(("1.", "2.")), min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(_ports, min_size=1, max_size=2, unique=True).map(tuple),
)
_allowing = _rules.map(lambda rule: rule._replace(action="allow"))
_policies = st.builds(
    PlainPolicy,
    st.integers(-1, 1),
    st.integers(0, 1),
    st.booleans(),
    st.booleans(),
    _groups,
    st.sampled_from(("egress", "ingress")),
    st.lists(_rules, max_size=3).map(tuple),
)
_network_policies = st.builds(
    PlainPolicy,
    st.just(0),
    st.just(0),
    st.just(False),
    st.just(True),
    _groups,
    st.sampled_from(("egress", "ingress")),
    st.lists(_allowing, max_size=2).map(tuple),
)
_sets = st.lists(_policies | _network_policies, max_size=4)

_SPOTS = [Spot(home, app) for home in ("x", "y", "other") for app in ("a", "b", "other", None)]
_ENDS: list[Spot | str] = [*_SPOTS, "1.2.3.4", "2.3.4.5", "3.4.5.6"]
_NAMES = [frozenset(names) for size in range(3) for names in itertools.combinations(("http", "metrics"), size)]
_PAIRS: list[tuple[Spot | str, Spot | str]] = [*itertools.product(_ENDS, _ENDS)]
_FLOWS = [
    Flow(source, destination, port, names)
    for source, destination in _PAIRS
    if isinstance(source, Spot) or isinstance(destination, Spot)
    for port in (1, 2, 3)
    for names in (_NAMES if isinstance(destination, Spot) else _NAMES[:1])
]


@fuzz(60)
@given(_sets, _sets, _sets, st.integers(0, 2**32))
def test_differences_are_those_of_every_flow(
    shared: list[PlainPolicy], one: list[PlainPolicy], other: list[PlainPolicy], chosen: int
) -> None:
    _assert_exact(shared + one, other[:2] + shared, random.Random(chosen).sample(_FLOWS, 1_500))  # noqa: S311


def _assert_exact(intended: list[PlainPolicy], rendered: list[PlainPolicy], flows: list[Flow]) -> None:
    differences = compare(_read(intended), _read(rendered))
    for difference in differences:
        flow = _flow(difference.witness)
        is_over = difference.kind is DifferenceKind.OVER
        assert (is_allowed(rendered, flow), is_allowed(intended, flow)) == (is_over, not is_over), difference.witness
    kinds = {difference.kind for difference in differences}
    for flow in flows:
        wanted, actual = is_allowed(intended, flow), is_allowed(rendered, flow)
        if wanted != actual:
            assert (DifferenceKind.OVER if actual else DifferenceKind.UNDER) in kinds, flow


@fuzz(60)
@given(_sets, st.integers(0, 2**32))
def test_a_verdict_is_that_of_the_evaluator(policies: list[PlainPolicy], chosen: int) -> None:
    read = _read(policies)
    judge = Judge(read)
    for flow in random.Random(chosen).sample(_FLOWS, 200):  # noqa: S311
        ends = _end(flow.source, flow), _end(flow.destination, flow)
        assert judge.judge(*ends, Protocol.TCP, flow.port).allowed == is_allowed(policies, flow), flow


@fuzz(60)
@given(_sets)
def test_additive_policies_stay_as_they_are(policies: list[PlainPolicy]) -> None:
    flat = additive(_read(policies))
    assert additive(flat) is flat
    assert all(rule.action is RuleAction.ALLOW for it in flat for rule in (*(it.egress or ()), *(it.ingress or ())))


_A, _B, _EVERY = Group("x", "a"), Group("x", "b"), Group(None, None)
_ALL = ((1, 65535),)
_ABOVE = ((2, 65535),)


def _policy(
    *rules: PlainRule, tier: int = 0, order: int = 0, one_by_one: bool = False, isolates: bool = True
) -> PlainPolicy:
    return PlainPolicy(tier, order, one_by_one, isolates, _A, "egress", rules)


def _rule(action: str, *peers: Group | str, ports: tuple[tuple[int, int] | str, ...] = _ALL) -> PlainRule:
    return PlainRule(action, peers, ports)


@each(
    ("what", "policies", "same"),
    [
        (
            "a denial wins at once, wherever it is (Cilium)",
            [_policy(_rule("allow", _B, "1.")), _policy(_rule("deny", _B, ports=_ABOVE))],
            [_policy(_rule("allow", _B, ports=((1, 1),)), _rule("allow", "1."))],
        ),
        (
            "the first rule by order and index wins (Calico)",
            [
                _policy(_rule("deny", _B), order=1, one_by_one=True),
                _policy(
                    _rule("allow", _B, ports=((1, 1),)), _rule("deny", _B), _rule("allow", _B, "1."), one_by_one=True
                ),
            ],
            [_policy(_rule("allow", _B, ports=((1, 1),)), _rule("allow", "1."))],
        ),
        (
            "what is passed is for NetworkPolicy, what is allowed before it is not (AdminNetworkPolicy)",
            [
                _policy(_rule("pass", _B), _rule("deny", _B, "1."), tier=-1, one_by_one=True, isolates=False),
                _policy(_rule("allow", "2."), tier=-1, order=1, one_by_one=True, isolates=False),
                _policy(_rule("allow", _B, "1.", ports=_ABOVE)),
            ],
            [_policy(_rule("allow", _B, ports=_ABOVE), _rule("allow", "2."))],
        ),
        (
            "the baseline is for pods that NetworkPolicy does not isolate",
            [_policy(_rule("allow", "1.")), _policy(_rule("deny", _EVERY), tier=1, isolates=False)],
            [_policy(_rule("allow", "1."))],
        ),
        (
            "in a tier that isolates, what is denied before it is passed stays denied",
            [
                _policy(_rule("deny", _B, ports=_ABOVE), _rule("pass", _B), one_by_one=True),
                _policy(_rule("allow", _B), tier=1),
            ],
            [_policy(_rule("allow", _B, ports=((1, 1),)))],
        ),
        (
            "what is passed before it is denied goes on",
            [
                _policy(_rule("pass", _B, ports=_ABOVE), _rule("deny", _B), one_by_one=True),
                _policy(_rule("allow", _B), tier=1),
            ],
            [_policy(_rule("allow", _B, ports=_ABOVE))],
        ),
    ],
)
def test_each_order_means_what_its_dialect_says(
    what: str, policies: list[PlainPolicy], same: list[PlainPolicy]
) -> None:
    assert not compare(_read(policies), _read(same)), what
    assert all(is_allowed(policies, flow) == is_allowed(same, flow) for flow in _FLOWS), what


@each(
    ("what", "intended", "rendered"),
    [
        (
            "a number is denied where a name is allowed",
            [_policy(_rule("allow", _B, ports=("http",)))],
            [_policy(_rule("deny", _B, ports=_ABOVE), _rule("allow", _B, ports=("http",)), one_by_one=True)],
        ),
        (
            "a name is denied where numbers are allowed, in another policy",
            [_policy(_rule("allow", _B))],
            [_policy(_rule("allow", _B)), _policy(_rule("deny", _B, ports=("http",)))],
        ),
        (
            "one name is passed, and another one allowed",
            [_policy(_rule("allow", _B, ports=("http",)))],
            [
                _policy(_rule("pass", _B, ports=("metrics",)), _rule("deny", _B), tier=-1, one_by_one=True),
                _policy(_rule("allow", _B, ports=("http",))),
            ],
        ),
        (
            "the other end allows a name without a number",
            [_policy()],
            [
                _policy(_rule("allow", _B)),
                _policy(_rule("allow", _A, ports=("http",)))._replace(subject=_B, direction="ingress"),
                _policy(_rule("deny", _A, ports=((1, 1),)))._replace(subject=_B, direction="ingress"),
            ],
        ),
    ],
)
def test_named_ports_keep_it_exact(what: str, intended: list[PlainPolicy], rendered: list[PlainPolicy]) -> None:
    assert compare(_read(intended), _read(rendered)), what
    _assert_exact(intended, rendered, _FLOWS)
    _assert_exact(rendered, intended, _FLOWS)


def _flow(witness: Witness) -> Flow:
    assert witness.protocol is Protocol.TCP or witness.port_names == frozenset()
    port = witness.port if witness.protocol is Protocol.TCP else 0  # no rule is about another protocol
    return Flow(_spot(witness.source), _spot(witness.destination), port, witness.port_names)


def _spot(end: Endpoint) -> Spot | str:
    return Spot(end.namespace, end.labels.get("app")) if isinstance(end, Pod) else end


def _end(end: Spot | str, flow: Flow) -> Endpoint:
    if isinstance(end, str):
        return end
    ports = tuple((name, Protocol.TCP, flow.port) for name in sorted(flow.names))
    return Pod(end.home, {} if end.app is None else {"app": end.app}, {NAMESPACE_NAME: end.home}, ports=ports)
