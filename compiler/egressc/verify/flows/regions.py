"""Regions of flows: pods at the guarded end, the other end, and ports; and what is left when rules are taken away.

What a rule allows is a region too. Taking it from another splits that one only where the rule cuts through it; a rule
that overlaps it nowhere costs one look. So a difference is found without ever listing the classes that all the
selectors could make.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from egressc.model.endpoints import intersect, pods_in, without
from egressc.model.flows import EVERY_POD, Direction, Endpoints, PodClass, Rule
from egressc.model.intervals import difference
from egressc.model.label_classes import both, only_name
from egressc.model.pod_classes import common_pods, pods_without
from egressc.model.policy import Protocol
from egressc.model.port_sets import (
    EVERY_PORT,
    NO_PORTS,
    PortPoint,
    Ports,
    PortSet,
    find,
    join,
    meet,
    of_protocol,
    resolve,
    subtract,
)

NamedPorts = Sequence[tuple[str, Protocol, int]]
"""The name, protocol and number of each named port of a pod (see `flows.Pod`)."""


class Region(NamedTuple):
    """Flows between `subject` and `peer` on ports that are in all of `inside` and not in `outside`."""

    subject: PodClass
    peer: Endpoints
    inside: tuple[PortSet, ...]
    outside: PortSet = NO_PORTS

    def find_port(self, direction: Direction) -> PortPoint | None:
        """A port of the region; None when it has none. Names count where the destination is a pod."""
        named = direction is Direction.INGRESS or pods_in(self.peer) is not None
        return find(self.inside, self.outside, named=named)

    @property
    def ports(self) -> PortSet:
        """Its ports, as far as a set of ports can say it: a port that needs two names shows with one."""
        ports = self.inside[0]
        for other in self.inside[1:]:
            if not ports.has_names and not other.has_names:
                ports = meet(ports, other)
        left = (
            Ports(difference(inner.numbers, outer.numbers), inner.names - outer.names)
            for inner, outer in zip(ports, self.outside, strict=True)
        )
        return join(PortSet(*left), NO_PORTS)

    @property
    def could_exist(self) -> bool:
        """False when both ends must be in one namespace, and no namespace has the labels that both ask for."""
        peer = pods_in(self.peer)
        home = only_name(self.subject.namespaces)
        if peer is None or home is None or home != only_name(peer.namespaces):
            return True
        return both(self.subject.namespaces, peer.namespaces) is not None


def endpoints(rule: Rule) -> Iterator[Endpoints]:
    """Every peer of a rule, its addresses as one."""
    yield from rule.pods
    if rule.addresses:
        yield rule.addresses


def region_of(subject: PodClass, peer: Endpoints, rule: Rule) -> Region:
    """The flows that a rule meets, between pods that its policy selects and one of its peers."""
    return Region(subject, peer, (rule.ports, *rule.also_in), rule.not_in)


def ports_at(rule: Rule, named_ports: NamedPorts) -> PortSet:
    """The ports of a rule where the destination is a pod with these named ports, or without any."""
    if not rule.also_in and rule.not_in == NO_PORTS:
        return rule.ports
    ports = resolve(rule.ports, named_ports)
    for other in rule.also_in:
        ports = meet(ports, resolve(other, named_ports))
    return subtract(ports, resolve(rule.not_in, named_ports))


def take(region: Region, pieces: Iterable[Region], direction: Direction) -> Iterator[Region]:
    """What is left of a region without the flows of the pieces."""
    if region.find_port(direction) is None:  # named ports alone open nothing at an address
        return
    touching = [piece for piece in pieces if _touches(region, piece, direction)]
    # Pieces that hold all the region's pods split nothing: they go first.
    touching.sort(key=lambda piece: _splits(region, piece))
    left = [(region, 0)]
    while left:
        rest, at = left.pop()
        while at < len(touching) and not _touches(rest, touching[at], direction):
            at += 1
        if at == len(touching):
            if rest.could_exist:
                yield rest
            continue
        left.extend((part, at + 1) for part in reversed(_split(rest, touching[at], direction)))


def restrict(region: Region, piece: Region) -> Region | None:
    """The part of a region that a piece, which guards the region's other end, allows as well."""
    callers, called = pods_in(piece.peer), pods_in(region.peer)
    if callers is None or called is None:
        return None
    subject = common_pods(region.subject, callers)
    peer = common_pods(called, piece.subject)
    if subject is None or peer is None:
        return None
    return Region(subject, peer, *_common_ports(region, piece))


def on_any_port(piece: Region, direction: Direction) -> Region:
    """A piece with every port of each protocol of which it has one."""
    ports = NO_PORTS
    for protocol in Protocol:
        every = of_protocol(EVERY_PORT, protocol)
        if piece._replace(inside=(*piece.inside, every)).find_port(direction) is not None:
            ports = join(ports, every)
    return piece._replace(inside=(ports,), outside=NO_PORTS)


def _touches(region: Region, piece: Region, direction: Direction) -> bool:
    if common_pods(region.subject, piece.subject) is None or intersect(region.peer, piece.peer) is None:
        return False
    return Region(region.subject, region.peer, *_common_ports(region, piece)).find_port(direction) is not None


def _common_ports(one: Region, other: Region) -> tuple[tuple[PortSet, ...], PortSet]:
    return (*one.inside, *other.inside), join(one.outside, other.outside)


def _splits(region: Region, piece: Region) -> bool:
    return piece.subject not in (region.subject, EVERY_POD) or piece.peer not in (region.peer, EVERY_POD)


def _split(region: Region, piece: Region, direction: Direction) -> list[Region]:
    parts = [region._replace(subject=subject) for subject in pods_without(region.subject, piece.subject)]
    subject = common_pods(region.subject, piece.subject)
    peer = intersect(region.peer, piece.peer)
    assert subject is not None, "a piece that touches a region shares pods with it"
    assert peer is not None, "a piece that touches a region shares its peer"
    parts += [region._replace(subject=subject, peer=rest) for rest in without(region.peer, piece.peer)]
    inner = Region(subject, peer, region.inside, region.outside)
    ports: list[Region] = []
    for within in piece.inside:
        ports.append(inner._replace(outside=join(inner.outside, within)))
        inner = inner._replace(inside=(*inner.inside, within))
    if piece.outside != NO_PORTS:
        ports.append(inner._replace(inside=(*inner.inside, piece.outside)))
    return parts + [part for part in ports if part.find_port(direction) is not None]
