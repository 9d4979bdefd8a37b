"""What the sources say and nothing reads: tables, columns and cells that name services or destinations."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from egressc.diagnostics.cells import unknown_table
from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import unread_column, unread_names
from egressc.lower.asks import read_ask
from egressc.lower.headings import header_row
from egressc.lower.words import split_list
from egressc.model.requirements import Requirements, Role, TableRecord, Written
from egressc.source import Located, Span

_LONGEST_CONNECTION: Final = 120
# What may connect two names in one cell, in whatever direction.
_CONNECTS: Final = re.compile(
    r"(?:(?<!\s)\s+)?(?:[^\w\s.,()/&+'-]++|\s(?:-++|to|calls|and|from|via)\s)\s*+|(?<!\s)\s++[-~=]++\s*+"
)
_MOST_CELLS: Final = 100_000  # of tables that are not read: more is no table that people write


def check_unread_tables(requirements: Requirements, holds: Callable[[str], bool], report: Report) -> None:
    """EG229 for a table that is not read and names two known things, EG203 for any other one.

    Args:
        holds: whether a name stands for a service, a destination or a group.
    """
    for record in requirements.records:
        if record.kind is None and not record.why:
            names = _named(record, holds)
            if len(names) > 1:
                row = header_row(record.headers)
                report.add(unread_names(record.span, list(names), list(names.values()), row))
            else:
                report.add(unknown_table(record.span))


def check_unread_columns(requirements: Requirements, holds: Callable[[str], bool], report: Report) -> None:
    """EG434 for a column of a table that grants, which nothing reads, and in which cells name known things."""
    for record in requirements.records:
        if record.kind is None or (Role.SERVICE not in record.roles and Role.SOURCE not in record.roles):
            continue
        subjects = [at for at, role in enumerate(record.roles) if role in (Role.SERVICE, Role.SOURCE)]
        for at, header in enumerate(record.headers):
            if at in record.neutral or record.roles[at] is not None or not header.text:
                continue
            if _holds(header.text, holds) and any(row[at].text for row in record.rows):
                row_of = header_row(record.headers)
                report.add(unread_names(record.span, [header.text], [_span(record, header)], row_of))
                break
            for row in record.rows:
                names = [name for name in split_list(row[at].text) if name not in {row[it].text for it in subjects}]
                if names and all(_holds(name, holds) for name in names):
                    named = Located(header.text, Span(record.source, header.start, header.end))
                    report.add(unread_column(named, names[0], _span(record, row[at])))
                    break


def _named(record: TableRecord, holds: Callable[[str], bool]) -> dict[str, Span]:
    """The known names in the cells of a table, each with its first place."""
    found: dict[str, Span] = {}
    for cell in _cells(record):
        for name in (*split_list(cell.text), *_ends(cell.text)):
            if name not in found and _holds(name, holds):
                found[name] = _span(record, cell)
    return found


def _ends(text: str) -> list[str]:
    """The parts of a short cell around the signs and words that connect two names: `web <- cart`, `web to cart`."""
    return [part for part in _CONNECTS.split(text) if part] if len(text) <= _LONGEST_CONNECTION else []


def _holds(name: str, holds: Callable[[str], bool]) -> bool:
    return holds(name) or holds(read_ask(name).name)


def _cells(record: TableRecord) -> Iterator[Written]:
    left = _MOST_CELLS
    rows: Sequence[Sequence[Written]] = (record.headers, *record.rows)
    for row in rows:
        for cell in row:
            left -= 1
            if left < 0:
                return
            yield cell


def _span(record: TableRecord, cell: Written) -> Span:
    return Span(record.source, cell.start, cell.end)
