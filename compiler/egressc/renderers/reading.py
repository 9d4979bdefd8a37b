"""The account of a reading as reports show it: plain words, in order of source and place.

Nothing here is safe for any format yet: each renderer escapes what it writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from egressc.diagnostics.phrases import say_count

CellUse = Literal["grants", "denies", "describes", "ignored", "refused"]
_VERBS: Final[Mapping[CellUse, tuple[str, str]]] = {
    "grants": ("grants", "grant"),
    "denies": ("denies", "deny"),
    "describes": ("describes", "describe"),
    "ignored": ("is ignored", "are ignored"),
    "refused": ("is refused", "are refused"),
}


class Fault(NamedTuple):
    """An error by its code and message; where the place is only related to it, the words that say how."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class CellRecord(NamedTuple):
    """One cell. `why` is the role of its column, or why it is ignored; `rules` are positions in `ReadReport.rules`.

    A cell is refused where an error lies in it; a place that is only related to an error keeps its use.
    """

    text: str
    line: int
    column: int
    use: CellUse
    why: str
    faults: tuple[Fault, ...] = ()
    rules: tuple[int, ...] = ()


class RowRecord(NamedTuple):
    line: int
    use: CellUse
    cells: tuple[CellRecord, ...]


class Column(NamedTuple):
    """A header, and the role of the column; empty for one that is not read."""

    header: str
    role: str


@dataclass(frozen=True, slots=True)
class TableRecord:
    """`kind` is that of the table, "left out", "not read" or "refused"; `why` is the reason where it is ignored.

    `faults` is what is wrong with the headers.
    """

    source: str
    line: int
    heading: str
    kind: str
    why: str
    columns: tuple[Column, ...]
    rows: tuple[RowRecord, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_ignored(self) -> bool:
        return self.kind in ("left out", "not read")

    @property
    def uses(self) -> list[CellUse]:
        """What each row came to; in a grid each cell that connects, or is refused, is a row."""
        if self.kind == "grid":
            return [it.use for row in self.rows for it in row.cells if it.use in ("grants", "denies", "refused")]
        return [row.use for row in self.rows]


class Text(NamedTuple):
    """Lines that are not read, by the first of them, and why that might matter."""

    source: str
    line: int
    text: str
    why: str


class ReadCounts(NamedTuple):
    """Rows by what they came to, and cells with text; of tables that are read."""

    tables: int
    ignored_tables: int
    grants: int
    denies: int
    describes: int
    ignored: int
    cells: int
    ignored_cells: int
    refused: int = 0
    refused_cells: int = 0

    @property
    def rows_read(self) -> int:
        """The rows that policies are made from."""
        return self.grants + self.describes


@dataclass(frozen=True, slots=True)
class ReadReport:
    """`sources` are names, `rules` the rules that cells ask for, in words; none where the sources do not compile."""

    sources: tuple[str, ...]
    tables: tuple[TableRecord, ...]
    texts: tuple[Text, ...]
    rules: tuple[str, ...] = ()

    @property
    def counts(self) -> ReadCounts:
        tables = [table for table in self.tables if not table.is_ignored]
        rows = [use for table in tables for use in table.uses]
        cells = [cell.use for table in tables for row in table.rows for cell in row.cells if cell.text or cell.faults]
        return ReadCounts(
            tables=len(tables),
            ignored_tables=len(self.tables) - len(tables),
            grants=rows.count("grants"),
            denies=rows.count("denies"),
            describes=rows.count("describes"),
            ignored=rows.count("ignored"),
            cells=len(cells) - cells.count("ignored") - cells.count("refused"),
            ignored_cells=cells.count("ignored"),
            refused=rows.count("refused"),
            refused_cells=cells.count("refused"),
        )


def say_counts(counts: ReadCounts) -> str:
    """The account in one line, such as "2 tables: 13 rows grant, 1 denies; 55 cells read, 6 ignored"."""
    uses = (counts.grants, counts.denies, counts.describes, counts.ignored, counts.refused)
    said = [f"{say_count(counts.cells, 'cell')} read"]
    said += [f"{counts.ignored_cells} ignored"] * bool(counts.ignored_cells)
    said += [f"{counts.refused_cells} refused"] * bool(counts.refused_cells)
    ignored = f"; {say_count(counts.ignored_tables, 'table')} ignored" if counts.ignored_tables else ""
    return f"{say_count(counts.tables, 'table')}: {_say_uses(uses)}; {', '.join(said)}{ignored}"


def say_rows_read(counts: ReadCounts) -> str:
    """What a proof holds policies to, and what it does not: "19 rows read; 3 rows deny, 2 tables ignored (see ...)"."""
    besides = [f"{say_count(counts.denies, 'row')} {_VERBS['denies'][counts.denies > 1]}"] * bool(counts.denies)
    besides += [f"{say_count(counts.ignored, 'row')} ignored"] * bool(counts.ignored)
    besides += [f"{say_count(counts.ignored_tables, 'table')} ignored"] * bool(counts.ignored_tables)
    rest = f"; {', '.join(besides)} (see egressc read)" if besides else ""
    return f"{say_count(counts.rows_read, 'row')} read{rest}"


def say_rows(table: TableRecord) -> str:
    """What the rows of one table came to, such as "8 rows grant, 1 is refused"."""
    uses = table.uses
    return _say_uses([uses.count(use) for use in _VERBS])


def _say_uses(counts: Sequence[int]) -> str:
    """How many rows came to each use, in the order of `_VERBS`."""
    said: list[str] = []
    for count, verbs in zip(counts, _VERBS.values(), strict=True):
        if count:
            said.append(f"{count if said else say_count(count, 'row')} {verbs[count > 1]}")
    return ", ".join(said) or "no rows"
