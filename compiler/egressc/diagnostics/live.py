"""EG64x to EG66x: a cluster, what is installed in it, how that differs from the sources, and what probes show."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted
from egressc.source import Span

# What the profile "nodelocal" opens.
NODE_LOCAL_ADDRESS = "169.254.20.10"


@code("EG640", Severity.ERROR, "The cluster cannot be read.")
def unreachable_cluster(code: Code, place: Span, reason: str) -> Diagnostic:
    """`reason` is what the client or the API server says."""
    return Diagnostic(
        code,
        f"cluster cannot be read: {reason}",
        Label(place),
        help="add --kubeconfig FILE and --context NAME, or set KUBECONFIG; docs/cluster.md lists the permissions that "
        "each command needs",
    )


@code("EG641", Severity.WARNING, "Part of the cluster cannot be read, so checks that need it are skipped.")
def unread_part(code: Code, place: Span, part: str, unseen: str) -> Diagnostic:
    """`part` names objects and where; `unseen` says what is skipped because they are missing."""
    return Diagnostic(
        code,
        f"{part} cannot be read",
        Label(place, f"skipped: {unseen}"),
        help="add the role in docs/cluster.md to read them",
    )


@code("EG642", Severity.ERROR, "A service has no policy in the cluster.")
def missing_policy(code: Code, place: Span, policy: str, installed: str, *, service: str) -> Diagnostic:
    """`policy` is namespace/name; `installed` is the release that should hold it, or "" where there is none."""
    why = f"release {installed} has it, but it was deleted" if installed else "it is not installed"
    return Diagnostic(
        code,
        f'policy {policy} of "{service}" is not in the cluster: {why}',
        Label(place, "its pods are not isolated by it"),
        help=f"run `egressc install {service}`",
        service=service,
    )


@code("EG643", Severity.ERROR, "The installed policy of a service differs from its sources in flows.")
def outdated_policy(code: Code, place: Span, policy: str, flow: str, verdict: str, *, service: str) -> Diagnostic:
    """`flow` is a witness and `verdict` how it is judged on both sides; `place` is the rule, or the service's row."""
    return Diagnostic(
        code,
        f"policy {policy} differs from the sources: {flow} {verdict}",
        Label(place),
        help=f"run `egressc install {service}`",
        service=service,
    )


@code("EG644", Severity.ERROR, "A policy in the cluster was edited outside its release.")
def edited_policy(code: Code, place: Span, policy: str, flow: str, verdict: str, *, service: str) -> Diagnostic:
    """`flow` is a witness and `verdict` how it is judged on both sides; `place` is the live rule or policy."""
    return Diagnostic(
        code,
        f"policy {policy} was edited in the cluster: {flow} {verdict}",
        Label(place),
        help=f"run `egressc install {service}` to restore it, or first add the change to the sources or below the "
        "extras line of its values file",
        service=service,
    )


@code("EG645", Severity.WARNING, "A policy from elsewhere allows a service more than its rows ask for.")
def widening_policy(code: Code, place: Span, policy: str, flow: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'policy {policy} widens "{service}": {flow} is allowed, but no row asks for it',
        Label(place, "policies add up, and this one is not in the service's release"),
        help="write a narrower podSelector, or add a row for the flow",
        service=service,
    )


@code("EG646", Severity.ERROR, "A policy has the name of a service's policy, but its release does not own it.")
def foreign_policy(code: Code, place: Span, policy: str, owner: str, *, service: str) -> Diagnostic:
    """`owner` says whose it is, by its annotations."""
    return Diagnostic(
        code,
        f'policy {policy} is in the way of "{service}": {owner}',
        Label(place, "nothing is overwritten"),
        help="remove or rename it; or, to hand it over, add the annotations meta.helm.sh/release-name and "
        "meta.helm.sh/release-namespace and the label app.kubernetes.io/managed-by=Helm",
        service=service,
    )


@code("EG647", Severity.ERROR, "A release of another chart has the name of a service.")
def foreign_release(code: Code, place: Span, release: str, chart: str, ours: str, *, service: str) -> Diagnostic:
    """`release` is namespace/name; `chart` and `ours` are names of charts."""
    return Diagnostic(
        code,
        f'release {release} is of chart "{chart}", not of "{ours}"',
        Label(place, "a release has the id of its service; nothing is overwritten"),
        help='write another `id:` for the service in the catalog, or add the library chart "network-policy" to that '
        "chart",
        service=service,
    )


@code("EG648", Severity.ERROR, "The last operation on a release was interrupted or failed.")
def pending_release(code: Code, place: Span, release: str, status: str, revision: int, *, service: str) -> Diagnostic:
    """`status` is Helm's word for it, such as pending-upgrade."""
    return Diagnostic(
        code,
        f"release {release} was left {status} at revision {revision}",
        Label(place),
        help=f"run `egressc install {service}`, which reverts the interrupted operation and repeats it",
        service=service,
    )


@code("EG649", Severity.WARNING, "No namespace of the cluster has the labels that a rule selects namespaces by.")
def unlabelled_namespace(code: Code, place: Span, destination: str, namespaces: str, *, service: str) -> Diagnostic:
    """`namespaces` is the selection in words, as in "in namespaces team=data"."""
    return Diagnostic(
        code,
        f'"{destination}" selects pods {namespaces}, but no namespace has such labels',
        Label(place, "this rule reaches no pod"),
        help="add the labels to the namespaces, or write others in the catalog; `namespaceLabel` in the project file "
        "is the label with a namespace's name",
        service=service,
        destination=destination,
    )


@code("EG650", Severity.WARNING, "A service's selector matches no pod.")
def no_pods(code: Code, place: Span, pods: str, *, service: str) -> Diagnostic:
    """`pods` is the selection in words, as in "pods app=web in shop"."""
    return Diagnostic(
        code,
        f'"{service}" selects {pods}, but there are none',
        Label(place, "its policy isolates no pod now"),
        help="write another selector in the catalog, or start the service",
        service=service,
    )


@code("EG651", Severity.WARNING, "A destination is not in the cluster.")
def missing_destination(
    code: Code, place: Span, destination: str, lack: str, *, service: str, others: int = 0
) -> Diagnostic:
    """`lack` says what there is none of; `others` counts further services that ask for the same."""
    more = f"; {others} more need it" if others else ""
    return Diagnostic(
        code,
        f'"{destination}" is not in the cluster: {lack}',
        Label(place, f"this rule reaches no pod{more}"),
        help="write another selector or namespace in the catalog, or remove the row",
        service=service,
        destination=destination,
    )


@code("EG652", Severity.WARNING, "The cluster shows no network plugin that enforces policies.")
def no_enforcement(code: Code, place: Span, found: str) -> Diagnostic:
    """`found` is what the API shows, as far as it is known."""
    return Diagnostic(
        code,
        f"cluster shows no network plugin that enforces policies: {found}",
        Label(place),
        help="run `egressc probe` to try a connection that a policy denies: the API server stores policies even if "
        "nothing enforces them",
    )


@code("EG653", Severity.WARNING, "The cluster has a NodeLocal DNS cache, but services have another DNS profile.")
def node_local_dns(code: Code, place: Span, where: str, addresses: Sequence[str], profile: str) -> Diagnostic:
    """`where` is the DaemonSet, `addresses` where its cache listens; `profile` is the one that the sources name."""
    own = NODE_LOCAL_ADDRESS in addresses
    peers = ", ".join(f"{address}/{128 if ':' in address else 32}" for address in addresses)
    return Diagnostic(
        code,
        f'{where} answers DNS on each node, but the DNS profile is "{profile}"',
        Label(place, f"queries go to {', '.join(addresses)}, which this profile denies"),
        help="write `cluster.dns.profile: nodelocal` in the project file, then compile"
        if own
        else f"write a custom profile in `cluster.dns` of the project file that also has {peers}, then compile",
    )


@code("EG654", Severity.ERROR, "Helm fails on a release, with its own message.")
def failed_release(code: Code, place: Span, action: str, reason: str, *, service: str) -> Diagnostic:
    """`action` is what was asked of Helm, as in "upgrade"; `reason` is what it says, in full."""
    return Diagnostic(code, f'helm cannot {action} "{service}"', Label(place), help=reason, service=service)


@code("EG655", Severity.ERROR, "The namespace of a service does not exist.")
def missing_namespace(code: Code, place: Span, namespace: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespace "{namespace}" of "{service}" does not exist',
        Label(place),
        help="add it, or run `egressc install --create-namespace`",
        service=service,
    )


@code("EG656", Severity.WARNING, "A release of the chart belongs to a service that is not in the sources.")
def stale_release(code: Code, place: Span, release: str, name: str, namespace: str) -> Diagnostic:
    """`release` is namespace/name."""
    return Diagnostic(
        code,
        f"release {release} belongs to a service that is not in the sources",
        Label(place),
        help=f"remove it with `helm uninstall {name} -n {namespace}` once nothing needs its policy",
        service=name,
    )


@code("EG657", Severity.NOTE, "A release differs from the sources in wording only; the flows are the same.")
def older_wording(code: Code, place: Span, release: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"release {release} differs from the sources in wording only",
        Label(place, "labels, comments or the order of rules"),
        help=f"run `egressc install {service}` to update it; no flow changes",
        service=service,
    )


@code("EG658", Severity.ERROR, "A tried connection contradicts the sources.")
def probe_contradiction(
    code: Code, place: Span, connection: str, contradiction: str, cause: str, repair: str, *, service: str
) -> Diagnostic:
    """`contradiction` says what was seen, `cause` what the live policies say about that; `repair` may be ""."""
    return Diagnostic(
        code, f'"{service}" to {connection}: {contradiction}', Label(place, cause), help=repair, service=service
    )


@code("EG659", Severity.WARNING, "A probe is inconclusive: the other end did not answer.")
def probe_inconclusive(code: Code, place: Span, connection: str, reason: str, help: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code, f'"{service}" to {connection} proves nothing: {reason}', Label(place), help=help, service=service
    )


@code("EG660", Severity.ERROR, "The pods that try a service's connections did not finish.")
def probe_not_run(code: Code, place: Span, reason: str, help: str, *, service: str) -> Diagnostic:
    """`reason` is the API server's or the pod's own, as far as there is one."""
    return Diagnostic(
        code, f'connections of "{service}" were not tried: {reason}', Label(place), help=help, service=service
    )


@code("EG661", Severity.ERROR, "The control pod got no answer at all, so a missing answer proves nothing.")
def probe_without_control(code: Code, place: Span, isolating: str, *, service: str) -> Diagnostic:
    """`isolating` names the policies that isolate the control pod; "" where none is known to."""
    cause = (
        f"{isolating} isolates the control pod too" if isolating else "no policy is known to isolate the control pod"
    )
    return Diagnostic(
        code,
        f'no destination of "{service}" answers the control pod, so there is no positive control',
        Label(place, cause),
        help="start the destinations, or add one that answers with --allow or --deny HOST:PORT; if a policy "
        "isolates every pod of the namespace, add a rule for pods with the label network-policy/role=control",
        service=service,
    )


@code("EG662", Severity.ERROR, "The API server listens on several ports, but cluster.apiServer has one.")
def several_server_ports(code: Code, place: Span, ports: Sequence[int], addresses: Sequence[str]) -> Diagnostic:
    entry = f"{{addresses: [{', '.join(map(quoted, addresses))}], ports: [{', '.join(map(str, ports))}]}}"
    return Diagnostic(
        code,
        f"the API server has the ports {' and '.join(map(str, ports))}, but cluster.apiServer can have only one",
        Label(place),
        help=f'in place of cluster.apiServer, add to the catalog: destinations: {{"Kubernetes API server": {entry}}}',
    )


@code("EG663", Severity.WARNING, "The cluster does not enforce rules for hosts.")
def unenforced_hosts(code: Code, place: Span, found: str, repair: str) -> Diagnostic:
    """`found` is what the API shows."""
    return Diagnostic(
        code,
        f"the cluster stores policies with rules for hosts, but does not enforce them: {found}",
        Label(place),
        help=repair,
    )
