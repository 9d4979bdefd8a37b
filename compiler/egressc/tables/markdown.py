"""Markdown documents to tables: finds them, splits their rows and reads their cells.

Source: GFM 0.29, "Tables (extension)".
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.reading import (
    broken_table,
    source_too_large,
    struck_out_row,
    struck_out_text,
    text_after_table,
)
from egressc.source import Source, Span
from egressc.tables.blocks import find_tables
from egressc.tables.core import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_LINES,
    Cell,
    Concerns,
    Table,
    TableHead,
    every_table,
    report_surplus,
    unescaped_offsets,
)
from egressc.tables.inline import Inline, quick_text
from egressc.tables.links import link_definitions
from egressc.tables.strays import Cause, Stray, StrayFinder, StrayLines, drawn_cells, html_cells
from egressc.tables.table_lines import Line, Prose, TableLines, is_delimiter_row, split_row
from egressc.tables.text_flaws import report_invisible, report_lone_carriage_return

# Lines that look like rows and are none, of one document: nobody repairs more at once.
MOST_STRAYS: Final = 1000

_MARKS: Final = "\\`*_~[<&"
_DECORATED: Final = re.compile(f"[{re.escape(_MARKS)}]")


def _settles_nothing(_text: str) -> bool:
    return False


def read_markdown(
    source: Source,
    report: Report,
    *,
    concerns: Concerns = every_table,
    settles: Callable[[str], bool] = _settles_nothing,
    strays: list[Stray] | None = None,
    prose: list[Prose] | None = None,
) -> tuple[Table, ...]:
    """Every table of a document, top to bottom, as GitHub shows it.

    Tables in code, comments and HTML are none; those in lists and block quotes are tables. A row that lacks cells is
    filled up with empty ones.

    Args:
        concerns: whether a table matters; problems in the rows of one that does not are nobody's business.
        settles: whether it is known how to read a cell of this text, be part of it struck out.
        report: receives EG102 to EG105 (the text) and EG110 to EG114 (tables).
        strays: receives the lines that look like rows and belong to no table.
        prose: receives the lines of text between the tables, with their offsets.
    """
    if source.text.count("\n") > MOST_LINES:
        report.add(source_too_large(Span(source, 0, 0), f"{MOST_LINES} lines"))
        return ()
    report_lone_carriage_return(source, report)
    reader = _MarkdownReader(source, settles)
    tables = []
    finder = StrayFinder()
    for lines in find_tables(source, report, finder, prose):
        found = Report()
        table = reader.read(lines, found)
        if reader.cells > MOST_CELLS:
            report.add(source_too_large(table.span, f"{MOST_CELLS} cells"))
            return ()
        if concerns(TableHead(table.headers, table.headings)):
            report.extend(found.diagnostics)
        if not lines.is_broken:
            tables.append(table)
    if strays is not None:
        strays += [reader.stray(it) for it in finder.found[:MOST_STRAYS]]
        strays += reader.glued[:MOST_STRAYS]
    return tuple(tables)


class _MarkdownReader:
    """Reads the rows of one source; counts its cells and keeps what decorated cells say, since names return often."""

    def __init__(self, source: Source, settles: Callable[[str], bool]) -> None:
        self.source = source
        self.settles = settles
        self.cells = 0
        self.glued: list[Stray] = []
        self._references = link_definitions(source.text)
        self._read: dict[str, tuple[str, tuple[int, int] | None]] = {}

    def read(self, lines: TableLines, report: Report) -> Table:
        source = self.source
        header = lines.header
        headers = tuple(self._row(header, report))
        span = Span(source, header.start, header.start + len(header.text.rstrip()))
        heading = lines.headings[-1] if lines.headings else None
        self.cells += len(headers)
        if lines.is_broken:
            delimiters = lines.delimiters
            place = Span(source, delimiters.start, delimiters.start + len(delimiters.text.rstrip()))
            counted = len(split_row(place.text))
            report.add(broken_table(place, span, len(headers), counted))
        rows = self._rows(lines, headers, span, report)
        return Table(source, heading, lines.headings, headers, rows, span)

    def stray(self, lines: StrayLines) -> Stray:
        """Lines that are no table, with the cells of the first."""
        unsaid = Report()  # its cells are read to see what they are about
        match lines.cause:
            case Cause.HTML_TABLE:
                bounds = html_cells(self.source.text, lines.first.start)
            case Cause.DRAWN | Cause.TABS:
                bounds = drawn_cells(lines.first)
            case _:
                bounds = []
        cells = (
            [self._cell(start, end, unsaid) for start, end in bounds]
            if bounds
            else self._row(_beginning(lines.first), unsaid)
        )
        above = tuple(self._row(_beginning(lines.above.header), unsaid)) if lines.above else ()
        return Stray(lines.cause, tuple(cells), lines.headings, above)

    def _rows(
        self, lines: TableLines, headers: tuple[Cell, ...], header: Span, report: Report
    ) -> tuple[tuple[Cell, ...], ...]:
        rows: list[tuple[Cell, ...]] = []
        found, kept, is_glued = Report(), list[Diagnostic](), False
        width = len(headers)
        last: int | None = None  # where the last line with a pipe begins, looked for once
        is_plain = self._is_plain(lines.rows)
        end = lines.rows[-1][0] + len(lines.rows[-1][1]) if lines.rows else 0
        may_hold_another = bool(end) and self.source.text.find("--", lines.rows[0][0], end) != -1
        for start, text in lines.rows:
            if may_hold_another and "--" in text and rows and is_delimiter_row(text.strip(" \t")):
                self.glued.append(Stray(Cause.GLUED, rows[-1], lines.headings, headers))
                # What does not fit the columns of the first table is no finding of its own.
                begin = rows[-1][0].start
                kept += [it for it in found.diagnostics if it.primary.span.start < begin] if not is_glued else []
                found, is_glued = Report(), True
            if is_plain and text[:1] == "|":
                cells = _plain_row(start, text)
            elif "|" not in text and width > 1:
                place = text.strip()
                at = start + text.index(place)
                if last is None:
                    last = max((row for row, line in lines.rows if "|" in line), default=-1)
                found.add(text_after_table(Span(self.source, at, at + len(place)), goes_on=last > at))
                continue
            elif _DECORATED.search(text) is None and text.isprintable():
                cells = _plain_row(start, text)
            else:
                cells = self._row(Line(start, text), found)
            count = len(cells)
            if not count:
                continue
            if count != width:
                if count > width:
                    report_surplus(self.source, cells[width:], header, width, found)
                    del cells[width:]
                else:
                    end = start + len(text.rstrip())
                    cells.extend([Cell("", end, end)] * (width - count))
            self.cells += width
            if self.cells > MOST_CELLS:
                break
            if cells[0].text or any(cell.text for cell in cells):
                rows.append(tuple(cells))
        report.extend(kept if is_glued else found.diagnostics)
        return tuple(rows)

    def _is_plain(self, rows: list[tuple[int, str]]) -> bool:
        """Whether nothing in a whole table needs a closer look; a few searches instead of some for each row."""
        if not rows:
            return True
        stretch = self.source.text[rows[0][0] : rows[-1][0] + len(rows[-1][1])]
        if any(mark in stretch for mark in _MARKS):
            return False
        return stretch.replace("\n", "").replace("\r", "").isprintable()

    def _row(self, line: Line, report: Report) -> list[Cell]:
        """Any row: escaped pipes, decoration, characters that are no text. No cells where most of it is struck out."""
        blanks = len(line.text) - len(line.text.lstrip(" \t"))
        first = line.start + blanks
        found = Report()
        cells = [self._cell(first + start, first + end, found) for start, end in split_row(line.text.strip(" \t"))]
        struck = [it.primary.span for it in found.diagnostics if it.code is struck_out_text.code]
        whole = sum((it.start, it.end) in {(at.start, at.end) for at in struck} for it in cells)
        if whole == len(struck) and whole * 2 > sum(bool(it.text) for it in cells):
            report.add(struck_out_row(Span(self.source, cells[0].start, cells[-1].end)))
            return []
        settled = [(it.start, it.end) for it in cells if struck and self.settles(it.text)]
        report.extend(
            it
            for it in found.diagnostics
            if it.code is not struck_out_text.code
            or not any(start <= it.primary.span.start < end for start, end in settled)
        )
        return cells

    def _cell(self, start: int, end: int, report: Report) -> Cell:
        padded = self.source.text[start:end]
        raw = padded.strip()
        if not raw:
            return Cell("", start, start)
        start += padded.index(raw)
        end = start + len(raw)
        if len(raw) > LONGEST_CELL:
            report.add(source_too_large(Span(self.source, start, end), f"{LONGEST_CELL} characters in one cell"))
            return Cell("", start, end)
        read = self._read.get(raw)
        if read is None:
            unescaped = raw.replace("\\|", "|")
            quick = quick_text(unescaped)
            if quick is not None:
                read = quick, None
            else:
                scan = Inline(unescaped, self._references)
                read = scan.text, scan.struck
            self._read[raw] = read
        text, struck = read
        if struck is not None:
            offsets = unescaped_offsets(raw)
            place = Span(self.source, start + offsets[struck[0]], start + offsets[struck[1]])
            report.add(struck_out_text(place, text))
        report_invisible(Span(self.source, start, end), text, report)
        return Cell(text, start, end)


def _beginning(line: Line) -> Line:
    """As much of a line as people write."""
    return line if len(line.text) <= LONGEST_CELL else Line(line.start, line.text[:LONGEST_CELL])


# What calling Cell does, in half the time: it is done for every cell of a fleet.
_cell: Final = partial(tuple.__new__, Cell)


def _plain_row(start: int, text: str) -> list[Cell]:
    """A row that is all printable and holds no mark of decoration: the pipes split it, and blanks are spaces."""
    cells = []
    if text[:2] == "| " and text[-2:] == " |" and "  " not in text:
        # `| a | b |` with single blanks, as most rows are written: what stands between is the text as it is.
        parts = text[2:-2].split(" | ")
        if len(parts) + 1 == text.count("|"):
            at = start + 2
            for part in parts:
                end = at + len(part)
                cells.append(_cell((part, at, end)))
                at = end + 3
            return cells
    parts = text.split("|")
    if not parts[-1].strip():
        parts.pop()
    at = start
    if parts and not parts[0].strip():
        at += len(parts[0]) + 1
        del parts[0]
    for part in parts:
        said = part.strip()
        begin = at + part.find(said)
        cells.append(Cell(" ".join(said.split()) if "  " in said else said, begin, begin + len(said)))
        at += len(part) + 1
    return cells
