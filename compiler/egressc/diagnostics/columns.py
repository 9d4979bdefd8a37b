"""Columns and cells that say less, more or something else than a row can grant."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code, rewrite
from egressc.diagnostics.phrases import ask_read_as, quoted, say_read_as
from egressc.source import Located, Span


@code("EG209", Severity.ERROR, "A column of ports may say what services listen on, or what they connect to.")
def ambiguous_port_column(code: Code, header: Located[str], sign: Label) -> Diagnostic:
    """`sign`: what tells that a port may belong to the connection of its row."""
    return Diagnostic(
        code,
        f'column "{header.value}" may say what each service listens on or what it connects to',
        Label(header.span, "whose port"),
        (sign,) if sign.span != header.span else (),
        'add to the project file: tables: {at: {"<heading>": '
        f"{{columns: {{{quoted(header.value)}: listensOn}}}}}}}} if each service listens on it, or "
        '{kind: flows, columns: {"<header of the destinations>": destination}} if each row is a connection',
    )


@code("EG218", Severity.ERROR, "A row may deny itself, or limit when it is valid.")
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
    way = f"{say_read_as(named, 'deny')} if it denies the row"
    if not cell.value:
        way = (
            "add to the project file what an empty cell means: tables: "
            f'{{at: {{{quoted(heading)}: {{blank: {{{quoted(header)}: "deny"}}}}}}}}'
        )
    reason = (
        f'; or add a reason to its entry in ignoreColumns: {{column: {quoted(header)}, reason: "\u2026"}}'
        if is_ignored
        else ""
    )
    other = '"allow" if the row is valid as it is' if is_verdict else '"ignore" if the text does not affect the row'
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


@code("EG257", Severity.ERROR, "A cell under a header such as Direction is neither inbound nor outbound.")
def unknown_direction(code: Code, cell: Located[str], header: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{header}" says "{cell.value}", which is not a direction',
        Label(cell.span, "who connects to whom"),
        help=f'{say_read_as(cell.value, "outbound")} if the named service opens the connection, "inbound" if it '
        'receives it, or "leave out" to drop the row',
        missing=ask_read_as(cell.value, "outbound", "inbound", "leave out", supposed="outbound"),
    )


@code("EG255", Severity.ERROR, "Two columns of a row disagree on whether it is valid.")
def disagreeing_verdicts(code: Code, denying: Located[str], allowing: Located[str], row: str) -> Diagnostic:
    """Both by the header of their column, at their cell. `row`: how the project file names the row."""
    return Diagnostic(
        code,
        f'"{denying.value}" denies the row, but "{allowing.value}" allows it',
        Label(denying.span, "denies"),
        (Label(allowing.span, "allows"),),
        "add the column that does not count to the project file: tables: "
        f"{{ignoreColumns: [{{column: {quoted(denying.value)}, reason: "
        f'"\u2026"}}]}}; or, for this row alone, {say_read_as(row, "allow")} or "deny"',
        missing=ask_read_as(row, "allow", "deny", "leave out", supposed="allow"),
    )


@code("EG250", Severity.ERROR, "A cell denies all egress of a service, but DNS would still be allowed.")
def closed_service(code: Code, cell: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{cell.value}" denies everything, but the DNS rule would still be granted',
        Label(cell.span, "DNS too"),
        help=f'{say_read_as(cell.value, "deny all")} if DNS is denied too, or "none" if DNS stays allowed',
        missing=ask_read_as(cell.value, "deny all", "none", supposed="none"),
    )


@code("EG251", Severity.NOTE, "The project file ignores a column in which a row says no.")
def ignored_denial(code: Code, header: Located[str], says: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'column "{header.value}" says "{says}" and is ignored: {reason}',
        Label(header.span, "ignored by the project file"),
    )


@code(
    "EG219", Severity.WARNING, "A column limits rows to a time, a place or a condition that no policy can hold them to."
)
def unlimited_rows(
    code: Code, header: Located[str], cells: Sequence[Span], *, of_environments: bool = False
) -> Diagnostic:
    """`cells`: the first of each text, of which the first few are shown."""
    listed = "list the environments under `environments` in the project file; or " if of_environments else ""
    return Diagnostic(
        code,
        f'column "{header.value}" limits rows but is not read, so they are granted everywhere and permanently',
        Label(header.span, "not read"),
        tuple(Label(it, "granted without this limit") for it in cells[:3]),
        f"{listed}remove rows that should not be granted here and now, or add the header to tables.ignoreColumns in "
        "the project file",
    )


@code("EG221", Severity.ERROR, "A cell has several names where one is expected.")
def several_names(code: Code, names: Located[Sequence[str]], column: str, text: str) -> Diagnostic:
    """`text`: all of the cell."""
    return Diagnostic(
        code,
        f'cell under "{column}" has {len(names.value)} names, but a row can have one',
        Label(names.span, "one name expected"),
        help=f"{say_read_as(text, ', '.join(names.value))} if these are services"
        if column == "Service"
        else "add to the catalog: groups: "
        f'{{"{" ".join(text.split())}": {{members: [{", ".join(names.value)}]}}}}; or write one row for each',
    )


@code("EG222", Severity.WARNING, "The project file ignores a column that is in no table.")
def unused_ignored_column(code: Code, header: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'no table has a column "{header.value}"',
        Label(header.span, "no such column"),
        help="write the header exactly as in the table, or remove this line",
    )


@code("EG223", Severity.ERROR, "A header is almost a known one.")
def almost_known_column(
    code: Code, header: Located[str], word: str, role: str, here: Sequence[str] = (), elsewhere: Sequence[str] = ()
) -> Diagnostic:
    """`here`: the environments that the header names, so that the column is not read in those `elsewhere`."""
    problem, label = f'column "{header.value}" is almost "{word}" but is not read', "not a known header"
    if here:
        said = quoted(header.value)
        read = [f"{it}: {{tables: {{headers: {{{role}: [{said}]}}}}}}" for it in here]
        ignored = [f"{it}: {{tables: {{ignoreColumns: [{said}]}}}}" for it in elsewhere]
        return Diagnostic(
            code,
            problem,
            Label(header.span, label),
            help=f"add to the project file: environments: {{{', '.join([*read, *ignored])}}}",
        )
    return Diagnostic(
        code,
        problem,
        Label(header.span, label),
        help=f'write "{word}" if you mean that, or add to the project file, under tables, '
        f"headers: {{{role}: [{quoted(header.value)}]}}, or ignoreColumns: [{quoted(header.value)}] to ignore it",
        missing=(Missing(Lack.HEADERS, header.value, supposed=role),),
        repairs=rewrite(header.value, (header.span,), (word,)),
    )


@code("EG224", Severity.WARNING, "A heading may deny or limit the rows below it, but they are granted.")
def denying_heading(code: Code, heading: Located[str], word: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}", but the rows below it are granted',
        Label(heading.span, "still granted"),
        help=f'add "{heading.value}" to tables.leaveOut in the project file to leave them out, '
        "or add EG224 to allow to confirm",
    )


@code("EG258", Severity.NOTE, "A heading says that the rows below it are denied: they are read as denials.")
def denied_table(code: Code, heading: Located[str], word: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}", so the rows below it are denied',
        Label(heading.span, "each row is a denial"),
        help=f'{say_read_as(heading.value, "allow")} if they are granted, or "leave out" to drop them',
    )


@code(
    "EG259",
    Severity.WARNING,
    "A heading says that the rows below it are not yet or no longer valid: they grant nothing.",
)
def pending_table(code: Code, heading: Located[str], word: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}", so the rows below it grant nothing',
        Label(heading.span, "not granted"),
        help=f'{say_read_as(heading.value, "allow")} if they are granted, or "leave out" to confirm',
    )
