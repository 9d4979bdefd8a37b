"""Sources to requirements: which rows of which tables and documents ask for what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from egressc.diagnostics.columns import denying_heading, idle_ignored_column
from egressc.diagnostics.core import Report, Severity
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.limits import too_many_rows
from egressc.diagnostics.reading import idle_source, unknown_format
from egressc.lower.denials import denying_word
from egressc.lower.guards import check_guards
from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.headers import GUARDS, Shape, kind_of_headers, shape_table
from egressc.lower.headings import LeftOut
from egressc.lower.listening import check_listening
from egressc.lower.rows import lower_destination, lower_flow, lower_notes, lower_service
from egressc.lower.unread import report_strays
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
from egressc.tables.merge_marks import report_merge_marks
from egressc.tables.strays import Stray

# Ten times the largest fleet that was measured; a gigabyte and some ten seconds.
MOST_ROWS: Final = 100_000
_DOCUMENTS: Final = (".yaml", ".yml")
_CSV: Final = (".csv", ".tsv")
SUFFIXES: Final = (".md", ".markdown", *_CSV, *_DOCUMENTS)


def lower_sources(sources: Sequence[Source], project: Project, report: Report) -> Requirements:
    """All rows of all sources, in order of source name and place: the order of `sources` changes nothing."""
    lowering = _Lowering(project, report)
    for source in sorted(sources, key=lambda it: it.name):
        if not lowering.add(source):
            return Requirements(is_partial=True)
    return lowering.finish()


class _Lowering:
    """Goes through the sources; `parts` are their rows, table by table."""

    def __init__(self, project: Project, report: Report) -> None:
        self.project = project
        self.report = report
        self.words = HeaderBook(project.headers, [it.value for it in project.ignored_columns])
        self.left_out = LeftOut(project.leave_out)
        self.parts: list[Requirements] = []
        self._rows = 0
        self._tables = self._ignored_tables = 0
        self._doubtful: dict[Span, Located[str]] = {}
        self._idle: list[Source] = []

    def add(self, source: Source) -> bool:
        """Read one source; False once there are too many rows (EG421). EG106 for one that nothing reads."""
        suffix = next((it for it in SUFFIXES if source.name.lower().endswith(it)), "")
        if not suffix:
            self.report.add(unknown_format(self._named(source), source.name, SUFFIXES))
            self.parts.append(Requirements(is_partial=True))
            return True
        if report_merge_marks(source, self.report):
            self.parts.append(Requirements(is_partial=True))
            return True
        before, held, said = len(self.parts), self._rows, len(self.report.diagnostics)
        if suffix in _DOCUMENTS:
            # Its models take as long to build as a few hundred rows to read, and most projects have tables alone.
            from egressc.lower.documents import lower_document

            part = lower_document(source, self.report)
            if not self._count(len(part.services) + len(part.destinations) + len(part.flows), Span(source, 0, 0)):
                return False
            self.parts.append(part)
            self._tables += sum(map(bool, (part.services, part.destinations, part.flows)))
            is_idle = self._rows == held
        else:
            if not self._add_tables(source, suffix):
                return False
            is_idle = len(self.parts) == before
        if is_idle and not any(it.code.severity is Severity.ERROR for it in self.report.diagnostics[said:]):
            self._idle.append(source)
        return True

    def _add_tables(self, source: Source, suffix: str) -> bool:
        concerns = partial(_concerns, self.words, self.left_out)
        strays: list[Stray] = []
        if suffix in _CSV:
            tables = read_csv(source, self.report, concerns=concerns)
        else:
            tables = read_markdown(source, self.report, concerns=concerns, strays=strays)
        if report_strays(strays, source, self.words, self.left_out, self.report):
            self.parts.append(Requirements(is_partial=True))
        for table in tables:
            if not self._count(1 + len(table.rows), table.span):
                return False
            if self.left_out.meet(table.headings):
                self.parts.append(Requirements())
                self._ignored_tables += 1
            elif shape := shape_table(table, self.words, self.report):
                self._tables += 1
                if shape.kind is not Kind.DESTINATIONS and (heading := table.heading):
                    self._doubtful.setdefault(heading.span, heading)
                self.parts.append(lower_table(table, shape, self.report))
            elif kind_of_headers(table.headers, self.words) is not None:
                self.parts.append(Requirements(is_partial=True))
            else:
                self._ignored_tables += 1
        return True

    def _count(self, rows: int, place: Span) -> bool:
        self._rows += rows
        if self._rows > MOST_ROWS:
            self.report.add(too_many_rows(place, MOST_ROWS))
        return self._rows <= MOST_ROWS

    def _named(self, source: Source) -> Span:
        """Where the project file names a source; the source itself where a pattern does, or the command line."""
        return next((it.span for it in self.project.sources if it.value == source.name), whole_file(source.name))

    def finish(self) -> Requirements:
        """All rows; what is said of the whole set of tables goes to the report."""
        report, project, met = self.report, self.project, self.words.met
        report.extend(self.left_out.findings())
        report.extend(denying_heading(it, word) for it in self._doubtful.values() if (word := denying_word(it.value)))
        report.extend(idle_ignored_column(it) for it in project.ignored_columns if plain_header(it.value) not in met)
        if self.parts:
            report.extend(idle_source(self._named(it), it.name) for it in self._idle)
        return replace(join_requirements(self.parts), tables=self._tables, ignored_tables=self._ignored_tables)


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
