"""What of a cluster matters to probing a service: who listens, what the live policies are, where the API server is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from egressc.cluster.endpoints import read_api_server
from egressc.cluster.objects import ObjectReader
from egressc.diagnostics.core import Report, Severity
from egressc.diagnostics.dialects import staged_dialect
from egressc.fleet.fleet import Fleet, read_fleet, say_unread
from egressc.model.policy import Protocol
from egressc.probe.plan import ProbePlan, told_api_server
from egressc.verify.probing.choice import Scene, choose, is_address, with_own_keys
from egressc.verify.probing.connections import Listener, ProbeConnection, Skipped
from egressc.verify.probing.guards import deny_guarded


@dataclass(frozen=True, slots=True)
class ClusterView:
    """One service in its cluster, and what is tried there; every connection has a key of its own."""

    fleet: Fleet
    scene: Scene
    connections: tuple[ProbeConnection, ...]
    skipped: tuple[Skipped, ...]


def see_cluster(plan: ProbePlan, reader: ObjectReader, most: int, report: Report) -> ClusterView | None:
    """Read the cluster and choose what to try; None once it is reported that this cannot be done.

    Args:
        most: denied connections, at most; what the command line names comes on top.
    """
    unread = Report()
    fleet = read_fleet(plan.compiled, [plan.service.id], reader, unread)
    told = (it for it in unread.diagnostics if it.code.severity is Severity.ERROR or it.code is staged_dialect.code)
    report.extend(told)
    if fleet is None:
        return None
    report.extend(say_unread(it) for it in fleet.live.unread if it.places_pods)
    labels = fleet.found.namespaces.get(plan.service.namespace, plan.subject.namespace_labels)
    listeners = tuple(_listeners(fleet))
    scene = Scene(plan.judge, replace(plan.subject, namespace_labels=labels), listeners)
    family = plan.compiled.workspace.project.cluster.ip_families[0]
    endpoints = _api_server(plan, reader) or told_api_server(plan)
    guards, uncertain = deny_guarded(scene, endpoints, plan.service.origin, family)
    guards = guards[:most]
    choice = choose(plan.allowed, plan.denied, scene, most - len(guards))
    named = [_at_its_pod(it, listeners) for it in plan.named]
    connections = tuple(with_own_keys([*choice.connections, *guards, *named]))
    return ClusterView(fleet, scene, connections, (*choice.skipped, *uncertain))


def _listeners(fleet: Fleet) -> Iterator[Listener]:
    protocols = {it.value: it for it in Protocol}
    for pod in sorted(fleet.found.pods, key=lambda it: (it.namespace, it.name)):
        ready = fleet.live.ready.get((pod.namespace, pod.name))
        if ready is not None:
            ports = frozenset((protocols[name], number) for name, number in ready.ports if name in protocols)
            yield Listener(pod, ready.address, ports)


def _at_its_pod(connection: ProbeConnection, listeners: tuple[Listener, ...]) -> ProbeConnection:
    """What a person named by the address of a pod, as policies see it; other addresses as they are."""
    pod = next((it.pod for it in listeners if it.address == connection.host), None)
    return replace(connection, end=pod or (connection.host if is_address(connection.host) else None))


def _api_server(plan: ProbePlan, reader: ObjectReader) -> list[tuple[str, int]] | None:
    """Where the API server's Service leads; None where that is not known, or is not what policy sees."""
    if plan.compiled.workspace.project.cluster.before_translation:
        return None
    return read_api_server(reader) or None
