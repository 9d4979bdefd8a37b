"""EG229, EG252-EG254, EG256, EG431, EG432, EG434, EG438, EG439: what is in documents and is not read."""

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
        f"table is not read, and it names {shown}{more}",
        Label(headers, "what its columns say is not clear"),
        tuple(Label(place, "named here") for place in list(dict.fromkeys(places))[:3]),
        "say in the project file what its columns are: "
        f'tables: {{at: {{{quoted(heading)}: {{columns: {{"<header>": source, "<header>": destination}}}}}}}} '
        "(or service, dependencies, port, \u2026; grid: {rows: source} for a grid; kind: inventory where it only "
        f'describes), or leave it out: tables: {{at: {{{quoted(heading)}: {{leaveOut: "<reason>"}}}}}}',
        missing=(Missing(Lack.COLUMNS, "", heading),),
    )


@code("EG431", Severity.ERROR, "A line outside the tables describes a connection that no row grants.")
def unread_connections(code: Code, line: Located[str], others: Sequence[Span]) -> Diagnostic:
    more = f", and {len(others)} more" if others else ""
    return Diagnostic(
        code,
        f'no row says what the line "{_short(line.value)}"{more} says',
        Label(line.span, "not read: it is no row of a table"),
        tuple(Label(place, "not read") for place in others[: MOST_PLACES - 1]),
        "give what they grant in rows of a further source, a table with From, To and Port; then "
        f"{say_read_as(line.value, 'leave out')}, for each line",
        missing=ask_read_as(line.value, "leave out", supposed="leave out"),
    )


@code("EG432", Severity.WARNING, "A sentence outside the tables may allow, deny or limit something, and has no effect.")
def unread_text(code: Code, line: Located[str], word: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'text outside the tables says "{word}" about "{name}" and has no effect',
        Label(line.span, "not read"),
        help=f"say it in a row where it changes anything; {say_read_as(line.value, 'leave out')} to agree",
    )


@code("EG438", Severity.ERROR, "A footnote may limit or change the rows that its mark is in.")
def limiting_footnote(
    code: Code, line: Located[str], word: str, mark: str, cells: Sequence[tuple[Located[str], str]]
) -> Diagnostic:
    """`cells` are those that bear the mark, each with how the project file names its row."""
    (first, row), *others = cells
    return Diagnostic(
        code,
        f'footnote {mark} may limit "{first.value}": it contains "{word}"',
        Label(first.span, "granted as it is"),
        (Label(line.span, "the footnote"), *(Label(it.span, "this one too") for it, _ in others[: MOST_PLACES - 2])),
        f'{say_read_as(row, "leave out")} where the footnote changes the row, or in place of "leave out" the row as it '
        "holds, for each; "
        f"{say_read_as(line.value, 'leave out')} where it changes nothing",
        missing=ask_read_as(line.value, "leave out", supposed="leave out"),
    )


@code("EG434", Severity.WARNING, "A column that is not read names services or destinations.")
def unread_column(code: Code, header: Located[str], name: str, cell: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'column "{header.value}" is not read, and it names "{name}"',
        Label(header.span, "grants nothing"),
        (Label(cell, "named here"),),
        f"add to the project file, under tables, ignoreColumns: [{quoted(header.value)}] where it grants nothing",
    )


@code("EG439", Severity.ERROR, "A column names what services may need, or who connects, and is not read.")
def unread_needs(code: Code, header: Located[str], name: str, cell: Span, *, is_source: bool = False) -> Diagnostic:
    """`is_source`: the table says where connections lead, and no other column who makes them."""
    column = quoted(header.value)
    if is_source:
        role, asked = "source", "who connects?"
        meant = f"{{source: [{column}]}} where these connect to the destinations of their rows"
    else:
        role, asked = "dependencies", "needs, callers, or neither"
        meant = (
            f"{{dependencies: [{column}]}} where services need these, {{calledBy: [{column}]}} where they are called "
            "by them"
        )
    return Diagnostic(
        code,
        f'column "{header.value}" lists services or destinations, such as "{name}", and is not read',
        Label(header.span, asked),
        (Label(cell, "named here"),),
        f"add to the project file, under tables, headers: {meant}, or ignoreColumns: [{column}] where it is neither",
        missing=(Missing(Lack.HEADERS, header.value, supposed=role),),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_PHRASE else f"{text[:LONGEST_PHRASE]}\u2026"


@code("EG252", Severity.NOTE, "A table has headers of another language, and everything is read in it too.")
def foreign_headers(code: Code, headers: Span, language: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'headers are words of the language "{language}": documents are read in it too',
        Label(headers, "the first"),
        help=f"name it in the project file: tables: {{language: [{language}]}}; headers and words of your own go to "
        "tables.headers and tables.words",
    )


@code("EG253", Severity.ERROR, "A column answers a question that is not known: whether its rows hold is not clear.")
def unknown_question(code: Code, headers: Sequence[Located[str]], answer: str, heading: str) -> Diagnostic:
    """`answer`: the first cell of the first such column. `heading`: the nearest above the table, or its file."""
    first, *others = headers
    column = quoted(first.value)
    repair = (
        f'add to the project file, under tables, headers: {{decision: [{column}]}} where "yes" grants, {{denial: '
        f'[{column}]}} where "yes" denies it; or ignoreColumns: [{{column: {column}, reason: "\u2026"}}] where it says '
        "nothing of that"
    )
    if others:
        repair = (
            "where the headers are destinations, add to the project file: tables: "
            f'{{at: {{{quoted(heading)}: {{grid: {{rows: source}}, columns: {{"<header that is none>": ignore}}}}}}}}; '
            f"else for each, {repair}"
        )
    return Diagnostic(
        code,
        f'column "{first.value}" contains answers such as "{answer}", but its header is not a known question',
        Label(first.span, "does it grant or deny"),
        tuple(Label(it.span, "this one too") for it in others[: MOST_PLACES - 1]),
        repair,
    )


@code("EG256", Severity.ERROR, "A table of services has URLs of what each row connects to, and they are not read.")
def unread_urls(code: Code, needs: str, header: Located[str], heading: str) -> Diagnostic:
    """`needs`: the header of what each service needs. `heading`: the nearest above the table, or its file."""
    return Diagnostic(
        code,
        f'column "{header.value}" may say the port of each connection, and is not read',
        Label(header.span, "not read"),
        help="where each row is a connection, add to the project file: tables: "
        f"{{at: {{{quoted(heading)}: {{kind: flows, columns: {{{quoted(needs)}: destination, {quoted(header.value)}: "
        f"address}}}}}}}}; else, under tables, ignoreColumns: [{quoted(header.value)}]",
    )


@code("EG254", Severity.WARNING, "A row says nothing of what its service needs: it gets no policy.")
def blank_needs(code: Code, row: Span, name: str, header: str, heading: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" gets no policy: nothing says what it needs',
        Label(row, "no policy"),
        help='write "None" where it needs nothing, or say so for every empty cell: tables: '
        f"{{at: {{{quoted(heading)}: {{blank: {{{quoted(header)}: none}}}}}}}} in the project file",
    )
