"""EG4xx: rows compared with each other: contradicting, repeated, or without effect."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
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
def unused_destination(code: Code, name: Located[str], destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'destination "{name.value}" is unused',
        Label(name.span, "grants nothing"),
        help="remove it, or add it to a row of a service",
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
        f'"{name.value}" is not a service, so rows with it as the caller grant nothing',
        Label(name.span, "gets no rule"),
        help="add a row for it to a table of services to limit its egress too",
        destination=destination,
    )


@code("EG442", Severity.ERROR, "It is not known from where a caller connects, and a policy limits who can.")
def placeless_caller(code: Code, name: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'it is not known from where "{name.value}" connects',
        Label(name.span, "from which pods or addresses?"),
        help=f'add to the catalog: destinations: {{{quoted(name.value)}: {{addresses: ["<network>"]}}}}, or its '
        f"namespace and selector; or {say_read_as(name.value, 'Internet')} for every public address",
        missing=(Missing(Lack.ADDRESSES, name.value),),
    )


@code("EG443", Severity.NOTE, "A row is about traffic from the pod's own node, which needs no rule.")
def own_node(code: Code, name: Located[str]) -> Diagnostic:
    """Source: kubernetes.io/docs, "Network Policies": traffic from the node of a pod is always allowed to it."""
    return Diagnostic(
        code,
        f'"{name.value}" needs no rule: Kubernetes always lets in traffic from the node of the pod',
        Label(name.span, "grants nothing, and needs nothing"),
    )


@code(
    "EG444", Severity.NOTE, "No row names a caller of a service whose policy limits ingress: nothing can connect to it."
)
def uncalled_services(code: Code, name: Located[str], others: Sequence[str]) -> Diagnostic:
    """`others` are further services of that kind."""
    more = f", nor of {say_count(len(others), 'other service')}: {', '.join(others[:5])}" if others else ""
    return Diagnostic(
        code,
        f'no row names a caller of "{name.value}"{more}',
        Label(name.span, "nothing can connect to it"),
        help='write who calls it in a column "Called by", "None" for nobody; or, for its policy to limit egress alone, '
        f"add to the catalog: destinations: {{{quoted(name.value)}: {{directions: egress}}}}",
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
    "EG449",
    Severity.ERROR,
    "A destination is some of the pods of a service whose policy limits ingress: no policy opens these alone.",
)
def half_open_grant(code: Code, name: Located[str], callee: str, service: str, destination: str) -> Diagnostic:
    """`name` is placed at the row; `callee` is the service of these pods and `service` its id."""
    return Diagnostic(
        code,
        f'"{name.value}" is some of the pods of "{callee}", and the policy of "{callee}" cannot let callers in to '
        "these alone",
        Label(name.span, "granted here"),
        help=f'write "{callee}" as the destination; or, for its policy to limit egress alone, add to the catalog: '
        f"destinations: {{{quoted(callee)}: {{directions: egress}}}}",
        service=service,
        destination=destination,
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


@code("EG427", Severity.WARNING, "The catalog sets DNS for a destination that is not a service.")
def unused_dns(code: Code, name: Located[str], destination: str) -> Diagnostic:
    """`name` is placed where the entry says `dns`."""
    return Diagnostic(
        code,
        f'"dns" of "{name.value}" has no effect, because it is not a service',
        Label(name.span, "has no effect"),
        help="remove it, or add it to the entry of a service",
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


@code("EG460", Severity.WARNING, "A row denies a connection that no policy limits: it stays open.")
def unheld_denial(code: Code, denied: Located[str], caller: str, service: str, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'row denies "{denied.value}" to "{caller}", whose policy limits ingress alone, so the connection stays open',
        Label(denied.span, "not enforced"),
        help=f"for its policy to limit egress too, add to the catalog: destinations: {{{quoted(caller)}: "
        "{directions: both}}",
        service=service,
        destination=destination,
    )


@code("EG429", Severity.ERROR, "A row denies DNS to a service with a DNS rule.")
def denied_dns(
    code: Code, denied: Located[str], service: str, profile: str, way_out: tuple[str, str] | None, *, service_id: str
) -> Diagnostic:
    """`way_out`: a text of the row and what to read it as to drop the row, if there is one."""
    other = f"; or {say_read_as(*way_out)} if it may resolve names" if way_out else ""
    return Diagnostic(
        code,
        f'row denies "{denied.value}" to "{service}", but its DNS profile "{profile}" grants it',
        Label(denied.span, "denied here"),
        help=f"add to the catalog: destinations: {{{quoted(service)}: {{dns: {{profile: none}}}}}}{other}",
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


@code("EG433", Severity.WARNING, "A service lists a caller that has no row for it: nothing is granted.")
def unmatched_ingress(code: Code, caller: Located[str], callee: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{callee}" lists "{caller.value}" as a caller, but no row of "{caller.value}" needs "{callee}"',
        Label(caller.span, "grants nothing"),
        help=f'add "{callee}" to the row of "{caller.value}"; or, to grant by this column, add to the '
        'project file: tables: {headers: {calledBy: ["<header>"]}}',
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
    )


@code("EG462", Severity.ERROR, "A service that limits ingress holds the DNS pods: other pods could not resolve names.")
def limited_dns(code: Code, name: Located[str], profile: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the policy of "{name.value}" would limit who reaches the DNS of the profile {profile}',
        Label(name.span, "its pods answer DNS queries"),
        help=f"add to the catalog: destinations: {{{quoted(name.value)}: {{directions: egress}}}}; or "
        "{policy: none} if another chart manages its policy",
        service=service,
    )


@code("EG461", Severity.NOTE, "A service lets in callers by address, but pods may see the address of a node instead.")
def address_callers(code: Code, caller: Located[str], services: Sequence[str]) -> Diagnostic:
    """Source: kubernetes.io/docs, "Using Source IP": a Service of type NodePort or LoadBalancer may replace the source.

    `services` are all that let in such callers.
    """
    more = f" and {say_count(len(services) - 1, 'other service')} let" if len(services) > 1 else " lets"
    return Diagnostic(
        code,
        f'"{services[0]}"{more} in "{caller.value}" by address; through a load balancer or a node port, pods may see '
        "the address of a node",
        Label(caller.span, "an address outside the cluster"),
        help="set `externalTrafficPolicy: Local` in these Services, or let in what stands before them, such as an "
        "ingress controller",
    )
