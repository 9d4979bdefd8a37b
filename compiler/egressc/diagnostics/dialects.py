"""EG447, EG448, EG608 and EG665: what a kind of policy cannot express, or the chart cannot render."""

from typing import NamedTuple

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import say_allow
from egressc.source import Span


class LimitedFeature(NamedTuple):
    """What a dialect cannot express exactly, why, and what to write in place of it."""

    feature: str
    dialect: str
    reason: str
    repair: str


@code("EG447", Severity.ERROR, "The dialect cannot express what a row asks for.")
def unsupported_feature(
    code: Code, place: Span, name: str, limited: LimitedFeature, *, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" needs {limited.feature}, which {limited.dialect} cannot express: {limited.reason}',
        Label(place, f"needs {limited.feature}"),
        help=f"{limited.repair}, or write another `dialect` under cluster in the project file",
        service=service,
        destination=destination,
    )


@code("EG448", Severity.WARNING, "The dialect expresses what a row asks for approximately.")
def approximate_feature(
    code: Code, place: Span, name: str, limited: LimitedFeature, *, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" needs {limited.feature}, which {limited.dialect} expresses approximately: {limited.reason}',
        Label(place, "approximate"),
        help=f"{limited.repair}, or {say_allow(code)}",
        service=service,
        destination=destination,
    )


@code("EG608", Severity.ERROR, "The chart of this egressc does not render the dialect of the project.")
def unrendered_dialect(code: Code, place: Span, dialect: str, rendered: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the chart of egressc does not render the dialect "{dialect}"',
        Label(place, "not rendered"),
        help=f"write `dialect: {rendered}`, or the path of a chart that renders {dialect} as `chart`; "
        "`egressc verify --manifests` proves manifests from elsewhere",
    )


@code("EG665", Severity.NOTE, "The policies of the project are staged: they enforce nothing.")
def staged_dialect(code: Code, place: Span, dialect: str) -> Diagnostic:
    return Diagnostic(
        code,
        "nothing is enforced: the policies of this project are staged; a proof reads them as what they would enforce",
        Label(place, f"the policies of {dialect} are staged"),
        help="to enforce them, write `dialect: NetworkPolicy` or `dialect: Calico`",
    )


@code("EG490", Severity.ERROR, "A service reaches hosts by name, and its DNS is missing, or could be any DNS server.")
def names_without_dns(
    code: Code, place: Span, name: str, host: str, profile: str, example: str, *, service: str
) -> Diagnostic:
    """`profile`: `none`, whose pods cannot learn where a name leads, or `any`, whose pods can choose who tells them.

    `example`: a setting that a cluster of this dialect can have.
    """
    if profile == "none":
        problem, label = "but no rule lets it resolve names", "cannot be resolved"
    else:
        problem, label = (
            "and can ask any DNS server, so it can have any address opened",
            "any DNS server can open addresses",
        )
    return Diagnostic(
        code,
        f'"{name}" reaches {host} by name, {problem}',
        Label(place, label),
        help=f"write the profile of the cluster's DNS, such as `dns: {example}`, "
        "for the service, its namespace or the cluster",
        service=service,
    )


@code("EG491", Severity.ERROR, "A host of a destination is a name inside the cluster, which has no rule by name.")
def host_in_cluster(code: Code, place: Span, name: str, host: str, *, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'host "{host}" of "{name}" is a name inside the cluster: rules by name are for hosts outside',
        Label(place, "inside the cluster"),
        help="write the namespace and the selector of its pods in place of the host",
        destination=destination,
    )


@code("EG492", Severity.ERROR, "DNS is to be strict, and a baseline lets its pods resolve every name.")
def baseline_resolves(code: Code, place: Span, namespace: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the baseline of namespace "{namespace}" lets its pods resolve every name, so `strictDns` has no effect there',
        Label(place, "resolves every name"),
        help="write `dns: false` in this baseline, or remove `strictDns`",
    )


@code("EG493", Severity.WARNING, "The DNS rule selects pods, and DNS of the cluster is no pod.")
def dns_on_nodes(code: Code, place: Span, profile: str, example: str, *, service: str) -> Diagnostic:
    """`example`: a setting with the address at which DNS answers."""
    return Diagnostic(
        code,
        f"the DNS profile {profile} selects pods only, but in EKS Auto Mode the nodes answer DNS: pods may not resolve "
        "names",
        Label(place, "the first service with this profile"),
        help=f"write the address of the Service for DNS, the tenth of the cluster's Service range, such as "
        f"`dns: {example}`; if the cluster has DNS pods with a Service, {say_allow(code)}",
        service=service,
    )


@code("EG494", Severity.ERROR, "A selector has a label by which the dialect cannot select.")
def unselectable_label(code: Code, place: Span, key: str, problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the label "{key}" {problem}',
        Label(place, "selected by this label"),
        help="write other labels in the selector, such as app.kubernetes.io/name",
    )
