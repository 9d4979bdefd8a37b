"""EG64x and EG65x: a cluster, what is installed in it, and how that differs from what the sources ask for."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span

# What the profile "nodelocal" opens.
_NODE_LOCAL_ADDRESS = "169.254.20.10"


@code("EG640", Severity.ERROR, "The cluster cannot be read.")
def unreachable_cluster(code: Code, place: Span, reason: str) -> Diagnostic:
    """`reason` is what the client or the API server says."""
    return Diagnostic(
        code,
        f"the cluster cannot be read: {reason}",
        Label(place),
        help="name the cluster with --kubeconfig and --context, or KUBECONFIG; docs/cluster.md has the rights that "
        "each command needs",
    )


@code("EG641", Severity.WARNING, "A part of the cluster may not be read, and what depends on it is not looked at.")
def unread_part(code: Code, place: Span, part: str, unseen: str) -> Diagnostic:
    """`part` names objects and where; `unseen` says what is not looked at for want of them."""
    return Diagnostic(
        code,
        f"{part} may not be read",
        Label(place, f"not looked at: {unseen}"),
        help="grant the role in docs/cluster.md to see them",
    )


@code("EG642", Severity.ERROR, "A service has no policy in the cluster.")
def missing_policy(code: Code, place: Span, policy: str, installed: str, *, service: str) -> Diagnostic:
    """`policy` is namespace/name; `installed` is the release that should hold it, or "" where there is none."""
    why = f"release {installed} holds it, and it was deleted" if installed else "it is not installed"
    return Diagnostic(
        code,
        f'policy {policy} of "{service}" is not in the cluster: {why}',
        Label(place, "its pods are not isolated by it"),
        help=f"run `egressc install {service}`",
        service=service,
    )


@code("EG643", Severity.ERROR, "What is installed for a service allows or denies other flows than its sources ask for.")
def outdated_policy(code: Code, place: Span, policy: str, flow: str, verdict: str, *, service: str) -> Diagnostic:
    """`flow` is a witness and `verdict` how it is judged on both sides; `place` is the rule, or the service's row."""
    return Diagnostic(
        code,
        f"policy {policy} is not what the sources give: {flow} {verdict}",
        Label(place),
        help=f"run `egressc install {service}`",
        service=service,
    )


@code("EG644", Severity.ERROR, "A policy in the cluster was changed by other means than its release.")
def edited_policy(code: Code, place: Span, policy: str, flow: str, verdict: str, *, service: str) -> Diagnostic:
    """`flow` is a witness and `verdict` how it is judged on both sides; `place` is the live rule or policy."""
    return Diagnostic(
        code,
        f"policy {policy} was edited in the cluster: {flow} {verdict}",
        Label(place),
        help=f"run `egressc install {service}` to restore it, or put the change into the sources or below the extras "
        "line of its values file first",
        service=service,
    )


@code("EG645", Severity.WARNING, "A policy from elsewhere allows pods of a service what its rows do not ask for.")
def widening_policy(code: Code, place: Span, policy: str, flow: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'policy {policy} widens "{service}": {flow} is allowed, and no row asks for it',
        Label(place, "policies add up; this one is not of the service's release"),
        help="narrow what it selects, or ask for the flow in a row",
        service=service,
    )


@code("EG646", Severity.ERROR, "A policy stands where a service's goes, and its release does not own it.")
def foreign_policy(code: Code, place: Span, policy: str, owner: str, *, service: str) -> Diagnostic:
    """`owner` says whose it is, as far as its annotations tell."""
    return Diagnostic(
        code,
        f'policy {policy} is in the way of "{service}": {owner}',
        Label(place, "nothing is overwritten"),
        help="delete or rename it; to hand it over, annotate it with meta.helm.sh/release-name and "
        "meta.helm.sh/release-namespace, and label it app.kubernetes.io/managed-by=Helm",
        service=service,
    )


@code("EG647", Severity.ERROR, "A release of another chart has the name of a service.")
def foreign_release(code: Code, place: Span, release: str, chart: str, ours: str, *, service: str) -> Diagnostic:
    """`release` is namespace/name; `chart` and `ours` are names of charts."""
    return Diagnostic(
        code,
        f'release {release} is of chart "{chart}", not of "{ours}"',
        Label(place, "a service is installed under its id; nothing is overwritten"),
        help='give the service another `id:` in the catalog, or include the library chart "network-policy" in that '
        "chart",
        service=service,
    )


@code("EG648", Severity.ERROR, "The last operation on a release was broken off, or failed.")
def pending_release(code: Code, place: Span, release: str, status: str, revision: int, *, service: str) -> Diagnostic:
    """`status` is Helm's word for it, such as pending-upgrade."""
    return Diagnostic(
        code,
        f"release {release} was left {status} at revision {revision}",
        Label(place),
        help=f"run `egressc install {service}`: it takes back what was broken off, and finishes it",
        service=service,
    )


@code("EG649", Severity.WARNING, "No namespace of the cluster has the labels that a rule selects namespaces by.")
def unlabelled_namespace(code: Code, place: Span, destination: str, namespaces: str, *, service: str) -> Diagnostic:
    """`namespaces` is the selection in words, as in "in namespaces team=data"."""
    return Diagnostic(
        code,
        f'"{destination}" is looked for {namespaces}, and no namespace has such labels',
        Label(place, "this rule reaches nobody"),
        help="label the namespaces, or correct the selection in the catalog; `namespaceLabel` in the project file says "
        "which label holds a namespace's name",
        service=service,
        destination=destination,
    )


@code("EG650", Severity.WARNING, "A service's selector matches no pod.")
def no_pods(code: Code, place: Span, pods: str, *, service: str) -> Diagnostic:
    """`pods` is the selection in words, as in "pods app=web in shop"."""
    return Diagnostic(
        code,
        f'"{service}" selects {pods}, and there are none',
        Label(place, "its policy isolates nobody now"),
        help="correct the selector in the catalog, or start the service",
        service=service,
    )


@code("EG651", Severity.WARNING, "A destination is not in the cluster.")
def missing_destination(
    code: Code, place: Span, destination: str, lack: str, *, service: str, others: int = 0
) -> Diagnostic:
    """`lack` says what there is none of; `others` counts further services that ask for the same."""
    more = f"; {others} more ask for it" if others else ""
    return Diagnostic(
        code,
        f'"{destination}" is not in the cluster: {lack}',
        Label(place, f"this rule reaches nobody{more}"),
        help="correct its selector or namespace in the catalog, or drop the row",
        service=service,
        destination=destination,
    )


@code("EG652", Severity.WARNING, "No network plugin that enforces egress shows in the cluster.")
def no_enforcement(code: Code, place: Span, found: str) -> Diagnostic:
    """`found` is what the API shows, as far as it is known."""
    return Diagnostic(
        code,
        f"nothing in the cluster is known to enforce egress policies: {found}",
        Label(place),
        help="the API server stores a NetworkPolicy whether or not anything applies it; from a pod of a service try a "
        "connection that its policy denies",
    )


@code("EG653", Severity.WARNING, "The cluster has a NodeLocal DNS cache, and services are set up for another profile.")
def node_local_dns(code: Code, place: Span, where: str, addresses: Sequence[str], profile: str) -> Diagnostic:
    """`where` is the DaemonSet, `addresses` where its cache listens; `profile` is the one that the sources name."""
    own = _NODE_LOCAL_ADDRESS in addresses
    peers = ", ".join(f"{address}/{128 if ':' in address else 32}" for address in addresses)
    return Diagnostic(
        code,
        f'{where} answers DNS on each node, and the DNS profile is "{profile}"',
        Label(place, f"lookups go to {', '.join(addresses)}, which this profile does not allow"),
        help="set `cluster.dns.profile` in the project file to nodelocal, then compile"
        if own
        else f"set `cluster.dns` in the project file to a custom profile that also has {peers}, then compile",
    )


@code("EG654", Severity.ERROR, "Helm fails on a release; its own message says why.")
def failed_release(code: Code, place: Span, action: str, reason: str, *, service: str) -> Diagnostic:
    """`action` is what was asked of Helm, as in "upgrade"; `reason` is what it says, in full."""
    return Diagnostic(code, f'helm cannot {action} "{service}"', Label(place), help=reason, service=service)


@code("EG655", Severity.ERROR, "The namespace of a service does not exist.")
def missing_namespace(code: Code, place: Span, namespace: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespace "{namespace}" of "{service}" does not exist',
        Label(place),
        help="create it, or install with --create-namespace",
        service=service,
    )


@code("EG656", Severity.WARNING, "A release of the chart belongs to no service of the sources.")
def stale_release(code: Code, place: Span, release: str, name: str, namespace: str) -> Diagnostic:
    """`release` is namespace/name."""
    return Diagnostic(
        code,
        f"release {release} belongs to no service of the sources",
        Label(place),
        help=f"remove it with `helm uninstall {name} -n {namespace}` once nothing needs its policy",
        service=name,
    )


@code("EG657", Severity.NOTE, "A release differs from what the sources give in words alone; it allows the same.")
def older_wording(code: Code, place: Span, release: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"release {release} says the same as the sources in other words",
        Label(place, "labels, comments or the order of rules"),
        help=f"`egressc install {service}` brings it up to date; no flow changes",
        service=service,
    )
