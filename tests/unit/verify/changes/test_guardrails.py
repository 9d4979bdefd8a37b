"""What changes between the guardrails of two sides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from egressc.model.flows import EVERY_POD, Direction, Policy, Precedence, RuleAction
from egressc.model.known_namespaces import NOTHING_KNOWN, Namespaces
from egressc.verify.changes.guardrails import GuardedSide, GuardrailChange, find_guardrail_changes
from egressc.verify.flows.words import say_peer, say_ports, say_witness
from oracles.reading import read_policies
from support.tables import each

METADATA, PUBLIC = {"ipBlock": {"cidr": "169.254.169.254/32"}}, {"ipBlock": {"cidr": "203.0.113.0/24"}}
TENANT = {"namespaceSelector": {"matchLabels": {"tenant": "b"}}}
KIND = "ClusterNetworkPolicy"


def network_policy(*rules: Any, pods: Any = None, direction: Direction = Direction.EGRESS) -> Policy:
    side = direction.value
    spec = {"podSelector": pods or {}, "policyTypes": [side.capitalize()], side: list(rules)}
    metadata = {"name": "web", "namespace": "shop"}
    (read,) = read_policies(
        [{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}]
    )
    return read


def guardrail(name: str, *rules: Any, kind: str = KIND, direction: Direction = Direction.EGRESS) -> Policy:
    read = network_policy(*rules, direction=direction)
    denying = tuple(replace(rule, action=RuleAction.DENY) for rule in read.rules(direction) or ())
    precedence = Precedence(-1, 100, by_index=True, isolates=frozenset())
    guarding = replace(read, namespace="", name=f"guardrail-policy-{name}", subject=EVERY_POD)
    return replace(guarding.with_rules(direction, denying), precedence=precedence, kind=kind)


def side(*policies: Policy, checked: Sequence[Policy] = (), namespaces: Namespaces = NOTHING_KNOWN) -> GuardedSide:
    return GuardedSide(policies, checked, namespaces)


def told(changes: Sequence[GuardrailChange]) -> list[str]:
    """`-name: what opens | what closes`."""
    found = []
    for it in changes:
        sign = "+" if it.was is None else "-" if it.now is None else "~"
        effects = [
            ", ".join(f"{say_peer(part.region.peer)} {say_ports(part.region.ports)}" for part in parts)
            for parts in (it.opens, it.closes)
        ]
        found.append(f"{sign}{it.subject.name.removeprefix('guardrail-policy-')}: {' | '.join(effects)}")
    return found


ONE = guardrail("one", {"to": [METADATA]})
BOTH = guardrail("one", {"to": [METADATA]}, {"to": [TENANT], "ports": [{"port": 80}]})
SPELLED = guardrail("one", {"to": [TENANT], "ports": [{"port": 80}]}, {"to": [METADATA]})
OTHER = replace(BOTH, name="guardrail-policy-other")
CHECKED = replace(BOTH, kind="guardrail")
METADATA_OPEN, TENANT_OPEN = "169.254.169.254/32 any port", "all pods in namespaces tenant=b 80/TCP"
EVERYTHING = f"{METADATA_OPEN}, {TENANT_OPEN}"


@each(
    ("old", "new", "expected"),
    [
        (side(), side(), []),
        (side(BOTH), side(SPELLED), []),
        (side(), side(BOTH), [f"+one:  | {EVERYTHING}"]),
        (side(BOTH), side(), [f"-one: {EVERYTHING} | "]),
        (side(BOTH), side(ONE), [f"~one: {TENANT_OPEN} | "]),
        (side(ONE), side(BOTH), [f"~one:  | {TENANT_OPEN}"]),
        # Another one denies the same.
        (side(BOTH), side(OTHER), ["-one:  | ", "+other:  | "]),
        (side(BOTH, OTHER), side(ONE, OTHER), ["~one:  | "]),
        (side(BOTH), side(replace(BOTH, kind="AdminNetworkPolicy")), ["~one:  | "]),
        # Checks hold wherever policies of the cluster do, and not the other way round.
        (side(checked=[CHECKED]), side(BOTH), [f"~one:  | {EVERYTHING}"]),
        (side(BOTH), side(checked=[CHECKED]), [f"~one: {EVERYTHING} | "]),
        (side(checked=[CHECKED]), side(), [f"-one: {EVERYTHING} | "]),
        (side(checked=[CHECKED]), side(OTHER), ["-one:  | ", f"+other:  | {EVERYTHING}"]),
    ],
)
def test_what_opens_and_closes(old: GuardedSide, new: GuardedSide, expected: list[str]) -> None:
    assert told(find_guardrail_changes(old, new)) == expected


# One of each kind may have the name.
def test_two_of_one_name_are_each_compared_with_their_own_kind() -> None:
    admin = replace(ONE, kind="AdminNetworkPolicy")
    assert told(find_guardrail_changes(side(BOTH, admin), side(admin, BOTH))) == []
    assert told(find_guardrail_changes(side(BOTH, admin), side(admin))) == [f"-one: {TENANT_OPEN} | "]


def test_what_is_known_of_namespaces_decides_it() -> None:
    before = side(BOTH, namespaces={"rival": {"tenant": "b"}})
    after = side(BOTH, namespaces={"rival": {"tenant": "c"}})
    assert told(find_guardrail_changes(before, after)) == ["~one: all pods in rival 80/TCP | "]


WEB = {"matchLabels": {"app": "web"}}
CLOSED, OPEN = network_policy(), network_policy({"to": [PUBLIC], "ports": [{"port": 443}]}, pods=WEB)
EVERY_CLOSED = replace(CLOSED, subject=EVERY_POD)
DENIED = guardrail("public", {"to": [PUBLIC]})


@each(
    ("beside", "witness", "internet"),
    [
        ((), "pod without labels in other -> address 203.0.113.0 on 1/TCP", 1),
        ((CLOSED,), "pod without labels in other -> address 203.0.113.0 on 1/TCP", 1),
        ((EVERY_CLOSED,), "", 0),
        ((EVERY_CLOSED, OPEN), "pod app=web in shop -> address 203.0.113.0 on 443/TCP", 1),
    ],
)
def test_a_flow_shows_what_other_policies_allow(beside: tuple[Policy, ...], witness: str, internet: int) -> None:
    (gone,) = find_guardrail_changes(side(DENIED, *beside), side(*beside))
    assert (say_witness(gone.now_allowed) if gone.now_allowed else "", len(gone.internet)) == (witness, internet)
    (come,) = find_guardrail_changes(side(*beside), side(DENIED, *beside))
    assert (say_witness(come.now_denied) if come.now_denied else "") == witness
    assert (gone.now_denied, come.now_allowed, come.internet) == (None, None, ())


def test_the_other_end_may_refuse_it_as_well() -> None:
    tenant = guardrail("tenant", {"to": [TENANT]})
    refusing = replace(network_policy(direction=Direction.INGRESS), subject=EVERY_POD)
    (gone,) = find_guardrail_changes(side(tenant, refusing), side(refusing))
    assert gone.opens
    assert gone.now_allowed is None


def test_checks_alone_show_no_flow() -> None:
    (gone,) = find_guardrail_changes(side(checked=[replace(DENIED, kind="guardrail")]), side())
    assert gone.opens
    assert (gone.now_allowed, gone.internet) == (None, ())
