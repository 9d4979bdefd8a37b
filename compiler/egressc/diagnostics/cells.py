"""EG201-EG217, EG220, EG230-EG232: tables, headers, cells and entries that cannot be read."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code, rewrite
from egressc.diagnostics.phrases import quoted, say_read_as
from egressc.source import Located, Span


def _name_table(kind: str) -> str:
    return kind if kind in ("inventory", "grid") else f"table of {kind}"


@code("EG201", Severity.ERROR, "A table lacks a required column.")
def missing_column(code: Code, kind: str, column: str, headers: Span, says: str, heading: str) -> Diagnostic:
    """`says`: what the column tells. `heading`: the nearest above the table, or its file."""
    role = {"From": "source", "To": "destination"}.get(column, column.lower())
    return Diagnostic(
        code,
        f'{_name_table(kind)} has no column "{column}": nothing says what {says}',
        Label(headers, f'no "{column}" here'),
        help=f'add to the project file: tables: {{at: {{{quoted(heading)}: {{columns: {{"<header>": {role}}}}}}}}} '
        f'for this table, headers: {{{role}: ["<header>"]}} for all tables, or, to leave the table out, tables: '
        f'{{at: {{{quoted(heading)}: {{leaveOut: "<reason>"}}}}}}',
        missing=(Missing(Lack.COLUMNS, role, heading),),
    )


@code("EG202", Severity.NOTE, "A column is not read.")
def unknown_column(code: Code, header: Located[str], kind: str, role: str | None) -> Diagnostic:
    """`role`: what the header says in tables of other kinds, if anything: a header word would not change that."""
    repair = "add its header to tables.headers in the project file if it says who may reach what"
    says = f'column "{header.value}" is not read: its header is unknown'
    if role is not None:
        repair = "add it to tables.ignoreColumns in the project file to confirm"
        says = f'column "{header.value}" is not read in this {_name_table(kind)}'
    return Diagnostic(
        code,
        says,
        Label(header.span, "not read"),
        help=repair,
    )


@code("EG203", Severity.NOTE, "A table is not read.")
def unknown_table(code: Code, headers: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "table is not read: its headers are unknown",
        Label(headers, "neither services, nor destinations, nor flows"),
        help='write "Service" and "Dependencies" as headers of a table of services, "Destination" and "Port" of '
        'destinations, or "From", "To" and "Port" of flows',
    )


@code("EG204", Severity.ERROR, "Two columns of a table mean the same.")
def repeated_column(code: Code, header: Located[str], first: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'columns "{first.value}" and "{header.value}" mean the same',
        Label(header.span, "the second"),
        (Label(first.span, "the first"),),
        help="remove one of the two, or add it to tables.ignoreColumns in the project file",
    )


@code("EG205", Severity.NOTE, "The project file leaves a table out: it grants nothing.")
def left_out_table(code: Code, heading: Located[str], reason: str) -> Diagnostic:
    """`reason`: the reason in the project file, or empty."""
    why = f": {reason}" if reason else ""
    return Diagnostic(
        code,
        f'tables under "{heading.value}" are left out and grant nothing{why}',
        Label(heading.span, "left out by the project file"),
    )


@code("EG206", Severity.ERROR, "The project file names a table that is not in any document.")
def unused_leave_out(code: Code, heading: Located[str], near: str) -> Diagnostic:
    """An error, since the rows of an edited heading would be read otherwise. `near`: a heading of a table, or empty."""
    repair = f'write "{near}", or remove this line' if near else ""
    return Diagnostic(
        code,
        f'no table has the heading "{heading.value}", and no source has this name',
        Label(heading.span, "no such table"),
        help=repair or "write the heading exactly as in the document, or remove this line",
        repairs=rewrite(heading.value, (heading.span,), (near,)),
    )


@code("EG207", Severity.ERROR, "A row has no name in its main column.")
def nameless_row(code: Code, column: str, cell: Span, heading: str, *, is_read_away: bool) -> Diagnostic:
    """`heading`: the nearest above the table, or its file; empty where it is no table.

    `is_read_away`: the cell holds a text that the project file reads as nothing.
    """
    said = " ".join(cell.text.split())
    if is_read_away:
        return Diagnostic(
            code,
            f'row has nothing under "{column}": the project file reads "{said}" as nothing',
            Label(cell, "read as nothing"),
            help=f"{say_read_as(said, 'leave out')} to drop the row, in place of its present entry",
        )
    above = ""
    if heading:
        above = (
            f"; or, if an empty cell repeats the one above, add to the project file: tables: {{at: "
            f"{{{quoted(heading)}: "
            "{blank: as above}}}"
        )
    return Diagnostic(
        code,
        f'row has nothing under "{column}"',
        Label(cell, "no name"),
        help=f"write a name, or remove the row{above}",
        missing=(Missing(Lack.BLANK, "", heading),) if heading else (),
    )


@code("EG208", Severity.ERROR, "A header word in the project file already means something else.")
def taken_header(code: Code, word: Located[str], role: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'header "{word.value}" already means "{role}"',
        Label(word.span, "taken"),
        help="write another header, or remove this line",
    )


@code("EG210", Severity.ERROR, "An item of a list cannot be read.")
def unreadable_item(code: Code, item: Located[str], problem: str, repair: str = "") -> Diagnostic:
    return Diagnostic(
        code,
        f'"{item.value}" {problem}',
        Label(item.span, "not understood"),
        help=repair or 'write "name", "name:8080", "name (8080)", "name (HTTPS 443)" or "name (namespace)"',
    )


@code("EG211", Severity.ERROR, "A port cannot be read.")
def unreadable_port(code: Code, port: Located[str], problem: str, repair: str = "") -> Diagnostic:
    return Diagnostic(
        code,
        f'port "{port.value}" {problem}',
        Label(port.span, "not understood"),
        help=repair
        or 'write "8080", "8080, 9090", "8000-8100", "53/UDP", "HTTPS 443", the name of a container port, or "any"',
    )


@code("EG212", Severity.ERROR, "A port is not in 1..65535, or a range ends before it starts.")
def port_out_of_range(code: Code, port: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'port "{port.value}" {problem}',
        Label(port.span, "not a valid port"),
        help="write a port from 1 to 65535, or a range that starts with the smaller port",
    )


@code("EG213", Severity.ERROR, "A protocol is not TCP, UDP or SCTP.")
def unknown_protocol(
    code: Code, protocol: Located[str], problem: str = "does not exist in a NetworkPolicy"
) -> Diagnostic:
    return Diagnostic(
        code,
        f'protocol "{protocol.value}" {problem}',
        Label(protocol.span, "not supported"),
        help='write TCP, UDP, SCTP, "UDP/TCP", or "any" for all three',
    )


@code("EG214", Severity.ERROR, "A port and the protocol next to it contradict each other.")
def protocol_contradiction(code: Code, port: Located[str], says: str, other: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'port "{port.value}" is {says}, but its protocol is {other}',
        Label(port.span, f"{says} here"),
        help="write the same protocol in both, or remove it from one of them",
    )


@code("EG215", Severity.ERROR, "A selector cannot be read.")
def unreadable_selector(code: Code, selector: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'selector "{selector.value}" {problem}',
        Label(selector.span, "not understood"),
        help='write "app=web", "app=web, tier=front", "tier in (a, b)", or "any pod" for a whole namespace',
    )


@code("EG216", Severity.ERROR, "A namespace cannot be read.")
def unreadable_namespace(code: Code, namespace: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespace "{namespace.value}" {problem}',
        Label(namespace.span, "not understood"),
        help='write the name of one namespace, "any", or "Internet"; or an address under "Address", or labels of '
        "several namespaces in the catalog",
    )


@code("EG217", Severity.ERROR, "An address is not a network, an address or a host name.")
def unreadable_address(code: Code, address: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'address "{address.value}" {problem}',
        Label(address.span, "not understood"),
        help='write a network such as "203.0.113.0/24", an address, or a host name such as "api.example.com"',
    )


@code("EG220", Severity.ERROR, "An allowance has no code or no reason.")
def unreadable_allowance(code: Code, allowance: Located[str], problem: str, named: str) -> Diagnostic:
    """`named`: the code as it is written, or empty where it is none."""
    return Diagnostic(
        code,
        f'allowance "{allowance.value}" {problem}',
        Label(allowance.span, "allows nothing"),
        help=f'write "allow {named or "EG402"}: why this is meant"',
    )


@code("EG230", Severity.ERROR, "A document has an unknown key.")
def unknown_key(code: Code, key: Located[str], known: Sequence[str], near: str, home: str = "") -> Diagnostic:
    """`near`: a known key that it resembles; `home`: the place below which it is known."""
    listed = ", ".join(known)
    belongs = f'write it below "{home}"' if home else ""
    return Diagnostic(
        code,
        f'key "{key.value}" is not known here',
        Label(key.span, "unknown key"),
        help=f'write "{near}"' if near else belongs or (f"write one of {listed}" if listed else "remove it"),
        repairs=rewrite(key.value, (key.span,), (near,)),
    )


@code("EG231", Severity.ERROR, "A document lacks a required key.")
def missing_key(code: Code, key: str, inside: Span) -> Diagnostic:
    return Diagnostic(
        code, f'key "{key}" is missing', Label(inside, "in this mapping"), help=f'add "{key}:" and its value'
    )


@code("EG232", Severity.ERROR, "A value does not fit its key.")
def wrong_value(code: Code, key: str, value: Located[str], problem: str, expected: str) -> Diagnostic:
    """Shows the value if it is a single word or string; the excerpt shows lists and maps."""
    said = value.value.strip("\"'")
    shown = f'"{said}" ' if 0 < len(said) < 100 and not set(said) & set("[{\n") else ""
    return Diagnostic(
        code,
        f'value {shown}of "{key}" {problem}' if key else f"document {problem}",
        Label(value.span, "wrong value"),
        help=expected,
    )
