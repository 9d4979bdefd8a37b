"""Which hosts the waypoints of an ambient mesh lead to, and for whom.

A ServiceEntry is behind a waypoint by its label or by that of its namespace. Who reaches the pods of the waypoint at
its port for tunnels reaches the hosts of these, if no AuthorizationPolicy is attached or one lets it through.

Source: istio.io, "Configure waypoint proxies" and "AuthorizationPolicy"; Istio 1.31, model/policyattachment.go and
networking/core/listener_waypoint.go of pilot/pkg.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from egressc.dialects.istio.authorization import EVERYBODY, Clients, read_clients, target_refs_of
from egressc.dialects.istio.objects import MeshObject, covers, opened_tls, ports_of
from egressc.dialects.istio.routes import ANY_CERTIFICATE, Route, Tell, pods_with, say_tls_elsewhere
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence, shown
from egressc.dialects.shapes.limited import number
from egressc.model.gateway import GATEWAY_API, GATEWAY_KIND, GATEWAY_NAME, HOST_TLS_PORT, WAYPOINT_CLASS
from egressc.model.label_classes import Labels
from egressc.model.ports import HBONE_PORT
from egressc.model.scalars import PORT_MAX

ROUTE_KINDS: Final = ("GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute")
_NETWORKING: Final = "networking.istio.io"
_FOR: Final = "istio.io/waypoint-for"
_USE: Final = "istio.io/use-waypoint"
_BINDING: Final = "ambient.istio.io/waypoint-inbound-binding"
_ENTRY_FIELDS: Final = frozenset(
    ("addresses", "exportTo", "hosts", "location", "ports", "resolution", "subjectAltNames")
)
_HTTP: Final = ("GRPC", "HTTP", "HTTP2")
_TLS: Final = ("HTTPS", "TLS")


class WaypointRoutes(NamedTuple):
    """The pods of a waypoint, in one namespace, and where they lead."""

    namespace: str
    pods: Labels
    routes: tuple[Route, ...]


def find_waypoints(
    objects: Sequence[MeshObject], is_reached: Callable[[str, Labels], bool], tell: Tell, root: str
) -> tuple[WaypointRoutes, ...]:
    """Every waypoint with hosts; `is_reached`: whether a policy lets its pods reach the tunnel of these pods.

    `root`: the namespace whose objects count for the whole mesh.
    """
    held: dict[str, list[MeshObject]] = {}
    for it in objects:
        held.setdefault(it.kind, []).append(it)
    found = []
    for gateway in held.get(GATEWAY_KIND, ()):
        pods = pods_with({GATEWAY_NAME: gateway.name})
        if is_reached(gateway.namespace, pods):
            problems = Problems()
            if _is_waypoint(gateway, problems):
                routes = tuple(_HostFinder(held, gateway, tell, root).routes(pods))
                found.append(WaypointRoutes(gateway.namespace, pods, routes))
            tell(gateway, problems)
    return tuple(found)


def _is_waypoint(gateway: MeshObject, problems: Problems) -> bool:
    """Whether it takes tunnels, which must be for services of its own namespace alone."""
    tunnels = 0
    for i, value in enumerate(sequence(gateway.spec, "listeners", "spec", problems) or ()):
        at = f"spec.listeners[{i}]"
        listener = item(value, at, problems)
        if listener.get("protocol") != "HBONE" and listener.get("port") != HBONE_PORT:
            continue
        tunnels += 1
        allowed = mapping(mapping(listener, "allowedRoutes", at, problems) or {}, "namespaces", at, problems) or {}
        if allowed.get("from", "Same") != "Same":
            problems.add(f"{at}.allowedRoutes.namespaces.from", "must be Same: what is elsewhere is not read")
    name = gateway.spec.get("gatewayClassName")
    if not tunnels and name != WAYPOINT_CLASS:
        return False
    if name != WAYPOINT_CLASS:
        problems.add("spec.gatewayClassName", f"{shown(name)} is not {WAYPOINT_CLASS}, others are not read")
    if gateway.labels.get(_FOR, "service") != "service":
        problems.add(f"metadata.labels[{_FOR}]", "must be service: pods behind a waypoint are not read")
    if _BINDING in gateway.annotations:
        problems.add(f"metadata.annotations[{_BINDING}]", "is not read")
    return True


class _HostFinder:
    """Finds what is behind one waypoint."""

    def __init__(self, held: Mapping[str, Sequence[MeshObject]], gateway: MeshObject, tell: Tell, root: str) -> None:
        self._root = root
        self._gateway = gateway
        self._tell = tell
        self._opened = opened_tls(held.get("DestinationRule", ()))
        # Only what is in its namespace is behind a waypoint, and a mesh can have thousands of hosts.
        beside = {kind: [it for it in found if it.namespace == gateway.namespace] for kind, found in held.items()}
        self._entries = beside.get("ServiceEntry", [])
        self._services = beside.get("VirtualService", [])
        self._routes = [it for kind in ROUTE_KINDS for it in beside.get(kind, ())]
        self._adding = [it for it in self._entries if {"endpoints", "workloadSelector"} & it.spec.keys()]
        self._guards: dict[str, list[MeshObject]] = {}
        self._guards_of_all: list[MeshObject] = []
        for it in held.get("AuthorizationPolicy", ()):
            refs = target_refs_of(it)
            if any(map(partial(self._is_for_all, it), refs)):
                self._guards_of_all.append(it)
            elif it.namespace == gateway.namespace:
                for name in dict.fromkeys(str(ref.get("name")) for ref in refs if _is_entry(ref)):
                    self._guards.setdefault(name, []).append(it)
        for it in held.get("EnvoyFilter", ()):
            if any(map(partial(self._is_for_all, it), target_refs_of(it))):
                self._refuse(it, "spec.targetRefs", "changes a waypoint, which is not read")

    def routes(self, pods: Labels) -> Iterator[Route]:
        for entry in self._entries:
            if self._is_behind(entry):
                problems = Problems()
                ends = list(_read_entry(entry, problems))
                self._refuse_routes(entry)
                self._refuse_twins(entry)
                for host, port, protocol in ends:
                    is_http = protocol in _HTTP
                    if is_http and host not in self._opened:
                        text = f'sends plain HTTP to "{host}": no DestinationRule makes the waypoint open TLS'
                        problems.overlook("spec.ports", text)
                    elif is_http and (text := say_tls_elsewhere(ports_of(entry).get(port, HOST_TLS_PORT))):
                        problems.overlook("spec.ports", text)
                    for rule, is_checked in self._opened.get(host, ()) if is_http else ():
                        if not is_checked and not entry.spec.get("subjectAltNames"):
                            self._overlook(rule, "spec.trafficPolicy", ANY_CERTIFICATE)
                    yield Route(host, port, pods, self._clients(entry, is_http=is_http), entry, entry.namespace)
                self._tell(entry, problems)

    def _is_behind(self, entry: MeshObject) -> bool:
        """Whether it may be: the label of its namespace, which can be any, counts for one without a label."""
        wanted = entry.labels.get(_USE, self._gateway.name)
        has_canary = f"{_USE}-canary" in entry.labels
        return wanted == self._gateway.name or has_canary

    def _clients(self, entry: MeshObject, *, is_http: bool) -> Clients:
        """Whom the AuthorizationPolicies let through to a port of the hosts of a ServiceEntry."""
        found: list[Clients] = []
        for policy in (*self._guards_of_all, *self._guards.get(entry.name, ())):
            problems = Problems()
            action = policy.spec.get("action") or "ALLOW"
            if action == "ALLOW" and not policy.is_dry_run:
                found += read_clients(policy, entry.hosts, problems, is_http=is_http)
                found.append(frozenset())
            elif action not in ("ALLOW", "AUDIT") and not policy.is_dry_run:
                problems.overlook("spec", "is attached to the waypoint too, and can close its hosts")
            self._tell(policy, problems)
        if not found or EVERYBODY in found:
            return EVERYBODY
        return frozenset().union(*(it for it in found if it is not None))

    def _is_for_all(self, policy: MeshObject, ref: Object) -> bool:
        """Whether a policy with this target counts for everything behind the waypoint."""
        match ref.get("group"), ref.get("kind"), ref.get("name"):
            case "gateway.networking.k8s.io", "Gateway", name:
                return (policy.namespace, name) == (self._gateway.namespace, self._gateway.name)
            case "gateway.networking.k8s.io", "GatewayClass", name:
                return (policy.namespace, name) == (self._root, WAYPOINT_CLASS)
            case _:
                return False

    def _refuse_routes(self, entry: MeshObject) -> None:
        """What takes connections to another end than the one that they ask for."""
        for service in self._services:
            if any(covers(it, host) for it in service.hosts for host in entry.hosts):
                self._refuse(service, "spec.hosts", "routes a host behind a waypoint, which is not read")
        for route in self._routes:
            parents = route.spec.get("parentRefs")
            for ref in parents if isinstance(parents, list) else ():
                if isinstance(ref, dict) and self._is_parent(ref, entry):
                    self._refuse(route, "spec.parentRefs", "routes a host behind a waypoint, which is not read")

    def _refuse_twins(self, entry: MeshObject) -> None:
        """Istio joins the endpoints of all ServiceEntries of a host in one namespace."""
        for other in self._adding:
            if other is not entry and other.hosts & entry.hosts:
                self._refuse(
                    other, "spec.hosts", "has a host that is behind a waypoint, and adds its own endpoints to it"
                )

    def _is_parent(self, ref: Object, entry: MeshObject) -> bool:
        named = ref.get("group", GATEWAY_API), ref.get("kind", "Gateway"), ref.get("name")
        return named in (
            (GATEWAY_API, "Gateway", self._gateway.name),
            (_NETWORKING, "ServiceEntry", entry.name),
            *((_NETWORKING, "Hostname", host) for host in entry.hosts),
        )

    def _overlook(self, it: MeshObject, path: str, text: str) -> None:
        problems = Problems()
        problems.overlook(path, text)
        self._tell(it, problems)

    def _refuse(self, it: MeshObject, path: str, text: str) -> None:
        problems = Problems()
        problems.add(path, text)
        self._tell(it, problems)


def _is_entry(ref: Object) -> bool:
    """Whether a policy with this target is attached to a ServiceEntry of its own namespace."""
    return (ref.get("group"), ref.get("kind")) == (_NETWORKING, "ServiceEntry")


def _read_entry(entry: MeshObject, problems: Problems) -> Iterator[tuple[str, int, str]]:
    """The hosts of a ServiceEntry, each with its ports and their protocols; the waypoint must resolve them itself."""
    only(entry.spec, _ENTRY_FIELDS, "spec", problems)
    resolution = entry.spec.get("resolution")
    if resolution not in ("DNS", "DNS_ROUND_ROBIN"):
        problems.add("spec.resolution", f"{shown(resolution)} is not supported: write DNS")
    if wild := next((it for it in entry.hosts if "*" in it), ""):
        problems.add("spec.hosts", f'"{wild}" has a wildcard, which is not read')
    for i, value in enumerate(sequence(entry.spec, "ports", "spec", problems) or ()):
        at = f"spec.ports[{i}]"
        port = item(value, at, problems)
        if (found := number(port, "number", 1, PORT_MAX, at, problems)) is not None:
            protocol = str(port.get("protocol")).upper()
            target = port.get("targetPort", found)
            if target != found and not (protocol in _HTTP and target == HOST_TLS_PORT):
                problems.add(f"{at}.targetPort", f"{shown(target)} is another port of the host, which is not read")
            if protocol not in (*_HTTP, *_TLS):
                problems.add(f"{at}.protocol", f"{shown(protocol)} is not TLS or HTTP, others are not read")
            yield from ((host, found, protocol) for host in sorted(entry.hosts))
