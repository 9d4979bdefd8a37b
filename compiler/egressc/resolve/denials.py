"""Rows that say no: what must stay closed, so that the proof can show that nothing else opens it."""

from collections.abc import Callable, Iterator
from functools import partial

from egressc.lower.places import place_item, place_part
from egressc.model.policy import Denial, Destination
from egressc.model.requirements import Ask, FlowRow, Listed, Requirements, Row
from egressc.model.things import Thing
from egressc.resolve.answers import Answers, At
from egressc.resolve.collected import Collector, item_of
from egressc.resolve.forms import is_everything
from egressc.source import Span


def resolve_denials(requirements: Requirements, collector: Collector, answers: Answers) -> tuple[Denial, ...]:
    """What each row that says no denies to each service, in order of services and rows.

    A destination such as "any" is everything that no row grants. Sources that are no services are denied nothing here.
    """
    found: list[Denial] = []
    for flow in requirements.denials:
        origin = Span(flow.row.source, flow.targets.cell.start, flow.targets.cell.end)
        targets = list(_targets(flow, answers))
        for source in _sources(flow, collector, answers):
            if source.is_service and not source.is_spoiled:
                found += [Denial(source.id, it, flow.ports, origin) for it in targets if it is None or it.key != source.key]
    return tuple(sorted(found, key=lambda it: (it.service, it.destination.key if it.destination else "", it.origin.start)))


def _sources(flow: FlowRow, collector: Collector, answers: Answers) -> Iterator[Thing]:
    cell, row = flow.sources.cell, flow.row
    for item, ask in enumerate(flow.sources.asks):
        if is_everything(ask.name) and not answers.things.holds(ask.text):
            yield from answers.services
        else:
            yield from collector.sources(row, cell, item_of(flow.sources, item), ask)


def _targets(flow: FlowRow, answers: Answers) -> Iterator[Destination | None]:
    for at, ask in _asks(flow.row, flow.targets):
        if is_everything(ask.name) and not answers.things.holds(ask.text):
            yield None
            continue
        answer = answers.answer(ask, partial(at, 0, len(ask.text)))
        if not answers.refuse(answer, at, ""):
            yield from (target.destination for target, _ in answer.targets)


def _asks(row: Row, listed: Listed) -> Iterator[tuple[At, Ask]]:
    for item, ask in enumerate(listed.asks):
        at: Callable[[int, int], Span] = partial(place_item, row.source, listed.cell, item)
        if item_of(listed, item) < 0:
            at = partial(place_part, listed.cell, row.source)
        yield at, ask
