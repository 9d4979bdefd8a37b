"""EG4xx: rows held against each other: contradicting, repeated, or without effect."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located, Span


@code("EG408", Severity.ERROR, "Two places say different things of one service or destination.")
def contradicting_facts(code: Code, name: str, fact: str, says: str, at: Span, other: str, first: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'{fact} of "{name}" is {says} here and {other} elsewhere',
        Label(at, says),
        (Label(first, other),),
        "make both say the same, or give one of the two another name",
    )


@code("EG410", Severity.WARNING, "A row says again what another one says.")
def repeated_row(code: Code, row: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        code, "row repeats another one", Label(row, "again"), (Label(first, "first"),), help="remove one of the two"
    )


@code("EG411", Severity.WARNING, "A list names one thing twice.")
def repeated_item(code: Code, item: Located[str], service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{item.value}" is listed twice',
        Label(item.span, "again"),
        help="remove one of the two",
        service=service,
    )


@code("EG413", Severity.WARNING, "Nobody uses a destination.")
def unused_destination(code: Code, name: Located[str], destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'no service uses destination "{name.value}"',
        Label(name.span, "grants nothing"),
        help="remove it, or name it in a row of a service",
        destination=destination,
    )


@code("EG418", Severity.ERROR, "The sources hold no service.")
def no_services(code: Code, source: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "the sources hold no service: there is nothing to compile",
        Label(source, "no table of services"),
        help='add a table with the columns "Service" and "Dependencies"; header words of your own go to the project '
        'file: tables: {headers: {service: ["<header>"], dependencies: ["<header>"]}}',
    )


@code("EG420", Severity.NOTE, "A caller is no service: what it sends is not limited by any policy made here.")
def outside_caller(code: Code, name: Located[str], destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is no service, so rows that name it as the caller grant nothing',
        Label(name.span, "gets no rule"),
        help="where its egress is to be limited too, give it a row in a table of services",
        destination=destination,
    )


@code(
    "EG435", Severity.ERROR, "A row has several destinations and several ports, and does not say which belong together."
)
def unpaired_ports(code: Code, ports: Located[str], names: Sequence[str]) -> Diagnostic:
    shown = ", ".join(f'"{name}"' for name in names[:3])
    example = ", ".join(f"{name} (\u2026)" for name in names[:3])
    return Diagnostic(
        code,
        f'row does not say which of the ports "{ports.value}" belong to which of {shown}',
        Label(ports.span, "whose ports"),
        help=f"write the ports behind each name: {example}; or list the ports of each in the catalog",
    )
