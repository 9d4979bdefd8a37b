"""EG4xx: rows compared with each other: contradicting, repeated, or without effect."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code, rewrite
from egressc.diagnostics.phrases import MOST_PLACES, quoted, say_count, say_read_as
from egressc.source import Located, Span


@code("EG408", Severity.ERROR, "Two places contradict each other about one service or destination.")
def contradicting_facts(code: Code, name: str, fact: str, says: str, at: Span, other: str, first: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'{fact} of "{name}" is {says} here and {other} elsewhere',
        Label(at, says),
        (Label(first, other),),
        "write the same in both, or rename one of the two",
    )


@code("EG410", Severity.WARNING, "A row repeats another row.")
def repeated_row(code: Code, row: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        code, "row repeats another row", Label(row, "again"), (Label(first, "the first"),), help="remove one of the two"
    )


@code("EG411", Severity.WARNING, "A list has the same item twice.")
def repeated_item(code: Code, item: Located[str], service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{item.value}" is listed twice',
        Label(item.span, "again"),
        help="remove one of the two",
        service=service,
    )


@code("EG413", Severity.WARNING, "A destination is unused.")
def unused_destination(code: Code, name: Located[str], near: str, destination: str) -> Diagnostic:
    """`near`: a name of a row that it resembles, or empty."""
    meant = f'write "{near}" if you mean that, else ' if near else ""
    return Diagnostic(
        code,
        f'destination "{name.value}" is unused',
        Label(name.span, "grants nothing"),
        help=f"{meant}remove it, or add it to a row of a service",
        destination=destination,
    )


@code("EG418", Severity.ERROR, "The sources have no service.")
def no_services(code: Code, source: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "sources have no service, so there is nothing to compile",
        Label(source, "no table of services"),
        help='add a table with the columns "Service" and "Dependencies"; or add your own headers to the project '
        'file: tables: {headers: {service: ["<header>"], dependencies: ["<header>"]}}',
    )


@code("EG420", Severity.NOTE, "A caller is not a service: no policy limits what it sends.")
def outside_caller(code: Code, name: Located[str], destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is not a service, and no policy limits who calls what this row names: it grants nothing',
        Label(name.span, "gets no rule"),
        help="write `directions: both` in the project file to limit callers too; or, if it is a workload of yours, add "
        "a row for it to a table of services",
        destination=destination,
    )


@code("EG446", Severity.WARNING, "A row is about a group without a service: it grants nothing.")
def serviceless_group(code: Code, name: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'group "{name.value}" of the catalog has no service, so this row grants nothing',
        Label(name.span, "for no service"),
        help="rename the group if you mean a service of this name, or add rows for its members",
    )


@code(
    "EG435", Severity.ERROR, "A row has several destinations and several ports, but does not say which belong together."
)
def unpaired_ports(code: Code, ports: Located[str], names: Sequence[str]) -> Diagnostic:
    shown = ", ".join(f'"{name}"' for name in names[:3])
    example = ", ".join(f"{name} (\u2026)" for name in names[:3])
    return Diagnostic(
        code,
        f'row does not say which of the ports "{ports.value}" belong to which of {shown}',
        Label(ports.span, "whose ports?"),
        help=f"write the ports after each name: {example}; or add the ports of each to the catalog",
    )


@code("EG427", Severity.WARNING, "The catalog sets for a destination what has no effect for it.")
def ineffective_key(code: Code, name: Located[str], key: str, lack: str, owner: str, destination: str) -> Diagnostic:
    """`name` is placed where the entry has the key; `lack`: why it has no effect; `owner`: what it has one for."""
    return Diagnostic(
        code,
        f'"{key}" of "{name.value}" has no effect, because it {lack}',
        Label(name.span, "has no effect"),
        help=f"remove it, or add it to the entry of {owner}",
        destination=destination,
    )


@code("EG428", Severity.ERROR, "A row denies what another row grants.")
def contradicting_denial(
    code: Code,
    denied: Located[str],
    service: str,
    granted: str,
    grants: Sequence[Span],
    ways_out: tuple[tuple[str, str] | None, tuple[str, str] | None],
    *,
    service_id: str,
    destination: str,
) -> Diagnostic:
    """`grants` are the places that grant it; `granted` is the first one's destination.

    `ways_out`: a text of the denying and of the granting row, each with what to read it as to drop the row; None
    if no text belongs to that row alone.
    """
    other = "it" if granted == denied.value else f'"{granted}", which includes some of it,'
    denying, granting = ways_out
    words = [
        f"{say_read_as(*denying)} if the grant is right" if denying else "",
        f"{say_read_as(*granting)} if the denial is right" if granting else "",
    ]
    return Diagnostic(
        code,
        f'row denies "{denied.value}" to "{service}", but another row grants {other}'.removesuffix(","),
        Label(denied.span, "denied here"),
        tuple(Label(place, "granted here") for place in grants[:MOST_PLACES]),
        "; or ".join(filter(None, words))
        or 'remove one of the two, or add to the project file: tables: {readAs: {"<text of a cell>": "leave out"}}',
        service=service_id,
        destination=destination,
    )


@code("EG429", Severity.ERROR, "A row denies DNS to a service with a DNS rule.")
def denied_dns(
    code: Code,
    denied: Located[str],
    service: str,
    profile: str,
    way_out: tuple[str, str] | None,
    *,
    service_id: str,
    namespace: str = "",
) -> Diagnostic:
    """`way_out`: a text of the row and what to read it as to drop the row, if there is one.

    `namespace`: the one whose baseline grants it.
    """
    repair = f"add to the catalog: destinations: {{{quoted(service)}: {{dns: {{profile: none}}}}}}"
    if namespace:
        baseline = f"cluster: {{namespaces: {{{quoted(namespace)}: {{baseline: {{dns: false}}}}}}}}"
        own = "" if service_id.startswith("namespaces/") else f"; and {repair}"
        repair = f"add to the project file: {baseline}{own}"
    other = f"; or {say_read_as(*way_out)} if it may resolve names" if way_out else ""
    return Diagnostic(
        code,
        f'row denies "{denied.value}" to "{service}", but its DNS profile "{profile}" grants it',
        Label(denied.span, "denied here"),
        help=f"{repair}{other}",
        service=service_id,
    )


@code("EG430", Severity.NOTE, "Sources of connections become services: each gets a policy.")
def created_services(code: Code, first: Span, names: Sequence[str]) -> Diagnostic:
    shown = ", ".join(f'"{name}"' for name in names[:MOST_PLACES])
    more = f" and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
    count = say_count(len(names), "service")
    return Diagnostic(
        code,
        f"{count} made from connections: {shown}{more}",
        Label(first, "the first"),
        help="add policy: none to the catalog for one that is not a workload, or that another chart manages",
    )


@code("EG433", Severity.WARNING, "A service lists a caller that has no row for it, so it cannot connect.")
def unmatched_ingress(
    code: Code, caller: Located[str], callee: str, table: str, header: str, service: str, *, is_open: bool
) -> Diagnostic:
    """`table`: its heading or file. `is_open`: the policy of the service lets the caller in, but its own not out."""
    return Diagnostic(
        code,
        f'"{callee}" lists "{caller.value}" as a caller, but no row of "{caller.value}" needs "{callee}"',
        Label(caller.span, "grants ingress alone" if is_open else "grants nothing"),
        help=f'add "{callee}" to the row of "{caller.value}"; or, to grant both ends by this column, add to the '
        f"project file: tables: {{at: {{{quoted(table)}: {{columns: {{{quoted(header)}: calledBy}}}}}}}}",
        service=service,
    )


@code("EG437", Severity.WARNING, "A service made from connections has almost the name of another.")
def almost_known_service(code: Code, name: Located[str], near: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" becomes a service, but is almost "{near}"',
        Label(name.span, "a typo?"),
        help=f'write "{near}" if you mean that, or add the name to the catalog: destinations: '
        f"{{{quoted(name.value)}: {{}}}}; "
        f"or {say_read_as(name.value, near)}",
        service=service,
        repairs=rewrite(name.value, (name.span,), (near,)),
    )
