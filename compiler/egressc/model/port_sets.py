"""Sets of ports for the three protocols of NetworkPolicy, with named ports kept as names.

A port at a destination pod is a number and the set of names that the pod gives to it. A rule that opens the number
8080 holds for that number whatever its names; a rule that opens "http" holds for whichever number bears the name
there. So a set is, for each protocol, some numbers and some names, and no pod needs to be known to compare two sets.

Source: NetworkPolicyPort (networking.k8s.io/v1): a name is looked up on each destination pod, by name and protocol.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from egressc.model.intervals import NOTHING, Intervals, contains, difference, from_ranges, intersection, union
from egressc.model.policy import Port, Protocol
from egressc.model.scalars import PORT_MAX

EVERY_NUMBER: Intervals = ((1, PORT_MAX),)
NO_NAMES: frozenset[str] = frozenset()


class Ports(NamedTuple):
    """The ports of one protocol: numbers, and names that stand for a number of the destination pod's choice."""

    numbers: Intervals
    names: frozenset[str]


class PortSet(NamedTuple):
    """One field a protocol, in the order of `Protocol`. The form is unique: where every number is, no name is."""

    tcp: Ports
    udp: Ports
    sctp: Ports

    def of(self, protocol: Protocol) -> Ports:
        return self[_FIELD[protocol]]

    @property
    def has_names(self) -> bool:
        return bool(self.tcp.names or self.udp.names or self.sctp.names)


class PortPoint(NamedTuple):
    """One port of a flow: its number, and the names it must bear at the destination pod for the flow to be as said."""

    protocol: Protocol
    number: int
    names: frozenset[str]


_FIELD = {protocol: field for field, protocol in enumerate(Protocol)}
_CLOSED = Ports(NOTHING, NO_NAMES)
_OPEN = Ports(EVERY_NUMBER, NO_NAMES)

NO_PORTS = PortSet(_CLOSED, _CLOSED, _CLOSED)
EVERY_PORT = PortSet(_OPEN, _OPEN, _OPEN)


@lru_cache(maxsize=1 << 12)
def port_set(ports: tuple[Port, ...]) -> PortSet:
    """The union of NetworkPolicyPorts; one without a port is every port of its protocol. No ports give an empty set."""
    ranges: tuple[list[tuple[int, int]], ...] = ([], [], [])
    names: tuple[set[str], ...] = (set(), set(), set())
    for port in ports:
        field = _FIELD[port.protocol]
        match port.port:
            case None:
                ranges[field].extend(EVERY_NUMBER)
            case int(number):
                ranges[field].append((number, number if port.end_port is None else port.end_port))
            case str(name):
                names[field].add(name)
    return PortSet(*(_ports(from_ranges(r), frozenset(n)) for r, n in zip(ranges, names, strict=True)))


def join(one: PortSet, other: PortSet) -> PortSet:
    """The ports in either."""
    if one == other or other == NO_PORTS:
        return one
    if one == NO_PORTS:
        return other
    return PortSet(*(_ports(union(a.numbers, b.numbers), a.names | b.names) for a, b in zip(one, other, strict=True)))


def of_protocol(ports: PortSet, protocol: Protocol) -> PortSet:
    """The ports of one protocol alone."""
    return PortSet(*(entry if _FIELD[protocol] == field else _CLOSED for field, entry in enumerate(ports)))


def covers(large: PortSet, small: PortSet) -> bool:
    """Whether every port of `small` is in `large`, for any names a pod may give to its ports."""
    if large == small:
        return True
    return all(
        not difference(inner.numbers, outer.numbers) and (outer == _OPEN or inner.names <= outer.names)
        for inner, outer in zip(small, large, strict=True)
    )


def find(inside: tuple[PortSet, ...], outside: PortSet, *, named: bool) -> PortPoint | None:
    """A port in all of `inside` and not in `outside`; None if there is none.

    `named` False: the destination is an address outside the cluster, where names match nothing.
    """
    for protocol in Protocol:
        field = _FIELD[protocol]
        closed = outside[field]
        for names in _name_choices([ports[field] for ports in inside], closed) if named else (NO_NAMES,):
            numbers = difference(EVERY_NUMBER, closed.numbers)
            for ports in inside:
                if names.isdisjoint(ports[field].names):
                    numbers = intersection(numbers, ports[field].numbers)
            if numbers:
                return PortPoint(protocol, numbers[0][0], names)
    return None


def resolve(ports: PortSet, named_ports: Iterable[tuple[str, Protocol, int]]) -> PortSet:
    """The numbers that a set means at a pod with these named ports; names the pod lacks mean nothing."""
    if not ports.has_names:
        return ports
    numbers: tuple[list[tuple[int, int]], ...] = ([], [], [])
    for name, protocol, number in named_ports:
        field = _FIELD[protocol]
        if name in ports[field].names:
            numbers[field].append((number, number))
    return PortSet(
        *(
            Ports(union(entry.numbers, from_ranges(found)), NO_NAMES)
            for entry, found in zip(ports, numbers, strict=True)
        )
    )


def meet(one: PortSet, other: PortSet) -> PortSet:
    """The ports in both; only for sets without names (see `resolve`)."""
    assert not one.has_names, "a conjunction of names is no set of names"
    assert not other.has_names, "a conjunction of names is no set of names"
    if one == other or other == EVERY_PORT:
        return one
    return PortSet(*(Ports(intersection(a.numbers, b.numbers), NO_NAMES) for a, b in zip(one, other, strict=True)))


def subtract(one: PortSet, other: PortSet) -> PortSet:
    """The ports in `one` and not in `other`; only for sets without names, as `meet`."""
    assert not one.has_names, "a name may be any number"
    assert not other.has_names, "a name may be any number"
    return PortSet(*(_ports(difference(a.numbers, b.numbers), NO_NAMES) for a, b in zip(one, other, strict=True)))


def has_port(ports: PortSet, protocol: Protocol, number: int, names: frozenset[str]) -> bool:
    """Whether a flow to this number, which bears these names at its destination, is in the set."""
    entry = ports.of(protocol)
    return contains(entry.numbers, number) or not entry.names.isdisjoint(names)


def _ports(numbers: Intervals, names: frozenset[str]) -> Ports:
    return _OPEN if numbers == EVERY_NUMBER else Ports(numbers, names)


def _name_choices(inside: list[Ports], outside: Ports) -> Iterator[frozenset[str]]:
    # More names only help to be inside, except names of `outside`; and names of one set are alike: each admits every
    # number. So one usable name of each set is enough, and no name at all is tried first, for a plainer witness.
    choices = [NO_NAMES]
    for ports in inside:
        usable = ports.names - outside.names
        if usable:
            name = frozenset((min(usable),))
            choices += [chosen | name for chosen in choices]
    yield from choices
