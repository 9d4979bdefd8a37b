"""The account of a reading as a part of the HTML report: the documents' tables, each cell with what became of it.

A cell that rules come from is a link: its address, `#cell-3`, opens it with its rules.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from egressc.renderers.html import as_text
from egressc.renderers.reading import CellRecord, CellUse, Column, ReadReport, TableRecord, say_counts, say_rows

TABS: Final = (
    '<nav id="tabs" aria-label="Parts of the report" hidden><a href="#flows">Flows</a> '
    '<a href="#reading">What was read</a></nav>\n'
)
_LEGEND: Final[Mapping[CellUse, str]] = {
    "grants": "grants: choose it to see its rules",
    "denies": "denies",
    "refused": "refused",
    "ignored": "ignored",
    "describes": "describes",
}


def render_reading(report: ReadReport) -> str:
    """The section as HTML; cells with rules are numbered as `linked_cells` lists them."""
    numbers = count()
    legend = "".join(f'<li class="{use}">{as_text(words)}</li>' for use, words in _LEGEND.items())
    texts = "".join(
        f"<li>{as_text(f'{it.source}:{it.line}: {it.text}')} <small>{as_text(it.why)}</small></li>"
        for it in report.texts
    )
    return (
        '<section id="reading" aria-labelledby="reading-title">\n<h2 id="reading-title">What was read</h2>\n'
        f'<p>{as_text(say_counts(report.counts))}.</p>\n<ul class="legend uses" aria-label="Legend">{legend}</ul>\n'
        + "".join(_table(table, numbers) for table in report.tables)
        + (f"<h3>Lines that are not read</h3>\n<ul>{texts}</ul>\n" if texts else "")
        + "</section>\n"
    )


def linked_cells(report: ReadReport) -> list[tuple[str, CellRecord]]:
    """The cells that rules come from, in order, each with its file and line."""
    return [
        (f"{table.source}:{cell.line}", cell)
        for table in report.tables
        for row in table.rows
        for cell in row.cells
        if cell.rules
    ]


def _table(table: TableRecord, numbers: Iterator[int]) -> str:
    what = f"{table.kind}: {table.why}" if table.why else f"a table of {table.kind}; {say_rows(table)}"
    place = f"{table.source}:{table.line}"
    name = as_text(f"Table at {place}")
    heading = f"<strong>{as_text(table.heading)}</strong> " if table.heading else ""
    columns = "".join(_header(it, is_read=not table.why) for it in table.columns)
    rows = "".join(
        f'<tr><td class="line">{row.line}</td>{"".join(_cell(cell, numbers) for cell in row.cells)}</tr>\n'
        for row in table.rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">\n<table class="read">'
        f"<caption>{heading}{as_text(f'{place}: {what}')}</caption>\n"
        f'<thead><tr><th scope="col">Line</th>{columns}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n'
    )


def _cell(cell: CellRecord, numbers: Iterator[int]) -> str:
    text = as_text(cell.text)
    if not cell.text and cell.use != "refused":
        return "<td></td>"
    if cell.rules:
        number = next(numbers)
        return f'<td id="cell-{number}" class="{cell.use}"><a href="#cell-{number}">{text}</a></td>'
    return f'<td class="{cell.use}">{text}</td>'


def _header(column: Column, *, is_read: bool) -> str:
    if not is_read:
        return f'<th scope="col">{as_text(column.header)}</th>'
    kind = "" if column.role else ' class="ignored"'
    return f'<th scope="col"{kind}>{as_text(column.header)}<small>{as_text(column.role or "not read")}</small></th>'
