"""EG617 and EG62x to EG63x: how manifests differ from what is asked for, and what stands beside."""

from typing import NamedTuple

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span


class Provisos(NamedTuple):
    """What a finding depends on: what the cluster leaves open, and labels of namespaces that nobody gave. In words."""

    approximate: str = ""
    supposed: str = ""


NONE = Provisos()


@code("EG617", Severity.ERROR, "There is no NetworkPolicy to prove anything about.")
def nothing_to_prove(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "there is no NetworkPolicy in these manifests",
        Label(place),
        help="a proof about no policy says nothing; name the files that hold the rendered policies",
    )


@code("EG620", Severity.ERROR, "The rendered policies allow a flow that no row asks for.")
def over_permission(
    code: Code,
    place: Span,
    flow: str,
    cause: str,
    rows: tuple[Label, ...],
    *,
    service: str = "",
    provisos: Provisos = NONE,
) -> Diagnostic:
    """`place` is the rule that opens it and `cause` names it; `rows` are the nearest of the service's own rows."""
    return Diagnostic(
        code,
        f"{flow} is allowed, and no row asks for it",
        Label(place, cause),
        related=rows,
        help=_helped("drop the rule, or ask for the flow in a row", provisos),
        service=service,
    )


@code("EG621", Severity.ERROR, "The rendered policies deny a flow that a row asks for.")
def under_permission(
    code: Code,
    place: Span,
    flow: str,
    asking: str,
    denying: tuple[Label, ...],
    *,
    service: str = "",
    destination: str = "",
    provisos: Provisos = NONE,
    by_ingress: bool = False,
) -> Diagnostic:
    """`place` is the row that asks; `denying` are the rules or policies that come nearest and don't allow it.

    `by_ingress`: the destination's own policies deny it.
    """
    repair = "render the policies again from the sources, or correct the manifest"
    if by_ingress:
        repair = "let the service in, in an ingress rule of the destination's policy"
    return Diagnostic(
        code,
        f"{flow} is asked for, and denied",
        Label(place, asking),
        related=denying,
        help=_helped(repair, provisos),
        service=service,
        destination=destination,
    )


@code("EG622", Severity.ERROR, "No rendered policy isolates the pods of a service.")
def missing_isolation(
    code: Code, place: Span, flow: str, *, service: str, elsewhere: tuple[Label, ...] = (), repair: str = ""
) -> Diagnostic:
    """`place` is the service's row; `elsewhere` are policies that select such pods in other namespaces."""
    return Diagnostic(
        code,
        f'no policy isolates the egress of "{service}": {flow} is allowed',
        Label(place, "its pods may reach everything"),
        related=elsewhere,
        help=repair or "render and apply the service's policy; its policyTypes must hold Egress",
        service=service,
    )


@code("EG623", Severity.ERROR, "A rendered policy isolates pods that no row speaks of.")
def undue_isolation(
    code: Code, place: Span, flow: str, policy: str, direction: str, *, service: str = "", provisos: Provisos = NONE
) -> Diagnostic:
    """`place` is the policy; `direction` is the one that it isolates and should leave alone."""
    return Diagnostic(
        code,
        f"{flow} is denied, and no row speaks of such {direction}",
        Label(place, f"policy {policy} isolates these pods in {direction}"),
        help=_helped(
            f"drop the policy, correct what it selects, or leave {direction.title()} out of its policyTypes", provisos
        ),
        service=service,
    )


@code("EG624", Severity.ERROR, "The rendered policies allow a flow that a row denies.")
def open_denial(
    code: Code,
    place: Span,
    flow: str,
    cause: str,
    rows: tuple[Label, ...],
    *,
    service: str,
    destination: str = "",
    provisos: Provisos = NONE,
) -> Diagnostic:
    """`place` is the rule that opens it and `cause` names it; `rows` are those that deny what it opens."""
    return Diagnostic(
        code,
        f"{flow} is allowed, and a row denies it",
        Label(place, cause),
        related=rows,
        help=_helped(
            "remove the rule, or leave out the row that denies it: tables.readAs in the project file", provisos
        ),
        service=service,
        destination=destination,
    )


@code("EG630", Severity.NOTE, "An extra rule in a values file allows what no row asks for, as it may.")
def extra_permission(code: Code, place: Span, reach: str, *, service: str, opens_internet: bool = False) -> Diagnostic:
    """`place` is the rule in the values file; `reach` is all that it adds to the table."""
    return Diagnostic(
        code,
        f'an extra rule of "{service}" adds to the table: {reach}',
        Label(place, f"no row asks for it{', and it opens the internet' if opens_internet else ''}"),
        service=service,
    )


@code("EG631", Severity.NOTE, "An extra rule in a values file allows nothing that the table does not.")
def idle_extra(code: Code, place: Span, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'this extra rule of "{service}" adds nothing to the table',
        Label(place, "every flow of it has a row"),
        help="drop the rule",
        service=service,
    )


@code("EG632", Severity.NOTE, "A policy beside ours isolates the ingress of a service.")
def guarded_ingress(code: Code, place: Span, policy: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'policy {policy} also isolates the ingress of "{service}"',
        Label(place, "flows of the table are held against it; who else it keeps out is not looked at"),
        service=service,
    )


@code("EG633", Severity.WARNING, "A pod that the table speaks of is on the host's network.")
def host_network_pod(
    code: Code, place: Span, workload: str, rows: tuple[Label, ...], *, service: str, is_service: bool
) -> Diagnostic:
    """`workload` is kind, namespace and name. `is_service`: it is the service itself, else a destination of it."""
    doubt = "most network plugins apply no policy to it" if is_service else "most network plugins see its node instead"
    repair = "take hostNetwork away"
    if not is_service:
        repair += ", or have the addresses of the nodes in the catalog"
    return Diagnostic(
        code,
        f"{workload} is on the host's network: {doubt}",
        Label(place, "what is proven of this pod depends on the plugin"),
        related=rows,
        help=repair,
        service=service,
    )


def _helped(help: str, provisos: Provisos) -> str:
    lines = [help]
    if provisos.supposed:
        lines.append(
            f"supposed: {provisos.supposed}; to have labels looked up, give the namespaces among the manifests"
        )
    if provisos.approximate:
        lines.append(f"approximate: {provisos.approximate}")
    return "\n".join(lines)
