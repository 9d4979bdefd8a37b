"""Changes between two sides as records for the renderers."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from egressc.cli.flow_reports import places
from egressc.renderers.changes import ChangedFlow, ChangeReport, ServiceChange, ServiceFlow

if TYPE_CHECKING:
    from egressc.model.flows import PodClass
    from egressc.verify.changes.change import Change, Changes, Freed, Moved, Part, WholeService
    from egressc.verify.listing.entries import Entry, Names

_ISOLATED, _FREE = "isolated", "not isolated"


def report_changes(changes: "Changes", names: "Names", old: str, new: str) -> ChangeReport:
    flows = [_flow(change, names) for change in changes.flows] + [_freed(freed, names) for freed in changes.freed]
    return ChangeReport(
        old,
        new,
        tuple(sorted(flows, key=lambda flow: flow.service)),
        tuple(_service(it, names, "isolated from now on") for it in changes.new),
        tuple(
            _service(it, names, "its pods, if any are left, may reach everything" if it.is_free else "still isolated")
            for it in changes.gone
        ),
        tuple(_moved(it, names) for it in changes.moved),
        changes.widens,
    )


def _flow(change: "Change", names: "Names") -> ChangedFlow:
    from egressc.verify.flows.words import say_ports

    entry = change.new or change.old
    assert entry is not None, "a change is of something"
    arrow = "from " if entry.direction == "ingress" else ""
    return ChangedFlow(
        change.kind.value,
        change.service,
        names.titles.get(change.service, change.service),
        f"{arrow}{entry.name}",
        say_ports(change.old.ports) if change.old else "",
        say_ports(change.new.ports) if change.new else "",
        _said(change.opens, change.new),
        _said(change.closes, change.old),
        _example(change.opens),
        _example(change.closes),
        _opens_internet(change.opens),
        "; ".join(
            dict.fromkeys(str(reason) for part in (*change.opens, *change.closes) for reason in part.approximate)
        ),
        places(change.new.origins) if change.new else (),
        places(change.old.origins) if change.old else (),
    )


def _freed(freed: "Freed", names: "Names") -> ChangedFlow:
    parts = freed.opens or freed.closes
    said = (f"all {freed.direction} that the rules do not name",)
    return ChangedFlow(
        "changed",
        freed.service,
        names.titles.get(freed.service, freed.service),
        f"any {freed.direction}",
        _ISOLATED if freed.opens else _FREE,
        _FREE if freed.opens else _ISOLATED,
        said if freed.opens else (),
        said if freed.closes else (),
        _example(freed.opens),
        _example(freed.closes),
        _opens_internet(freed.opens),
        "; ".join(dict.fromkeys(str(reason) for part in parts for reason in part.approximate)),
        (),
        (),
    )


def _said(parts: "Sequence[Part]", entry: "Entry | None") -> tuple[str, ...]:
    """What the parts are, in words; of peers that the entry names itself the ports alone."""
    from egressc.verify.flows.words import say_peer, say_ports

    if entry is None:
        return ()
    subjects = {policy.subject for policy, _ in entry.rules}
    found = []
    for part in parts:
        said = say_ports(part.ports)
        if part.peer not in entry.reach:
            said = f"{say_peer(part.peer)} on {said}"
        if part.subject not in subjects and len({it.subject for it in parts}) > 1:
            said = f"{said} (from {say_peer(part.subject)})"
        found.append(said)
    return tuple(dict.fromkeys(found))


def _example(parts: "Sequence[Part]") -> str:
    from egressc.verify.flows.words import say_witness

    return say_witness(parts[0].witness) if parts else ""


def _opens_internet(parts: "Iterable[Part]") -> bool:
    from egressc.model.flows import PodClass
    from egressc.verify.listing.flows import reaches_internet

    return any(not isinstance(part.peer, PodClass) and reaches_internet(part.peer) for part in parts)


def _service(service: "WholeService", names: "Names", note: str) -> ServiceChange:
    from egressc.model.flows import PodClass
    from egressc.verify.flows.words import say_ports
    from egressc.verify.listing.flows import reaches_internet

    flows = tuple(
        ServiceFlow(
            f"{'from ' if entry.direction == 'ingress' else ''}{entry.name}",
            say_ports(entry.ports),
            any(not isinstance(peer, PodClass) and reaches_internet(peer) for peer in entry.reach),
            places(entry.origins),
        )
        for entry in service.entries
    )
    return ServiceChange(
        service.service,
        names.titles.get(service.service, service.service),
        _pods(service.subject),
        note,
        places((service.origin,)),
        flows,
    )


def _moved(moved: "Moved", names: "Names") -> ServiceChange:
    note = f"before: {_pods(moved.was)}, which nothing isolates for this service any more"
    name = names.titles.get(moved.service, moved.service)
    return ServiceChange(moved.service, name, _pods(moved.now), note, places((moved.origin,)))


def _pods(pods: "PodClass") -> str:
    from egressc.verify.flows.words import say_peer

    return say_peer(pods)
