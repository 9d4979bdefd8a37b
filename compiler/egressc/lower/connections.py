"""Cells that hold both ends of a connection: `web -> cart`."""

import re
from typing import Final

from egressc.model.requirements import Role, Row
from egressc.tables.core import Cell, Table, part

ARROW: Final = re.compile(
    r"(?:(?<!\s)\s++)?+(?:(?<![-=\u2013\u2014])[-=\u2013\u2014]++>|[\u2192\u21d2\u27f6\u279c\u2794])\s*+"
)


def has_arrows(table: Table, index: int) -> bool:
    """Whether every cell of a column that says anything holds one arrow."""
    said = [row[index].text for row in table.rows if row[index].text]
    return bool(said) and all(len(ARROW.findall(it)) == 1 for it in said)


def split_connection(row: Row) -> Row:
    """A row whose one cell holds both ends as a row with a cell for each; the row itself without such a cell."""
    cell = row.written(Role.CONNECTION)
    found = ARROW.search(cell.text) if cell is not None and Role.SOURCE not in row.columns else None
    if cell is None or found is None:
        return row
    ends = [
        _part(row, Cell(cell.text, cell.start, cell.end), start, end)
        for start, end in ((0, found.start()), (found.end(), len(cell.text)))
    ]
    columns: dict[Role, tuple[int, ...]] = {
        role: held for role, held in row.columns.items() if role is not Role.CONNECTION
    }
    columns |= {Role.SOURCE: (len(row.cells),), Role.DESTINATION: (len(row.cells) + 1,)}
    return Row(row.source, columns, (*row.cells, *ends))


def _part(row: Row, cell: Cell, start: int, end: int) -> Cell:
    place = part(cell, row.source, start, end)
    return Cell(cell.text[start:end], place.start, place.end)
