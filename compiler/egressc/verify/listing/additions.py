"""What an extra rule lets through that no row of the table asks for: all of it, in as few words as stay true."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from egressc.model.endpoints import with_joined_addresses
from egressc.model.flows import Direction, Endpoints, PodClass, Policy, Rule
from egressc.model.policy import Protocol
from egressc.model.port_sets import NO_PORTS, PortSet, join, of_protocol
from egressc.verify.flows.internet import public_part
from egressc.verify.flows.policy_index import PolicyIndex
from egressc.verify.flows.regions import Region, endpoints, take
from egressc.verify.flows.words import say_peer, say_ports

# What is left of a wide peer may be hundreds of parts: more than a few tell a reader less than "all but the table's".
_MOST_REGIONS = 16
_MOST_PARTS = 3


class Addition(NamedTuple):
    """Flows that one extra rule adds; `beyond_table`: all of the peer on these ports but what the table asks for."""

    peer: Endpoints
    ports: PortSet
    beyond_table: bool = False

    def say(self, protocol: Protocol | None = None) -> str:
        """In words: of one protocol, or of all three; empty where it adds nothing over that protocol."""
        ports = self.ports if protocol is None else of_protocol(self.ports, protocol)
        if ports == NO_PORTS:
            return ""
        end = ", except what the table asks for" if self.beyond_table else ""
        return f"{say_peer(self.peer)} on {say_ports(ports)}{end}"


class Additions(NamedTuple):
    """All that one extra rule adds, and whether a public address is among it; without parts it adds nothing."""

    parts: tuple[Addition, ...]
    opens_internet: bool


class GrantedTable:
    """What the table alone asks for, for extra rules to be held against, each apart from all the others."""

    def __init__(self, intended: Iterable[Policy]) -> None:
        """`intended`: without extra rules."""
        policies = tuple(intended)
        self._sides = {direction: PolicyIndex(policies, direction) for direction in Direction}

    def added_by(self, direction: Direction, rule: Rule, subject: PodClass) -> Additions:
        """What a rule for these pods adds, whatever other extra rules open as well."""
        parts: list[Addition] = []
        opens_internet = False
        side = self._sides[direction]
        pieces = side.pieces_over(subject)
        for peer in endpoints(rule):
            if side.allows_as_is(subject, peer, rule.ports):
                continue
            parts += _left(Region(subject, peer, (rule.ports,)), pieces, direction)
            if public := public_part(peer):
                opened = take(Region(subject, public, (rule.ports,)), pieces, direction)
                opens_internet |= any(True for _ in opened)
        return Additions(tuple(parts), opens_internet)


def _left(opened: Region, pieces: Sequence[Region], direction: Direction) -> list[Addition]:
    regions = list(islice(take(opened, pieces, direction), _MOST_REGIONS + 1))
    if len(regions) <= _MOST_REGIONS:
        parts = _merged(regions)
        if len(parts) <= _MOST_PARTS:
            return parts
    return [Addition(opened.peer, opened.ports, beyond_table=True)]


def _merged(regions: Iterable[Region]) -> list[Addition]:
    # A region is for some of the subject's pods where services overlap: what any of them gains is added.
    by_peer: dict[Endpoints, PortSet] = {}
    for region in regions:
        by_peer[region.peer] = join(by_peer.get(region.peer, NO_PORTS), region.ports)
    return [Addition(peer, ports) for peer, ports in with_joined_addresses(by_peer).items()]
