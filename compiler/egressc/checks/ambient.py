"""Port 15008, the tunnel between pods of an ambient mesh: their connections need it, and it leads to every port.

Source: istio.io, "Ambient and Kubernetes NetworkPolicy".
"""

from collections.abc import Iterator
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.gateways import closed_tunnel
from egressc.diagnostics.presets import ambient_tunnel
from egressc.model.cluster import Cluster
from egressc.model.endpoints import is_within
from egressc.model.flows import PodClass
from egressc.model.gateway import Waypoint, are_of_gateway
from egressc.model.known_namespaces import NamespaceFacts, Namespaces
from egressc.model.label_classes import NAMESPACE_NAME, Values, select
from egressc.model.policy import Direction, GrantEnd, PodPeer, PolicySet, Port, Protocol
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import HBONE_PORT
from egressc.model.texts import place_of_name
from egressc.resolve.peers import pods_of
from egressc.source import Span

_TUNNEL: Final = Port(Protocol.TCP, HBONE_PORT)
_MODE: Final = "istio.io/dataplane-mode"
_AMBIENT: Final = "ambient"


def check_tunnels(policies: PolicySet, cluster: Cluster, namespaces: Namespaces, report: Report) -> None:
    """EG457 where rules of pods in the mesh leave the tunnel closed, EG470 where rows open it; each once.

    `namespaces`: those of which manifests say the labels.
    """
    if closed := _in_order(_closed(policies, cluster, {**namespaces, **cluster.namespace_labels})):
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
        for direction, grant, end in policy.halves:
            leads_to_pods = direction is Direction.INGRESS or any(
                isinstance(it, PodPeer) and (it.pods is None or not are_of_gateway(select(it.pods))) for it in end.peers
            )
            is_limited = not any(it.is_every for it in grant.ports)
            if leads_to_pods and is_limited and grant.origins and covers(port_set(grant.ports), tunnel):
                yield grant.origins[0], grant.destination.name


def _closed(policies: PolicySet, cluster: Cluster, namespaces: Namespaces) -> Iterator[tuple[Span, str]]:
    """The rows with both ends in the mesh whose rules, and those of all pods there, leave the tunnel closed."""
    if not isinstance(cluster.gateway, Waypoint):
        return
    # Who reaches hosts through a waypoint is in the mesh, whatever is known of its namespace.
    naming = {it.source.key for policy in policies.policies if policy.first_host for it in policy.grants}
    ambient = {name for name, labels in namespaces.items() if labels.get(_MODE) == _AMBIENT}
    facts, tunnel = NamespaceFacts(namespaces), port_set((_TUNNEL,))

    def parts(end: GrantEnd) -> tuple[PodClass, ...]:
        return tuple(it for peer in end.peers if isinstance(peer, PodPeer) for it in facts.settle_pods(pods_of(peer)))

    def is_in_mesh(end: GrantEnd) -> bool:
        if end.key in naming:
            return True
        asked = [dict(pods_of(it).namespaces) for it in end.peers if isinstance(it, PodPeer)]
        names = [it.get(NAMESPACE_NAME) or it.get(cluster.namespace_key) for it in asked]
        are_known = (
            it.get(_MODE) == Values(False, frozenset((_AMBIENT,)))
            or (name is not None and not name.excluded and ambient.issuperset(name.values))
            for it, name in zip(asked, names, strict=True)
        )
        return bool(asked) and len(asked) == len(end.peers) and all(are_known)

    opened: dict[tuple[str, Direction], list[PodClass]] = {}
    for held in policies.baselines:
        for direction, grant, end in held.policy.halves:
            if covers(port_set(grant.ports), tunnel):
                opened.setdefault((held.policy.namespace, direction), []).extend(parts(end))
    for policy in policies.policies:
        if not policy.first_host and policy.namespace not in ambient:
            continue
        halves = [it for it in policy.halves if it[0] in policy.directions]
        own = [
            (direction, it)
            for direction, grant, end in halves
            if covers(port_set(grant.ports), tunnel)
            for it in parts(end)
        ]
        for direction, grant, end in halves:
            has_tcp = any(it.protocol is Protocol.TCP for it in grant.ports)
            if has_tcp and grant.origins and is_in_mesh(end):
                open_here = [it for side, it in own if side is direction]
                open_here += opened.get((policy.namespace, direction), ())
                if not all(any(is_within(part, it) for it in open_here) for part in parts(end)):
                    yield grant.origins[0], grant.destination.name
