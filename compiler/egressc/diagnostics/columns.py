"""Columns and cells that say less, more or something else than a row can grant."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import ask_read_as, quoted, say_read_as
from egressc.source import Located, Span


@code("EG209", Severity.ERROR, "A column of ports may be what services listen on, or what they connect to.")
def ambiguous_port_column(code: Code, header: Located[str], sign: Label) -> Diagnostic:
    """`sign`: what tells that a port may belong to the connection of its row."""
    return Diagnostic(
        code,
        f'column "{header.value}" may say what each service listens on, or the port of what it connects to',
        Label(header.span, "whose port"),
        (sign,) if sign.span != header.span else (),
        'add to the project file: tables: {at: {"<heading>": '
        f"{{columns: {{{quoted(header.value)}: listensOn}}}}}}}} where it is what each service listens on, or "
        '{kind: flows, columns: {"<header of the destinations>": destination}} where each row is a connection',
    )


@code("EG218", Severity.ERROR, "A row says of itself that it does not hold, or not always.")
def denying_row(
    code: Code,
    cell: Located[str],
    header: str,
    heading: str,
    *,
    is_verdict: bool,
    is_ignored: bool = False,
    row: str = "",
) -> Diagnostic:
    """`heading`: the nearest above the table, or its file. `is_verdict`: the column says whether rows hold.

    `row`: how the project file names the row, where the text of the cell says something else in other rows.
    """
    named = row or cell.value
    says = f'"{header}" says "{cell.value}"' if cell.value else f'"{header}" says nothing'
    way = f"{say_read_as(named, 'deny')} where it denies the row"
    if not cell.value:
        way = (
            "say in the project file what an empty cell means: tables: "
            f'{{at: {{{quoted(heading)}: {{blank: {{{quoted(header)}: "deny"}}}}}}}}'
        )
    reason = (
        f'; or give a reason for ignoring the column: {{column: {quoted(header)}, reason: "\u2026"}}'
        if is_ignored
        else ""
    )
    other = '"allow" where the row holds as it stands' if is_verdict else '"ignore" if the text does not affect the row'
    holds = "allow" if is_verdict else "ignore"
    missing = ask_read_as(named, "deny", holds, "leave out", supposed=holds)
    if not cell.value:
        missing = (Missing(Lack.BLANK, header, heading, choices=("deny", "allow", "leave out"), supposed="allow"),)
    return Diagnostic(
        code,
        f"row is neither granted nor denied: {says}",
        Label(cell.span, "granted or denied?"),
        help=f'{way}, {other}, or "leave out" to drop the row{reason}',
        missing=missing,
    )


@code("EG257", Severity.ERROR, "A cell under a header such as Direction says neither inbound nor outbound.")
def unknown_direction(code: Code, cell: Located[str], header: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{header}" says "{cell.value}", which is no direction',
        Label(cell.span, "who connects to whom"),
        help=f'{say_read_as(cell.value, "outbound")} if the named service opens the connection, "inbound" if it '
        'receives it, or "leave out" to drop the row',
        missing=ask_read_as(cell.value, "outbound", "inbound", "leave out", supposed="outbound"),
    )


@code("EG255", Severity.ERROR, "Two columns of one row disagree on whether it holds.")
def disagreeing_verdicts(code: Code, denying: Located[str], allowing: Located[str], row: str) -> Diagnostic:
    """Both by the header of their column, at their cell. `row`: how the project file names the row."""
    return Diagnostic(
        code,
        f'"{denying.value}" says that the row does not hold, "{allowing.value}" that it does',
        Label(denying.span, "denies"),
        (Label(allowing.span, "allows"),),
        f"list the column that does not count: tables: {{ignoreColumns: [{{column: {quoted(denying.value)}, reason: "
        f'"\u2026"}}]}} in the project file; or {say_read_as(row, "allow")}, or "deny", for this row alone',
        missing=ask_read_as(row, "allow", "deny", "leave out", supposed="allow"),
    )


@code("EG250", Severity.ERROR, "A cell says that nothing at all may leave a service, and DNS would be allowed.")
def closed_service(code: Code, cell: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{cell.value}" denies everything, but the DNS rule would still be granted',
        Label(cell.span, "DNS too"),
        help=f'{say_read_as(cell.value, "deny all")} where DNS is denied too, or "none" where DNS stays allowed',
        missing=ask_read_as(cell.value, "deny all", "none", supposed="none"),
    )


@code("EG251", Severity.NOTE, "The project file ignores a column, and a row in it says no.")
def ignored_denial(code: Code, header: Located[str], says: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'column "{header.value}" says "{says}" and is ignored: {reason}',
        Label(header.span, "ignored by the project file"),
    )


@code(
    "EG219", Severity.WARNING, "A column limits rows to a time, a place or a condition, and they are granted without."
)
def unlimited_rows(code: Code, header: Located[str], cells: Sequence[Span]) -> Diagnostic:
    """`cells`: the first of each text, of which the first few are shown."""
    return Diagnostic(
        code,
        f'column "{header.value}" limits rows and is not read: its rows are granted everywhere and permanently',
        Label(header.span, "not read"),
        tuple(Label(it, "granted without it") for it in cells[:3]),
        "move rows that should not hold now and here to a table that is left out, or add the header to "
        "tables.ignoreColumns of the project file",
    )


@code("EG221", Severity.ERROR, "A cell that names one thing holds several.")
def several_names(code: Code, names: Located[Sequence[str]], column: str, text: str) -> Diagnostic:
    """`text`: all of the cell."""
    return Diagnostic(
        code,
        f'cell under "{column}" holds {len(names.value)} names: a row is about one',
        Label(names.span, "one name is read here"),
        help=f"{say_read_as(text, ', '.join(names.value))} where these are services"
        if column == "Service"
        else "give the names a meaning in the catalog: groups: "
        f'{{"{" ".join(text.split())}": {{members: [{", ".join(names.value)}]}}}}; or write a row for each',
    )


@code("EG222", Severity.WARNING, "The project file ignores a column that no table has.")
def idle_ignored_column(code: Code, header: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'no table has a column "{header.value}"',
        Label(header.span, "ignores nothing"),
        help="write the header exactly as in the table, or remove this line",
    )


@code("EG223", Severity.ERROR, "A header is almost one that is read.")
def almost_known_column(code: Code, header: Located[str], word: str, role: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'column "{header.value}" is almost "{word}", and would not be read',
        Label(header.span, "not a known header"),
        help=f'write "{word}" where that is meant, or add to the project file, under tables, '
        f"headers: {{{role}: [{quoted(header.value)}]}}, or ignoreColumns: [{quoted(header.value)}] to ignore it",
        missing=(Missing(Lack.HEADERS, header.value, supposed=role),),
    )


@code("EG224", Severity.WARNING, "A heading sounds as if the rows below it did not hold, and they are granted.")
def denying_heading(code: Code, heading: Located[str], word: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}", and the rows below it are granted',
        Label(heading.span, "granted all the same"),
        help=f'add "{heading.value}" to tables.leaveOut of the project file where they should not be, else allow EG224',
    )


@code("EG258", Severity.NOTE, "A heading says that the rows below it are denied, and they are read so.")
def denied_table(code: Code, heading: Located[str], word: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}": the rows below it are denied',
        Label(heading.span, "each row is a denial"),
        help=f'{say_read_as(heading.value, "allow")} where they hold, or "leave out" to drop them',
    )


@code("EG259", Severity.WARNING, "A heading says that the rows below it do not hold yet, or any more.")
def pending_table(code: Code, heading: Located[str], word: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}": the rows below it grant nothing',
        Label(heading.span, "not granted"),
        help=f'{say_read_as(heading.value, "allow")} where they hold, or "leave out" to agree',
    )
