"""The account of a project's reading as records for the renderers: cells with their rules and refusals."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from egressc.cli.workspace import limited_errors, load_sources, named_sources, open_workspace
from egressc.diagnostics.core import Diagnostic, Label, Report, Severity
from egressc.renderers.reading import Cell, CellUse, Column, ReadCounts, ReadReport, Row, Table, Text
from egressc.source import Source, Span

if TYPE_CHECKING:
    from egressc.model.policy import PolicySet
    from egressc.model.reading import ReadCell, Reading, ReadTable, Tally

STRONGEST: Final[Sequence[CellUse]] = ("refused", "denies", "grants", "describes")
"""What a row came to is the first of these that one of its cells did."""

Rule = tuple[str, tuple[Span, ...]]
"""A rule in words, and the cells that ask for it."""


def read_project_tables(project_file: Path | None, report: Report) -> ReadReport | None:
    """What became of each cell of a project, whether or not it compiles; None where the project file is refused."""
    from egressc.pipeline import account_sources, try_compile

    compilation = workspace = None
    sources: list[Source] = []
    with limited_errors(report):
        workspace = open_workspace(project_file, report)
        if workspace is not None:
            sources = load_sources(workspace, named_sources(workspace), report)
            catalogs = load_sources(workspace, workspace.project.catalogs, report)
            if not report.has_errors:
                compilation = try_compile(workspace.project, sources, catalogs, report)
    if workspace is None:
        return None
    reading = compilation.reading if compilation else account_sources(workspace.project, sources)
    rules = rules_of(compilation.policies) if compilation and not report.has_errors else ()
    return lay_out_reading([it.name for it in sources], reading, rules, report.sorted())


def rules_of(policies: "PolicySet") -> Sequence[Rule]:
    """Every rule of the policies."""
    from egressc.model.ports import say_ports

    return [
        (f"{service.id} -> {it.destination.key} {say_ports(it.ports)}", it.origins)
        for service in policies.services
        for it in service.dependencies
    ]


def counts_of(tally: "Tally") -> ReadCounts:
    return ReadCounts(*tally)


def lay_out_reading(
    sources: Iterable[str], reading: "Reading", rules: Sequence[Rule], findings: Iterable[Diagnostic] = ()
) -> ReadReport:
    """The account as records. A cell in which a label of an error lies is refused."""
    marks = _Marks(rules, findings)
    texts = tuple(Text(it.span.source.name, it.span.line, it.span.text, it.why) for it in reading.texts)
    tables = tuple(marks.table(it) for it in reading.tables)
    return ReadReport(tuple(sorted(sources)), tables, texts, tuple(said for said, _ in rules))


class _Refusal(NamedTuple):
    start: int
    end: int
    code: str
    why: str


class _Marks:
    """What rules and errors say of stretches of sources, by the name of the source."""

    def __init__(self, rules: Sequence[Rule], findings: Iterable[Diagnostic]) -> None:
        self._rules: dict[str, list[tuple[int, int]]] = {}
        self._refusals: dict[str, list[_Refusal]] = {}
        for number, (_, origins) in enumerate(rules):
            for span in origins:
                self._rules.setdefault(span.source.name, []).append((span.start, number))
        for places in self._rules.values():
            places.sort()
        for it in findings:
            if it.code.severity is Severity.ERROR:
                self._refuse(it.primary, it, it.message)
                for label in it.related:
                    self._refuse(label, it, label.text or it.message)

    def _refuse(self, label: Label, found: Diagnostic, why: str) -> None:
        refusal = _Refusal(label.span.start, label.span.end, found.code.id, f"{found.code.id}: {why}")
        self._refusals.setdefault(label.span.source.name, []).append(refusal)

    def table(self, table: "ReadTable") -> Table:
        source = table.source
        end = table.rows[-1][-1].end if table.rows else table.span.end
        refusals = _touching(self._refusals.get(source.name, ()), table.span.start, end)
        return Table(
            source.name,
            table.span.line,
            table.heading,
            table.kind,
            table.why,
            tuple(Column(*it) for it in table.headers),
            tuple(self._row(source, row, refusals) for row in table.rows),
            tuple(dict.fromkeys(it.why for it in _touching(refusals, table.span.start, table.span.end))),
        )

    def _row(self, source: Source, row: "tuple[ReadCell, ...]", refusals: Sequence[_Refusal]) -> Row:
        refusals = _touching(refusals, row[0].start, row[-1].end)
        cells = tuple(self._cell(source, cell, refusals) for cell in row)
        uses = {cell.use for cell in cells}
        use: CellUse = next((it for it in STRONGEST if it in uses), "ignored")
        return Row(source.position(row[0].start)[0], use, cells)

    def _cell(self, source: Source, cell: "ReadCell", refusals: Sequence[_Refusal]) -> Cell:
        line, column = source.position(cell.start)
        held = _touching(refusals, cell.start, cell.end) if refusals else ()
        if held:
            why = "; ".join(dict.fromkeys(it.why for it in held))
            codes = tuple(dict.fromkeys(it.code for it in held))
            return Cell(cell.text, line, column, "refused", why, codes)
        use: CellUse = cell.use.value
        return Cell(cell.text, line, column, use, cell.why, rules=self._rules_in(source.name, cell))

    def _rules_in(self, source: str, cell: "ReadCell") -> tuple[int, ...]:
        places = self._rules.get(source, ())
        at = bisect_left(places, (cell.start, -1))
        found: list[int] = []
        while at < len(places) and places[at][0] < cell.end:
            found.append(places[at][1])
            at += 1
        return tuple(dict.fromkeys(found))


def _touching(refusals: Iterable[_Refusal], start: int, end: int) -> list[_Refusal]:
    """Those that share a character with a stretch, or lie at it where one of both is empty."""
    return [
        it
        for it in refusals
        if (it.start < end and start < it.end) or ((it.start == it.end or start == end) and start <= it.start <= end)
    ]
