"""Which hosts the pods of egress gateways route to, and for whom.

Source: istio.io, "Egress Gateways". A sidecar connects to the gateway in mutual TLS with the host as its server name,
if objects that it sees say so, and the gateway goes on to the host. What the gateway lets everybody use needs no such
objects: whoever reaches its pods can ask for the server name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Final, NamedTuple, TypeVar

from egressc.dialects.istio.authorization import guard_of, target_refs_of
from egressc.dialects.istio.objects import (
    EVERYWHERE,
    MESH,
    GatewayServer,
    Leg,
    MeshObject,
    covers,
    destinations_of,
    has_subset_labels,
    labels_of,
    limits_requests,
    opened_tls,
    ports_of,
    read_legs,
    read_servers,
    subsets_of,
)
from egressc.dialects.shapes.fields import Problems
from egressc.dialects.shapes.hosts import spell
from egressc.model.clients import home_of
from egressc.model.gateway import HOST_TLS_PORT
from egressc.model.label_classes import Labels, select
from egressc.model.policy import Selector

_Part = TypeVar("_Part")

ANY_CERTIFICATE: Final = "opens TLS and takes the certificate of other hosts: write subjectAltNames with this host"
Tell = Callable[[MeshObject, Problems], None]
"""Receives the problems of an object that routes to hosts."""


def say_tls_elsewhere(port: int) -> str:
    """That TLS is opened to a port on which hosts do not have it; empty for port 443."""
    if port == HOST_TLS_PORT:
        return ""
    return f"leads to port {port} of its host, and TLS is on {HOST_TLS_PORT}: write targetPort: {HOST_TLS_PORT}"


class Route(NamedTuple):
    """A host that clients reach through the pods of a gateway, which are `pods` of any namespace.

    Attributes:
        port: that clients connect to; None for every port.
        clients: those that the gateway lets through, as `model.clients` has them; None where it lets everybody.
        service: the VirtualService.
        home: the namespace of the ServiceEntry.
        seen: the namespaces that see each of the objects by which sidecars route to it.
        gateway_service: the host of the gateway's Service, for sidecars.
        homes: the namespaces of the clients.
    """

    host: str
    port: int | None
    pods: Labels
    clients: frozenset[str] | None
    service: MeshObject
    home: str = ""
    seen: tuple[frozenset[str], ...] = ()
    gateway_service: str = ""
    homes: frozenset[str] = frozenset()

    def is_open_in(self, namespace: str) -> bool:
        """Whether the gateway, and sidecars without more rules, let pods of a namespace through."""
        if self.clients is None:
            return True
        return namespace in self.homes and all(it & {EVERYWHERE, namespace} for it in self.seen)


def find_routes(
    objects: Sequence[MeshObject], is_reached: Callable[[Labels], bool], tell: Tell, root: str
) -> tuple[Route, ...]:
    """Every way through a gateway; `is_reached`: whether a policy lets its pods reach the pods with some labels.

    `root`: the namespace whose objects count for the whole mesh.
    """
    held: dict[str, list[MeshObject]] = {}
    for it in objects:
        held.setdefault(it.kind, []).append(it)
    gateways: dict[str, MeshObject] = {}
    for it in held.get("Gateway", ()):
        if is_reached(pods_with(labels_of(it.spec, "selector"))):
            gateways[it.title] = it
    if not gateways:
        return ()
    finder = _Finder(held, gateways, tell, root)
    routes = tuple(finder.routes())
    finder.tell_others(routes)
    return routes


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The clients that are among both."""
    pairs = ((one, other), (other, one))
    return frozenset(it for some, those in pairs for it in some if it in those or home_of(it) in those)


def pods_with(labels: Mapping[str, str]) -> Labels:
    """The pods with some labels."""
    return select(Selector(tuple(sorted(labels.items()))))


class _Finder:
    def __init__(
        self, held: Mapping[str, Sequence[MeshObject]], gateways: Mapping[str, MeshObject], tell: Tell, root: str
    ) -> None:
        self._root = root
        self._held = held
        self._gateways = gateways
        self._tell = tell
        self._servers = {title: self._told(it, read_servers) for title, it in gateways.items()}
        self._entries: dict[str, list[MeshObject]] = {}
        for it in held.get("ServiceEntry", ()):
            for host in it.hosts:
                self._entries.setdefault(host, []).append(it)
        self._guards: dict[str, list[tuple[MeshObject, frozenset[str]]]] = {}
        for it in held.get("AuthorizationPolicy", ()):
            if (guard := guard_of(it)) is not None:
                self._guards.setdefault(guard[0], []).append((it, guard[1]))
        self._opened = opened_tls(held.get("DestinationRule", ()))
        self._subsets = {key: rule for rule in held.get("DestinationRule", ()) for key in subsets_of(rule)}

    def tell_others(self, routes: Iterable[Route]) -> None:
        """What else is about these gateways: no flow shows it."""
        names = {it.gateway_service for it in routes if it.gateway_service}
        used = {id(rule) for key, rule in self._subsets.items() if key[0] in names}
        for rule in self._held.get("DestinationRule", ()):
            host = rule.spec.get("host")
            if isinstance(host, str) and id(rule) not in used and any(covers(spell(host), it) for it in names):
                self._overlook(rule, "spec.host", "is for the Service of the gateway too: its hosts can be closed")
            elif id(rule) in used and has_subset_labels(rule):
                self._overlook(rule, "spec.subsets", "has labels: hosts are closed if no pod of the gateway has them")
        for service in self._held.get("VirtualService", ()):
            if names & destinations_of(service) and not self._entries.keys() & service.hosts:
                self._overlook(service, "spec", "routes other connections to the gateway too, which can open its hosts")
        pods = [labels_of(it.spec, "selector").items() for it in self._gateways.values()]
        homes = {self._root, *(it.namespace for it in self._gateways.values())}
        for policy in self._held.get("AuthorizationPolicy", ()):
            selected = labels_of(policy.spec, "selector", "matchLabels").items()
            is_silent = guard_of(policy) is not None or policy.spec.get("action") == "AUDIT" or target_refs_of(policy)
            if policy.namespace in homes and not is_silent and any(selected <= it for it in pods):
                self._overlook(policy, "spec", "is for pods of the gateway too, and can close its hosts")
        for changed in self._held.get("EnvoyFilter", ()):
            selected = labels_of(changed.spec, "workloadSelector", "labels").items()
            is_ours = changed.namespace in homes and any(selected <= it for it in pods)
            if is_ours and not limits_requests(changed):
                self._overlook(changed, "spec", "changes the gateway, and can open or close its hosts")

    def _overlook(self, it: MeshObject, path: str, text: str) -> None:
        problems = Problems()
        problems.overlook(path, text)
        self._tell(it, problems)

    def routes(self) -> Iterator[Route]:
        for service in self._held.get("VirtualService", ()):
            if self._gateways.keys() & service.gateways:
                legs = self._told(service, read_legs)
                for leg in (it for it in legs if it.gateway in self._gateways):
                    for server in self._servers[leg.gateway]:
                        if server.port == leg.port:
                            yield from self._onward(service, legs, leg, server)

    def _onward(self, service: MeshObject, legs: Sequence[Leg], leg: Leg, server: GatewayServer) -> Iterator[Route]:
        """What one rule of a VirtualService at a gateway lets through by one of its servers."""
        gateway = self._gateways[leg.gateway]
        labels = labels_of(gateway.spec, "selector")
        entries = self._entries.get(leg.host, ())
        if not entries:
            problems = Problems()
            problems.add(
                "spec", f'routes to "{leg.host}" through a gateway that pods reach, and no ServiceEntry has it'
            )
            self._tell(service, problems)
            return
        for entry in entries:
            if elsewhere := sorted({"endpoints", "workloadSelector"} & entry.spec.keys()):
                problems = Problems()
                problems.add(f"spec.{elsewhere[0]}", "can lead elsewhere than to its hosts, and is not read")
                self._tell(entry, problems)
        if leg.kind == "http":
            opened = self._opened.get(leg.host)
            if opened is None:
                text = f'sends plain HTTP to "{leg.host}": no DestinationRule makes the gateway open TLS'
                self._overlook(service, "spec.http", text)
            for rule, is_checked in opened or ():
                if not is_checked:
                    self._overlook(rule, "spec.trafficPolicy", ANY_CERTIFICATE)
            for entry in entries if opened else ():
                if text := say_tls_elsewhere(ports_of(entry).get(leg.to_port, HOST_TLS_PORT)):
                    self._overlook(entry, "spec.ports", text)
        for host in sorted(server.hosts & service.hosts):
            if server.is_mutual is (leg.kind == "tls") or (leg.servers and host not in leg.servers):
                continue
            clients = self._admitted(gateway, host) if server.is_mutual else None
            if clients is None:
                yield Route(leg.host, None, pods_with(labels), None, service)
                continue
            for first in legs:
                if first.gateway == MESH and (not first.servers or host in first.servers):
                    yield from self._from_sidecars(service, host, first, leg, entries, clients)

    def _from_sidecars(
        self,
        service: MeshObject,
        host: str,
        first: Leg,
        leg: Leg,
        entries: Sequence[MeshObject],
        clients: frozenset[str],
    ) -> Iterator[Route]:
        """The way of two rules, if sidecars take it: to the gateway in mutual TLS, and on to the host."""
        gateway = self._gateways[leg.gateway]
        rule = self._subsets.get((first.host, first.subset, first.to_port, host))
        if first.to_port != leg.port or rule is None:
            return
        homes = frozenset(map(home_of, clients))
        for entry in entries:
            if entry.is_seen_from(gateway.namespace) and {first.port, leg.to_port} <= ports_of(entry).keys():
                seen = entry.seen_from, service.seen_from, rule.seen_from
                labels = labels_of(gateway.spec, "selector")
                yield Route(
                    leg.host, first.port, pods_with(labels), clients, service, entry.namespace, seen, first.host, homes
                )

    def _admitted(self, gateway: MeshObject, host: str) -> frozenset[str] | None:
        """The clients that policies of the gateway's pods leave a host to; None where none of them does."""
        labels = labels_of(gateway.spec, "selector")
        found = [
            names
            for it, names in self._guards.get(host, ())
            if it.namespace in (gateway.namespace, self._root)
            and labels_of(it.spec, "selector", "matchLabels").items() <= labels.items()
        ]
        return reduce(_both, found) if found else None

    def _told(self, it: MeshObject, read: Callable[[MeshObject, Problems], Iterable[_Part]]) -> list[_Part]:
        problems = Problems()
        found = [*read(it, problems)]
        self._tell(it, problems)
        return found
