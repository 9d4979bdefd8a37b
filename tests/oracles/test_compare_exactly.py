"""The comparison is exact: it agrees with trying every flow of a universe that holds every class the selectors make."""

import itertools
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.flows import DifferenceKind, Direction, Endpoint, Pod, Witness
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import Protocol
from egressc.verify.comparison.compare import compare
from egressc.verify.flows.verdicts import Judge
from oracles.fuzzing import fuzz
from oracles.naive import Spot, is_allowed, is_translated
from oracles.reading import read_policies
from oracles.worlds import Manifest, policy_sets

SAMPLE = 4_000

Flow = tuple[Spot | str, Spot | str, str, int, frozenset[str]]

_ADDRESSES = ["8.8.8.8", "10.1.1.1", "1.1.1.1", "1.2.1.1", "1.2.3.4", "2001:db8::1", "2001:db8:1::1", "2002::1"]
_PORTS = [(protocol, number) for protocol in ("TCP", "UDP", "SCTP") for number in (79, 80, 81, 82, 65535)]
_NAMES = [frozenset(names) for size in range(3) for names in itertools.combinations(("http", "metrics"), size)]
_PORTS_AND_NAMES = [(*port, names) for port in _PORTS for names in _NAMES]


def _spots() -> list[Spot]:
    """Every pod that selectors of `worlds` can tell apart, other values and absence among them."""
    places = [
        {NAMESPACE_NAME: name, **({} if env is None else {"env": env}), **({} if team is None else {"team": team})}
        for name in ("x", "y", "z", "w", "other")
        for env in (None, "prod", "test", "dev", "other")
        for team in (None, "core", "two", "other")
    ]
    labels = [
        {**({} if pod is None else {"pod": pod}), **({} if tier is None else {"tier": tier})}
        for pod in (None, "a", "b", "e", "other")
        for tier in (None, "web", "", "db", "other")
    ]
    return [Spot(place[NAMESPACE_NAME], place, own) for place in places for own in labels]


_SPOTS = _spots()


def single_flows(count: int, chosen: random.Random) -> list[Flow]:
    flows: list[Flow] = []
    while len(flows) < count:
        source: Spot | str = chosen.choice(_SPOTS)
        destination: Spot | str = chosen.choice(_SPOTS)
        if chosen.random() < 0.25:
            destination = chosen.choice(_ADDRESSES)
        elif chosen.random() < 0.15:
            source = chosen.choice(_ADDRESSES)
        if (
            isinstance(source, Spot)
            and isinstance(destination, Spot)
            and source.namespace == destination.namespace
            and source.place != destination.place
        ):
            continue  # one namespace has one set of labels
        names = chosen.choice(_NAMES) if isinstance(destination, Spot) else frozenset[str]()
        flows.append((source, destination, *chosen.choice(_PORTS), names))
    return flows


def _spot(end: Endpoint) -> Spot | str:
    return Spot(end.namespace, end.place(), end.labels) if isinstance(end, Pod) else end


def witnessed(policies: list[Manifest], witness: Witness) -> bool:
    ends = _spot(witness.source), _spot(witness.destination)
    return is_allowed(policies, *ends, witness.protocol.value, witness.port, witness.port_names)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[list[Manifest], list[Manifest]]:
    """Two sets that share policies, so that their differences are few; often only spelled differently."""
    shared = draw(policy_sets(most=3))
    one, other = draw(policy_sets(most=2)), draw(policy_sets(most=2))
    return _numbered(shared + one), _numbered(list(reversed(shared)) + other)


def _numbered(policies: list[Manifest]) -> list[Manifest]:
    return [{**p, "metadata": {**p["metadata"], "name": f"policy-{i}"}} for i, p in enumerate(policies)]


@fuzz(150)
@given(_pairs(), st.integers(0, 2**32))
def test_differences_are_those_of_singlesingle_flows(pair: tuple[list[Manifest], list[Manifest]], chosen: int) -> None:
    intended, rendered = pair
    differences = compare(read_policies(intended), read_policies(rendered))
    kinds = {difference.kind for difference in differences}
    for difference in differences:
        is_over = difference.kind is DifferenceKind.OVER
        assert witnessed(rendered, difference.witness) == is_over, difference.witness
        assert witnessed(intended, difference.witness) != is_over, difference.witness
        assert all(_isolates_an_end(policy, difference.witness) for policy in difference.against)
    for flow in single_flows(SAMPLE, random.Random(chosen)):  # noqa: S311 - a sample, not a secret
        wanted, actual = is_allowed(intended, *flow), is_allowed(rendered, *flow)
        if actual and not wanted:
            assert DifferenceKind.OVER in kinds, flow
        if wanted and not actual:
            assert DifferenceKind.UNDER in kinds, flow


_SOME_PORTS = st.lists(
    st.sampled_from([{"port": 80}, {"port": 81}, {"port": "http"}, {"port": 79, "endPort": 82}, {"protocol": "UDP"}]),
    min_size=1,
    max_size=2,
)


@st.composite
def _ends(draw: st.DrawFn) -> list[Manifest]:
    """From one namespace to another: such sets differ by the ports of each end alone."""
    found: list[Manifest] = []
    for direction, peers, namespace, other in (("Egress", "to", "x", "y"), ("Ingress", "from", "y", "x")):
        peer = {"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: other}}}
        rules = [{peers: [peer], "ports": it} for it in draw(st.lists(_SOME_PORTS, max_size=1))]
        spec = {"podSelector": {}, "policyTypes": [direction], direction.lower(): rules}
        metadata = {"name": "all", "namespace": namespace}
        kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
        found.append({**kind, "metadata": metadata, "spec": spec})
    return found


@fuzz(150)
@given(st.one_of(_pairs(), st.tuples(_ends(), _ends())), st.integers(0, 2**32))
def test_before_translation_each_end_may_have_any_port(pair: tuple[list[Manifest], list[Manifest]], seed: int) -> None:
    """Exact where a Service may send any port to any other of the same protocol."""
    intended, rendered = pair
    differences = compare(read_policies(intended), read_policies(rendered), before_translation=True)
    for difference in differences:
        many, few = (rendered, intended) if difference.kind is DifferenceKind.OVER else (intended, rendered)
        witness, ends = difference.witness, (_spot(difference.witness.source), _spot(difference.witness.destination))
        seen = (witness.protocol.value, witness.port, witness.port_names)
        is_egress = difference.direction is Direction.EGRESS
        others = _PORTS_AND_NAMES if all(isinstance(end, Spot) for end in ends) else [seen]
        pairs = [(seen, it) if is_egress else (it, seen) for it in others if it[0] == seen[0]]
        assert any(is_translated(many, *ends, *it) for it in pairs), difference.witness
        assert not any(is_translated(few, *ends, *it) for it in pairs), difference.witness
    kinds = {difference.kind for difference in differences}
    chosen = random.Random(seed)  # noqa: S311 - a sample, not a secret
    for source, destination, protocol, port, names in single_flows(SAMPLE, chosen):
        sent = received = (protocol, port, names)
        if isinstance(source, Spot) and isinstance(destination, Spot):
            received = (protocol, chosen.choice(_PORTS)[1], chosen.choice(_NAMES))
        wanted, actual = (is_translated(it, source, destination, sent, received) for it in pair)
        if wanted != actual:
            assert (DifferenceKind.OVER if actual else DifferenceKind.UNDER) in kinds


def _isolates_an_end(policy: Any, witness: Witness) -> bool:
    judge = Judge([policy])
    return any(isinstance(end, Pod) and judge.policies_of(end) for end in (witness.source, witness.destination))


@fuzz(150)
@given(policy_sets(), st.integers(0, 2**32))
def test_a_verdict_is_that_of_the_plain_reading(policies: list[Manifest], chosen: int) -> None:
    judge = Judge(read_policies(policies))
    for source, destination, protocol, port, names in single_flows(60, random.Random(chosen)):  # noqa: S311
        ends = [_pod(end, frozenset()) for end in (source, destination)]
        ends[1] = _pod(destination, names, protocol, port)
        verdict = judge.judge(ends[0], ends[1], _PROTOCOLS[protocol], port)
        assert verdict.allowed == is_allowed(policies, source, destination, protocol, port, names)


_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}


def _pod(end: Spot | str, names: frozenset[str], protocol: str = "TCP", port: int = 0) -> Endpoint:
    if isinstance(end, str):
        return end
    ports = tuple((name, _PROTOCOLS[protocol], port) for name in sorted(names))
    return Pod(end.namespace, end.labels, end.place, ports=ports)
