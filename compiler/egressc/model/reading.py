"""The account of a reading: what became of each cell of each table, and which lines of text are not read."""

from collections import Counter
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
    """One table. `kind` is a Kind, "left out" or "not read"; `why` is the reason where the table is ignored.

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

    def row_use(self, row: tuple[ReadCell, ...]) -> Use:
        """What a row as a whole came to: the strongest use of its cells."""
        held = {cell.use for cell in row}
        return next((use for use in (Use.DENIES, Use.GRANTS, Use.DESCRIBES) if use in held), Use.IGNORED)


@dataclass(frozen=True, slots=True)
class Reading:
    """All tables in order of source and place."""

    tables: tuple[ReadTable, ...] = ()

    def rows(self, *uses: Use) -> int:
        """How many rows came to one of these uses."""
        return sum(table.row_use(row) in uses for table in self.tables for row in table.rows)

    @property
    def ignored_tables(self) -> int:
        return sum(table.is_ignored for table in self.tables)
