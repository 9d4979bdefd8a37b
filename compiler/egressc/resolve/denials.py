"""Rows that say no: what must stay closed, so that the proof can show that nothing else opens it."""

from collections.abc import Iterator, Mapping
from functools import partial

from egressc.model.entities import Entity
from egressc.model.policy import Denial, Destination
from egressc.model.records import Role
from egressc.model.references import Reference, Written
from egressc.model.requirements import FlowRow, Requirements, Row
from egressc.resolve.forms import is_everything
from egressc.resolve.group_by_service import RowsByService
from egressc.resolve.references import At, ReferenceResolver
from egressc.source import Span


def resolve_denials(
    requirements: Requirements, owners: Mapping[int, str], rows: RowsByService, answers: ReferenceResolver
) -> tuple[Denial, ...]:
    """What each row that says no denies to each service, in order of services and rows.

    A destination such as "any" is everything that no row grants. Sources that are no services are denied nothing here.
    """
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
        for source in _sources(flow, rows, answers):
            if source.is_service and source not in answers.entities.spoiled:
                found += [
                    Denial(source.id, it, ports, origin) for it, ports in targets if it is None or it.key != source.key
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
        sorted(found, key=lambda it: (it.source, it.destination.key if it.destination else "", it.origin.start))
    )


def _sources(flow: FlowRow, rows: RowsByService, answers: ReferenceResolver) -> Iterator[Entity]:
    cell, row = flow.sources.cell, flow.row
    for item, ref in rows.asks_of(flow.sources):
        if is_everything(ref.name) and not answers.entities.holds(ref.text):
            yield from answers.services
        else:
            yield from rows.sources(row, cell, item, ref)


def _targets(
    row: Row, item: int, ref: Reference, cell: Written, answers: ReferenceResolver
) -> Iterator[Destination | None]:
    if is_everything(ref.name) and not answers.entities.holds(ref.text):
        yield None
        return
    at: At = partial(row.place, cell, item=item)
    answer = answers.answer(ref, partial(at, 0, len(ref.text)))
    if not answers.refuse(answer, at, ""):
        yield from (target.destination for target, _ in answer.targets)
