"""Lines that look like rows and belong to no table: refused where they may ask for something, else named."""

from collections.abc import Iterable, Mapping
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import unread_rows, unread_table
from egressc.lower.header_words import HeaderBook
from egressc.lower.headings import RuleBook
from egressc.lower.plans import kind_of_headers
from egressc.source import Source, Span
from egressc.tables.strays import Cause, Stray

_REPAIRS: Final[Mapping[Cause, str]] = {
    Cause.APART: "remove the empty line above, or add a header and a line of --- to make them their own table",
    Cause.NO_DELIMITER: "add a line such as | --- | under the header, one --- for each column",
    Cause.BAD_DELIMITER: "write the line under the header with hyphens, such as |---|---|",
    Cause.IN_HTML: "add an empty line between the tag and the table",
    Cause.IN_CODE: "remove the indentation, or add ``` above and below if it is code",
    Cause.HTML_TABLE: "write it as a Markdown table: | Service | Dependencies |, and |---|---| under it",
    Cause.GLUED: "add an empty line above the header of the second table",
    Cause.TABS: "write it as a .tsv file and add that to sources, or write it as a Markdown table with pipes",
    Cause.DRAWN: "write it as a Markdown table: | Service | Dependencies |, and |---|---| under it",
}
# What documents hold for many reasons: it is told of only where it is about services.
_COMMON: Final = frozenset({Cause.HTML_TABLE, Cause.DRAWN, Cause.TABS, Cause.IN_CODE, Cause.GLUED})


def report_strays(strays: Iterable[Stray], source: Source, words: HeaderBook, rules: RuleBook, report: Report) -> bool:
    """Whether a known table is lost to Markdown: EG115; EG116 for lines that seem to be about something else."""
    is_lost = False
    for stray in strays:
        if not stray.cells or rules.leaves_out(stray.headings, source):
            continue
        is_ours = any(kind_of_headers(cells, words) is not None for cells in (stray.cells, stray.above))
        place = Span(source, stray.cells[0].start, max(cell.end for cell in stray.cells))
        repair = _REPAIRS[stray.cause]
        if is_ours and stray.cause is not Cause.IN_CODE:
            report.add(unread_table(place, stray.cause, repair))
            is_lost = True
        elif is_ours or stray.cause not in _COMMON:
            report.add(unread_rows(place, stray.cause, repair))
    return is_lost
