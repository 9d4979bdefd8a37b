"""EG229, EG252-EG254, EG256, EG431, EG432, EG434, EG438, EG439: what documents contain and egressc does not read."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import LONGEST_PHRASE, MOST_PLACES, ask_read_as, quoted, say_read_as
from egressc.source import Located, Span


@code("EG229", Severity.ERROR, "A table that is not read names services or destinations.")
def unread_names(code: Code, headers: Span, names: Sequence[str], places: Sequence[Span], heading: str) -> Diagnostic:
    shown = ", ".join(f'"{name}"' for name in names[:3])
    more = ", \u2026" if len(names) > 3 else ""
    return Diagnostic(
        code,
        f"table names {shown}{more} but is not read",
        Label(headers, "its columns are unknown"),
        tuple(Label(place, "named here") for place in list(dict.fromkeys(places))[:3]),
        f"add to the project file: tables: {{at: {{{quoted(heading)}: "
        '{columns: {"<header>": source, "<header>": destination}}}} '
        "(or service, dependencies, port, \u2026; grid: {rows: source} for a grid; kind: inventory if it only "
        f'describes), or, to leave the table out, tables: {{at: {{{quoted(heading)}: {{leaveOut: "<reason>"}}}}}}',
        missing=(Missing(Lack.COLUMNS, "", heading),),
    )


@code("EG431", Severity.ERROR, "A line outside the tables describes a connection that no row grants.")
def unread_connections(code: Code, line: Located[str], others: Sequence[Span]) -> Diagnostic:
    more, describe = (f" and {len(others)} more", "describe") if others else ("", "describes")
    return Diagnostic(
        code,
        f'line "{_short(line.value)}"{more} {describe} a connection that no row grants',
        Label(line.span, "not read: not in a table"),
        tuple(Label(place, "not read") for place in others[: MOST_PLACES - 1]),
        "add rows for them to another source, in a table with From, To and Port; then "
        f"{say_read_as(line.value, 'leave out')}, for each line",
        missing=ask_read_as(line.value, "leave out", supposed="leave out"),
    )


@code("EG432", Severity.WARNING, "A sentence outside the tables may allow, deny or limit something, but has no effect.")
def unread_text(code: Code, line: Located[str], word: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'text outside the tables says "{word}" about "{name}" but has no effect',
        Label(line.span, "not read"),
        help=f"add a row if it changes anything; or {say_read_as(line.value, 'leave out')} to confirm",
    )


@code("EG438", Severity.ERROR, "A footnote may limit or change the rows that its mark is in.")
def limiting_footnote(
    code: Code, line: Located[str], word: str, mark: str, cells: Sequence[tuple[Located[str], str]]
) -> Diagnostic:
    """`cells` are those with the mark, each with how the project file names its row."""
    (first, row), *others = cells
    return Diagnostic(
        code,
        f'footnote {mark} may limit "{first.value}": it contains "{word}"',
        Label(first.span, "granted without it"),
        (Label(line.span, "the footnote"), *(Label(it.span, "this one too") for it, _ in others[: MOST_PLACES - 2])),
        f"{say_read_as(row, 'leave out')} if the footnote changes the row (or write the row as it is valid in "
        'place of "leave out"), for each row; or '
        f"{say_read_as(line.value, 'leave out')} if it changes nothing",
        missing=ask_read_as(line.value, "leave out", supposed="leave out"),
    )


@code("EG434", Severity.WARNING, "A column that is not read names services, destinations or hosts.")
def unread_column(code: Code, header: Located[str], name: str, cell: Span, *, role: str = "") -> Diagnostic:
    """`role`: that of a column which lists what services need, where this one may."""
    meant = f"headers: {{{role}: [{quoted(header.value)}]}} if services need these, or " if role else ""
    return Diagnostic(
        code,
        f'column "{header.value}" names "{name}" but is not read',
        Label(header.span, "grants nothing"),
        (Label(cell, "named here"),),
        f"add to the project file, under tables, {meant}ignoreColumns: [{quoted(header.value)}] if it grants nothing",
    )


@code("EG439", Severity.ERROR, "A column may name what services need, or who connects, but is not read.")
def unread_needs(code: Code, header: Located[str], name: str, cell: Span, *, is_source: bool = False) -> Diagnostic:
    """`is_source`: the table says where connections lead, and no other column who makes them."""
    column = quoted(header.value)
    if is_source:
        role, asked = "source", "do these connect?"
        meant = f"{{source: [{column}]}} if these connect to the destinations of their rows"
    else:
        role, asked = "dependencies", "needs, callers or neither?"
        meant = f"{{dependencies: [{column}]}} if services need these, {{calledBy: [{column}]}} if these call them"
    return Diagnostic(
        code,
        f'column "{header.value}" lists names such as "{name}" but is not read',
        Label(header.span, asked),
        (Label(cell, "named here"),),
        f"add to the project file, under tables, headers: {meant}, or ignoreColumns: [{column}] if it is neither",
        missing=(Missing(Lack.HEADERS, header.value, supposed=role),),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_PHRASE else f"{text[:LONGEST_PHRASE]}\u2026"


@code("EG252", Severity.NOTE, "A table has headers in another language, so documents are read in it too.")
def foreign_headers(code: Code, headers: Span, language: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'headers are in the language "{language}", so documents are read in it too',
        Label(headers, "the first"),
        help=f"add to the project file: tables: {{language: [{language}]}} to confirm; or add your own headers and "
        "words to tables.headers and tables.words",
    )


@code("EG253", Severity.ERROR, "A column has answers to an unknown question: whether its rows are granted is unclear.")
def unknown_question(code: Code, headers: Sequence[Located[str]], answer: str, heading: str) -> Diagnostic:
    """`answer`: the first cell of the first such column. `heading`: the nearest above the table, or its file."""
    first, *others = headers
    column = quoted(first.value)
    repair = (
        f'add to the project file, under tables, headers: {{decision: [{column}]}} if "yes" grants the row, {{denial: '
        f'[{column}]}} if "yes" denies it; or ignoreColumns: [{{column: {column}, reason: "\u2026"}}] if it does '
        "neither"
    )
    if others:
        repair = (
            "if the headers are destinations, add to the project file: tables: "
            f'{{at: {{{quoted(heading)}: {{grid: {{rows: source}}, columns: {{"<any other header>": ignore}}}}}}}}; '
            f"else, for each, {repair}"
        )
    return Diagnostic(
        code,
        f'column "{first.value}" contains answers such as "{answer}", but its header is not a known question',
        Label(first.span, "grants or denies?"),
        tuple(Label(it.span, "this one too") for it in others[: MOST_PLACES - 1]),
        repair,
    )


@code(
    "EG256",
    Severity.ERROR,
    "A table of services has a column of URLs that each row may connect to, and it is not read.",
)
def unread_urls(code: Code, needs: str, header: Located[str], heading: str) -> Diagnostic:
    """`needs`: the header of what each service needs. `heading`: the nearest above the table, or its file."""
    return Diagnostic(
        code,
        f'column "{header.value}" may say the port of each connection but is not read',
        Label(header.span, "not read"),
        help="if each row is a connection, add to the project file: tables: "
        f"{{at: {{{quoted(heading)}: {{kind: flows, columns: {{{quoted(needs)}: destination, {quoted(header.value)}: "
        f"address}}}}}}}}; else, under tables, ignoreColumns: [{quoted(header.value)}]",
    )


@code("EG254", Severity.WARNING, "A row does not say what its service needs: the service gets no policy.")
def blank_needs(code: Code, row: Span, name: str, header: str, heading: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" gets no policy: nothing says what it needs',
        Label(row, "no policy"),
        help='write "None" if it needs nothing, or, for every empty cell, add to the project file: tables: '
        f"{{at: {{{quoted(heading)}: {{blank: {{{quoted(header)}: none}}}}}}}}",
    )
