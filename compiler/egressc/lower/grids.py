"""Grids of connections: names down the first column and along the header row, and in the cells what connects them."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from egressc.lower.connections import ARROW
from egressc.lower.header_words import LANGUAGE_HEADERS, HeaderBook, plain_header
from egressc.lower.verdicts import CellVerdict, read_verdict
from egressc.model.records import Role
from egressc.model.requirements import Row
from egressc.model.texts import says_nothing
from egressc.tables.core import Cell, Table

_CORNER: Final = re.compile(r"(?:(?<!\s)\s+)?(?:\\+|/|\||,|vs\.?|[\u2193\u2192\u2198\u2197\u2b07\u27a1]|\n)+\ufe0f?\s*")


class GridPlan(NamedTuple):
    """`rows`: what the names in the first column are, SOURCE or DESTINATION. `skipped` columns hold no names."""

    rows: Role
    skipped: frozenset[int] = frozenset()


def grid_of(table: Table, rows: Role | None, words: HeaderBook) -> GridPlan | None:
    """How a table is a grid; None where its corner does not say both ends and `rows` (the project file) is silent.

    In a corner such as "From \\ To", the first word is for the first column, the second for the header row.
    """
    if rows is not None:
        return GridPlan(rows)
    ends = _corner_ends(table.headers[0].text, words) if len(table.headers) > 1 else []
    if ends == [Role.SOURCE, Role.DESTINATION]:
        return GridPlan(Role.SOURCE)
    return GridPlan(Role.DESTINATION) if ends == [Role.DESTINATION, Role.SOURCE] else None


def is_corner(text: str, words: HeaderBook) -> bool:
    """Whether a header is the corner of a grid."""
    return {Role.SOURCE, Role.DESTINATION} == set(_corner_ends(text, words))


def corner_language(text: str) -> str:
    """The language in which a header is the corner of a grid; empty where there is none."""
    said = _corner_words(text)
    for language, listed in LANGUAGE_HEADERS.items():
        ends = [role for it in said for role in (Role.SOURCE, Role.DESTINATION) if it in listed.get(role, ())]
        if len(said) == len(ends) == len(set(ends)) == 2:
            return language
    return ""


def _corner_ends(text: str, words: HeaderBook) -> list[Role | None]:
    return [words.get(it) for it in _corner_words(text)]


def _corner_words(text: str) -> list[str]:
    return [plain_header(it) for it in _CORNER.split(ARROW.sub("\\\\", text)) if it.strip()]


def grid_rows(table: Table, plan: GridPlan) -> Iterator[tuple[int, int, Row, CellVerdict]]:
    """A row of a connection for every cell that says anything, with its place in the grid and what it says.

    A cell is ports, or an answer; the port column of an answer is blank: the destination's own ports are meant.
    """
    for at, cells in enumerate(table.rows):
        for index, cell in enumerate(cells[1:], start=1):
            if index in plan.skipped:
                continue
            if says_nothing(cell.text) and read_verdict(cell.text) is not CellVerdict.DENY:
                continue
            verdict = read_verdict(cell.text)
            ports = cell if verdict is CellVerdict.UNCLEAR else Cell("", cell.start, cell.end)
            source, target = (0, 1) if plan.rows is Role.SOURCE else (1, 0)
            columns = {Role.SOURCE: (source,), Role.DESTINATION: (target,), Role.PORT: (2,)}
            yield at, index, Row(table.source, columns, (cells[0], table.headers[index], ports)), verdict
