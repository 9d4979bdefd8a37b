"""Changes of workloads and their connections as records for the renderers."""

from egressc.model.flows import Pod
from egressc.model.port_sets import NO_PORTS
from egressc.renderers.changes import ChangedConnection, ChangedWorkloads, Kind
from egressc.verify.changes.workloads import ConnectionChange, End, WorkloadChanges
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.words import say_beyond, say_ports


def report_workloads(changes: WorkloadChanges) -> ChangedWorkloads:
    return ChangedWorkloads(changes.new, changes.gone, tuple(map(_connection, changes.connections)))


def _connection(change: ConnectionChange) -> ChangedConnection:
    was, now = ("" if ports == NO_PORTS else say_ports(ports) for ports in (change.was, change.now))
    kind: Kind = "added" if not was else "removed" if not now else "changed"
    effect = "wider and narrower" if change.opens and change.closes else "wider" if change.opens else "narrower"
    is_outside = _is_internet(change.source) or _is_internet(change.destination)
    return ChangedConnection(
        kind,
        _say(change.source),
        _say(change.destination),
        was,
        now,
        effect,
        change.is_whole,
        is_outside and change.opens,
    )


def _say(end: End) -> str:
    return end.title if isinstance(end, Pod) else say_beyond(end, ())


def _is_internet(end: End) -> bool:
    return not isinstance(end, Pod) and reaches_internet(end)
