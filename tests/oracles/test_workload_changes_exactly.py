"""Connections of workloads that change are those that the plain reading sees change, one at a time."""

from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.address_sets import AddressSet, holds
from egressc.model.flows import Pod
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import Protocol
from egressc.model.port_sets import NO_NAMES, has_port
from egressc.verify.changes.workloads import ConnectionChange, End, WorkloadChanges, find_workload_changes
from egressc.verify.listing.connectivity import find_connectivity
from oracles.fuzzing import fuzz
from oracles.naive import Spot, is_allowed
from oracles.reading import read
from oracles.worlds import NAMESPACES, PODS, Manifest, cluster, policy_sets

_ADDRESSES = ("1.2.3.4", "1.2.9.9", "8.8.8.8", "10.1.1.1", "2001:db8::1", "2001:db8:1::1")
_PORTS = tuple(product(Protocol, (80, 81, 82, 443)))

Place = tuple[str, Spot, list[tuple[str, str, int]]]
"""A pod by its title, as the plain reading knows it, and its ports."""


def _places() -> list[Place]:
    return [
        (
            f"Pod {namespace}/{name}",
            Spot(namespace, {**NAMESPACES[namespace], NAMESPACE_NAME: namespace}, labels),
            ports,
        )
        for namespace, name, labels, ports in PODS
    ]


def _names(ports: list[tuple[str, str, int]], protocol: Protocol, port: int) -> frozenset[str]:
    return frozenset(name for name, said, number in ports if (said, number) == (protocol.value, port))


def _compare(old: list[Manifest], new: list[Manifest]) -> WorkloadChanges:
    return find_workload_changes(find_connectivity(read(old)), find_connectivity(read(new)))


def _told(changes: WorkloadChanges, source: str, destination: str, protocol: Protocol, port: int) -> tuple[bool, bool]:
    """Whether the changes say that a connection was open, and that it is; the same for both if none is listed."""
    told = [it for it in changes.connections if _is(it.source, source) and _is(it.destination, destination)]
    assert len(told) <= 1
    if not told:
        return True, True
    return has_port(told[0].was, protocol, port, NO_NAMES), has_port(told[0].now, protocol, port, NO_NAMES)


def _is(end: End, name: str) -> bool:
    return end.title == name if isinstance(end, Pod) else "/" not in name and holds(end, name)


@fuzz(100)
@given(policy_sets(), policy_sets())
def test_what_changes_is_what_the_plain_reading_sees_change(old: list[Manifest], new: list[Manifest]) -> None:
    changes = _compare(cluster() + old, cluster() + new)
    assert all(it.was != it.now for it in changes.connections)
    assert (changes.new, changes.gone) == ((), ())
    ends: list[tuple[str, Spot | str, list[tuple[str, str, int]]]] = [*_places(), *((it, it, []) for it in _ADDRESSES)]
    for (source, one, _), (destination, other, ports) in permutations(ends, 2):
        if isinstance(one, str) and isinstance(other, str):
            continue
        for protocol, port in _PORTS:
            names = _names(ports, protocol, port)
            was, now = (is_allowed(some, one, other, protocol.value, port, names) for some in (old, new))
            told = _told(changes, source, destination, protocol, port)
            assert (told[0] != told[1]) == (was != now)
            assert was == now or told == (was, now)
    assert changes.widens == any(it.opens for it in changes.connections)


@fuzz(60)
@given(policy_sets(), st.integers(0, len(PODS) - 1))
def test_a_workload_of_one_side_alone_takes_its_connections_with_it(policies: list[Manifest], gone: int) -> None:
    namespace, name, *_ = PODS[gone]
    left = [
        it
        for it in cluster()
        if it["kind"] != "Pod" or (it["metadata"]["namespace"], it["metadata"]["name"]) != (namespace, name)
    ]
    changes = _compare(cluster() + policies, left + policies)
    assert (changes.new, changes.gone) == ((), (f"Pod {namespace}/{name}",))
    assert all(it.is_whole and _is_at(it, f"Pod {namespace}/{name}") for it in changes.connections)
    assert not changes.widens


def _is_at(change: ConnectionChange, title: str) -> bool:
    ends = (change.source, change.destination)
    return any(not isinstance(end, AddressSet) and end.title == title for end in ends)
