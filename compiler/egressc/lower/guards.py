"""Columns that say whether, when or where a row holds: rows of tables grant, so one that says otherwise is refused."""

from collections.abc import Iterator, Mapping
from typing import Final

from egressc.diagnostics.columns import denying_row, unlimited_rows
from egressc.diagnostics.core import Report
from egressc.lower.denials import DENIALS, words_of
from egressc.lower.words import says_nothing
from egressc.model.requirements import Role
from egressc.source import Located
from egressc.tables.core import Cell, Table

_GRANTS: Final = frozenset(
    {
        *("allow", "allows", "allowed", "permit", "permits", "permitted", "accept", "accepts", "accepted", "grant"),
        *("grants", "granted", "approve", "approved", "yes", "y", "true", "ok", "okay", "pass", "[x]"),
        *(
            "\u2713",
            "\u2714",
            "\u2705",
            "\u2611",
            ":white_check_mark:",
            ":heavy_check_mark:",
            ":ballot_box_with_check:",
        ),
    }
)
_OUTWARD: Final = frozenset({"egress", "outbound", "out", "outgoing", "outward", "only", "\u2192", "->", "=>"})


def check_guards(table: Table, columns: Mapping[Role, tuple[int, ...]], report: Report) -> None:
    """EG218 for each row that does not grant, EG219 for a column that limits its rows."""
    heading = table.heading.value if table.heading else ""
    for role, problem in ((Role.DECISION, _undecided), (Role.DIRECTION, _inward), (Role.STATUS, _denied)):
        for header, cell in _cells(table, columns, role):
            if problem(words_of(cell.text)):
                report.add(denying_row(Located(cell.text, table.cell_span(cell)), header, heading))
    for index in columns.get(Role.CONDITION, ()):
        said = next((row[index] for row in table.rows if not says_nothing(row[index].text)), None)
        if said is not None:
            column = table.headers[index]
            report.add(unlimited_rows(Located(column.text, table.cell_span(column)), table.cell_span(said)))


def _cells(table: Table, columns: Mapping[Role, tuple[int, ...]], role: Role) -> Iterator[tuple[str, Cell]]:
    for index in columns.get(role, ()):
        for row in table.rows:
            yield table.headers[index].text, row[index]


def _undecided(words: list[str]) -> bool:
    return not words or not all(word in _GRANTS for word in words)


def _inward(words: list[str]) -> bool:
    return any(word not in _OUTWARD for word in words)


def _denied(words: list[str]) -> bool:
    return any(word in DENIALS for word in words)
