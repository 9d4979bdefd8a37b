"""EG61x, EG625, EG634, EG635 and EG664: manifests that are read back, and what in them cannot be read or trusted."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import MOST_PLACES, say_count
from egressc.source import Span


@code("EG610", Severity.ERROR, "A manifest cannot be read as YAML.")
def unreadable_manifest(code: Code, place: Span, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"document cannot be read: {reason}",
        Label(place),
        help="write valid YAML, or remove the file: nothing is proven with an unread document",
    )


@code("EG611", Severity.ERROR, "A policy cannot be read, or the API server or the network plugin refuses it.")
def unreadable_policy(code: Code, place: Span, policy: str, path: str, reason: str) -> Diagnostic:
    """`policy` is namespace/name; `path` leads to the field from the manifest's root."""
    return Diagnostic(
        code,
        f"{path} of policy {policy}: {reason}",
        Label(place, "not read"),
        help="nothing is proven with an unread policy: change the field, "
        "or leave the manifest out to prove the rest without it",
    )


@code("EG612", Severity.ERROR, "A policy of another kind or version is next to the NetworkPolicies.")
def unread_policy_kind(code: Code, place: Span, kind: str, repair: str = "") -> Diagnostic:
    """`kind` is apiVersion and kind, as in "cilium.io/v2 CiliumNetworkPolicy"; `repair`: in place of the usual one."""
    return Diagnostic(
        code,
        f"{kind} may allow or deny flows but is not read",
        Label(place, "not supported"),
        help=repair
        or "remove this manifest to prove the rest without it: the proof reads NetworkPolicy, CiliumNetworkPolicy, "
        "CiliumClusterwideNetworkPolicy, ApplicationNetworkPolicy and FQDNNetworkPolicy of v1alpha1, "
        "ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy, and NetworkPolicy, "
        "GlobalNetworkPolicy, Tier, NetworkSet and GlobalNetworkSet of projectcalico.org/v3",
    )


@code("EG613", Severity.WARNING, "A manifest has an unknown kind.")
def unknown_kind(code: Code, place: Span, kind: str, *, is_like_ours: bool = False) -> Diagnostic:
    """`is_like_ours`: it may be a NetworkPolicy, misspelled."""
    help = "remove the manifest if it does not affect who may reach whom"
    if is_like_ours:
        help = "write networking.k8s.io/v1 NetworkPolicy if you mean that: the API server refuses other spellings"
    return Diagnostic(
        code,
        f"{kind} is an unknown kind and is not read",
        Label(place, "assumed not to affect NetworkPolicy"),
        help=help,
    )


@code("EG614", Severity.ERROR, "Two policies have the same namespace and name: in a cluster they are one object.")
def policy_given_twice(code: Code, place: Span, title: str, first: Span, *, is_compiled: bool = False) -> Diagnostic:
    """`title`: kind and name, as in "policy shop/orders"; `is_compiled`: `first` is what it comes from."""
    repair = "remove one of the two, or rename it: nothing is proven about both"
    if is_compiled:
        repair = "remove or rename the policy in this manifest: egressc compiles one of this name from the sources"
    return Diagnostic(
        code,
        f"{title} is defined twice, so the cluster has the one that is applied last",
        Label(place, "the second"),
        related=(Label(first, "compiled from here" if is_compiled else "the first"),),
        help=repair,
    )


@code("EG615", Severity.ERROR, "A manifest lacks a field that every Kubernetes object has.")
def incomplete_manifest(code: Code, place: Span, lack: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"document {lack}",
        Label(place),
        help="add apiVersion, kind and metadata.name, which every Kubernetes object has",
    )


@code("EG616", Severity.WARNING, "The pods of a workload cannot be read completely.")
def unreadable_workload(code: Code, place: Span, workload: str, path: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{path} of {workload}: {reason}",
        Label(place, "refused by the API server"),
        help="write the field as the API requires: until then it is ignored",
    )


@code("EG618", Severity.WARNING, "A network has bits beyond its prefix length, which newer API servers refuse.")
def loose_network(code: Code, place: Span, policy: str, path: str, reading: str) -> Diagnostic:
    """`policy` is namespace/name; `path` leads to the CIDR; `reading` says how it is read."""
    return Diagnostic(
        code,
        f"{path} of policy {policy}: {reading}",
        Label(place, "refused in new policies from Kubernetes 1.36 on"),
        help="write the network that it is read as",
    )


@code("EG639", Severity.WARNING, "A policy has a part that no flow shows, so the proof leaves it out.")
def overlooked_part(code: Code, place: Span, policy: str, path: str, what: str) -> Diagnostic:
    """`policy` is namespace/name; `path` leads to the part; `what` says what it does, or what is missing for it."""
    return Diagnostic(
        code,
        f"{path} of policy {policy}: {what}",
        Label(place, "left out of the proof"),
        help="look at this part yourself: the proof reads the policy without it",
    )


@code("EG664", Severity.NOTE, "A staged policy enforces nothing, so the proof leaves it out.")
def skipped_staged_policy(code: Code, place: Span, kind: str, policy: str) -> Diagnostic:
    """`policy` is namespace/name, as far as it has them."""
    return Diagnostic(
        code,
        f"{kind} {policy} is staged: it neither allows nor denies anything",
        Label(place, "enforces nothing"),
        help="to read a staged policy as what it would enforce, compile it with `dialect: CalicoStaged`",
    )


@code("EG619", Severity.ERROR, "A label or annotation makes tools skip or remove a policy, so it counts as absent.")
def unmanaged_policy(code: Code, place: Span, policy: str, field: str, key: str, why: str) -> Diagnostic:
    """`field`: label or annotation. `why`: what a tool does with it, as a clause."""
    return Diagnostic(
        code,
        f'policy {policy} counts as absent because of its {field} "{key}": {why}',
        Label(place, "not managed"),
        help="remove it: nothing is proven about a policy that may be absent",
    )


@code("EG625", Severity.ERROR, "Two policies of one tier decide differently about a flow, in no defined order.")
def undecided_order(
    code: Code, place: Span, policy: str, other: str, first: Span, *, can_differ: bool, of_names: bool = False
) -> Diagnostic:
    """`place` and `first`: the priorities of the two. `can_differ`: these are equal, and tell which is asked first.

    `of_names`: their names tell it among equals, but one has the name of its tier in front.
    """
    why = "they have the same priority" if can_differ else "they are of two kinds, whose order is not defined"
    repair = "give them different priorities" if can_differ else "write both as one kind, with different priorities"
    if of_names:
        why = 'they have the same order, and some versions of Calico compare names with the prefix "default."'
        repair = "give them different orders"
    return Diagnostic(
        code,
        f"policies {other} and {policy} decide differently about a flow, but {why}",
        Label(place, "the second"),
        related=(Label(first, "the first"),),
        help=f"{repair}: the network plugin can ask either first, so nothing is proven about both",
    )


@code("EG629", Severity.ERROR, "A rule names hosts that no DNS rule lets be resolved, so it allows nothing.")
def unlearned_hosts(code: Code, place: Span, policy: str, hosts: str) -> Diagnostic:
    """`policy` is namespace/name."""
    return Diagnostic(
        code,
        f"policy {policy} names {hosts}, but no policy of its pods has a DNS rule with `rules.dns` for that",
        Label(place, "allows nothing"),
        help='add `rules: {dns: [{matchPattern: "*"}]}` to the DNS rule of its pods, or the policy that has it to the '
        "manifests: Cilium learns addresses from these DNS answers alone",
    )


@code("EG634", Severity.WARNING, "A folder of manifests has files that are not read.")
def unread_files(code: Code, place: Span, names: Sequence[str]) -> Diagnostic:
    """`names`: paths from the folder; not empty."""
    shown = ", ".join(f'"{name}"' for name in names[:MOST_PLACES])
    more = f" and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
    files = say_count(len(names), "file of this folder is", "files of this folder are")
    return Diagnostic(
        code,
        f"{files} not read: {shown}{more}",
        Label(place),
        help="name the files that are manifests, or leave the others out with --exclude next to --manifests: egressc "
        "reads .yaml, .yml and .json files, in folders that are not symbolic links",
    )


@code("EG635", Severity.ERROR, "A namespace has the name label of another namespace.")
def misnamed_namespace(code: Code, place: Span, name: str, label: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespace "{name}" has the label kubernetes.io/metadata.name: {label}',
        Label(place, "the API server sets it to the name"),
        help=f'remove the label, or write "{name}"; it decides which namespace a rule means',
    )
