"""EG325 to EG329, EG470: presets and address lists."""

from collections.abc import Sequence
from dataclasses import replace

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code, rewrite
from egressc.diagnostics.phrases import quoted, say_allow, say_count
from egressc.source import Located, Span


@code("EG325", Severity.ERROR, "The addresses of the nodes are missing.")
def unknown_nodes(code: Code, name: Located[str], lacks: str = "", has: str = "") -> Diagnostic:
    """`lacks`: the one family of the cluster, where the project file has addresses of another alone, which is `has`."""
    if lacks:
        return Diagnostic(
            code,
            f'"{name.value}" needs {lacks} addresses of the nodes, but cluster.nodes has only {has}',
            Label(name.span, f"no {lacks} address"),
            help=f"add the {lacks} networks of the nodes to cluster.nodes, or {has} to cluster.ipFamilies",
        )
    return Diagnostic(
        code,
        f'"{name.value}" needs the addresses of the nodes, which are missing',
        Label(name.span, "no address"),
        help='add cluster.nodes to the project file, for example ["10.1.0.0/16"]; '
        "`kubectl get nodes -o wide` shows them",
    )


@code("EG326", Severity.ERROR, "A catalog entry names an unknown preset.")
def unknown_preset(code: Code, name: Located[str], near: Sequence[str]) -> Diagnostic:
    meant = f'write "{near[0]}", or one' if near else "write one"
    return Diagnostic(
        code,
        f'"{name.value}" is not a preset',
        Label(name.span, "no such preset"),
        help=f"{meant} that `egressc presets` lists",
        repairs=rewrite(name.value, (name.span,), near[:1]),
    )


def offer_preset(found: Diagnostic, name: str) -> Diagnostic:
    """EG301 for the name of a preset that an entry has to complete."""
    entry = f"{{{quoted(name)}: {{preset: {quoted(name)}, namespace: \u2026}}}}"
    return replace(found, help=f"add its namespace to the catalog: destinations: {entry}; or {found.help}")


@code("EG327", Severity.ERROR, "An entry says where a destination is, and so does an address list.")
def listed_addresses(code: Code, entry: Located[str], listed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'the entry of "{entry.value}" says where it is, but its addresses come from an address list',
        Label(entry.span, "its place"),
        (Label(listed.span, "the address list"),),
        "remove the place from the entry, or the list from the project file",
    )


@code("EG328", Severity.ERROR, "The DNS profile nodelocal has no address in a cluster of IPv6 alone.")
def nodelocal_without_ipv4(code: Code, place: Span, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        "the DNS profile nodelocal opens 169.254.20.10, but cluster.ipFamilies has no IPv4",
        Label(place, "the first service with this profile"),
        help="write the address of your cache in the profile custom: {profile: custom, to: [{ipBlock: {cidr: "
        '"fd00::a/128"}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: '
        "{matchLabels: {k8s-app: kube-dns}}}], ports: [53]}",
        service=service,
    )


@code("EG329", Severity.WARNING, "All addresses of an end are of a family that the cluster does not have.")
def absent_family(code: Code, name: Located[str], has: str, families: str, key: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" has only {has} addresses, but cluster.ipFamilies has only {families}',
        Label(name.span, "allows nothing"),
        help=f"write its {families} addresses, or add {has} to cluster.ipFamilies; or {say_allow(code)}",
        destination=key,
    )


@code("EG470", Severity.NOTE, "Port 15008 is the tunnel of Istio ambient: it leads to every port of a pod.")
def ambient_tunnel(code: Code, place: Span, count: int) -> Diagnostic:
    """`count`: how many more rows open it."""
    more = f", as {say_count(count, 'other row does', 'other rows do')}" if count else ""
    return Diagnostic(
        code,
        f"this opens port 15008{more}: in an Istio ambient mesh it leads to every port of a pod, so limits of ports "
        "have no effect",
        Label(place, "the tunnel of the mesh"),
        help="limit ports of pods in the mesh with an AuthorizationPolicy of Istio",
    )
