"""What changes between two sets of policies, service by service and destination by destination, in flows alone.

Another wording of the same policies is no change. A rule counts only for what it lets through that the other set does
not: the same exact algebra as the proof (docs/exactness.md), asked of each entry of a table apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from egressc.model.address_sets import EVERY_ADDRESS
from egressc.model.flows import EVERY_POD, Direction, PodClass, Policy
from egressc.model.intervals import difference, intersection
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, Ports, PortSet, join
from egressc.source import Span
from egressc.verify.changes.change import Change, ChangeKind, Changes, Freed, Moved, Part, WholeService
from egressc.verify.flows.classes import common_pods
from egressc.verify.flows.regions import Region, take
from egressc.verify.flows.sides import Side
from egressc.verify.flows.witnesses import approximations, pick_witness
from egressc.verify.listing.entries import Entry, Names, entries_of


def find_changes(old: Iterable[Policy], new: Iterable[Policy], names: Names) -> Changes:
    """Every change, by service and destination; services that only one set has are kept apart."""
    before, after = entries_of(old, names), entries_of(new, names)
    before = before.renamed_like(after)
    moved = tuple(
        Moved(key, service.subject, after.services[key].subject, after.services[key].origin)
        for key, service in before.services.items()
        if key in after.services and service.subject != after.services[key].subject
    )
    # A moved service is compared as if its pods had been the new ones all along: that they are not is said once.
    moves = {it.was: it.now for it in moved}
    earlier = _Sides(replace(p, subject=moves.get(p.subject, p.subject)) for p in before.policies)
    later = _Sides(after.policies)
    shared = [key for key in after.services if key in before.services]
    flows: list[Change] = []
    freed: list[Freed] = []
    for key in shared:
        subject = after.services[key].subject
        ours, theirs = before.services[key].entries, after.services[key].entries
        for entry in sorted({**ours, **theirs}):
            change = _change(key, subject, ours.get(entry), theirs.get(entry), earlier, later)
            if change is not None:
                flows.append(change)
        freed += _freed(key, subject, earlier, later, after.services[key].origin)
    gone = tuple(
        WholeService(key, it.subject, tuple(it.entries.values()), _is_free(it.subject, later), it.origin)
        for key, it in before.services.items()
        if key not in after.services
    )
    fresh = tuple(
        WholeService(key, it.subject, tuple(it.entries.values()), _is_free(it.subject, earlier), it.origin)
        for key, it in after.services.items()
        if key not in before.services
    )
    return Changes(tuple(flows), tuple(freed), moved, fresh, gone)


class _Sides:
    def __init__(self, policies: Iterable[Policy]) -> None:
        policies = tuple(policies)
        self.of = {direction: Side(policies, direction) for direction in Direction}


def _change(
    service: str, subject: PodClass, old: Entry | None, new: Entry | None, earlier: _Sides, later: _Sides
) -> Change | None:
    opens = tuple(_beyond(subject, new, later, earlier)) if new else ()
    closes = tuple(_beyond(subject, old, earlier, later)) if old else ()
    if not opens and not closes:
        return None
    kind = ChangeKind.CHANGED
    if old is None and new is not None and _is_whole(new, opens):
        kind = ChangeKind.ADDED
    elif new is None and old is not None and _is_whole(old, closes):
        kind = ChangeKind.REMOVED
    return Change(kind, service, old, new, opens, closes)


def _beyond(subject: PodClass, entry: Entry, many: _Sides, few: _Sides) -> Iterator[Part]:
    """The flows of an entry that `many` allows and `few` does not."""
    direction = entry.direction
    denying = few.of[direction]
    for peer, ports in entry.reach.items():
        if denying.allows_as_is(subject, peer, ports):
            continue
        for isolated in _isolated(subject, denying):
            for region in take(Region(isolated, peer, (ports,)), denying.pieces_over(isolated), direction):
                yield from _parts(region, direction, many)


def _isolated(subject: PodClass, side: Side) -> list[PodClass]:
    if side.isolates(subject):
        return [subject]
    return [part for other in side.subjects_over(subject) if (part := common_pods(subject, other)) is not None]


def _parts(region: Region, direction: Direction, many: _Sides) -> Iterator[Part]:
    # What the other end refuses is not allowed on that side, so it is no difference.
    for part in many.of[direction.opposite].restricted(region):
        witness = pick_witness(part, direction)
        yield Part(part.subject, part.peer, _ports(part), witness, approximations(part, witness))


def _freed(service: str, subject: PodClass, earlier: _Sides, later: _Sides, origin: Span) -> Iterator[Freed]:
    for direction in Direction:
        opens = tuple(_beyond_isolation(subject, later, earlier, direction))
        closes = tuple(_beyond_isolation(subject, earlier, later, direction))
        if opens or closes:
            yield Freed(service, direction, opens, closes, origin)


def _beyond_isolation(subject: PodClass, many: _Sides, few: _Sides, direction: Direction) -> Iterator[Part]:
    denying = few.of[direction]
    if not denying.isolates(subject) or many.of[direction].isolates(subject):
        return
    for free in many.of[direction].not_isolated(subject):
        for everyone in (EVERY_POD, EVERY_ADDRESS):
            for region in take(Region(free, everyone, (EVERY_PORT,)), denying.pieces_over(free), direction):
                yield from _parts(region, direction, many)


def _is_free(subject: PodClass, side: _Sides) -> bool:
    return any(bool(side.of[direction].not_isolated(subject)) for direction in (Direction.EGRESS,))


def _is_whole(entry: Entry, parts: tuple[Part, ...]) -> bool:
    return {part.peer: part.ports for part in parts} == entry.reach


def _ports(region: Region) -> PortSet:
    """The ports of a region, as far as a set of ports can say it: a port that needs two names shows with one."""
    ports = region.inside[0]
    for other in region.inside[1:]:
        if not ports.has_names and not other.has_names:
            ports = PortSet(
                *(Ports(intersection(a.numbers, b.numbers), a.names) for a, b in zip(ports, other, strict=True))
            )
    left = (
        Ports(difference(inner.numbers, outer.numbers), inner.names - outer.names)
        for inner, outer in zip(ports, region.outside, strict=True)
    )
    return join(PortSet(*left), NO_PORTS)
