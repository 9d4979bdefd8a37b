"""Both halves of a grant: egress where the policy of its source limits it, ingress where that of its destination does.

Sources: kubernetes.io/docs, "Network Policies": a connection needs the egress policies of its source and the ingress
policies of its destination to allow it, each as far as there are any.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from egressc.diagnostics.callers import half_open_grant
from egressc.diagnostics.core import Report
from egressc.model.catalog import Catalog
from egressc.model.cluster import Cluster
from egressc.model.endpoints import is_within
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.label_classes import NAMESPACE_NAME, select, select_namespaces
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import NO_DNS, Direction, Directions, Grant, GrantEnd, PodPeer, Selector, ServicePolicy
from egressc.model.ports import sort_ports
from egressc.model.project import Project
from egressc.model.texts import place_of_name
from egressc.resolve.baselines import BaselineResolver
from egressc.resolve.peers import place_destination, place_service, pods_of
from egressc.source import NOWHERE, Located


def directions_of(service: Entity, project: Project, catalog: Catalog) -> Directions:
    """What the policy of a service limits: what is said of it, and what the baseline of its namespace denies.

    What a baseline closes, only a policy of its own opens.
    """
    said = said_directions(service, project, catalog)
    denied = project.cluster.denied_in(service.facts.namespace or catalog.namespace)
    return tuple(it for it in Direction if it in said or it in denied)


def said_directions(entity: Entity, project: Project, catalog: Catalog) -> Directions:
    """What policies limit by the entry in the catalog, the namespace, or the project."""
    namespace = entity.facts.namespace or catalog.namespace
    return entity.directions or project.namespace_directions.get(namespace, project.directions)


class _Covered(NamedTuple):
    """Services by key: those that have all their pods in an end, and those that have others beside all of its pods."""

    wholly: tuple[str, ...]
    partly: tuple[str, ...] = ()


class Accepting:
    """The services whose policies limit ingress, and which of them a destination is: it may be pods of several."""

    def __init__(
        self, services: Iterable[Entity], catalog: Catalog, cluster: Cluster, baselines: BaselineResolver
    ) -> None:
        self.by_key = {it.key: it for it in services}
        self.baselines = baselines
        self._catalog = catalog
        self._cluster = cluster
        # Ends are kept beside what they cover, so that their identity stays their own.
        self._known: dict[int, tuple[GrantEnd, _Covered]] = {}
        self._accepts: dict[Entity, bool] = {}

    @property
    def is_needed(self) -> bool:
        """Whether anything limits ingress."""
        return bool(self.by_key) or any(Direction.INGRESS in it for it in self.baselines.denied.values())

    def accepts(self, entity: Entity) -> bool:
        """Whether a destination is one of these services, or holds the pods of one."""
        if entity.key in self.by_key or self.baselines.limits(entity, Direction.INGRESS):
            return True
        if not self.by_key:
            return False
        if entity not in self._accepts:
            end = place_destination(entity, self._catalog, self._cluster, Located(entity.name, NOWHERE), Report())
            self._accepts[entity] = end is not None and any(self.covered(end))
        return self._accepts[entity]

    def covered(self, end: GrantEnd) -> _Covered:
        known = self._known.get(id(end))
        if known is None:
            known = self._known[id(end)] = end, self._cover(end)
        return known[1]

    def _cover(self, end: GrantEnd) -> _Covered:
        if end.key in self.by_key:
            return _Covered((end.key,))
        wholly, partly = set[str](), set[str]()
        for peer in (pods_of(it) for it in end.peers if isinstance(it, PodPeer)):
            met = list(self._pods.overlapping(peer))
            within = {key for pods, key in met if is_within(pods, peer)}
            around = {key for pods, key in met if is_within(peer, pods)}
            wholly |= within
            if not within & around:  # a service of just these pods opens them, whichever others select them
                partly |= around
        return _Covered(tuple(sorted(wholly)), tuple(sorted(partly)))

    def merge(self, service: Entity, callers: Mapping[str, Mapping[str, Sequence[Grant]]]) -> tuple[Grant, ...]:
        """The ingress halves of a service, sorted by source; a policy of ingress always sees the ports of pods."""
        held = callers.get(service.key, {})
        return tuple(self._merge(service, held[key]) for key in sorted(held))

    def _merge(self, service: Entity, grants: Sequence[Grant]) -> Grant:
        first = grants[0]
        ports = self.baselines.answers.pods.received(service, (port for grant in grants for port in grant.ports))
        if len(grants) == 1 and ports == first.ports:
            return first
        purposes = dict.fromkeys(grant.purpose for grant in grants if grant.purpose)
        origins = {span for grant in grants for span in grant.origins}
        places = sorted(origins, key=lambda it: it.order)
        return Grant(first.source, first.destination, sort_ports(ports), "; ".join(purposes), tuple(places))

    @cached_property
    def _pods(self) -> ClassIndex[str]:
        found = []
        for key, service in self.by_key.items():
            placed = place_service(service, self._catalog, Report())
            if placed is not None:
                place, pods = placed
                keys = dict.fromkeys((NAMESPACE_NAME, self._cluster.namespace_key))
                names = Selector(tuple((it, place) for it in keys))
                found.append((PodClass(select_namespaces(names), select(pods)), key))
        return ClassIndex(found)


def with_directions(
    policies: Sequence[ServicePolicy],
    admitted: Iterable[Grant],
    directions: Mapping[Entity, Directions],
    accepting: Accepting,
    report: Report,
) -> tuple[ServicePolicy, ...]:
    """Policies with those halves of the grants that each of them limits; `admitted` have an ingress half alone.

    EG449 for a destination that is some of the pods of a service: no policy opens these alone.
    """
    if not accepting.by_key:
        return tuple(policies)
    callers: dict[str, dict[str, list[Grant]]] = {key: {} for key in accepting.by_key}
    told: set[str] = set()
    for grant in (*(grant for policy in policies for grant in policy.grants), *admitted):
        end = grant.destination
        wholly, partly = accepting.covered(end)
        for key in wholly:
            callers[key].setdefault(grant.source.key, []).append(grant)
        if partly and end.key not in told:
            told.add(end.key)
            service = accepting.by_key[partly[0]]
            name = Located(end.name, place_of_name(end.name, grant.origins[0]))
            report.add(half_open_grant(name, service.name, service.id, end.key))
    services = {it.id: it for it in directions}
    found = []
    for policy in policies:
        service = services[policy.id]
        kept = policy._replace(directions=directions[service], callers=accepting.merge(service, callers))
        found.append(kept if Direction.EGRESS in kept.directions else kept._replace(grants=(), dns=NO_DNS))
    return tuple(found)
