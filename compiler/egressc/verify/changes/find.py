"""What changes between two sets of policies, service by service and destination by destination, in flows alone.

Another wording of the same policies is no change. A rule counts only for what it lets through that the other set does
not: the same exact algebra as the proof (docs/exactness.md), asked of each entry of a table apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from egressc.model.flows import Direction, PodClass, Policy
from egressc.model.known_namespaces import NOTHING_KNOWN, Namespaces, settle
from egressc.model.pod_classes import pods_without
from egressc.source import Span
from egressc.verify.changes.change import Change, ChangeKind, Changes, FlowChange, Freed, Moved, WholeService
from egressc.verify.changes.denied import set_apart
from egressc.verify.changes.parts import ComparedPolicies, parts_of_entry, parts_of_freedom
from egressc.verify.listing.entries import Entries, EntryKey, ListedEntry, Names, entries_of


def find_changes(
    old: Iterable[Policy],
    new: Iterable[Policy],
    names: Names,
    *,
    by_rows: bool = False,
    before_translation: bool = False,
    known_before: Namespaces = NOTHING_KNOWN,
    known_after: Namespaces = NOTHING_KNOWN,
) -> Changes:
    """Every change, by service and destination; services that only one set has are kept apart.

    Policies that only deny and are asked before all others are no services: what both sides deny changes nothing, and
    what one side alone denies is for `find_denied` to tell.

    Args:
        by_rows: both sets are tables. There a new service is a change by itself; else only the flows that it changes.
        before_translation: see `BothDirections`.
        known_before: the namespaces whose labels are known, as they were; `known_after` as they are.
    """
    (denied_before, old), (denied_after, new) = set_apart(old), set_apart(new)
    before, after = entries_of(old, names, known_before), entries_of(new, names, known_after)
    before = before.renamed_like(after)
    moved = {
        key: (service.subject, after.services[key].subject)
        for key, service in before.services.items()
        if key in after.services and service.subject != after.services[key].subject
    }
    # The entries of a moved service are compared as if its pods had been the new ones all along: that they are not is
    # said once, with what it means for the pods.
    subjects = dict(moved.values())
    earlier, later = (
        partial(ComparedPolicies, denials=settle(denials, known), before_translation=before_translation)
        for denials, known in ((denied_before, known_before), (denied_after, known_after))
    )
    sides = (
        earlier(replace(p, subject=subjects.get(p.subject, p.subject)) for p in before.policies),
        later(after.policies),
    )
    actual = (earlier(before.policies) if moved else sides[0], sides[1])
    flows: list[Change] = []
    freed: list[Freed] = []
    for key, service in after.services.items():
        if key in before.services:
            known = before.services[key].entries
            changes = _changes(key, service.pods, known, service.entries, *sides)
            flows += (change for change in changes if change.opens or change.closes)
            freed += _freed(key, service.pods, *sides, service.origin)
    return Changes(
        tuple(flows),
        tuple(freed),
        tuple(_moved(key, before, after, *actual) for key in moved),
        tuple(it for it in _only(after, before, *actual, is_new=True) if by_rows or it.opens or it.closes),
        tuple(it for it in _only(before, after, *actual, is_new=False) if by_rows or it.opens or it.closes),
        by_rows,
    )


_Known = dict[EntryKey, ListedEntry]


def _changes(
    service: str,
    subjects: Sequence[PodClass],
    old: _Known,
    new: _Known,
    earlier: ComparedPolicies,
    later: ComparedPolicies,
) -> Iterator[Change]:
    """Every entry of either side, with what differs in it."""
    for key in sorted({**old, **new}):
        ours, theirs = old.get(key), new.get(key)
        opens = tuple(it for pods in subjects for it in parts_of_entry(pods, theirs, later, earlier)) if theirs else ()
        closes = tuple(it for pods in subjects for it in parts_of_entry(pods, ours, earlier, later)) if ours else ()
        kind = ChangeKind.CHANGED
        if ours is None and theirs is not None and _is_whole(theirs, opens):
            kind = ChangeKind.ADDED
        elif theirs is None and ours is not None and _is_whole(ours, closes):
            kind = ChangeKind.REMOVED
        yield Change(kind, service, ours, theirs, opens, closes)


def _freed(
    service: str, subjects: Sequence[PodClass], earlier: ComparedPolicies, later: ComparedPolicies, origin: Span
) -> Iterator[Freed]:
    """Each direction in which just one side has a policy for exactly these pods."""
    for direction in Direction:
        was, now = earlier.of[direction].isolates, later.of[direction].isolates
        for is_opening in (True, False):
            some = [it for it in subjects if was(it) is is_opening and now(it) is not is_opening]
            yield from _freed_in(service, some, direction, earlier, later, origin, is_opening=is_opening)


def _freed_in(
    service: str,
    subjects: Sequence[PodClass],
    direction: Direction,
    earlier: ComparedPolicies,
    later: ComparedPolicies,
    origin: Span,
    *,
    is_opening: bool,
) -> Iterator[Freed]:
    many, few = (later, earlier) if is_opening else (earlier, later)
    found: dict[PodClass, tuple[FlowChange, ...]] = {}
    for subject in subjects:
        for free in many.of[direction].not_isolated(subject):
            parts = tuple(parts_of_freedom(free, many, few, direction))
            if parts:
                found[free] = parts
    if found:
        every = tuple(part for some in found.values() for part in some)
        opens, closes = (every, ()) if is_opening else ((), every)
        yield Freed(service, direction, tuple(found), set(found) == set(subjects), opens, closes, origin)


def _moved(key: str, before: Entries, after: Entries, earlier: ComparedPolicies, later: ComparedPolicies) -> Moved:
    was, now = before.services[key], after.services[key]
    left, come = pods_without(was.subject, now.subject), pods_without(now.subject, was.subject)
    opens = (part for pods in come for it in now.entries.values() for part in parts_of_entry(pods, it, later, earlier))
    closes = (part for pods in left for it in was.entries.values() for part in parts_of_entry(pods, it, earlier, later))
    freed: list[Freed] = []
    for direction in Direction:
        for pods in left if earlier.of[direction].isolates(was.subject) else ():
            freed += _freed_in(key, [pods], direction, earlier, later, now.origin, is_opening=True)
        for pods in come if later.of[direction].isolates(now.subject) else ():
            freed += _freed_in(key, [pods], direction, earlier, later, now.origin, is_opening=False)
    return Moved(key, was.subject, now.subject, tuple(opens), tuple(closes), tuple(freed), now.origin)


def _only(
    mine: Entries, other: Entries, earlier: ComparedPolicies, later: ComparedPolicies, *, is_new: bool
) -> Iterator[WholeService]:
    """The services that one side alone has."""
    for key, it in mine.services.items():
        if key not in other.services:
            old, new = ({}, it.entries) if is_new else (it.entries, {})
            entries = tuple(_changes(key, it.pods, old, new, earlier, later))
            freed = tuple(_freed(key, it.pods, earlier, later, it.origin))
            yield WholeService(key, it.subject, entries, freed, it.origin)


def _is_whole(entry: ListedEntry, parts: tuple[FlowChange, ...]) -> bool:
    return {part.peer: part.ports for part in parts} == entry.reach
