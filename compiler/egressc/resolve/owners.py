"""Whose each table of destinations is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import (
    crowded_heading,
    distant_heading,
    doubtful_heading,
    ownerless_callers,
    repeated_heading_key,
    unknown_service,
)
from egressc.model.records import Role
from egressc.model.references import Listed, Reference, Value
from egressc.model.requirements import NO_FACTS, DestinationRow, FlowRow, JudgedHeading, Requirements
from egressc.model.vocabulary import ENGLISH
from egressc.resolve.names import Headings, NearNames
from egressc.source import Located, Span

_INWARD: Final = ENGLISH["inward"]


def find_owners(
    requirements: Requirements,
    services: Mapping[str, object],
    workloads: Iterable[str],
    canonical: Mapping[str, str],
    report: Report,
) -> dict[int, str]:
    """The service that asks, by position of the destination row: the one that the nearest heading names.

    Of callers it is who is called, a service or another of the `workloads`.

    EG303 for an owner that is no service, EG304 for a heading that names several, EG305 where one almost does,
    EG316 for one that may mean the opposite, EG323 for callers of no service, EG324 for an owner of several sections.
    """
    aliases = [alias for alias, name in canonical.items() if name in services]
    headings = Headings([*services, *aliases])
    called = Headings({*services, *canonical, *workloads})
    callees = {*services, *workloads}
    missed: set[Span] = set()
    under: dict[Span, Located[str]] = {}
    told: set[Span] = set()
    sound: set[Span] = set()
    owners: dict[int, str] = {}
    for index, row in enumerate(requirements.destinations):
        if row.owner is not None:
            here = row.headings[-1] if row.headings else row.owner
            first = under.setdefault(row.owner.span, here)
            if first.span != here.span and row.owner.span not in missed:
                missed.add(row.owner.span)
                report.add(repeated_heading_key(row.owner, first, here))
            owner = canonical.get(row.owner.value, row.owner.value)
            if owner in (callees if row.of_callers else services):
                owners[index] = owner
            elif row.owner.span not in missed:
                missed.add(row.owner.span)
                report.add(unknown_service(row.owner, NearNames(services).near(row.owner.value)))
        elif row.headings:
            heading = row.headings[-1]
            names = called if row.of_callers and not headings.names_in(heading.value) else headings
            if not row.of_callers or names.names_in(heading.value):
                _own_by_heading(index, row, names, canonical, owners, told, sound, report)
            elif heading.span not in missed:
                missed.add(heading.span)
                report.add(ownerless_callers(heading))
    return owners


def _own_by_heading(
    index: int,
    row: DestinationRow,
    headings: Headings,
    canonical: Mapping[str, str],
    owners: dict[int, str],
    told: set[Span],
    sound: set[Span],
    report: Report,
) -> None:
    *outer, heading = row.headings
    named = sorted({canonical.get(name, name) for name in headings.names_in(heading.value)})
    if len(named) == 1 and heading.span not in told:
        owners[index] = named[0]
    if heading.span in told or heading.span in sound:
        return
    if len(named) == 1:
        *judged, nearest = row.judged
        said = _doubt(nearest, headings.names_in(heading.value))
        if row.of_callers and said.casefold() in _INWARD:
            said = ""
        said = said or next((it.verdict for it in judged if it.verdict), "")
        (told if said else sound).add(heading.span)
        if said:
            report.add(doubtful_heading(heading, said, named[0]))
        return
    told.add(heading.span)
    if named:
        report.add(crowded_heading(heading, named))
        return
    if near := headings.near_in(heading.value):
        report.add(distant_heading(heading, near[1], near[0]))
        return
    farther = next((found for it in reversed(outer) if (found := headings.names_in(it.value))), ())
    if len(farther) == 1:
        report.add(distant_heading(heading, farther[0]))


def _doubt(heading: JudgedHeading, names: Iterable[str]) -> str:
    """The word of a heading that makes the rows below it doubtful and is in none of the names; empty without one."""
    held = [it.span() for name in names for it in re.finditer(re.escape(name), heading.text)]
    doubts = (word for at, word in heading.doubts if not any(start <= at < end for start, end in held))
    return next(doubts, "")


def turn_rows(requirements: Requirements, owners: Mapping[int, str]) -> Requirements:
    """Rows below a heading that tell who calls its service, as connections from the callers to the service.

    Below any other heading their ports are nobody's.
    """
    if not any(it.turned for it in requirements.destinations):
        return requirements
    destinations = list(requirements.destinations)
    turned: list[FlowRow] = []
    for index, it in enumerate(destinations):
        if not it.turned:
            continue
        where = it.facts._replace(ports=())
        if index not in owners:
            destinations[index] = it._replace(facts=where)
            continue
        destinations[index] = it._replace(ref=Reference("", ""), facts=NO_FACTS, denies=False)
        cell = it.row.cells[it.row.columns[Role.DESTINATION][0]]
        called = Listed(Value(owners[index], cell.start, cell.end), (Reference(owners[index], owners[index]),))
        flow = FlowRow(it.row, Listed(cell, (it.ref,)), called, it.facts.ports, it.purpose, it.is_spoiled)
        turned.append(flow._replace(from_where=where, turned=True, denies=it.denies))
    flows = (*requirements.flows, *(it for it in turned if not it.denies))
    denials = (*requirements.denials, *(it for it in turned if it.denies))
    return replace(requirements, destinations=tuple(destinations), flows=flows, denials=denials)
