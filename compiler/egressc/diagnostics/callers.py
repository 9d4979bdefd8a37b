"""EG44x and EG46x: who connects, and what becomes of callers where policies limit ingress."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import quoted, say_count, say_read_as
from egressc.source import Located


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


@code("EG461", Severity.NOTE, "A service lets in callers by address, but pods may see the address of a node instead.")
def address_callers(
    code: Code, caller: Located[str], services: Sequence[str], *, service: str = "", source: str = ""
) -> Diagnostic:
    """Source: kubernetes.io/docs, "Using Source IP": a Service of type NodePort or LoadBalancer may replace the source.

    `services` are all that let in such callers. `service`, `source`: the ids of the one called, and of the caller,
    where the finding is about these alone.
    """
    more = f" and {say_count(len(services) - 1, 'other service')} let" if len(services) > 1 else " lets"
    return Diagnostic(
        code,
        f'"{services[0]}"{more} in "{caller.value}" by address; through a load balancer or a node port, pods may see '
        "the address of a node",
        Label(caller.span, "an address outside the cluster"),
        help="set `externalTrafficPolicy: Local` in these Services, or let in what stands before them, such as an "
        "ingress controller",
        service=service,
        destination=source,
    )


@code("EG462", Severity.ERROR, "A policy limits who reaches the DNS pods: other pods could not resolve names.")
def limited_dns(
    code: Code, name: Located[str], profile: str, service: str, opening: Sequence[str] | None = None
) -> Diagnostic:
    """`name`: the service; or a namespace whose baseline closes DNS, with the ports of the `opening` that mends it."""
    if opening is None:
        policy, holds = f'the policy of "{name.value}"', "its pods answer DNS queries"
        repair = f"add to the catalog: destinations: {{{quoted(name.value)}: {{directions: egress}}}}; or "
        repair += "{policy: none} if another chart manages its policy"
    else:
        policy, holds = f'the baseline of namespace "{name.value}"', "denies ingress of the DNS pods too"
        ports = ", ".join(opening)
        repair = f'let its clients in: add {{name: "Anywhere", ports: [{ports}]}} to its allowFrom, or in a table '
        repair += f'"Anywhere ({ports})" to the cell under "Called by"; or deny egress alone'
    return Diagnostic(
        code,
        f"{policy} would limit who reaches the DNS of the profile {profile}",
        Label(name.span, holds),
        help=repair,
        service=service,
    )


@code("EG463", Severity.NOTE, "The project limits ingress, but rows name a destination that gets no policy.")
def unlimited_destinations(code: Code, name: Located[str], others: Sequence[str]) -> Diagnostic:
    """`others` are further destinations of that kind."""
    more = f" and {say_count(len(others), 'other destination')} get" if others else " gets"
    also = f"{': ' if others else ''}{', '.join(others[:5])}"
    return Diagnostic(
        code,
        f'"{name.value}"{more} no policy, so nothing limits who reaches {"them" if others else "it"}{also}',
        Label(name.span, "only a destination"),
        help=f"add to the catalog: destinations: {{{quoted(name.value)}: {{directions: ingress}}}}; or "
        "{policy: none} if another chart manages its policy",
    )
