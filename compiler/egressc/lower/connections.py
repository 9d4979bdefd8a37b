"""Cells that hold both ends of a connection: `web -> cart`."""

import re
from typing import Final

from egressc.model.records import Role
from egressc.model.references import Written
from egressc.model.requirements import Row
from egressc.tables.core import Cell, Table

ARROW: Final = re.compile(
    r"(?:(?<!\s)\s++)?+(?:(?<![-=\u2013\u2014])[-=\u2013\u2014]++>|[\u2192\u21d2\u27f6\u279c\u2794])\s*+"
)


# What is left of an arrow that is crossed out: `-x->`, `-/->`.
_CROSSED: Final = re.compile(r"[-=]\s*[xX\u00d7/|]\s*$")


def has_arrows(table: Table, index: int) -> bool:
    """Whether half of the cells of a column that say anything hold one arrow: a row of any other lacks an end."""
    said = [row[index].text for row in table.rows if row[index].text]
    return bool(said) and sum(len(ARROW.findall(it)) == 1 for it in said) * 2 >= len(said)


def split_connection(row: Row) -> Row:
    """A row whose one cell holds both ends as a row with a cell for each; the row itself without such a cell.

    A cell that has another number of arrows than one names no destination.
    """
    cell = row.written(Role.CONNECTION)
    if cell is None or Role.SOURCE in row.columns:
        return row
    size = len(cell.text)
    arrows = [it.span() for it in ARROW.finditer(cell.text)]
    is_plain = len(arrows) == 1 and not _CROSSED.search(cell.text, 0, arrows[0][0])
    start, end = arrows[0] if is_plain else (size, size)
    ends = [_part(row, cell, *it) for it in ((0, start), (end, size))]
    columns: dict[Role, tuple[int, ...]] = {
        role: held for role, held in row.columns.items() if role is not Role.CONNECTION
    }
    columns |= {Role.SOURCE: (len(row.cells),), Role.DESTINATION: (len(row.cells) + 1,)}
    return Row(row.source, columns, (*row.cells, *ends))


def _part(row: Row, cell: Written, start: int, end: int) -> Cell:
    place = row.place(cell, start, end)
    return Cell(cell.text[start:end], place.start, place.end)
