"""What resolving found, and what names stand for, for checks and for questions that are asked after compiling."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, field

from egressc.diagnostics.core import Report
from egressc.model.audit import Outside
from egressc.model.entities import Entity, Mention, Target
from egressc.model.flows import PodClass
from egressc.model.gateway import GatewayUse
from egressc.model.guardrails import Guardrail
from egressc.model.policy import PolicySet
from egressc.model.references import Reference
from egressc.model.workloads import Workloads
from egressc.resolve.outside import find_outside
from egressc.resolve.pods_behind import PodsBehind
from egressc.resolve.references import ReferenceResolver
from egressc.source import NOWHERE, Located


@dataclass(frozen=True, slots=True)
class Resolution:
    """The policies, and what checks over the whole set look at.

    `owners`: the service that asks for a row of destinations, by the position of the row. `created`: services that rows
    of flows alone make, each with a row. `idle`: the rows of flows whose sources get no policy, by the name of their
    source and where they begin; `admitting`: the cells under "Ingress from" that open ingress, likewise.
    `guarded`: the guardrails of each policy, by its id. `only_guarded`: what guardrails alone name, and nothing opens.
    `known_pods`: pods with all labels that are known of them.
    """

    policies: PolicySet
    answers: ReferenceResolver
    mentions: tuple[Mention, ...]
    owners: Mapping[int, str]
    created: tuple[Located[str], ...]
    idle: frozenset[tuple[str, int]]
    admitting: frozenset[tuple[str, int]]
    guardrails: tuple[Guardrail, ...] = ()
    guarded: Mapping[str, tuple[Guardrail, ...]] = field(default_factory=dict)
    only_guarded: AbstractSet[Entity] = frozenset()
    known_pods: tuple[PodClass, ...] = ()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Everything that sources, catalog and presets define, by name."""
        return self.answers.entities.all()

    @property
    def outside(self) -> tuple[Outside, ...]:
        """Those of them that are outside the cluster; found anew each time."""
        return find_outside(self.entities)

    @property
    def gateway_uses(self) -> Mapping[str, GatewayUse]:
        """How an egress gateway leads to the hosts of destinations, by key, where the catalog says it."""
        return {it.key: it.facts.gateway for it in self.entities if it.facts.gateway is not None}

    @property
    def used(self) -> AbstractSet[Entity]:
        """Those that a row asks for or is about."""
        return self.answers.entities.used

    @property
    def spoiled(self) -> AbstractSet[Entity]:
        """Those of which something cannot be read, or contradicts itself: nothing else of them is judged."""
        return self.answers.entities.spoiled

    @property
    def pods(self) -> PodsBehind:
        """What is known of the pods of each."""
        return self.answers.pods

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that stands for something, groups and aliases among them."""
        return self.answers.entities.every_name()

    def find(self, name: str) -> tuple[Entity, ...]:
        """What a name stands for; of a group, its members."""
        return self.answers.entities.members(name)


class NameBook:
    """Every service and destination by name, alias and id, asked for in a row or not. Problems were reported before."""

    def __init__(self, resolution: Resolution) -> None:
        self._entities = resolution.answers.entities
        self._answers = copy(resolution.answers)
        self._answers.report = Report()

    @property
    def workloads(self) -> Workloads:
        """What runs in the cluster, as far as the project says."""
        return self._answers.pods.known

    def find(self, name: str) -> tuple[Target, ...]:
        """Where rules reach what a name or id stands for: members of a group, several entities of one name; or none."""
        answer = self._answers.answer(Reference(name, name), lambda: NOWHERE)
        if answer.targets:
            return tuple(target for target, _ in answer.targets)
        return self._targets(self._entities.find(name) or self._with_id(name))

    def with_host(self, host: str) -> tuple[Target, ...]:
        """What stands for a DNS name outside the cluster."""
        return self._targets(it for it in self._entities.all() if host in it.facts.hosts)

    def everything(self) -> tuple[Target, ...]:
        """All that the sources define, by name; what lacks a namespace, a selector or an address is left out."""
        return self._targets(self._entities.all())

    def near(self, name: str) -> list[str]:
        return self._entities.near(name)

    def _targets(self, entities: Iterable[Entity]) -> tuple[Target, ...]:
        found = (self._answers.target(entity, lambda: NOWHERE) for entity in entities)
        return tuple(target for target in found if target is not None)

    def _with_id(self, name: str) -> Iterator[Entity]:
        return (it for it in self._entities.all() if name in (it.id, it.key))
