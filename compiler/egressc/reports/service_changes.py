"""Services that are new, gone, or select other pods, as records for the renderers: what that means for their pods."""

from collections.abc import Iterable, Iterator, Sequence

from egressc.renderers.changes import ServiceChange, ServiceFlow
from egressc.reports.change_words import (
    example_of,
    opens_internet,
    reasons_of,
    say_any,
    say_destination,
    say_freedom,
    say_parts,
)
from egressc.reports.flows import places
from egressc.verify.changes.change import Change, FlowChange, Freed, Moved, WholeService
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.words import say_peer, say_ports
from egressc.verify.listing.entries import Names


def report_new(service: WholeService, names: Names, *, by_rows: bool) -> ServiceChange:
    """`by_rows`: its rows open what they ask for, whatever its pods could reach before."""
    note = ", ".join(_isolations(service.freed)) or "isolated before as well"
    return _service(service, names, note, by_rows=by_rows)


def report_gone(service: WholeService, names: Names) -> ServiceChange:
    note = ", ".join(_freedoms(service.freed, "its pods, if any are left,")) or "still isolated"
    return _service(service, names, note, by_rows=False)


def report_moved(moved: Moved, names: Names, *, by_rows: bool) -> ServiceChange:
    free = [it for it in moved.freed if it.opens]
    note = "; ".join([f"before: {say_peer(moved.was)}", *_freedoms(free, "")])
    # What nothing isolates any more comes first: few pods bear the labels of two services.
    opens = [*(part for it in moved.freed for part in it.opens), *moved.opens]
    closes = [*(part for it in moved.freed for part in it.closes), *moved.closes]
    return ServiceChange(
        moved.service,
        names.titles.get(moved.service, moved.service),
        say_peer(moved.now),
        note,
        places((moved.origin,)),
        opens=tuple(say_freedom(it) for it in moved.freed if it.opens) + _flows_of(moved.opens),
        closes=tuple(say_freedom(it) for it in moved.freed if it.closes) + _flows_of(moved.closes),
        opens_example=example_of(opens),
        closes_example=example_of(closes),
        internet=_ways(moved.freed),
        is_wider=by_rows or bool(opens),
    )


def _service(service: WholeService, names: Names, note: str, *, by_rows: bool) -> ServiceChange:
    opens = [part for it in service.freed for part in it.opens]
    closes = [part for it in service.freed for part in it.closes]
    return ServiceChange(
        service.service,
        names.titles.get(service.service, service.service),
        say_peer(service.subject),
        note,
        places((service.origin,)),
        tuple(_flow(entry, by_rows=by_rows) for entry in service.entries),
        opens=tuple(say_freedom(it) for it in service.freed if it.opens),
        closes=tuple(say_freedom(it) for it in service.freed if it.closes),
        opens_example=example_of(opens),
        closes_example=example_of(closes),
        internet=_ways(service.freed),
        is_wider=by_rows or service.opens,
    )


def _flow(change: Change, *, by_rows: bool) -> ServiceFlow:
    entry = change.entry
    is_internet = _is_internet(change)
    return ServiceFlow(
        say_destination(entry),
        say_ports(entry.ports),
        is_internet,
        places(entry.origins),
        opens=say_parts(change.opens, entry),
        closes=say_parts(change.closes, entry),
        opens_example=example_of(change.opens),
        closes_example=example_of(change.closes),
        opens_internet=is_internet if by_rows else opens_internet(change.opens),
        reason=reasons_of((*change.opens, *change.closes)),
    )


def _is_internet(change: Change) -> bool:
    return any(reaches_internet(peer) for peer in change.entry.reach)


def _ways(freed: Iterable[Freed]) -> tuple[str, ...]:
    """How pods that nothing isolates any more meet the internet."""
    return tuple(
        "anywhere" if it.direction == "egress" else "from anywhere" for it in freed if opens_internet(it.opens)
    )


def _isolations(freed: Iterable[Freed]) -> Iterator[str]:
    for it in freed:
        who = "" if it.is_whole else f" ({say_any(it.pods)})"
        where = "" if it.direction == "egress" else " in ingress"
        yield f"isolated{where} from now on{who}"


def _freedoms(freed: Iterable[Freed], everyone: str) -> Iterator[str]:
    for it in freed:
        who = everyone if it.is_whole and everyone else say_any(it.pods)
        yield f"{who} may reach everything" if it.direction == "egress" else f"everything may reach {who.rstrip(',')}"


def _flows_of(parts: Sequence[FlowChange]) -> tuple[str, ...]:
    return tuple(f"{say_peer(it.peer)} on {say_ports(it.ports)} (from {say_peer(it.subject)})" for it in parts)
