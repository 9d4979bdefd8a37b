"""Ranges of ports in two columns, as firewalls and clouds export them: `from_port` and `to_port` become one `Port`."""

from collections.abc import Container

from egressc.lower.header_words import plain_header
from egressc.model.texts import says_nothing
from egressc.model.vocabulary import AROUND
from egressc.tables.core import Cell, Table


def join_port_ranges(table: Table, told: Container[str]) -> Table:
    """The table with one column of ports in place of two; the same table where it does not have both.

    Args:
        told: plain headers whose role the project file gives: it says then what each of the columns is.
    """
    plain = [plain_header(it.text) for it in table.headers]
    firsts = [at for at, it in enumerate(plain) if it in AROUND["firstPort"]]
    lasts = [at for at, it in enumerate(plain) if it in AROUND["lastPort"]]
    if len(firsts) != 1 or len(lasts) != 1 or plain[firsts[0]] in told or plain[lasts[0]] in told:
        return table
    first, last = firsts[0], lasts[0]

    def joined(cells: tuple[Cell, ...], text: str) -> tuple[Cell, ...]:
        one, other = cells[first], cells[last]
        end = other.end if last == first + 1 else one.end
        return tuple(Cell(text, one.start, end) if at == first else it for at, it in enumerate(cells) if at != last)

    rows = tuple(joined(row, _say_range(row[first].text, row[last].text)) for row in table.rows)
    return Table(table.source, table.heading, table.headings, joined(table.headers, "Port"), rows, table.span)


def _say_range(first: str, last: str) -> str:
    if says_nothing(last) or first == last:
        return first
    return last if says_nothing(first) else f"{first}-{last}"
