"""Both halves of a grant: egress where the policy of its source limits it, ingress where that of its destination does.

Sources: kubernetes.io/docs, "Network Policies": a connection needs the egress policies of its source and the ingress
policies of its destination to allow it, each as far as there are any.
"""

from collections.abc import Iterable, Mapping, Sequence

from egressc.model.catalog import Catalog
from egressc.model.endpoints import is_within
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.label_classes import ANY, NAMESPACE_NAME, select, select_namespaces
from egressc.model.policy import Direction, Directions, Dns, Grant, GrantEnd, PodPeer, Port, Selector, ServicePolicy
from egressc.model.ports import sort_ports
from egressc.model.project import Project

_NO_DNS = Dns("none")


def directions_of(service: Entity, project: Project, catalog: Catalog) -> Directions:
    """What the policy of a service limits: by its entry in the catalog, its namespace, or the project."""
    namespace = service.facts.namespace or catalog.namespace
    return service.directions or project.namespace_directions.get(namespace, project.directions)


def with_directions(
    policies: Sequence[ServicePolicy],
    admitted: Iterable[Grant],
    directions: Mapping[Entity, Directions],
    namespace_key: str,
) -> tuple[ServicePolicy, ...]:
    """Policies with those halves of the grants that each of them limits; `admitted` have an ingress half alone."""
    services = {it.id: it for it in directions}
    accepting = [it for it in policies if Direction.INGRESS in directions[services[it.id]]]
    if not accepting:
        return tuple(policies)
    callers = _Callers({services[it.id].key: _pods_of(it, namespace_key) for it in accepting})
    for grant in (*(grant for policy in policies for grant in policy.grants), *admitted):
        callers.add(grant)
    found = []
    for policy in policies:
        service = services[policy.id]
        kept = policy._replace(directions=directions[service], callers=callers.of(service))
        found.append(kept if Direction.EGRESS in kept.directions else kept._replace(grants=(), dns=_NO_DNS))
    return tuple(found)


class _Callers:
    """The ingress halves by service. A destination that is no service may be pods of several."""

    def __init__(self, accepting: Mapping[str, PodClass]) -> None:
        self._accepting = accepting
        self._found: dict[str, dict[str, list[Grant]]] = {key: {} for key in accepting}
        # Ends are kept beside the services in them, so that their identity stays their own.
        self._services: dict[int, tuple[GrantEnd, tuple[str, ...]]] = {}

    def add(self, grant: Grant) -> None:
        end = grant.destination
        known = self._services.get(id(end))
        if known is None:
            known = self._services[id(end)] = end, self._services_in(end)
        for key in known[1]:
            self._found[key].setdefault(grant.source.key, []).append(grant)

    def of(self, service: Entity) -> tuple[Grant, ...]:
        """Sorted by source, with the ports of its pods."""
        held = self._found.get(service.key, {})
        pods = {Port(it.pod.protocol, it.service): it.pod for it in service.facts.service_ports}
        return tuple(_merge(held[key], pods) for key in sorted(held))

    def _services_in(self, end: GrantEnd) -> tuple[str, ...]:
        if end.key in self._accepting:
            return (end.key,)
        peers = [_class_of(it) for it in end.peers if isinstance(it, PodPeer)]
        return tuple(key for key, pods in self._accepting.items() if any(is_within(pods, peer) for peer in peers))


def _pods_of(policy: ServicePolicy, namespace_key: str) -> PodClass:
    names = tuple((key, policy.namespace) for key in dict.fromkeys((NAMESPACE_NAME, namespace_key)))
    return PodClass(select_namespaces(Selector(names)), select(policy.pod_selector))


def _class_of(peer: PodPeer) -> PodClass:
    return PodClass(
        ANY if peer.namespaces is None else select_namespaces(peer.namespaces),
        ANY if peer.pods is None else select(peer.pods),
    )


def _merge(grants: Sequence[Grant], pods: Mapping[Port, Port]) -> Grant:
    first = grants[0]
    ports = {pods.get(port, port) for grant in grants for port in grant.ports}
    if len(grants) == 1 and ports == set(first.ports):
        return first
    purposes = dict.fromkeys(grant.purpose for grant in grants if grant.purpose)
    origins = {span for grant in grants for span in grant.origins}
    places = sorted(origins, key=lambda it: (it.source.name, it.start, it.end))
    return Grant(first.source, first.destination, sort_ports(ports), "; ".join(purposes), tuple(places))
