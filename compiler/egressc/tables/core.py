"""A table as its source says it: cells with their place, rows, the headings above; Markdown and CSV give the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import surplus_cell
from egressc.source import Located, Source, Span
from egressc.tables.inline import Inline
from egressc.tables.links import link_definitions

# More than this is no document that people write, and would only fill the memory. In all tables of a source together.
MOST_CELLS: Final = 1_000_000
MOST_LINES: Final = 1_000_000
# Characters of one Markdown cell.
LONGEST_CELL: Final = 100_000


class Cell(NamedTuple):
    """One cell: `text` as a person reads it; `start` and `end` are the trimmed raw cell in the source.

    Decoration is gone from the text, blanks are trimmed and collapsed; a line break within the cell is `\\n`.
    """

    text: str
    start: int
    end: int

    def place(self, source: Source, start: int, end: int) -> Span:
        """The stretch of the source that says `self.text[start:end]`; decoration between its characters is included.

        Cells without decoration are plain addition; others are scanned again, so this is for diagnostics.
        """
        raw = source.text[self.start : self.end]
        start, end = max(0, min(start, len(self.text))), max(0, min(end, len(self.text)))
        at = raw.find(self.text, 0, len(self.text) + 1)
        if at != -1:
            return Span(source, self.start + at + start, self.start + at + max(start, end))
        for places in (_csv_places(raw), _markdown_places(raw, source)):
            kept = _tidy_places(places)
            if "".join([char for char, _, _ in kept]) == self.text:
                if start >= end:
                    at = kept[start][1] if start < len(kept) else len(raw)
                    return Span(source, self.start + at, self.start + at)
                return Span(source, self.start + kept[start][1], self.start + kept[end - 1][2])
        return Span(source, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Table:
    """Every row is as wide as `headers`: cells missing at the end are empty, with an empty span at the end of the row.

    `headings` is the outline that the table stands in, outermost first; `heading` is the nearest of them, the last.
    Rows without any text are left out. `span` is the header row.
    """

    source: Source
    heading: Located[str] | None
    headings: tuple[Located[str], ...]
    headers: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    span: Span

    @property
    def name(self) -> str:
        """How the project file names it: by the nearest heading, or by its file."""
        return self.heading.value if self.heading else self.source.name

    def cell_span(self, cell: Cell) -> Span:
        return Span(self.source, cell.start, cell.end)


class TableHead(NamedTuple):
    """What is known of a table before its rows are read."""

    headers: tuple[Cell, ...]
    headings: tuple[Located[str], ...]


Concerns = Callable[[TableHead], bool]


def every_table(_head: TableHead) -> bool:
    return True


def report_surplus(source: Source, surplus: Sequence[Cell], header: Span, columns: int, report: Report) -> None:
    """EG110 for the first cell with text that has no column."""
    for cell in surplus:
        if cell.text:
            report.add(surplus_cell(Span(source, cell.start, cell.end), header, columns))
            return


def unescaped_offsets(raw: str) -> list[int]:
    """Where each character stands that is left when `\\|` is read as `|`, and the end: offsets in the raw text."""
    offsets = []
    at = 0
    while at < len(raw):
        at += raw.startswith("\\|", at)
        offsets.append(at)
        at += 1
    return [*offsets, len(raw)]


_Place = tuple[str, int, int]  # a character of a text, and the stretch of the raw cell that says it


def _csv_places(raw: str) -> list[_Place]:
    places: list[_Place] = []
    at = 0
    while at < len(raw):
        width = 2 if raw.startswith(('""', "\r\n"), at) else 1
        places.append((raw[at + width - 1], at, at + width))
        at += width
    return places


def _markdown_places(raw: str, source: Source) -> list[_Place]:
    offsets = unescaped_offsets(raw)
    scan = Inline(raw.replace("\\|", "|"), link_definitions(source.text) if "[" in raw else ())
    places: list[_Place] = []
    for run in scan.runs:
        if len(run.text) == run.end - run.start:
            places.extend((char, offsets[run.start + i], offsets[run.start + i] + 1) for i, char in enumerate(run.text))
        else:
            places.extend((char, offsets[run.start], offsets[run.end - 1] + 1) for char in run.text)
    return places


def _tidy_places(places: Sequence[_Place]) -> list[_Place]:
    """Blanks trimmed and collapsed in every line, empty lines left out: what `tidy` does, with places."""
    kept: list[_Place] = []
    blank: _Place | None = None
    for place in places:
        if place[0] == "\n":
            blank = place
        elif place[0].isspace():
            blank = blank or (" ", place[1], place[2])
        else:
            if blank is not None and kept:
                kept.append(blank)
            blank = None
            kept.append(place)
    return kept
