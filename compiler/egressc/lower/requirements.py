"""Sources to requirements: which rows of which tables and documents ask for what."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from egressc.diagnostics.columns import denying_heading, idle_ignored_column
from egressc.diagnostics.core import Report
from egressc.diagnostics.limits import too_many_rows
from egressc.lower.denials import denying_word
from egressc.lower.guards import check_guards
from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.headers import GUARDS, Shape, kind_of_headers, shape_table
from egressc.lower.headings import LeftOut
from egressc.lower.listening import check_listening
from egressc.lower.rows import lower_destination, lower_flow, lower_notes, lower_service
from egressc.model.project import Project
from egressc.model.requirements import (
    DestinationRow,
    FlowRow,
    Kind,
    Requirements,
    Role,
    Row,
    RowAllowance,
    ServiceRow,
)
from egressc.source import Located, Source, Span
from egressc.tables.core import Table, TableHead
from egressc.tables.csv import read_csv
from egressc.tables.markdown import read_markdown

# Ten times the largest fleet that was measured; a gigabyte and some ten seconds.
MOST_ROWS: Final = 100_000


def lower_sources(sources: Sequence[Source], project: Project, report: Report) -> Requirements:
    """All rows of all sources, in order of source name and place: the order of `sources` changes nothing."""
    words = HeaderBook(project.headers, [it.value for it in project.ignored_columns])
    left_out = LeftOut(project.leave_out)
    doubtful: dict[Span, Located[str]] = {}
    rows = 0
    parts: list[Requirements] = []
    for source in sorted(sources, key=lambda it: it.name):
        if source.name.lower().endswith((".yaml", ".yml")):
            # Its models take as long to build as a few hundred rows to read, and most projects have tables alone.
            from egressc.lower.documents import lower_document

            part = lower_document(source, report)
            parts.append(part)
            rows += len(part.services) + len(part.destinations) + len(part.flows)
            if rows > MOST_ROWS:
                report.add(too_many_rows(Span(source, 0, 0), MOST_ROWS))
                return Requirements(is_partial=True)
            continue
        read = read_csv if source.name.lower().endswith(".csv") else read_markdown
        tables = read(source, report, concerns=partial(_concerns, words, left_out))
        for table in tables:
            rows += 1 + len(table.rows)
            if rows > MOST_ROWS:
                report.add(too_many_rows(table.span, MOST_ROWS))
                return Requirements(is_partial=True)
            if left_out.meet(table.headings):
                continue
            if shape := shape_table(table, words, report):
                if shape.kind is not Kind.DESTINATIONS and (heading := table.heading):
                    doubtful.setdefault(heading.span, heading)
                parts.append(lower_table(table, shape, report))
            elif kind_of_headers(table.headers, words) is not None:
                parts.append(Requirements(is_partial=True))
    report.extend(left_out.findings())
    report.extend(denying_heading(it, word) for it in doubtful.values() if (word := denying_word(it.value)))
    report.extend(idle_ignored_column(it) for it in project.ignored_columns if plain_header(it.value) not in words.met)
    return join_requirements(parts)


def lower_table(table: Table, shape: Shape, report: Report) -> Requirements:
    """The rows of one table of a known kind."""
    services: list[ServiceRow] = []
    destinations: list[DestinationRow] = []
    flows: list[FlowRow] = []
    allowances: list[RowAllowance] = []
    if not GUARDS.isdisjoint(shape.columns):
        check_guards(table, shape.columns, report)
    for row in _rows(table, shape.columns):
        match shape.kind:
            case Kind.SERVICES:
                if service := lower_service(row, report):
                    services.append(service)
            case Kind.DESTINATIONS:
                outer = table.headings[:-1]
                if destination := lower_destination(row, report, heading=table.heading, outer=outer):
                    destinations.append(destination)
            case Kind.FLOWS:
                if flow := lower_flow(row, report):
                    flows.append(flow)
        if Role.NOTES in shape.columns:
            allowances += lower_notes(row, report)
    if shape.has_bare_port and not check_listening(table, shape, services, report):
        return Requirements(is_partial=True)
    return Requirements(tuple(services), tuple(destinations), tuple(flows), tuple(allowances))


def join_requirements(parts: Sequence[Requirements]) -> Requirements:
    return Requirements(
        tuple(row for part in parts for row in part.services),
        tuple(row for part in parts for row in part.destinations),
        tuple(row for part in parts for row in part.flows),
        tuple(allowance for part in parts for allowance in part.allowances),
        any(part.is_partial for part in parts),
    )


def _rows(table: Table, columns: Mapping[Role, tuple[int, ...]]) -> Iterator[Row]:
    source = table.source
    for cells in table.rows:
        yield Row(source, columns, cells)


def _concerns(words: HeaderBook, left_out: LeftOut, head: TableHead) -> bool:
    return not left_out.holds(head.headings) and kind_of_headers(head.headers, words) is not None
