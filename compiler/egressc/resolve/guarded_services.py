"""What guardrails mean for each service and namespace: which of their rules are about its pods, at either end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.guardrails import idle_guardrail
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.guardrails import DeniedRule, Guardrail
from egressc.model.known_namespaces import NamespaceFacts
from egressc.model.label_classes import namespace, select, select_namespaces
from egressc.model.peers import peers_of, read_peers
from egressc.model.pod_classes import common_pods, meets_by_chance
from egressc.model.policy import Selector, ServicePolicy
from egressc.model.workloads import Workloads
from egressc.source import Located


def guardrails_by_service(
    guardrails: Sequence[Guardrail],
    policies: Iterable[ServicePolicy],
    facts: NamespaceFacts,
    known: Sequence[PodClass],
) -> dict[str, tuple[Guardrail, ...]]:
    """What each policy must not allow, by its id, as it means where these namespaces are known.

    What some pods cannot reach is denied at both ends: as egress of the ones, and as ingress of the others. `facts` say
    which pods are guarded. The rules stay as the guardrail has them. `known` are pods with all labels that are known of
    them.
    """
    sides = [(it, [*_sides(it, facts)]) for it in guardrails]
    found: dict[str, tuple[Guardrail, ...]] = {}
    shared: dict[tuple[int, ...], tuple[Guardrail, ...]] = {}
    for policy in policies if sides else ():
        pods = PodClass(namespace(policy.namespace), select(policy.pod_selector))
        own = [
            (it, [side for side in held if side.rule.direction in policy.directions and side.guards(pods, known)])
            for it, held in sides
        ]
        if chosen := tuple(id(side) for _, held in own for side in held):
            if chosen not in shared:
                shared[chosen] = tuple(it._replace(rules=tuple(one.rule for one in held)) for it, held in own if held)
            found[policy.id] = shared[chosen]
    return found


def find_known_pods(entities: Iterable[Entity], home: str, workloads: Workloads) -> tuple[PodClass, ...]:
    """The pods of services, destinations and workloads, each with the labels that are known of it.

    `home` is the namespace of those that name none.
    """
    found = [
        PodClass(namespace(it.facts.namespace or home), select(it.facts.pods))
        for it in entities
        if it.facts.pods is not None and it.facts.pods.match_labels and (it.facts.namespace or home)
    ]
    for it in workloads.workloads:
        labels = Selector(tuple(sorted(it.pod.labels.items())))
        found.append(PodClass(namespace(it.pod.namespace), select(labels)))
    return tuple(dict.fromkeys(found))


def check_idle(guardrails: Sequence[Guardrail], guarded: Mapping[str, Sequence[Guardrail]], report: Report) -> None:
    """EG498 for guardrails that guard no pods of any policy; for where no policy of the cluster enforces them."""
    held = {it.key for own in guarded.values() for it in own}
    for it in guardrails:
        if it.key not in held:
            problem = "no policy here is about its pods, and no policy of the cluster enforces it"
            report.add(idle_guardrail(Located(it.key, it.origin), problem))


class _Side(NamedTuple):
    """A rule of a guardrail as it is for the pods at one end of its flows."""

    pods: tuple[PodClass, ...]
    rule: DeniedRule

    def guards(self, pods: PodClass, known: Sequence[PodClass]) -> bool:
        """Whether it is about some of these pods; about pods with its labels and theirs, only if some are known."""
        return any(common_pods(one, pods) is not None and not meets_by_chance(pods, one, known) for one in self.pods)


def _sides(guardrail: Guardrail, facts: NamespaceFacts) -> Iterator[_Side]:
    subject = PodClass(select_namespaces(guardrail.namespaces), select(guardrail.pods))
    guarded, senders = _settle(subject, facts), tuple(peers_of(subject))
    for rule in guardrail.rules:
        pods, addresses = read_peers(rule.peers, "")
        others = tuple(part for it in pods for part in _settle(it, facts))
        if others or addresses:
            yield _Side(guarded, rule)
        if others and guarded:
            yield _Side(others, rule._replace(direction=rule.direction.opposite, peers=senders))


def _settle(pods: PodClass, facts: NamespaceFacts) -> tuple[PodClass, ...]:
    """What a class means, still with its own conditions: by these a selector of other labels is told apart."""
    parts = (common_pods(part, pods) for part in facts.settle_pods(pods))
    return tuple(part for part in parts if part is not None)
