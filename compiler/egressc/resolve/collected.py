"""Rows sorted under the services that ask: their own, those of their destinations, those that name them as callers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from egressc.diagnostics.columns import several_names
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.names import unknown_service
from egressc.diagnostics.rows import outside_caller
from egressc.lower.places import place_item, place_part
from egressc.lower.words import split_list
from egressc.model.policy import Port
from egressc.model.requirements import (
    NO_FACTS,
    Ask,
    FlowRow,
    Listed,
    Requirements,
    Role,
    Row,
    ServiceRow,
    Written,
)
from egressc.model.things import Thing
from egressc.resolve.answers import Answers, At, named_part
from egressc.resolve.row_places import DESTINATION, SOURCE, PlaceChecker
from egressc.source import Located, Span


class Detail(NamedTuple):
    """A row that asks for one destination: of a service's own table of destinations, or of a table of flows."""

    row: Row
    ask: Ask
    ports: tuple[Port, ...]
    purpose: str


class Call(NamedTuple):
    """An item under "Called by": the service of the row is what the caller wants."""

    row: Row
    cell: Written
    item: int
    callee: Thing
    ports: tuple[Port, ...]


@dataclass(slots=True)
class Collected:
    """What asks for destinations, by the name of the service."""

    rows: dict[str, list[ServiceRow]] = field(default_factory=dict)
    details: dict[str, list[Detail]] = field(default_factory=dict)
    calls: dict[str, list[Call]] = field(default_factory=dict)


def collect_rows(
    requirements: Requirements, owners: dict[int, str], canonical: dict[str, str], answers: Answers, report: Report
) -> Collected:
    """Sort all rows under the services that ask. EG303 for a flow from nowhere, EG420 for a strange caller."""
    collector = _Collector(answers, report)
    collector.collect(requirements, owners, canonical)
    return collector.found


class _Collector:
    def __init__(self, answers: Answers, report: Report) -> None:
        self.answers = answers
        self.report = report
        self.found = Collected()
        self._outside: set[str] = set()

    def collect(self, requirements: Requirements, owners: dict[int, str], canonical: dict[str, str]) -> None:
        for row in requirements.services:
            self.found.rows.setdefault(canonical.get(row.name, row.name), []).append(row)
            for listed in row.callers:
                self._collect_calls(row, listed, canonical)
        for index, owner in owners.items():
            it = requirements.destinations[index]
            if not it.is_spoiled:
                self.found.details.setdefault(owner, []).append(Detail(it.row, it.ask, it.facts.ports, it.purpose))
        for flow in requirements.flows:
            cell = flow.row.cells[flow.row.columns[Role.SOURCE][0]]
            ask = Ask(flow.source, flow.source)
            callers, problem = self.answers.callers(ask, partial(flow.row.span_of, Role.SOURCE))
            if problem.refuse is not None:
                place = place_part(cell, flow.row.source, 0, len(cell.text))
                names = split_list(flow.source)
                if len(names) > 1:
                    self.report.add(several_names(Located(names, place), "From"))
                else:
                    near = self.answers.things.near(flow.source)
                    self.report.add(unknown_service(Located(flow.source, place), near))
            wanted = flow.ask if flow.where is NO_FACTS else self._in_namespace(flow.ask, flow.where.namespace)
            is_sound = not flow.is_spoiled and self._is_where_it_says(flow, wanted, callers)
            for caller in callers:
                self._meet(caller, partial(place_part, cell, flow.row.source, 0, len(cell.text)))
                if caller.is_service and is_sound:
                    detail = Detail(flow.row, wanted, flow.ports, flow.purpose)
                    self.found.details.setdefault(caller.name, []).append(detail)

    def _in_namespace(self, ask: Ask, namespace: str) -> Ask:
        """What a row asks for, where its column of namespaces tells things of one name apart."""
        if not namespace or ask.namespace or ask.trouble or ask.address:
            return ask
        find = self.answers.things.find
        name = ask.text if find(ask.text) else ask.name
        return Ask(f"{name} ({namespace})", name, namespace) if len(find(name)) > 1 else ask

    def _is_where_it_says(self, flow: FlowRow, wanted: Ask, callers: tuple[Thing, ...]) -> bool:
        """Whether both ends of a connection are where its row places them. EG309 and EG408 where not."""
        if flow.where is NO_FACTS and flow.from_where is NO_FACTS:
            return True
        things, _ = self.answers.callers(wanted, partial(flow.row.span_of, Role.DESTINATION))
        places = PlaceChecker(self.answers.catalog, self.answers.things.presets, self.report)
        is_from_there = places.check(flow.row, SOURCE, flow.from_where, callers)
        return places.check(flow.row, DESTINATION, flow.where, things) and is_from_there

    def _collect_calls(self, row: ServiceRow, listed: Listed, canonical: dict[str, str]) -> None:
        callee = self.answers.things.by_name[canonical.get(row.name, row.name)][0]
        for item, ask in enumerate(listed.asks):
            at = partial(place_item, row.row.source, listed.cell, item)
            callers, problem = self.answers.callers(ask, partial(at, 0, len(ask.text)))
            if problem.refuse is not None:
                self.report.add(self._unknown_caller(ask, at) or problem.refuse(at, callee.key))
            is_group = self.answers.is_group(ask)
            for caller in callers:
                self._meet(caller, partial(at, 0, len(ask.text)))
                if caller.is_service and not (is_group and caller is callee):
                    self.found.calls.setdefault(caller.name, []).append(
                        Call(row.row, listed.cell, item, callee, ask.ports)
                    )

    def _unknown_caller(self, ask: Ask, at: At) -> Diagnostic | None:
        """EG303 for a caller that nothing defines: as a destination it would be looked for in the wrong place."""
        things = self.answers.things
        if ask.trouble is not None or things.find(ask.name):
            return None
        return unknown_service(named_part(ask, at), things.near(ask.name))

    def _meet(self, caller: Thing, locate: Callable[[], Span]) -> None:
        """Hold that a row names a caller. EG420, once, where it is none that policies are made for."""
        if not caller.is_service and caller.key not in self._outside:
            self._outside.add(caller.key)
            self.report.add(outside_caller(Located(caller.name, locate()), caller.key))
        caller.is_used = True
