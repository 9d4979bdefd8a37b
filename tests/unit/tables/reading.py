"""What the tests of the readers share: a source read, and what was said about it."""

from collections.abc import Callable
from typing import TypeVar

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.core import Table

T = TypeVar("T")


def read(reader: Callable[[Source, Report], T], text: str) -> tuple[T, list[str]]:
    """What a reader makes of a text, and the ids of its diagnostics in order of place."""
    report = Report()
    result = reader(Source("source", text), report)
    return result, [diagnostic.code.id for diagnostic in report.sorted()]


def said(reader: Callable[[Source, Report], object], text: str) -> list[str]:
    """`line:column code: message` of every diagnostic, in order of place."""
    report = Report()
    reader(Source("source", text), report)
    return [
        f"{str(found.primary.span).removeprefix('source:')} {found.code.id}: {found.message}"
        for found in report.sorted()
    ]


def grid(table: Table) -> list[list[str]]:
    """The texts of a table, header first."""
    return [[cell.text for cell in row] for row in (table.headers, *table.rows)]
