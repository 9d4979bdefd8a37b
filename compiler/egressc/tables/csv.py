"""CSV to one table, with the place of every field, which the standard reader does not know.

Fields are read as RFC 4180 has them. Beyond it, as programs write CSV: blanks around a field or its quotes are no
part of it, and `;` or a tab separates the fields where the header row shows more of them than commas, a line `sep=;`
above it names them, or the file ends in .tsv (tab). There are no
comments: a line that begins with `#` is a row like any other, for a row left out unseen would be a rule left out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import source_too_large, text_after_quote, unclosed_quote
from egressc.source import Located, Source, Span
from egressc.tables.core import MOST_CELLS, MOST_LINES, Cell, Concerns, Table, TableHead, every_table, report_surplus
from egressc.tables.inline import tidy
from egressc.tables.text_flaws import report_invisible, report_lone_carriage_return

# What spreadsheets write above a table, so that others of their kind know what separates its fields.
_NAMED_SEPARATOR: Final = re.compile('"?sep=([,;\t])"?[ \t]*\r?\n', re.IGNORECASE)
_MOST_TITLES: Final = 10
_LONGEST_HEAD: Final = 100_000
_QUOTED_STRETCH: Final = re.compile(r'"[^"]*+"')
_QUOTED_FIELD: Final = re.compile(r'"([^"]*+(?:""[^"]*+)*+)" *+')


def read_csv(source: Source, report: Report, *, concerns: Concerns = every_table) -> tuple[Table, ...]:
    """The table of a CSV text; nothing where the text is empty.

    Its first row is the header, unless what stands above the header is a title: rows with a single field, or rows
    with fewer fields than the first one that `concerns`. Titles are headings of the table. A line break within a
    quoted field is a line break of the cell. Rows that lack fields are filled up with empty ones.

    Args:
        concerns: whether the table matters; problems in the rows of one that does not are nobody's business.
        report: receives EG102 to EG104 (the text), EG110 (surplus fields), EG120 and EG121 (quotes).
    """
    if source.text.count("\n") > MOST_LINES:
        report.add(source_too_large(Span(source, 0, 0), f"{MOST_LINES} lines"))
        return ()
    report_lone_carriage_return(source, report)
    found = Report()
    records = _records(source, found)
    first = list(islice(records, _MOST_TITLES))
    if not first:
        report.extend(found.diagnostics)
        return ()
    at = _header_row(first, concerns)
    headers = first[at]
    titles = [Located(" ".join(it.text for it in row if it.text), _span(source, row)) for row in first[:at]]
    headings = tuple(it for it in titles if it.value)
    records = chain(first[at + 1 :], records)
    width = len(headers)
    span = Span(source, headers[0].start, headers[-1].end)
    rows = []
    cells = 0
    for record in records:
        count = len(record)
        if count > width:
            report_surplus(source, record[width:], span, width, found)
            del record[width:]
        elif count < width:
            end = record[-1].end
            record.extend([Cell("", end, end)] * (width - count))
        rows.append(tuple(record))
        cells += width
        if cells > MOST_CELLS:
            report.add(source_too_large(span, f"{MOST_CELLS} cells"))
            return ()
    if concerns(TableHead(tuple(headers), headings)):
        report.extend(found.diagnostics)
    heading = headings[-1] if headings else None
    return (Table(source, heading, headings, tuple(headers), tuple(rows), span),)


def _header_row(first: Sequence[Sequence[Cell]], concerns: Concerns) -> int:
    """Which of the first rows is the header; one with an empty corner may be that of a table that lies on its side."""
    filled = [sum(bool(cell.text) for cell in row) for row in first]
    wide = next((at for at, count in enumerate(filled) if count > 1), 0)
    for at in range(wide, len(first)):
        if not first[at][0].text or concerns(TableHead(tuple(first[at]), ())):
            return at if all(count < filled[at] for count in filled[:at]) else wide
    return wide


def _span(source: Source, row: Sequence[Cell]) -> Span:
    return Span(source, row[0].start, row[-1].end)


def _separator(text: str, start: int) -> str:
    """The sign that most of the first lines have; of several, the one that the first line has most of."""
    lines = _QUOTED_STRETCH.sub("", text[start : start + _LONGEST_HEAD]).split("\n", _MOST_TITLES)[:_MOST_TITLES]
    return max(",;\t", key=lambda it: (sum(it in line for line in lines), lines[0].count(it)))


def _records(source: Source, report: Report) -> Iterator[list[Cell]]:
    """Every record with any text in it."""
    text = source.text
    size = len(text)
    at = len(text) - len(text.lstrip("\ufeff\r\n"))
    if named := _NAMED_SEPARATOR.match(text, at):
        at, separator = named.end(), named[1]
    else:
        separator = "\t" if source.name.lower().endswith(".tsv") else _separator(text, at)
    plain_field = re.compile(f"[^{separator}\n]*+")
    quote = -1
    while at < size:
        line_end = text.find("\n", at)
        if line_end == -1:
            line_end = size
        if quote < at:
            quote = text.find('"', at)
            if quote == -1:
                quote = size
        record: list[Cell] = []
        if quote > line_end:
            for part in text[at:line_end].split(separator):
                record.append(_cell(source, at, at + len(part), report))
                at += len(part) + 1
        else:
            at = _read_quoted_record(source, at, separator, plain_field, record, report)
        if any(cell.text for cell in record):
            yield record


def _read_quoted_record(
    source: Source, at: int, separator: str, plain_field: re.Pattern[str], record: list[Cell], report: Report
) -> int:
    """Add the cells of a record that holds quotes; the offset of the next record."""
    text = source.text
    while True:
        start = at
        while text.startswith(" ", at):
            at += 1
        if text.startswith('"', at):
            field = _QUOTED_FIELD.match(text, at)
            if field is None:
                report.add(unclosed_quote(Span(source, at, at + 1)))
                return len(text)
            record.append(_cell(source, field.start(1), field.end(1), report, is_quoted=True))
            start = field.end()
            end = _field_end(plain_field, text, start)
            stray = text[start:end].rstrip()
            if stray:
                report.add(text_after_quote(Span(source, start, start + len(stray)), Span(source, at, at + 1)))
        else:
            end = _field_end(plain_field, text, start)
            record.append(_cell(source, start, end, report))
        at = end + 1
        if not text.startswith(separator, end):
            return at


def _field_end(plain_field: re.Pattern[str], text: str, start: int) -> int:
    field = plain_field.match(text, start)
    assert field is not None
    return field.end()


def _cell(source: Source, start: int, end: int, report: Report, *, is_quoted: bool = False) -> Cell:
    padded = source.text[start:end]
    raw = padded.strip()
    start += padded.find(raw)
    end = start + len(raw)
    if raw.isprintable():
        said = raw.replace('""', '"') if is_quoted and '"' in raw else raw
        return Cell(" ".join(said.split()) if "  " in said else said, start, end)
    said = tidy(raw.replace('""', '"') if is_quoted else raw)
    report_invisible(Span(source, start, end), said, report)
    return Cell(said, start, end)
