"""Lines that look like rows and belong to no table: Markdown shows them as text, and what they ask for is not read.

Rows behind an empty line, headers without a delimiter row, rows inside HTML, tables drawn in other ways.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from egressc.source import Located
from egressc.tables.core import Cell
from egressc.tables.table_lines import Line, TableLines, split_row

# What rules off the header in tables of other dialects: `-----  -----`, `=====  =====`.
RULE: Final = re.compile(r"[-=]{2,}(?:[ \t]+[-=]{2,})+[ \t]*$")
_HTML_TABLE: Final = re.compile(r"<table[\s>]", re.IGNORECASE)
_HTML_ROW: Final = re.compile(r"(?:(?!</tr>|</table>).)*", re.IGNORECASE | re.DOTALL)
_HTML_CELL: Final = re.compile(r"<t[hd](?:\s[^>]*)?>(.*?)(?=</?t[hdr]\b)", re.IGNORECASE | re.DOTALL)
_LONGEST_HTML_ROW: Final = 5000
# A line of the signs that people put between header and rows, some of which Markdown does not take.
_DELIMITER_SIGNS: Final = re.compile(r"[|:+\s]*[-=_\u2010-\u2015\u2212\u2500][-=_\u2010-\u2015\u2212\u2500|:+\s]*$")


class Cause(StrEnum):
    """Why rows are none: what has to be written to make them some."""

    APART = "an empty line separates them from their table"
    NO_DELIMITER = "there is no line of --- under a header"
    BAD_DELIMITER = "the line under the header is not made of ---"
    IN_HTML = "the HTML above continues to the next empty line"
    IN_CODE = "they are indented by four spaces, which Markdown reads as code"
    HTML_TABLE = "it is written in HTML"
    GLUED = "a second table begins inside this one"
    DRAWN = "it is drawn without pipes"
    TABS = "its cells are separated by tabs"


@dataclass(slots=True)
class StrayLines:
    """One such group, by its first line; `above` is the table that it is parted from."""

    cause: Cause
    first: Line
    headings: tuple[Located[str], ...]
    above: TableLines | None = None


@dataclass(frozen=True, slots=True)
class Stray:
    """The same with its cells: those of its first line, and the headers of the table above, if it is close."""

    cause: Cause
    cells: tuple[Cell, ...]
    headings: tuple[Located[str], ...]
    above: tuple[Cell, ...]


class StrayFinder:
    """Watches the lines of a document that are no table."""

    def __init__(self) -> None:
        self.found: list[StrayLines] = []
        self.above: TableLines | None = None  # the table that ended last, with nothing but empty lines since
        self._parted_from: TableLines | None = None
        self._open: StrayLines | None = None
        self._is_muted = False

    def begin_paragraph(self, line: Line, headings: tuple[Located[str], ...]) -> None:
        self._parted_from, self.above = self.above, None
        self._open = None
        self._is_muted = False
        self.meet(line, headings)
        self._parted_from = None

    def meet(self, line: Line, headings: tuple[Located[str], ...]) -> None:
        """A line of a paragraph, which is the header of a table where `take_header` follows."""
        if self._open is not None:
            if self._open.cause is Cause.NO_DELIMITER and _DELIMITER_SIGNS.match(line.text):
                self._open.cause = Cause.BAD_DELIMITER
            return
        table = self._parted_from
        if line.text[0] == "|" or (table is not None and _is_row_of(table, line.text)):
            cause = Cause.NO_DELIMITER if table is None else Cause.APART
            self._add(StrayLines(cause, line, headings, table))

    def take_header(self, header: Line, *, is_broken: bool) -> None:
        """A line is a header after all, and what follows are its rows. A broken table gets a finding of its own."""
        if self._open is not None and self._open.first.start == header.start:
            self.found.pop()
        self._open = None
        self._is_muted = is_broken

    def meet_verbatim(self, line: Line, headings: tuple[Located[str], ...], *, is_code: bool) -> None:
        """A line of an HTML block, or of indented code."""
        if self._open is None and line.text[:1] == "|":
            self._add(StrayLines(Cause.IN_CODE if is_code else Cause.IN_HTML, line, headings))
        if not is_code and (table := _HTML_TABLE.search(line.text)):
            self.found.append(StrayLines(Cause.HTML_TABLE, Line(line.start + table.start(), line.text), headings))

    def meet_header(self, header: Line, headings: tuple[Located[str], ...], cause: Cause) -> None:
        """A line of text above a line of dashes in groups, or one that holds tabs: DRAWN or TABS."""
        self.found.append(StrayLines(cause, header, headings))

    def end(self, table: TableLines | None = None) -> None:
        """A block ended; `table` where an empty line ended one."""
        self._open = self._parted_from = None
        self._is_muted = False
        self.above = table

    def _add(self, stray: StrayLines) -> None:
        if not self._is_muted:
            self.found.append(stray)
            self._open = stray


def drawn_cells(line: Line) -> list[tuple[int, int]]:
    """Start and end of the cells of a header that a tab or several spaces part, in the source."""
    return [(line.start + it.start(), line.start + it.end()) for it in re.finditer(r"\S+(?: \S+)*", line.text)]


def html_cells(text: str, start: int) -> list[tuple[int, int]]:
    """Start and end of the cells of the first row of an HTML table that begins at an offset."""
    row = _HTML_ROW.match(text, start, min(len(text), start + _LONGEST_HTML_ROW))
    if row is None:
        return []
    return [it.span(1) for it in _HTML_CELL.finditer(text, start, min(len(text), row.end() + 5))]


def _is_row_of(table: TableLines, text: str) -> bool:
    return "|" in text and len(split_row(text.strip(" \t"))) == len(split_row(table.header.text.strip(" \t")))
