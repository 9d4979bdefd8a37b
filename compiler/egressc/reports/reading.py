"""The account of a project's reading as records for the renderers: cells with their rules and places."""

import os
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic, Report, Severity
from egressc.model.policy import Grant, PolicySet
from egressc.model.ports import say_ports
from egressc.model.reading import ReadCell, Reading, ReadTable
from egressc.pipeline import account_sources, try_compile
from egressc.project.usage import UsageProblem
from egressc.project.workloads import workloads_of
from egressc.project.workspace import limited_errors, load_sources, named_sources, open_workspace
from egressc.renderers.reading import CellRecord, CellUse, Column, Fault, ReadReport, RowRecord, TableRecord, Text
from egressc.source import Source, Span

STRONGEST: Final[Sequence[CellUse]] = ("refused", "denies", "grants", "describes")
"""What a row came to is the first of these that one of its cells did."""

Rule = tuple[str, tuple[Span, ...]]
"""A rule in words, and the cells that ask for it."""


def read_project_tables(project_file: Path | None, report: Report, environment: str = "") -> ReadReport | None:
    """What became of each cell of a project, whether or not it compiles; None where the project file is refused."""
    compilation = workspace = None
    sources: list[Source] = []
    with limited_errors(report):
        workspace = open_workspace(project_file, report, environment)
        if workspace is not None:
            sources = load_sources(workspace, named_sources(workspace), report)
            catalogs = load_sources(workspace, workspace.project.catalog_files, report)
            if not report.has_errors:
                compilation = try_compile(workspace.project, sources, catalogs, report, workloads_of(workspace))
    if workspace is None:
        return None
    reading = compilation.reading if compilation else account_sources(workspace.project, sources)
    rules = rules_of(compilation.policies, sources) if compilation and not report.has_errors else ()
    return lay_out_reading([it.name for it in sources], reading, rules, report.sorted())


def rules_of(policies: PolicySet, sources: Iterable[Source]) -> Sequence[Rule]:
    """Every rule of the policies that a source asks for; the project file asks for some of baselines."""
    names = {it.name for it in sources}
    rules = ((say_grant(it), it.origins) for it in policies.every_grant())
    return [rule for rule in dict.fromkeys(rules) if any(span.source.name in names for span in rule[1])]


def say_grant(grant: Grant) -> str:
    """A rule in words: `checkout -> payments-db 5432/TCP`."""
    return f"{grant.source.key} -> {grant.destination.key} {say_ports(grant.ports)}"


def lay_out_reading(
    sources: Iterable[str], reading: Reading, rules: Sequence[Rule], findings: Iterable[Diagnostic] = ()
) -> ReadReport:
    """The account as records. A cell in which an error lies is refused."""
    marks = _Marks(rules, findings)
    texts = tuple(Text(it.span.source.name, it.span.line, it.span.text, it.why) for it in reading.texts)
    tables = tuple(marks.table(it) for it in reading.tables)
    return ReadReport(tuple(sorted(sources)), tables, texts, tuple(said for said, _ in rules))


class _Place(NamedTuple):
    """A stretch of a source that an error is about, or that is related to it."""

    start: int
    end: int
    fault: Fault
    is_primary: bool


class _Marks:
    """What rules and errors say of stretches of sources, by the name of the source."""

    def __init__(self, rules: Sequence[Rule], findings: Iterable[Diagnostic]) -> None:
        self._rules: dict[str, list[tuple[int, int]]] = {}
        self._places: dict[str, list[_Place]] = {}
        for number, (_, origins) in enumerate(rules):
            for span in origins:
                self._rules.setdefault(span.source.name, []).append((span.start, number))
        for starts in self._rules.values():
            starts.sort()
        for it in findings:
            if it.code.severity is Severity.ERROR:
                self._refuse(it.primary.span, Fault(it.code.id, it.message), is_primary=True)
                for label in it.related:
                    self._refuse(label.span, Fault(it.code.id, label.text or it.message), is_primary=False)

    def _refuse(self, span: Span, fault: Fault, *, is_primary: bool) -> None:
        place = _Place(span.start, span.end, fault, is_primary)
        self._places.setdefault(span.source.name, []).append(place)

    def table(self, table: ReadTable) -> TableRecord:
        source = table.source
        end = max((it.end for row in table.rows[-1:] for it in row), default=table.span.end)
        places = _touching(self._places.get(source.name, ()), table.span.start, end)
        return TableRecord(
            source.name,
            table.span.line,
            table.heading,
            table.kind,
            table.why,
            tuple(Column(*it) for it in table.headers),
            tuple(self._row(source, row, places) for row in table.rows),
            _faults(_touching(places, table.span.start, table.span.end)),
        )

    def _row(self, source: Source, row: tuple[ReadCell, ...], places: Sequence[_Place]) -> RowRecord:
        places = _touching(places, row[0].start, max(it.end for it in row)) if places else ()
        cells = tuple(self._cell(source, cell, places) for cell in row)
        uses = {cell.use for cell in cells}
        use: CellUse = next((it for it in STRONGEST if it in uses), "ignored")
        return RowRecord(source.position(row[0].start)[0], use, cells)

    def _cell(self, source: Source, cell: ReadCell, places: Sequence[_Place]) -> CellRecord:
        line, column = source.position(cell.start)
        held = _touching(places, cell.start, cell.end) if places else ()
        use: CellUse = "refused" if any(it.is_primary for it in held) else cell.use.value
        return CellRecord(cell.text, line, column, use, cell.why, _faults(held), self._rules_in(source.name, cell))

    def _rules_in(self, source: str, cell: ReadCell) -> tuple[int, ...]:
        starts = self._rules.get(source, ())
        at = bisect_left(starts, (cell.start, -1))
        found: list[int] = []
        while at < len(starts) and starts[at][0] < cell.end:
            found.append(starts[at][1])
            at += 1
        return tuple(dict.fromkeys(found))


def _faults(places: Iterable[_Place]) -> tuple[Fault, ...]:
    return tuple(dict.fromkeys(it.fault for it in places))


def _touching(places: Iterable[_Place], start: int, end: int) -> list[_Place]:
    """Those that share a character with a stretch, or meet it: there is a separator between cells."""
    return [it for it in places if it.start <= end and start <= it.end]


def only_documents(found: ReadReport, documents: Sequence[Path], folder: Path) -> ReadReport:
    """The account of some documents. Raises UsageProblem for one that is not a source of the project."""
    names = [Path(os.path.relpath(path, folder)).as_posix() for path in documents]
    for name in names:
        if name not in found.sources:
            near = get_close_matches(name, found.sources, 1)
            meant = f', did you mean "{near[0]}"?' if near else f"; its sources are {', '.join(found.sources)}"
            raise UsageProblem(f'"{name}" is not a source of the project{meant}')
    tables = tuple(it for it in found.tables if it.source in names)
    return replace(found, tables=tables, texts=tuple(it for it in found.texts if it.source in names))
