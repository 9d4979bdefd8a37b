"""Rows that say no: what must stay closed, so that the proof can show that nothing else opens it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from egressc.diagnostics.callers import unheld_denial
from egressc.model.entities import Entity
from egressc.model.policy import Denial, Direction, Directions, GrantEnd, HostPeer, Port
from egressc.model.records import Role
from egressc.model.references import Reference, Written
from egressc.model.requirements import FlowRow, Requirements, Row
from egressc.resolve.directions import Accepting
from egressc.resolve.entities import Entities
from egressc.resolve.forms import At, is_everything
from egressc.resolve.group_by_service import RowsByService
from egressc.resolve.references import ReferenceResolver
from egressc.source import Located, Span

Ports = tuple[Port, ...]
Denied = tuple[GrantEnd | None, Ports]
"""A destination that a row denies, with its ports; None is everything."""


def resolve_denials(
    requirements: Requirements,
    owners: Mapping[int, str],
    rows: RowsByService,
    answers: ReferenceResolver,
    directions: Mapping[Entity, Directions],
) -> tuple[Denial, ...]:
    """What each row that says no denies to each service, in order of services and rows.

    A destination such as "any" is everything that no row grants. Where the policy of the source does not limit egress,
    or it is no service, the policy of the destination denies it, if that limits ingress. EG460 for a service of which
    neither does.
    """
    denials = _Denials(rows.accepting, answers, directions)
    for flow in requirements.denials:
        cell, source = flow.targets.cell, flow.row.source
        targets = [
            target
            for item, ref, ports in rows.connections(flow)
            for target in _targets(flow.row, item, rows.in_namespace(ref, flow.where.namespace), cell, ports, answers)
        ]
        denials.add(_sources(flow, rows, answers, targets), targets, Span(source, cell.start, cell.end))
    for index, owner in owners.items():
        it = requirements.destinations[index]
        if it.denies:
            cell = it.row.cells[it.row.columns[Role.DESTINATION][0]]
            targets = [*_targets(it.row, -1, it.ref, cell, it.facts.ports, answers)]
            service = answers.entities.by_name[owner][0]
            denials.add((service,), targets, Span(it.row.source, cell.start, cell.end))
    return tuple(
        sorted(
            denials.found,
            key=lambda it: (it.service, it.direction, it.other.key if it.other else "", it.origin.start),
        )
    )


def _with_addresses(end: GrantEnd, entities: Entities) -> GrantEnd:
    """An end that rules name, with the addresses that the catalog knows: to deny it is to deny these."""
    entity = entities.with_id(end.key)
    if entity is None or not any(isinstance(it, HostPeer) for it in end.peers):
        return end
    return replace(end, peers=(*end.peers, *entity.facts.addresses))


class _Denials:
    """What rows deny, at the end whose policy limits it."""

    def __init__(
        self, accepting: Accepting, answers: ReferenceResolver, directions: Mapping[Entity, Directions]
    ) -> None:
        self.found: list[Denial] = []
        self._accepting = accepting
        self._answers = answers
        self._directions = directions

    def add(self, sources: Iterable[Entity | None], targets: Sequence[Denied], origin: Span) -> None:
        """What one row denies. A source None is everything: every service, and whatever else may call."""
        by_key = self._accepting.by_key
        accepted = [
            (by_key[key], self._answers.pods.received(by_key[key], ports))
            for target, ports in targets
            if target is not None
            for key in self._accepting.covered(target).wholly
        ]
        for source in sources:
            if source is None:
                every = [
                    (it, self._answers.pods.received(it, ports))
                    for target, ports in targets
                    if target is None
                    for it in by_key.values()
                ]
                denied = (*accepted, *every)
                self.found += [Denial(it.id, None, ports, origin, Direction.INGRESS) for it, ports in denied]
            whole = self._accepting.baselines.services_in(source) if source is not None else self._answers.services
            for service in whole if source is None else (source, *whole):
                if service not in self._answers.entities.spoiled:
                    self._add(service, targets, accepted, origin, is_named=service is source)
            if source is not None and (baseline := self._accepting.baselines.id_of(source)):
                self.found += [
                    Denial(baseline, it and _with_addresses(it, self._answers.entities), ports, origin)
                    for it, ports in targets
                ]

    def _add(
        self,
        source: Entity,
        targets: Sequence[Denied],
        accepted: Sequence[tuple[Entity, Ports]],
        origin: Span,
        *,
        is_named: bool,
    ) -> None:
        if Direction.EGRESS in self._directions.get(source, ()):
            self.found += [
                Denial(
                    source.id,
                    it and _with_addresses(it, self._answers.entities),
                    ports,
                    origin,
                    is_general=not is_named,
                )
                for it, ports in targets
                if it is None or it.key != source.key
            ]
            return
        caller = self._answers.caller(source, lambda: origin)
        if caller is not None:
            self.found += [
                Denial(it.id, caller, ports, origin, Direction.INGRESS, not is_named)
                for it, ports in accepted
                if it is not source
            ]
        open_to = [it for it, _ in targets if it is None or not self._accepting.covered(it).wholly]
        if source.is_service and is_named and open_to:
            other = open_to[0]
            name = Located(other.name if other else origin.text, origin)
            self._answers.report.add(unheld_denial(name, source.name, source.id, other.key if other else ""))


def _sources(
    flow: FlowRow, rows: RowsByService, answers: ReferenceResolver, targets: Iterable[Denied]
) -> Iterator[Entity | None]:
    """The sources of a row; None for everything."""
    cell, row = flow.sources.cell, flow.row
    is_accepted = any(it is not None and any(rows.accepting.covered(it)) for it, _ in targets)
    for item, ref in rows.asks_of(flow.sources):
        if _means_everything(ref, answers.entities):
            yield None
        else:
            yield from rows.callers.sources(row, cell, item, ref, is_accepted=is_accepted)


def _targets(
    row: Row, item: int, ref: Reference, cell: Written, ports: Ports, answers: ReferenceResolver
) -> Iterator[Denied]:
    if _means_everything(ref, answers.entities):
        yield None, ports
        return
    at: At = partial(row.place, cell, item=item)
    answer = answers.answer(ref, partial(at, 0, len(ref.text)))
    if not answers.refuse(answer, at, ""):
        for target, _ in answer.targets:
            yield target.destination, answers.pods.pod_ports(target.entity, ports, row.span_of(Role.PORT))


def _means_everything(ref: Reference, entities: Entities) -> bool:
    """Whether an item is a word for everything that no source defines otherwise."""
    is_defined = ref.text in entities.groups or not all(it.is_preset for it in entities.find(ref.text))
    return is_everything(ref.name) and not is_defined
