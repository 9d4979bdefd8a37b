"""EG457 to EG459, EG464, EG476 to EG479, EG668 and EG669: an egress gateway of Istio, for rows and in a cluster."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import say_allow, say_count
from egressc.source import Span


@code("EG457", Severity.WARNING, "Pods of an ambient mesh connect through a port that no rule opens.")
def closed_tunnel(code: Code, place: Span, row: Span, name: str, count: int) -> Diagnostic:
    """`place` is that of the dialect; `name` the far end of the first such row; `count`: how many more there are."""
    more = f", as do those of {say_count(count, 'other row', 'other rows')}" if count else ""
    return Diagnostic(
        code,
        f'connections with "{name}" pass through port 15008, the tunnel of the ambient mesh, which no rule opens{more}',
        Label(place, "pods in ambient mode connect through the tunnel"),
        (Label(row, "both ends are in the mesh"),),
        help="add 15008/TCP to the ports of the row or of the destination, which opens every port of its pods to the "
        f"same callers (EG470); or add {code.id} with a reason to allow in the project file",
    )


@code("EG458", Severity.ERROR, "A waypoint cannot tell apart two policies that want different hosts.")
def shared_identity(
    code: Code, place: Span, name: str, host: str, other: str, before: Span, *, are_services: bool, service: str
) -> Diagnostic:
    """`host`: one that only `other` wants; `are_services`: neither is of a baseline, which has no account."""
    repair = "write `serviceAccount` in the catalog entries of both, each with one that no other pods have"
    if not are_services:
        repair = "write hosts into rows of services with a `serviceAccount` of their own, and into no baseline"
    return Diagnostic(
        code,
        f'"{name}" can also reach {host}, because the waypoint cannot tell it apart from "{other}"',
        Label(place, "has no identity of its own"),
        (Label(before, f"wants {host}"),),
        help=f"{repair}; or put them into two namespaces",
        service=service,
    )


@code("EG459", Severity.ERROR, "A waypoint cannot limit requests.")
def unlimited_requests(code: Code, place: Span, name: str, *, service: str, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" has a `rateLimit`, but Istio has no limit of requests for a waypoint',
        Label(place, "limits requests"),
        help="remove `rateLimit` from its catalog entry, or use an egress gateway with sidecars",
        service=service,
        destination=destination,
    )


@code("EG464", Severity.WARNING, "A policy of the project is for pods of the egress gateway.")
def limited_gateway(
    code: Code, place: Span, name: str, *, is_certain: bool, has_selector: bool, service: str
) -> Diagnostic:
    """`is_certain`: its labels are those of the gateway's pods; else a pod with the labels of both would be needed.

    `has_selector`: the project file says by which labels the pods of the gateway are known.
    """
    repair = (
        "write rows that let its pods reach istiod and the addresses of the hosts, such as `Internet`, and let the "
        "services reach its pods; or leave its namespace out; then "
    )
    if has_selector and not is_certain:
        repair = (
            "add to `selector` of the gateway the value that its pods have for a label of the service, such as "
            f"`app: istio-egressgateway`; or {repair}"
        )
    selects, limits = ("selects", "limits") if is_certain else ("can select", "can limit")
    return Diagnostic(
        code,
        f'"{name}" {selects} pods of the egress gateway, so its policy {limits} what passes through the gateway',
        Label(place, f"{selects} the gateway"),
        help=f"{repair}{say_allow(code)}",
        service=service,
    )


@code(
    "EG476",
    Severity.ERROR,
    "Two rows want one host differently, and an egress gateway has one route to it for all services.",
)
def host_wanted_differently(
    code: Code,
    place: Span,
    host: str,
    wanted: str,
    before: Span,
    wanted_before: str,
    *,
    is_port: bool,
    service: str,
    destination: str,
) -> Diagnostic:
    """`wanted`: a port, or else settings of the gateway, in words."""
    same = "one port for the host" if is_port else "the same `gateway` into the catalog entries of both"
    return Diagnostic(
        code,
        f'host "{host}" is {wanted}, but {wanted_before} in {"this" if before == place else "another"} row',
        Label(place, wanted),
        () if before == place else (Label(before, wanted_before),),
        help=f"write {same}, or addresses in place of this host for one of them",
        service=service,
        destination=destination,
    )


@code("EG477", Severity.WARNING, "A host behind an egress gateway has a port without TLS, so connections to it fail.")
def port_without_tls(
    code: Code, place: Span, name: str, port: str, protocol: str, *, service: str, destination: str
) -> Diagnostic:
    repair = "write `addresses` in place of hosts"
    if protocol == "HTTP":
        repair = "write `gateway: {tls: originate}` in its catalog entry, and the gateway opens TLS to port 443"
    return Diagnostic(
        code,
        f'"{name}" has hosts on {port}, where {protocol} starts without TLS, so the gateway gets no server name',
        Label(place, "starts without TLS"),
        help=f"{repair}; or, if it starts with TLS, {say_allow(code)}",
        service=service,
        destination=destination,
    )


@code("EG478", Severity.ERROR, "Pods of a policy with hosts cannot have a Sidecar of their own.")
def no_own_sidecar(code: Code, place: Span, name: str, why: str, repair: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" reaches hosts, and its pods cannot have a Sidecar of their own: {why}',
        Label(place, "reaches hosts"),
        help=repair,
        service=service,
    )


@code("EG479", Severity.ERROR, "Clients of a host with `tls: originate` connect to its port of TLS.")
def originates_on_tls_port(
    code: Code, place: Span, name: str, port: str, *, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" is on {port}, but with `tls: originate` clients connect in plain HTTP',
        Label(place, "the port of TLS"),
        help="write the port on which clients speak HTTP, such as 80, or remove `tls: originate`",
        service=service,
        destination=destination,
    )


@code("EG668", Severity.ERROR, "An object in the cluster was edited outside its release.")
def edited_object(code: Code, place: Span, kind: str, name: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{kind} {name} was edited in the cluster: it is not what its release holds",
        Label(place, "the sources of its release"),
        help=f"run `egressc install {service}` to restore it, or first add the change to the sources",
        service=service,
    )


@code("EG669", Severity.ERROR, "The installed object of a release differs from the sources.")
def outdated_object(code: Code, place: Span, kind: str, name: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{kind} {name} differs from the sources",
        Label(place, "the sources of its release"),
        help=f"run `egressc install {service}`",
        service=service,
    )
