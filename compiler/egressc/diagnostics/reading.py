"""EG1xx: reading text as tables and YAML, before anything is known of services and destinations."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import say_read_as
from egressc.source import Span

_LONGEST_QUOTE = 60


def _quote(text: str) -> str:
    """The start of a text, as a message shows it: its first line, shortened."""
    line = text.partition("\n")[0]
    shown = line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
    return f'"{shown}"'


# --- any text


# The way out that needs no edit of the document.
OR_LEAVE_OUT: Final = (
    "or add its heading or its file to tables.leaveOut in the project file, and write its rows in another source"
)


@code("EG101", Severity.ERROR, "A source is not UTF-8 text.")
def not_utf8(code: Code, place: Span, byte: int, looks_like: str) -> Diagnostic:
    """`place` is the first bad byte, `looks_like` the encoding that the file seems to have, or empty."""
    seen = f"; it looks like {looks_like}" if looks_like else ""
    return Diagnostic(
        code,
        f"byte 0x{byte:02X} is not UTF-8{seen}",
        Label(place, "first byte that cannot be read"),
        help="save the file as UTF-8",
    )


@code("EG102", Severity.ERROR, "A source is too large.")
def source_too_large(code: Code, place: Span, limit: str) -> Diagnostic:
    return Diagnostic(code, f"source exceeds {limit}", Label(place), help="write its tables in several smaller files")


@code("EG103", Severity.ERROR, "Text contains an invisible character.")
def invisible_character(code: Code, place: Span, character: str, name: str) -> Diagnostic:
    """Control, bidirectional and zero-width characters: two names that look equal would not be."""
    called = f" ({name})" if name else ""
    return Diagnostic(
        code,
        f"text contains the invisible character U+{ord(character):04X}{called}",
        Label(place, "invisible here"),
        help="remove the character, or write the text again",
    )


@code("EG104", Severity.ERROR, "A line ends with a lone carriage return, which editors and Helm read differently.")
def lone_carriage_return(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "carriage return has no line feed after it",
        Label(place),
        help="save the file with LF or CRLF line endings",
    )


@code("EG105", Severity.ERROR, "Text is nested too deeply.")
def nested_too_deep(code: Code, place: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"text is nested more than {limit} levels deep",
        Label(place, "one level too many"),
        help="write it with fewer levels",
    )


# --- tables


@code("EG106", Severity.ERROR, "A source has an unsupported file type.")
def unknown_format(code: Code, place: Span, name: str, suffixes: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(name)} has an unsupported file type",
        Label(place, "named here" if place.text else ""),
        help=f"write the name of a file that ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}",
    )


@code("EG107", Severity.WARNING, "A source has no table that egressc reads: it grants nothing.")
def unused_source(code: Code, place: Span, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(name)} has no table of services, destinations or flows",
        Label(place, "named here" if place.text else ""),
        help="add a header row with known words above its table (docs/tables.md), in CSV as the first row, "
        "or remove the file from sources",
    )


@code("EG108", Severity.ERROR, "A source has merge conflict markers.")
def unmerged_source(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "source has merge conflict markers",
        Label(place, "the first marker"),
        help="remove the side that you do not want, and the lines that begin with <<<<<<<, ======= and >>>>>>>",
    )


@code("EG110", Severity.ERROR, "A row has more cells than the table has columns.")
def surplus_cell(code: Code, place: Span, header: Span, columns: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"cell {_quote(place.text)} is after the last of {columns} columns",
        Label(place, "no column for this cell"),
        related=(Label(header, "the columns"),),
        help='remove the cell, or write a separator that is part of the text as "\\|" in Markdown or in quotes in CSV; '
        + OR_LEAVE_OUT,
    )


@code("EG111", Severity.ERROR, "Lines look like a table header, but Markdown does not read them as one.")
def broken_table(code: Code, delimiters: Span, header: Span, columns: int, delimiter_columns: int) -> Diagnostic:
    """The counts differ, or they are equal and the lines are inside a paragraph that started further left."""
    if columns != delimiter_columns:
        message = f"header has {columns} cells and the line under it {delimiter_columns}, so Markdown reads no table"
        repair = "write one --- for each header cell"
    else:
        message = "lines continue the paragraph above, so Markdown reads no table"
        repair = "add an empty line before the table, and write none of its lines further left than the first"
    return Diagnostic(
        code,
        message,
        Label(delimiters, "read as text"),
        related=(Label(header, "the header"),),
        help=f"{repair}; {OR_LEAVE_OUT}",
    )


@code("EG112", Severity.ERROR, "Text is directly under a table, where Markdown reads it as a row.")
def text_after_table(code: Code, place: Span, *, goes_on: bool = False) -> Diagnostic:
    """`goes_on`: rows follow below, which an empty line would cut off from their table."""
    repair = "add an empty line between the table and the text"
    if goes_on:
        repair = "write the text below the last row, after an empty line, or add pipes if it is a row"
    return Diagnostic(
        code,
        "line continues the table above but has no cells",
        Label(place, "read as a row of the table"),
        help=f"{repair}; {OR_LEAVE_OUT}",
    )


@code("EG113", Severity.ERROR, "A cell has struck-out text: whether it is still needed is unclear.")
def struck_out_text(code: Code, place: Span, cell: str) -> Diagnostic:
    """`cell`: the text of the whole cell."""
    return Diagnostic(
        code,
        f"{_quote(place.text)} is struck out",
        Label(place, "needed or not?"),
        help=f"{say_read_as(cell, '<what is still needed>')}; {OR_LEAVE_OUT}",
    )


@code("EG117", Severity.WARNING, "A row is struck out: it grants nothing.")
def struck_out_row(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "row is struck out and grants nothing",
        Label(place, "not read"),
        help="remove the strikethrough if the row is needed, or write it in another source",
    )


@code(
    "EG114", Severity.ERROR, "A code fence, comment or HTML block is never closed and hides the rest of the document."
)
def unclosed_block(code: Code, place: Span, closing: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} is never closed",
        Label(place, "hides everything below"),
        help=f"write {closing} on its own line where it ends",
    )


@code("EG115", Severity.ERROR, "Lines look like a table or like its rows, but Markdown reads them as text.")
def unread_table(code: Code, place: Span, why: str, repair: str) -> Diagnostic:
    return Diagnostic(code, f"rows are not read: {why}", Label(place, "read as text"), help=f"{repair}; {OR_LEAVE_OUT}")


@code("EG116", Severity.WARNING, "Lines begin with a pipe but are in no table.")
def unread_rows(code: Code, place: Span, why: str, repair: str) -> Diagnostic:
    return Diagnostic(
        code, f"lines with pipes are not a table: {why}", Label(place, "read as text"), help=f"{repair}; {OR_LEAVE_OUT}"
    )


# --- CSV


@code("EG120", Severity.ERROR, "A quoted CSV field is never closed.")
def unclosed_quote(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "quoted field is never closed",
        Label(place, "opened here"),
        help=f'write " at the end of the field, and "" for a quote inside it; {OR_LEAVE_OUT}',
    )


@code("EG121", Severity.ERROR, "Text follows the closing quote of a CSV field.")
def text_after_quote(code: Code, place: Span, opening: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} follows the closing quote of the field",
        Label(place, "outside the quotes"),
        related=(Label(opening, "the field begins here"),),
        help=f'write the separator after the closing quote, or "" for a quote inside the field; {OR_LEAVE_OUT}',
    )


# --- YAML


@code("EG130", Severity.ERROR, "A source is not valid YAML.")
def invalid_yaml(code: Code, place: Span, problem: str, context: Label | None, repair: str) -> Diagnostic:
    """`problem` is what the parser says; `context` is where the construct that holds it begins."""
    related = (context,) if context is not None else ()
    return Diagnostic(code, f"source is not valid YAML: {problem}", Label(place), related=related, help=repair)


@code("EG131", Severity.ERROR, "YAML uses an anchor, an alias or a merge key.")
def yaml_anchor(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} is a YAML anchor, alias or merge key",
        Label(place, "not supported"),
        help="write the value itself in each place",
    )


@code("EG132", Severity.ERROR, "YAML uses an explicit tag.")
def yaml_tag(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"YAML tag {_quote(place.text)} is not supported",
        Label(place),
        help="remove the tag: a value in quotes is a string, one without is a number, true or false",
    )


@code("EG133", Severity.ERROR, "A YAML mapping has the same key twice.")
def duplicate_key(code: Code, place: Span, first: Span, key: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"key {_quote(key)} is defined twice",
        Label(place, "the second"),
        related=(Label(first, "the first"),),
        help="merge both under one key: Helm silently keeps the last",
    )


@code("EG134", Severity.ERROR, "A source has several YAML documents.")
def several_documents(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "source has a second YAML document",
        Label(place),
        help="write one document per file, or remove the second ---",
    )


@code("EG135", Severity.ERROR, "A YAML key is not the string that it looks like.")
def not_a_text_key(code: Code, place: Span, reading: str) -> Diagnostic:
    """`reading` says what Helm makes of the key."""
    return Diagnostic(
        code,
        f"key {_quote(place.text)} is {reading}, not a string",
        Label(place),
        help="write the key in quotes",
    )


@code("EG136", Severity.ERROR, "A YAML value is a number that Helm cannot hold.")
def not_a_json_number(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} is not a number that Helm can hold",
        Label(place),
        help="write another number, or the string in quotes",
    )
