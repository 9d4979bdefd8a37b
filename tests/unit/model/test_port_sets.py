"""Sets of ports, with names, against every port of a small universe."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import (
    EVERY_PORT,
    NO_PORTS,
    PortSet,
    covers,
    find,
    has_port,
    join,
    meet,
    of_protocol,
    port_set,
    resolve,
)
from support.tables import each

_NAMES = ("http", "admin")
_UNIVERSE = [
    (protocol, number, frozenset(names))
    for protocol in Protocol
    for number in (1, 80, 81, 65535)
    for size in range(3)
    for names in itertools.combinations(_NAMES, size)
]
_ports = st.builds(Port, st.sampled_from(Protocol), st.sampled_from([None, 80, 81, *_NAMES])) | st.builds(
    Port, st.sampled_from(Protocol), st.just(1), st.sampled_from([80, 65535])
)
_sets = st.lists(_ports, max_size=4).map(tuple).map(port_set)


def _points(ports: PortSet) -> set[tuple[Protocol, int, frozenset[str]]]:
    return {point for point in _UNIVERSE if has_port(ports, *point)}


@given(_sets, _sets)
def test_join_and_covers_are_those_of_sets(one: PortSet, other: PortSet) -> None:
    assert _points(join(one, other)) == _points(one) | _points(other)
    assert covers(one, other) == (_points(other) <= _points(one))
    assert (one == other) == (_points(one) == _points(other))


@given(_sets, st.sampled_from(Protocol))
def test_the_ports_of_a_protocol_are_those_of_the_set(ports: PortSet, protocol: Protocol) -> None:
    assert _points(of_protocol(ports, protocol)) == {point for point in _points(ports) if point[0] is protocol}


@given(_sets, _sets, _sets, st.booleans())
def test_find_gives_a_port_exactly_if_there_is_one(one: PortSet, two: PortSet, outside: PortSet, named: bool) -> None:
    wanted = {p for p in (_points(one) & _points(two)) - _points(outside) if named or not p[2]}
    found = find((one, two), outside, named=named)
    assert (found is not None) == bool(wanted)
    if found is not None:
        assert has_port(one, *found)
        assert has_port(two, *found)
        assert not has_port(outside, *found)


def test_names_are_resolved_by_name_and_protocol() -> None:
    ports = port_set((Port(Protocol.TCP, "http"), Port(Protocol.TCP, 443)))
    at_pod = resolve(ports, [("http", Protocol.TCP, 8080), ("http", Protocol.UDP, 9), ("admin", Protocol.TCP, 1)])
    assert at_pod == port_set((Port(Protocol.TCP, 8080), Port(Protocol.TCP, 443)))
    assert resolve(ports, []) == port_set((Port(Protocol.TCP, 443),))


@each("ports", [EVERY_PORT, NO_PORTS, port_set((Port(Protocol.UDP, 53),))])
def test_meet_with_every_port_changes_nothing(ports: PortSet) -> None:
    assert meet(ports, EVERY_PORT) == meet(EVERY_PORT, ports) == ports
