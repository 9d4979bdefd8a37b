"""Rows that say no: what must stay closed, so that the proof can show that nothing else opens it."""

from collections.abc import Iterator, Mapping
from functools import partial

from egressc.model.entities import Entity
from egressc.model.policy import Denial, Direction, Directions, GrantEnd
from egressc.model.records import Role
from egressc.model.references import Reference, Written
from egressc.model.requirements import FlowRow, Requirements, Row
from egressc.resolve.forms import is_everything
from egressc.resolve.group_by_service import RowsByService
from egressc.resolve.references import At, ReferenceResolver
from egressc.source import Span


def resolve_denials(
    requirements: Requirements,
    owners: Mapping[int, str],
    rows: RowsByService,
    answers: ReferenceResolver,
    directions: Mapping[Entity, Directions],
) -> tuple[Denial, ...]:
    """What each row that says no denies to each service, in order of services and rows.

    A destination such as "any" is everything that no row grants. Where the policy of the source does not limit egress,
    or it is no service, the policy of the destination denies it, if that limits ingress.
    """
    limited = {it.key: it for it, sides in directions.items() if Direction.INGRESS in sides}
    found: list[Denial] = []
    for flow in requirements.denials:
        origin = Span(flow.row.source, flow.targets.cell.start, flow.targets.cell.end)
        targets = [
            (target, ports)
            for item, ref, ports in rows.connections(flow)
            for target in _targets(
                flow.row, item, rows.in_namespace(ref, flow.where.namespace), flow.targets.cell, answers
            )
        ]
        accepted = [(limited[it.key], ports) for it, ports in targets if it is not None and it.key in limited]
        for source in _sources(flow, rows, answers, is_accepted=bool(accepted)):
            if source in answers.entities.spoiled:
                continue
            if Direction.EGRESS in directions.get(source, ()):
                found += [
                    Denial(source.id, it, ports, origin) for it, ports in targets if it is None or it.key != source.key
                ]
            elif accepted and (caller := answers.target(source, partial(_same, origin))) is not None:
                found += [
                    Denial(it.id, caller.destination, ports, origin, Direction.INGRESS)
                    for it, ports in accepted
                    if it is not source
                ]
    for index, owner in owners.items():
        it = requirements.destinations[index]
        if it.denies:
            cell = it.row.cells[it.row.columns[Role.DESTINATION][0]]
            origin = Span(it.row.source, cell.start, cell.end)
            source = answers.entities.by_name[owner][0]
            found += [
                Denial(source.id, target, it.facts.ports, origin)
                for target in _targets(it.row, -1, it.ref, cell, answers)
            ]
    return tuple(
        sorted(found, key=lambda it: (it.service, it.direction, it.other.key if it.other else "", it.origin.start))
    )


def _same(span: Span) -> Span:
    return span


def _sources(flow: FlowRow, rows: RowsByService, answers: ReferenceResolver, *, is_accepted: bool) -> Iterator[Entity]:
    cell, row = flow.sources.cell, flow.row
    for item, ref in rows.asks_of(flow.sources):
        if is_everything(ref.name) and not answers.entities.holds(ref.text):
            yield from answers.services
        else:
            yield from rows.callers.sources(row, cell, item, ref, is_accepted=is_accepted)


def _targets(
    row: Row, item: int, ref: Reference, cell: Written, answers: ReferenceResolver
) -> Iterator[GrantEnd | None]:
    if is_everything(ref.name) and not answers.entities.holds(ref.text):
        yield None
        return
    at: At = partial(row.place, cell, item=item)
    answer = answers.answer(ref, partial(at, 0, len(ref.text)))
    if not answers.refuse(answer, at, ""):
        yield from (target.destination for target, _ in answer.targets)
