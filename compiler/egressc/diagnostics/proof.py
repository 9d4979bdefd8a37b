"""EG617 and EG62x to EG63x: how manifests differ from what the rows ask for, and what is next to them."""

from dataclasses import replace
from typing import Final, NamedTuple

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span


class Provisos(NamedTuple):
    """What a finding depends on: what the cluster leaves open, and assumed labels of namespaces. In words."""

    approximate: str = ""
    supposed: str = ""


NONE = Provisos()
RENDER_AGAIN: Final = "render the policies from the sources again, or write the manifest as they say"
ASK_THE_OWNER: Final = "ask its owner to allow it; or add EG636 with a reason to allow in the project file"


@code("EG617", Severity.ERROR, "The manifests have no NetworkPolicy.")
def nothing_to_prove(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "manifests have no NetworkPolicy",
        Label(place),
        help="write the files with the rendered policies: nothing is proven without a policy",
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
        f"{flow} is allowed, but no row asks for it",
        Label(place, cause),
        related=rows,
        help=helped("remove the rule, or add a row for the flow", provisos),
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
    other_end: str = "",
    repair: str = RENDER_AGAIN,
) -> Diagnostic:
    """`place` is the row that asks; `denying` are the rules or policies that come nearest but do not allow it.

    `other_end`: the direction in which policies deny it that are not those of the asking service; else `repair` helps.
    """
    if other_end == "ingress":
        repair = "add the service to an ingress rule of the destination's policy"
    elif other_end:
        repair = "add the service to an egress rule of the caller's policy"
    return Diagnostic(
        code,
        f"{flow} is denied, but a row asks for it",
        Label(place, asking),
        related=denying,
        help=helped(repair, provisos),
        service=service,
        destination=destination,
    )


@code("EG622", Severity.ERROR, "No rendered policy isolates the pods of a service.")
def missing_isolation(
    code: Code,
    place: Span,
    flow: str,
    direction: str,
    *,
    service: str,
    elsewhere: tuple[Label, ...] = (),
    repair: str = "",
) -> Diagnostic:
    """`place` is the service's row; `elsewhere` are policies that select such pods in other namespaces."""
    open_end = "its pods can reach everything" if direction == "egress" else "everything can reach its pods"
    return Diagnostic(
        code,
        f'no policy isolates the {direction} of "{service}", so {flow} is allowed',
        Label(place, open_end),
        related=elsewhere,
        help=repair or f"render and apply the service's policy, or add {direction.title()} to its policyTypes",
        service=service,
    )


@code("EG623", Severity.ERROR, "A rendered policy isolates pods that no row mentions.")
def undue_isolation(
    code: Code, place: Span, flow: str, policy: str, direction: str, *, service: str = "", provisos: Provisos = NONE
) -> Diagnostic:
    """`place` is the policy; `direction` is the one that it isolates but should not."""
    return Diagnostic(
        code,
        f"{flow} is denied, but no row mentions such {direction}",
        Label(place, f"policy {policy} isolates these pods in {direction}"),
        help=helped(
            f"remove the policy, write another podSelector, or remove {direction.title()} from its policyTypes",
            provisos,
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
        f"{flow} is allowed, but a row denies it",
        Label(place, cause),
        related=rows,
        help=helped("remove the rule, or the row that denies it (tables.readAs in the project file)", provisos),
        service=service,
        destination=destination,
    )


@code("EG630", Severity.NOTE, "An extra rule in a values file allows what no row asks for, which it is for.")
def extra_permission(
    code: Code, place: Span, reach: str, direction: str, *, service: str, opens_internet: bool = False
) -> Diagnostic:
    """`place` is the rule in the values file; `reach` is all that it adds to the table."""
    adds, opens = ("adds", "opens the internet") if direction == "egress" else ("adds callers", "lets in the internet")
    return Diagnostic(
        code,
        f'extra rule of "{service}" {adds} to the table: {reach}',
        Label(place, f"no row asks for it{f', and it {opens}' if opens_internet else ''}"),
        service=service,
    )


@code("EG631", Severity.NOTE, "An extra rule in a values file allows only what the table allows.")
def unused_extra(code: Code, place: Span, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'extra rule of "{service}" adds nothing to the table',
        Label(place, "every flow of it has a row"),
        help="remove the rule",
        service=service,
    )


@code(
    "EG632",
    Severity.NOTE,
    "A policy from elsewhere isolates a service in a direction that its own policy does not limit.",
)
def limited_elsewhere(code: Code, place: Span, policy: str, direction: str, *, service: str) -> Diagnostic:
    checked = "flows of the table are checked against it; who else it blocks is not checked"
    return Diagnostic(
        code,
        f'policy {policy} also isolates the {direction} of "{service}"',
        Label(place, checked if direction == "ingress" else "what it blocks is not checked"),
        service=service,
    )


@code("EG636", Severity.WARNING, "A policy of another owner denies a flow that a row asks for.")
def cut_off_row(code: Code, found: Diagnostic) -> Diagnostic:
    """`found` is EG621, as for a rendered policy."""
    return replace(found, code=code)


def closed_way_out(
    place: Span, host: str, ports: str, name: str, policy: Span, *, service: str, destination: str
) -> Diagnostic:
    """EG636 at the egress gateway, or waypoint, through which a row reaches its hosts; `ports`: of the hosts."""
    return Diagnostic(
        cut_off_row.code,
        f"the egress gateway cannot reach {host} on {ports}, but a row asks for it",
        Label(place, f'"{name}" reaches it through the gateway'),
        (Label(policy, "isolates the pods of the gateway in egress, and does not allow it"),),
        help=f"ask its owner to let the pods of the gateway reach {ports} at every address, because that of a host can "
        f"change; or add {cut_off_row.code.id} with a reason to allow in the project file",
        service=service,
        destination=destination,
    )


@code("EG637", Severity.NOTE, "A policy of another owner allows a flow that no row asks for.")
def other_permission(code: Code, found: Diagnostic) -> Diagnostic:
    """`found` is EG620, as for a rendered policy."""
    return replace(found, code=code, help=f"{found.help}; both are for the owner of the policy to decide")


@code("EG638", Severity.ERROR, "A policy of another owner has no namespace.")
def homeless_policy(code: Code, place: Span, policy: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'policy "{policy}" has no namespace, so which pods it selects is unknown',
        Label(place, "of no namespace"),
        help="add metadata.namespace, or render it with `helm template --namespace`",
    )


@code("EG633", Severity.WARNING, "A pod in the table uses the host network.")
def host_network_pod(
    code: Code, place: Span, workload: str, rows: tuple[Label, ...], *, service: str, is_service: bool
) -> Diagnostic:
    """`workload` is kind, namespace and name. `is_service`: it is the service itself, else a destination of it."""
    doubt = "most network plugins apply no policy to it" if is_service else "most network plugins see its node instead"
    repair = "remove hostNetwork"
    if not is_service:
        repair += ", or add the addresses of the nodes to the catalog"
    return Diagnostic(
        code,
        f"{workload} uses the host network: {doubt}",
        Label(place, "the proof of this pod depends on the plugin"),
        related=rows,
        help=repair,
        service=service,
    )


def helped(help: str, provisos: Provisos) -> str:
    lines = [help]
    if provisos.supposed:
        lines.append(f"assumed: {provisos.supposed}; to use the real labels, add the namespaces to the manifests")
    if provisos.approximate:
        lines.append(f"approximate: {provisos.approximate}")
    return "\n".join(lines)
