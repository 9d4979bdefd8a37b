"""EG1xx: reading text as tables and YAML, before anything is known of services and destinations."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import say_read_as
from egressc.source import Span

_LONGEST_QUOTE = 60


def _quote(text: str) -> str:
    """A text as a message shows it: its first line, and no more of it than a person reads."""
    line = text.partition("\n")[0]
    shown = line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
    return f'"{shown}"'


# --- any text


# The way out that needs no edit of the document.
OR_LEAVE_OUT: Final = (
    "or leave the table out, by its heading or its file, under tables.leaveOut of the project file, and give its rows "
    "in a further source"
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


@code("EG102", Severity.ERROR, "A source is larger than any requirement document.")
def source_too_large(code: Code, place: Span, limit: str) -> Diagnostic:
    return Diagnostic(
        code, f"this source holds more than {limit}", Label(place), help="split the source into several files"
    )


@code("EG103", Severity.ERROR, "Text holds a character that nobody can see.")
def invisible_character(code: Code, place: Span, character: str, name: str) -> Diagnostic:
    """Control, bidirectional and zero-width characters: two names that look equal would not be."""
    called = f" ({name})" if name else ""
    return Diagnostic(
        code,
        f"the text holds the invisible character U+{ord(character):04X}{called}",
        Label(place, "invisible here"),
        help="delete the character, or type the text again",
    )


@code("EG104", Severity.ERROR, "Lines end in a way that editors and Helm do not agree about.")
def lone_carriage_return(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "a carriage return is here without a line feed",
        Label(place),
        help="save the file with LF or CRLF line ends",
    )


@code("EG105", Severity.ERROR, "Text is nested more deeply than any requirement needs.")
def nested_too_deep(code: Code, place: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"the text is nested more than {limit} levels deep",
        Label(place, "one level too many"),
        help="write it with fewer levels",
    )


# --- tables


@code("EG106", Severity.ERROR, "A source is of a kind that is not read.")
def unknown_format(code: Code, place: Span, name: str, suffixes: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(name)} is of no kind that is read",
        Label(place, "named here" if place.text else ""),
        help=f"name a file that ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}",
    )


@code("EG107", Severity.WARNING, "A source holds no table of a known kind: it grants nothing.")
def idle_source(code: Code, place: Span, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(name)} holds no table of services, destinations or flows",
        Label(place, "named here" if place.text else ""),
        help="give its table a header row with words that are known (docs/tables.md), and in CSV as the first row; "
        "or take it out of sources",
    )


@code("EG108", Severity.ERROR, "A source holds the marks of a merge conflict.")
def unmerged_source(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "this source holds both sides of a merge",
        Label(place, "the first of them begins here"),
        help="keep what is meant of both, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>",
    )


@code("EG110", Severity.ERROR, "A row has more cells than the table has columns.")
def surplus_cell(code: Code, place: Span, header: Span, columns: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} is beyond the last column ({columns})",
        Label(place, "no column for this cell"),
        related=(Label(header, "the columns"),),
        help='remove the cell, or write a separator that belongs to a name as "\\|" in Markdown and in quotes in CSV; '
        + OR_LEAVE_OUT,
    )


@code("EG111", Severity.ERROR, "Lines look like the head of a table, and Markdown does not read them as one.")
def broken_table(code: Code, delimiters: Span, header: Span, columns: int, delimiter_columns: int) -> Diagnostic:
    """The counts differ, or they are equal and the lines stand inside a paragraph that started further left."""
    if columns != delimiter_columns:
        message = f"the header has {columns} cells and the line under it {delimiter_columns}: this is no table"
        repair = "write one --- for each header cell"
    else:
        message = "these lines continue the paragraph above them: this is no table"
        repair = "write an empty line before the table, and none of its lines further left than the first"
    return Diagnostic(
        code,
        message,
        Label(delimiters, "read as text"),
        related=(Label(header, "the header"),),
        help=f"{repair}; {OR_LEAVE_OUT}",
    )


@code("EG112", Severity.ERROR, "Text stands directly under a table, where Markdown takes it for a row.")
def text_after_table(code: Code, place: Span, *, goes_on: bool = False) -> Diagnostic:
    """`goes_on`: rows follow below, which an empty line would part from their table."""
    repair = "write an empty line between the table and the text"
    if goes_on:
        repair = "move the text below the last row, an empty line between them; where it is a row, write its pipes"
    return Diagnostic(
        code,
        "this line continues the table above, yet it has no cells",
        Label(place, "read as a row of the table"),
        help=f"{repair}; {OR_LEAVE_OUT}",
    )


@code("EG113", Severity.ERROR, "A cell holds struck-out text, so it is unclear whether it is asked for.")
def struck_out_text(code: Code, place: Span, cell: str) -> Diagnostic:
    """`cell`: the text of the whole cell."""
    return Diagnostic(
        code,
        f"{_quote(place.text)} is struck out",
        Label(place, "asked for or not?"),
        help=f"{say_read_as(cell, '<what holds of it>')}; {OR_LEAVE_OUT}",
    )


@code("EG117", Severity.WARNING, "A row is struck out: it grants nothing.")
def struck_out_row(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "row is struck out, and grants nothing",
        Label(place, "not read"),
        help="remove the strike marks where it holds, or give it in a further source",
    )


@code(
    "EG114", Severity.ERROR, "A code fence, comment or HTML block is never closed and hides the rest of the document."
)
def unclosed_block(code: Code, place: Span, closing: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} opens here and is never closed",
        Label(place, "hides everything below"),
        help=f"write {closing} on a line of its own where it ends",
    )


@code(
    "EG115", Severity.ERROR, "Lines look like a table of a known kind or rows of one, and Markdown reads them as text."
)
def unread_table(code: Code, place: Span, why: str, repair: str) -> Diagnostic:
    return Diagnostic(
        code, f"these rows are not read: {why}", Label(place, "read as text"), help=f"{repair}; {OR_LEAVE_OUT}"
    )


@code("EG116", Severity.WARNING, "Lines begin with a pipe and belong to no table.")
def unread_rows(code: Code, place: Span, why: str, repair: str) -> Diagnostic:
    return Diagnostic(
        code, f"lines with pipes are no table: {why}", Label(place, "read as text"), help=f"{repair}; {OR_LEAVE_OUT}"
    )


# --- CSV


@code("EG120", Severity.ERROR, "A quoted CSV field is never closed.")
def unclosed_quote(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "this quoted field is never closed",
        Label(place, "opened here"),
        help=f'write " at the end of the field; a quote inside a quoted field is written ""; {OR_LEAVE_OUT}',
    )


@code("EG121", Severity.ERROR, "Text follows the closing quote of a CSV field.")
def text_after_quote(code: Code, place: Span, opening: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} follows the closing quote of the field",
        Label(place, "outside the quotes"),
        related=(Label(opening, "the field begins here"),),
        help='write the separator after the closing quote; a quote inside a quoted field is written ""; '
        + OR_LEAVE_OUT,
    )


# --- YAML


@code("EG130", Severity.ERROR, "A source is not valid YAML.")
def invalid_yaml(code: Code, place: Span, problem: str, context: Label | None, repair: str) -> Diagnostic:
    """`problem` is the parser's own words; `context` is where the construct that holds it begins."""
    related = (context,) if context is not None else ()
    return Diagnostic(code, f"this is not valid YAML: {problem}", Label(place), related=related, help=repair)


@code("EG131", Severity.ERROR, "YAML uses an anchor, an alias or a merge key.")
def yaml_anchor(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} says one thing in two places",
        Label(place, "anchors, aliases and merge keys are not read"),
        help="write the text itself where it is meant",
    )


@code("EG132", Severity.ERROR, "YAML uses an explicit tag.")
def yaml_tag(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"the tag {_quote(place.text)} is not read",
        Label(place),
        help="remove the tag; quotes make a text, no quotes a number or true and false",
    )


@code("EG133", Severity.ERROR, "A YAML mapping holds one key twice.")
def duplicate_key(code: Code, place: Span, first: Span, key: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"the key {_quote(key)} is defined twice",
        Label(place, "the second"),
        related=(Label(first, "the first"),),
        help="keep one; Helm would silently keep the last",
    )


@code("EG134", Severity.ERROR, "A source holds several YAML documents.")
def several_documents(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code, "a second YAML document begins here", Label(place), help="write one document to a file, and no second ---"
    )


@code("EG135", Severity.ERROR, "A YAML key is not the text that it seems to be.")
def not_a_text_key(code: Code, place: Span, reading: str) -> Diagnostic:
    """`reading` says what Helm makes of the key."""
    return Diagnostic(
        code,
        f"the key {_quote(place.text)} is {reading}, not the text that is written",
        Label(place),
        help="write the key in quotes",
    )


@code("EG136", Severity.ERROR, "A YAML value is a number that Helm cannot hold.")
def not_a_json_number(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"{_quote(place.text)} is no number that Helm can hold",
        Label(place),
        help="write a number, or quote the text",
    )
