"""Pods that selectors select: those of two services, which get the rules of both, and none at all.

Kubernetes adds up the policies that select a pod.

Source: Kubernetes documentation, "Network Policies": policies are additive, in any order.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.places import overlapping_pods, selects_nothing, shared_pods
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.label_classes import Labels, has_members, namespace, select, select_namespaces
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import Peer, PodPeer, PolicySet, Selector, ServicePolicy
from egressc.source import Located

# So many neighbours of a service are looked at; who has more has a finding in any case.
MOST_NEIGHBOURS: Final = 50


class Neighbours(NamedTuple):
    """A service, and some of those whose pods may be its own; `is_cut`: it has more of them."""

    service: ServicePolicy
    others: tuple[ServicePolicy, ...]
    is_cut: bool = False


def check_shared_pods(policies: PolicySet, entities: Sequence[Entity], report: Report) -> None:
    """EG440 for services of the same pods, EG441 for one whose pods may be those of others, at their selectors."""
    places = _Places(entities)
    same = find_same_pods(policies)
    for service, first in same:
        report.add(shared_pods(places.of(service), places.of(first), service.namespace, service.id))
    again = {service.id for service, _ in same}
    for found in find_overlapping(policies):
        if found.service.id not in again:
            others = [places.of(it) for it in found.others if it.id not in again]
            ids = [it.id for it in found.others if it.id not in again]
            if ids or found.is_cut:
                only = ids[0] if len(ids) == 1 and not found.is_cut else ""
                place = places.of(found.service)
                report.add(overlapping_pods(place, others, found.service.id, only, is_cut=found.is_cut))


def check_selected_pods(policies: PolicySet, entities: Sequence[Entity], report: Report) -> None:
    """EG445 for selectors that no pod fits: nobody has the policy of such a service, or reaches such a destination."""
    places = _Places(entities)
    seen: set[str] = set()
    for service in policies.policies:
        if not has_members(_pods(service).pods):
            seen.add(service.id)
            report.add(selects_nothing(places.of(service), "no pod has its policy", service.id))
    for service in policies.policies:
        ends = [(it.destination, "this destination cannot be reached") for it in service.grants]
        ends += [(it.source, "this caller cannot connect") for it in service.callers]
        for end, effect in ends:
            if end.key in seen:
                continue
            seen.add(end.key)
            if any(map(_fits_nothing, end.peers)):
                place = places.at(end.key, Located(end.name, service.origin))
                report.add(selects_nothing(place, effect, service.id))


def find_same_pods(policies: PolicySet) -> list[tuple[ServicePolicy, ServicePolicy]]:
    """Services that select the same pods as an earlier one, each with that one."""
    held: dict[PodClass, ServicePolicy] = {}
    pairs = [(service, held.setdefault(pods, service)) for pods, service in with_pods(policies.services)]
    return [(service, first) for service, first in pairs if first is not service]


def find_overlapping(policies: PolicySet) -> Iterator[Neighbours]:
    """Services with pods that may be those of others, whose selectors are not the same; each pair at the wider one."""
    services = sorted(policies.services, key=lambda it: (_width(_pods(it).pods), it.id))
    classes = list(with_pods(services))
    index = ClassIndex((pods, (rank, service)) for rank, (pods, service) in enumerate(classes))
    for rank, (pods, service) in enumerate(classes):
        met = list(islice(index.overlapping(pods), MOST_NEIGHBOURS))
        is_cut = len(met) == MOST_NEIGHBOURS
        unlike = [other for labels, other in met if labels != pods]
        others = sorted((other for later, other in unlike if later > rank), key=lambda it: it.id)
        if others or (is_cut and unlike):
            yield Neighbours(service, tuple(others), is_cut)


def count_sharing(policies: PolicySet, ids: Collection[str]) -> int:
    """How many services of these ids have pods that may be those of any other service."""
    classes = list(with_pods(policies.services))
    index = ClassIndex(classes)
    wanted = (pods for pods, service in classes if service.id in ids)
    return sum(len(list(islice(index.overlapping(pods), 2))) > 1 for pods in wanted)


def with_pods(services: Iterable[ServicePolicy]) -> Iterator[tuple[PodClass, ServicePolicy]]:
    """Each service with its pods; one whose selector contradicts itself has none to share."""
    for service in services:
        pods = _pods(service)
        if has_members(pods.pods):
            yield pods, service


def _fits_nothing(peer: Peer) -> bool:
    if not isinstance(peer, PodPeer):
        return False
    pods, namespaces = select(peer.pods or Selector()), select_namespaces(peer.namespaces or Selector())
    return not (has_members(pods) and has_members(namespaces))


def _pods(service: ServicePolicy) -> PodClass:
    return PodClass(namespace(service.namespace), select(service.pod_selector))


def _width(pods: Labels) -> tuple[int, int]:
    """Fewer labels asked for by value are more pods, as a rule of thumb; then fewer labels asked for at all."""
    return sum(not values.excluded for _, values in pods), len(pods)


class _Places:
    """Where sources say which pods are meant: a selector, or the name where the convention gives it."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = entities
        self._by_key: dict[str, Entity] = {}

    def of(self, service: ServicePolicy) -> Located[str]:
        return self.at(service.id, Located(service.name, service.origin))

    def at(self, key: str, otherwise: Located[str]) -> Located[str]:
        """The place for a service or destination of this key; `otherwise` where no selector is written for it."""
        if not self._by_key:
            self._by_key = {entity.key: entity for entity in sorted(self._entities, key=lambda it: it.is_service)}
        entity = self._by_key.get(key)  # an opt-in is none
        statements = entity.statements if entity is not None else ()
        said = (
            it.span_of("selector" if it.facts.pods else "to") for it in statements if it.facts.pods or it.facts.peers
        )
        return Located(otherwise.value, next((span for span in said if span is not None), otherwise.span))
