"""Changes between two sides as records for the renderers."""

from egressc.model.policy import Direction
from egressc.renderers.changes import ChangedFlow, ChangedGuardrail, ChangeReport
from egressc.reports.change_words import example_of, opens_internet, reasons_of, say_destination, say_freedom, say_parts
from egressc.reports.flows import places
from egressc.reports.service_changes import report_gone, report_moved, report_new
from egressc.reports.workload_changes import report_workloads
from egressc.verify.changes.change import Change, Changes, Freed
from egressc.verify.changes.workloads import WorkloadChanges
from egressc.verify.flows.words import say_ports
from egressc.verify.listing.entries import Names

_ISOLATED, _FREE = "isolated", "not isolated"


def report_changes(
    changes: Changes,
    names: Names,
    old: str,
    new: str,
    workloads: WorkloadChanges | None = None,
    guardrails: tuple[ChangedGuardrail, ...] = (),
) -> ChangeReport:
    found = [(change, _flow(change, names)) for change in changes.flows]
    # A row that both ends limit changes both, which is one change.
    told = {_essence(flow) for change, flow in found if change.entry.direction is Direction.EGRESS}
    flows = [flow for change, flow in found if change.entry.direction is Direction.EGRESS or _essence(flow) not in told]
    flows += [_freed(freed, names) for freed in changes.freed]
    return ChangeReport(
        old,
        new,
        tuple(sorted(flows, key=lambda flow: flow.service)),
        tuple(report_new(it, names, by_rows=changes.by_rows) for it in changes.new),
        tuple(report_gone(it, names) for it in changes.gone),
        tuple(report_moved(it, names, by_rows=changes.by_rows) for it in changes.moved),
        changes.widens or (workloads is not None and workloads.widens) or any(it.opens for it in guardrails),
        report_workloads(workloads) if workloads is not None else None,
        guardrails,
    )


def _flow(change: Change, names: Names) -> ChangedFlow:
    return ChangedFlow(
        change.kind.value,
        change.service,
        names.titles.get(change.service, change.service),
        say_destination(change.entry),
        say_ports(change.old.ports) if change.old else "",
        say_ports(change.new.ports) if change.new else "",
        say_parts(change.opens, change.new) if change.new else (),
        say_parts(change.closes, change.old) if change.old else (),
        example_of(change.opens),
        example_of(change.closes),
        opens_internet(change.opens),
        reasons_of((*change.opens, *change.closes)),
        places(change.new.origins) if change.new else (),
        places(change.old.origins) if change.old else (),
    )


def _essence(flow: ChangedFlow) -> tuple[str, ...]:
    return flow.kind, flow.was, flow.now, flow.opens_example, flow.closes_example


def _freed(freed: Freed, names: Names) -> ChangedFlow:
    said = (say_freedom(freed),)
    return ChangedFlow(
        "changed",
        freed.service,
        names.titles.get(freed.service, freed.service),
        f"any {freed.direction}",
        _ISOLATED if freed.opens else _FREE,
        _FREE if freed.opens else _ISOLATED,
        said if freed.opens else (),
        said if freed.closes else (),
        example_of(freed.opens),
        example_of(freed.closes),
        opens_internet(freed.opens),
        reasons_of(freed.opens or freed.closes),
        (),
        (),
    )
