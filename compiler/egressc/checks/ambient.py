"""Port 15008, the tunnel between pods of an ambient mesh: their connections need it, and it leads to every port.

Source: istio.io, "Ambient and Kubernetes NetworkPolicy".
"""

from collections.abc import Iterator
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.gateways import closed_tunnel
from egressc.diagnostics.presets import ambient_tunnel
from egressc.model.cluster import Cluster
from egressc.model.gateway import Waypoint, are_of_gateway
from egressc.model.label_classes import NAMESPACE_NAME, select
from egressc.model.policy import Direction, Grant, GrantEnd, PodPeer, PolicySet, Port, Protocol, ServicePolicy
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import HBONE_PORT
from egressc.model.texts import place_of_name
from egressc.resolve.closed_ends import lets
from egressc.source import Span

_TUNNEL: Final = Port(Protocol.TCP, HBONE_PORT)
_MODE: Final = "istio.io/dataplane-mode"
_Half = tuple[Direction, Grant, GrantEnd]


def check_tunnels(policies: PolicySet, cluster: Cluster, report: Report) -> None:
    """EG457 where rules of pods in the mesh leave the tunnel closed, EG470 where rows open it; each once."""
    if closed := _in_order(_closed(policies, cluster)):
        at, name = next(iter(closed.items()))
        row = place_of_name(name, at)
        report.add(closed_tunnel(cluster.dialect_place or row, row, name, len(closed) - 1))
    if opened := _in_order(_opened(policies)):
        report.add(ambient_tunnel(next(iter(opened)), len(opened) - 1))


def _in_order(ends: Iterator[tuple[Span, str]]) -> dict[Span, str]:
    return dict(sorted(ends, key=lambda it: it[0].order))


def _opened(policies: PolicySet) -> Iterator[tuple[Span, str]]:
    """The rows that open the tunnel: who may reach it may reach every port behind it."""
    tunnel = port_set((_TUNNEL,))
    for policy in policies.policies:
        for direction, grant, end in _halves(policy):
            leads_to_pods = direction is Direction.INGRESS or any(
                isinstance(it, PodPeer) and (it.pods is None or not are_of_gateway(select(it.pods))) for it in end.peers
            )
            is_limited = not any(it.is_every for it in grant.ports)
            if leads_to_pods and is_limited and grant.origins and covers(port_set(grant.ports), tunnel):
                yield grant.origins[0], grant.destination.name


def _closed(policies: PolicySet, cluster: Cluster) -> Iterator[tuple[Span, str]]:
    """The rows with both ends in the mesh whose rules, and those of all pods there, leave the tunnel closed."""
    if not isinstance(cluster.gateway, Waypoint):
        return
    # Who reaches hosts through a waypoint is in the mesh, whatever is known of its namespace.
    naming = {it.source.key for policy in policies.policies if policy.first_host for it in policy.grants}
    ambient = {name for name, labels in cluster.namespace_labels.items() if labels.get(_MODE) == "ambient"}
    shared: dict[str, list[ServicePolicy]] = {}
    for held in policies.baselines:
        shared.setdefault(held.policy.namespace, []).append(held.policy)

    def is_in_mesh(end: GrantEnd) -> bool:
        if end.key in naming:
            return True
        labels = [dict(it.namespaces.match_labels) for it in end.peers if isinstance(it, PodPeer) and it.namespaces]
        names = [it.get(NAMESPACE_NAME) or it.get(cluster.namespace_key) for it in labels]
        return bool(names) and len(names) == len(end.peers) and ambient.issuperset(names)

    for policy in policies.policies:
        if not policy.first_host and policy.namespace not in ambient:
            continue
        for direction, grant, end in _halves(policy):
            has_tcp = any(it.protocol is Protocol.TCP for it in grant.ports)
            if has_tcp and grant.origins and direction in policy.directions and is_in_mesh(end):
                opening = (policy, *shared.get(policy.namespace, ()))
                if not any(lets(it, direction, end, (_TUNNEL,)) for it in opening):
                    yield grant.origins[0], grant.destination.name


def _halves(policy: ServicePolicy) -> Iterator[_Half]:
    """What rows grant it in each direction, with the other end."""
    yield from ((Direction.EGRESS, it, it.destination) for it in policy.grants)
    yield from ((Direction.INGRESS, it, it.source) for it in policy.callers)
