"""Exposure of workloads against the plain reading: any pod that no workload stands for, one connection at a time."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.address_sets import AddressSet, holds
from egressc.model.flows import Direction, Pod, PodClass
from egressc.model.label_classes import NAMESPACE_NAME, matches
from egressc.model.policy import Protocol
from egressc.model.port_sets import has_port
from egressc.verify.listing.connectivity import Connectivity, find_connectivity
from egressc.verify.listing.exposure import Exposure
from oracles.fuzzing import fuzz
from oracles.naive import Spot, is_allowed
from oracles.reading import read
from oracles.worlds import NAMESPACES, PODS, Manifest, cluster, policy_sets

_PORTS = [
    (protocol, number, names)
    for protocol in Protocol
    for number in (80, 81, 85, 443)
    for names in (frozenset[str](), frozenset({"http"}), frozenset({"dns"}), frozenset({"metrics"}))
]
ADDRESSES: list[Spot | str] = ["1.2.3.4", "1.2.9.9", "8.8.8.8", "10.1.1.1", "2001:db8::1", "2001:db8:1::1"]
_TAKEN = {(namespace, *pair) for namespace, _, labels, _ in PODS for pair in labels.items()}


def _with(**labels: str | None) -> dict[str, str]:
    return {key: value for key, value in labels.items() if value is not None}


def _places() -> Iterator[tuple[str, dict[str, str]]]:
    yield from NAMESPACES.items()
    for name, env, team in product("wv", ("prod", "test", "dev", "q", None), ("core", "two", "", "q", None)):
        yield name, _with(env=env, team=team)


SPOTS = [
    Spot(name, {**place, NAMESPACE_NAME: name}, _with(pod=pod, tier=tier))
    for name, place in _places()
    for pod, tier in product(("a", "b", "c", "e", "q", None), ("web", "", "db", "q", None))
]
STRANGERS = [spot for spot in SPOTS if not any((spot.namespace, *pair) in _TAKEN for pair in spot.labels.items())]


def _spot(pod: Pod) -> Spot:
    return Spot(pod.namespace, pod.place(), pod.labels)


def _allowed(
    policies: list[Manifest], exposure: Exposure | tuple[Pod, Direction], other: Spot | str
) -> Iterator[tuple[Protocol, int, frozenset[str]]]:
    """The ports on which a connection is allowed; the names are those that its destination gives to the port."""
    pod, direction = exposure if isinstance(exposure, tuple) else (exposure.workload, exposure.direction)
    for protocol, number, names in _PORTS:
        if direction is Direction.INGRESS or isinstance(other, str):
            names = pod.names_of(protocol, number) if direction is Direction.INGRESS else frozenset()
        source, destination = (_spot(pod), other) if direction is Direction.EGRESS else (other, _spot(pod))
        if is_allowed(policies, source, destination, protocol, number, names):
            yield protocol, number, names


def _is_in(exposure: Exposure, other: Spot | str) -> bool:
    if isinstance(other, str):
        return isinstance(exposure.peer, AddressSet) and holds(exposure.peer, other)
    if not isinstance(exposure.peer, PodClass):
        return False
    return matches(exposure.peer.namespaces, other.place) and matches(exposure.peer.pods, other.labels)


def _of(found: Connectivity, pod: Pod, direction: Direction) -> list[Exposure]:
    return [it for it in found.exposures if (it.workload.title, it.direction) == (pod.title, direction)]


@fuzz(120)
@given(policies=policy_sets(), strangers=st.lists(st.sampled_from(STRANGERS), min_size=6, max_size=6))
def test_whoever_may_be_there_is_in_an_exposure(policies: list[Manifest], strangers: list[Spot]) -> None:
    found = find_connectivity(read(cluster() + policies))
    there: list[Spot | str] = [*strangers, *ADDRESSES]
    for workload, direction in product(found.workloads, Direction):
        exposures = _of(found, workload.pod, direction)
        for other in there:
            for protocol, number, names in _allowed(policies, (workload.pod, direction), other):
                holding = [it for it in exposures if _is_in(it, other)]
                assert any(has_port(it.ports, protocol, number, names) for it in holding)


@fuzz(60)
@given(policies=policy_sets())
def test_every_exposure_is_somebody_s(policies: list[Manifest]) -> None:
    found = find_connectivity(read(cluster() + policies))
    everybody: list[Spot | str] = [*SPOTS, *ADDRESSES]
    for exposure in found.exposures:
        others = (other for other in everybody if _is_in(exposure, other))
        assert any(has_port(exposure.ports, *port) for other in others for port in _allowed(policies, exposure, other))
