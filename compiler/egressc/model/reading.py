"""The account of a reading: what became of each cell of each table, and which lines of text are not read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from egressc.source import Source, Span


class Use(StrEnum):
    """What a cell came to."""

    GRANTS = "grants"
    DENIES = "denies"
    DESCRIBES = "describes"
    IGNORED = "ignored"


class ReadCell(NamedTuple):
    """One cell: `text` as a person reads it, offsets in the source, its use, and why (the role, or the reason)."""

    text: str
    start: int
    end: int
    use: Use
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One table. `kind` is a Kind, "left out", "not read" or "refused"; `why` is the reason where it is ignored.

    `headers` are texts with the role of each column, empty for one that is not read. A row is as long as `headers`.
    """

    source: Source
    heading: str
    span: Span  # the header row
    kind: str
    headers: tuple[tuple[str, str], ...]
    rows: tuple[tuple[ReadCell, ...], ...]
    why: str = ""

    @property
    def is_ignored(self) -> bool:
        return self.kind in ("left out", "not read")

    def uses(self) -> Counter[Use]:
        return Counter(cell.use for row in self.rows for cell in row)

    def row_uses(self, row: Sequence[ReadCell]) -> Counter[Use]:
        """What a row came to: the strongest use of its cells. In a grid each cell that connects is a row."""
        return count_uses([it.use for it in row], is_grid=self.kind == "grid")


def count_uses(uses: Iterable[Use], *, is_grid: bool) -> Counter[Use]:
    """How many rows a row of cells with these uses counts as: one or, of a grid, one for each cell that connects."""
    if is_grid:
        return Counter(use for use in uses if use in (Use.GRANTS, Use.DENIES))
    held = set(uses)
    return Counter([next((use for use in (Use.DENIES, Use.GRANTS, Use.DESCRIBES) if use in held), Use.IGNORED)])


class ReadText(NamedTuple):
    """Lines next to the tables that are not read, by their first line, and why they might matter."""

    span: Span
    why: str


class Tally(NamedTuple):
    """How many rows and cells of the tables that are read came to what; empty cells are not counted."""

    tables: int = 0
    ignored_tables: int = 0
    grants: int = 0
    denies: int = 0
    describes: int = 0
    ignored: int = 0
    cells: int = 0
    ignored_cells: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """All tables in order of source and place, and the lines that are not read."""

    tables: tuple[ReadTable, ...] = ()
    texts: tuple[ReadText, ...] = ()

    def rows(self, *uses: Use) -> int:
        """How many rows came to one of these uses."""
        return sum(table.row_uses(row)[use] for table in self.tables for row in table.rows for use in uses)

    @property
    def ignored_tables(self) -> int:
        return sum(table.is_ignored for table in self.tables)
