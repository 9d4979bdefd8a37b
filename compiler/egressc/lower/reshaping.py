"""Tables in another shape than rows are read in: on their side, or with a range of ports in two columns.

Firewalls and clouds export ranges as `from_port` and `to_port`; they become one column, `Port`.
"""

from collections.abc import Container

from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.plans import kind_of_headers
from egressc.model.records import NEEDS, Kind, Role
from egressc.model.texts import says_nothing
from egressc.model.vocabulary import AROUND, ENGLISH
from egressc.tables.core import Cell, Table


def is_transposed(table: Table, words: HeaderBook) -> bool:
    """Whether the first column holds the headers: it makes a table with needs, and the header row makes none."""
    column = [table.headers[0], *(row[0] for row in table.rows)]
    return (
        len(table.headers) > 1
        and kind_of_headers(table.headers, words) in (None, Kind.INVENTORY)
        and all(words.get(plain_header(it.text)) is None for it in table.headers[1:])
        and bool({words.get(plain_header(it.text)) for it in column} & (NEEDS | {Role.CALLED_BY}))
        and words.get(plain_header(table.headers[0].text)) in (Role.SERVICE, None)
    )


def transpose(table: Table) -> Table:
    """The table with its first column as headers; a corner without a text stands above names of services.

    A table of keys and values is about what its heading names, be it the one above a heading such as "Network".
    """
    headers = table.headers
    heading = next((it for it in reversed(table.headings) if not _is_general(it.value)), None)
    if heading and len(headers) == 2 and plain_header(headers[1].text) in AROUND["values"]:
        said = Cell(heading.value, heading.span.start, heading.span.end)
        headers = (Cell("", headers[0].start, headers[0].end), said)
    columns = list(zip(headers, *_whole_rows(table), strict=True))
    headers, rows = columns[0], columns[1:]
    if not headers[0].text:
        headers = (Cell("Service", headers[0].start, headers[0].end), *headers[1:])
    return Table(table.source, table.heading, table.headings, headers, tuple(rows), table.span)


def _is_general(heading: str) -> bool:
    """Whether a heading says what its table is about and not of whom: "Network access"."""
    return all(word in AROUND["general"] or word in ENGLISH["rows"] for word in plain_header(heading).split())


def _whole_rows(table: Table) -> list[tuple[Cell, ...]]:
    """The rows of a table that lies on its side; one without a header goes on with the one above it."""
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        if row[0].text or not rows:
            rows.append(row)
        else:
            rows[-1] = tuple(map(_joined, rows[-1], row))
    return rows


def _joined(one: Cell, other: Cell) -> Cell:
    return Cell(", ".join(filter(None, (one.text, other.text))), one.start, other.end) if other.text else one


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
