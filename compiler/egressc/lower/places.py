"""Where a part of a cell stands, whatever kind of source the cell is of."""

from egressc.lower.words import item_offsets
from egressc.model.requirements import Written
from egressc.source import Source, Span
from egressc.tables.core import Cell, part


def place_part(cell: Written, source: Source, start: int, end: int) -> Span:
    """The stretch of the source that says `cell.text[start:end]`.

    A value of a YAML document that is not written as it reads (escapes, lists of ports) is pointed at as a whole.
    """
    raw = source.text[cell.start : cell.end]
    if raw == cell.text:
        return Span(source, cell.start + start, cell.start + end)
    if source.name.lower().endswith((".yaml", ".yml")):
        return Span(source, cell.start, cell.end)
    return part(Cell(cell.text, cell.start, cell.end), source, start, end)


def place_item(source: Source, cell: Written, item: int, start: int, end: int) -> Span:
    """A part of an item of a list cell, by offsets in the item."""
    first, _ = item_offsets(cell.text)[item]
    return place_part(cell, source, first + start, first + end)
