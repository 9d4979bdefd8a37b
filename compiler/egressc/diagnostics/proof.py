"""EG61x to EG63x: manifests that are read back, how they differ from what is asked for, and what stands beside."""

from collections.abc import Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import MOST_PLACES
from egressc.source import Span


class Provisos(NamedTuple):
    """What a finding depends on: what the cluster leaves open, and labels of namespaces that nobody gave. In words."""

    approximate: str = ""
    supposed: str = ""


NONE = Provisos()


@code("EG610", Severity.ERROR, "A manifest cannot be read as YAML.")
def unreadable_manifest(code: Code, place: Span, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"this document cannot be read: {reason}",
        Label(place),
        help="nothing is proven while a document is unread; correct it, or leave the file out",
    )


@code("EG611", Severity.ERROR, "A NetworkPolicy is not one that the API server accepts.")
def unreadable_policy(code: Code, place: Span, policy: str, path: str, reason: str) -> Diagnostic:
    """`policy` is namespace/name; `path` leads to the field from the manifest's root."""
    return Diagnostic(
        code,
        f"{path} of policy {policy}: {reason}",
        Label(place, "refused by the API server"),
        help="nothing is proven while a policy is unread; correct the field as the NetworkPolicy API asks",
    )


@code("EG612", Severity.ERROR, "A policy of another kind or version stands beside the NetworkPolicies.")
def unread_policy_kind(code: Code, place: Span, kind: str) -> Diagnostic:
    """`kind` is apiVersion and kind, as in "cilium.io/v2 CiliumNetworkPolicy"."""
    return Diagnostic(
        code,
        f"{kind} may allow or deny flows and is not read",
        Label(place, "its meaning is unknown here"),
        help="the proof covers networking.k8s.io/v1 NetworkPolicy; leave this manifest out to prove the rest",
    )


@code("EG613", Severity.WARNING, "A manifest has a kind that the proof does not know.")
def unknown_kind(code: Code, place: Span, kind: str, *, is_like_ours: bool = False) -> Diagnostic:
    """`is_like_ours`: it may be a NetworkPolicy, misspelled."""
    help = "leave the manifest out if it has no part in who may reach whom"
    if is_like_ours:
        help = "did you mean networking.k8s.io/v1 NetworkPolicy? An API server refuses other spellings"
    return Diagnostic(
        code,
        f"{kind} is a kind that is not read",
        Label(place, "taken as having no part in NetworkPolicy"),
        help=help,
    )


@code("EG614", Severity.ERROR, "Two policies have one namespace and name: in a cluster they are one object.")
def policy_given_twice(code: Code, place: Span, title: str, first: Span) -> Diagnostic:
    """`title`: kind and name, as in "policy shop/orders"."""
    return Diagnostic(
        code,
        f"{title} is given twice: which one is in the cluster depends on the order in which they are applied",
        Label(place, "again"),
        related=(Label(first, "first"),),
        help="leave one of the two out, or give it another name; nothing is proven of both",
    )


@code("EG615", Severity.ERROR, "A manifest lacks what every Kubernetes object has.")
def incomplete_manifest(code: Code, place: Span, lack: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"this document {lack}",
        Label(place),
        help="every Kubernetes object has apiVersion, kind and metadata.name",
    )


@code("EG616", Severity.WARNING, "A workload's pods cannot be read whole.")
def unreadable_workload(code: Code, place: Span, workload: str, path: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{path} of {workload}: {reason}",
        Label(place, "refused by the API server"),
        help="correct the field; until then the pods are taken to be without it",
    )


@code("EG617", Severity.ERROR, "There is no NetworkPolicy to prove anything about.")
def nothing_to_prove(code: Code, place: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "there is no NetworkPolicy in these manifests",
        Label(place),
        help="a proof about no policy says nothing; name the files that hold the rendered policies",
    )


@code("EG618", Severity.WARNING, "A network has bits beyond its prefix length: newer API servers refuse it.")
def loose_network(code: Code, place: Span, policy: str, path: str, reading: str) -> Diagnostic:
    """`policy` is namespace/name; `path` leads to the CIDR; `reading` says how it is read."""
    return Diagnostic(
        code,
        f"{path} of policy {policy}: {reading}",
        Label(place, "refused in new policies from Kubernetes 1.36 on"),
        help="write the network that it is read as",
    )


@code("EG619", Severity.ERROR, "A label or annotation takes a policy out of management: it counts as absent.")
def unmanaged_policy(code: Code, place: Span, policy: str, field: str, key: str, why: str) -> Diagnostic:
    """`field`: label or annotation. `why`: what a tool does with it, as a clause."""
    return Diagnostic(
        code,
        f'policy {policy} counts as absent, by its {field} "{key}": {why}',
        Label(place, "out of management"),
        help="remove it; nothing is proven of a policy that may or may not be there",
    )


@code("EG634", Severity.WARNING, "A folder of manifests holds files that are not read.")
def unread_files(code: Code, place: Span, names: Sequence[str]) -> Diagnostic:
    """`names`: paths from the folder; not empty."""
    shown = ", ".join(f'"{name}"' for name in names[:MOST_PLACES])
    more = f" and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
    files = "1 file of this folder is" if len(names) == 1 else f"{len(names)} files of this folder are"
    return Diagnostic(
        code,
        f"{files} not read: {shown}{more}",
        Label(place),
        help="only .yaml, .yml and .json files are read, in folders that are no symbolic links; what else holds "
        "manifests goes to --manifests by its own name, and what holds none out of the folder",
    )


@code("EG635", Severity.ERROR, "A namespace has the name label of another namespace.")
def misnamed_namespace(code: Code, place: Span, name: str, label: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespace "{name}" has the label kubernetes.io/metadata.name: {label}',
        Label(place, "the API server sets it to the name"),
        help=f'remove the label, or write "{name}"; it decides which namespace a rule means',
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
