"""Objects of Istio that lead connections through an egress gateway, as far as a proof looks at them.

Source: istio.io/api 1.31 networking/v1 and security/v1. A mesh has many objects for other ends. So an object is only
read once a policy lets pods reach the pods of a Gateway that it is for, and then every unknown field is a problem.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence, shown, text
from egressc.dialects.shapes.hosts import spell
from egressc.dialects.shapes.limited import number
from egressc.model.scalars import PORT_MAX
from egressc.source import Span

MESH: Final = "mesh"
"""The gateway of every sidecar."""
EVERYWHERE: Final = "*"
_MUTUAL, _PASSTHROUGH = "ISTIO_MUTUAL", "PASSTHROUGH"
_LEG_FIELDS: Final = {
    "tls": frozenset(("match", "route")),
    "tcp": frozenset(("match", "route")),
    "http": frozenset(("match", "name", "retries", "route", "timeout")),
}
_MATCH_FIELDS: Final = frozenset(("gateways", "port", "sniHosts"))


class MeshObject(NamedTuple):
    """A manifest of Istio, not read yet. `path` leads to it inside a document that is a list."""

    kind: str
    namespace: str
    name: str
    spec: Object
    origin: Span
    path: str
    labels: Object
    annotations: Object

    @property
    def is_dry_run(self) -> bool:
        """Whether it is an AuthorizationPolicy that only logs (Istio 1.31, authz/builder: strconv.ParseBool)."""
        return str(self.annotations.get("istio.io/dry-run")) in ("1", "t", "T", "true", "TRUE", "True")

    @property
    def title(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that it is for, in our spelling."""
        held = self.spec.get("hosts")
        return frozenset(spell(it) for it in held if isinstance(it, str)) if isinstance(held, list) else frozenset()

    @property
    def gateways(self) -> frozenset[str]:
        """The gateways of a VirtualService with their namespaces, and `mesh`, the default."""
        held = self.spec.get("gateways")
        told = [it for it in held if isinstance(it, str)] if isinstance(held, list) else []
        return frozenset(map(self.full_name, told or [MESH]))

    def full_name(self, gateway: str) -> str:
        return gateway if gateway == MESH or "/" in gateway else f"{self.namespace}/{gateway}"

    @property
    def seen_from(self) -> frozenset[str]:
        """The namespaces whose sidecars see it; `*` for all of them, which is the default."""
        held = self.spec.get("exportTo")
        told = [it for it in held if isinstance(it, str)] if isinstance(held, list) else []
        return frozenset(self.namespace if it == "." else it for it in told or [EVERYWHERE])

    def is_seen_from(self, namespace: str) -> bool:
        return bool(self.seen_from & {EVERYWHERE, namespace})


class Leg(NamedTuple):
    """A rule of a VirtualService: for one gateway and port, where connections go. `servers`: the names of TLS."""

    gateway: str
    port: int
    servers: frozenset[str]
    kind: str
    host: str
    subset: str
    to_port: int


class GatewayServer(NamedTuple):
    """A port of a Gateway, with the names that it takes. `is_mutual`: it knows who connects; else it only looks on."""

    port: int
    hosts: frozenset[str]
    is_mutual: bool


def ports_of(entry: MeshObject) -> Mapping[int, int]:
    """The ports of a ServiceEntry, and to which port of its hosts each of them leads."""
    held = entry.spec.get("ports")
    ports = [it for it in held if isinstance(it, dict)] if isinstance(held, list) else []
    pairs = ((it.get("number"), it.get("targetPort") or it.get("number")) for it in ports)
    return {number: target for number, target in pairs if isinstance(number, int) and isinstance(target, int)}


def read_legs(service: MeshObject, problems: Problems) -> Iterator[Leg]:
    """The rules of a VirtualService, one for each gateway and match.

    Only the gateways of the whole VirtualService get it: what a match names besides is for nobody.
    """
    spec = service.spec
    only(spec, frozenset(("hosts", "gateways", "exportTo", *_LEG_FIELDS)), "spec", problems)
    if wild := next((it for it in service.hosts if "*" in it), ""):
        problems.add("spec.hosts", f'"{wild}" has a wildcard, which is not read')
    shared = service.gateways
    for kind, fields in _LEG_FIELDS.items():
        for i, value in enumerate(sequence(spec, kind, "spec", problems) or ()):
            at = f"spec.{kind}[{i}]"
            leg = item(value, at, problems)
            only(leg, fields, at, problems)
            target = _read_target(leg, at, problems)
            for j, entry in enumerate(sequence(leg, "match", at, problems) or ({},)):
                where = f"{at}.match[{j}]"
                match = item(entry, where, problems)
                only(match, _MATCH_FIELDS, where, problems)
                port = number(match, "port", 1, PORT_MAX, where, problems)
                servers = frozenset(map(spell, _strings(match, "sniHosts", where, problems)))
                servers_wild = next((it for it in servers if "*" in it), "")
                if servers_wild:
                    problems.add(f"{where}.sniHosts", f'"{servers_wild}" has a wildcard, which is not read')
                named = map(service.full_name, _strings(match, "gateways", where, problems))
                for gateway in sorted(named) or sorted(shared):
                    if port is not None and target is not None and gateway in shared:
                        yield Leg(gateway, port, servers, kind, *target)


def _read_target(leg: Object, path: str, problems: Problems) -> tuple[str, str, int] | None:
    """The one destination of a rule: host, subset and port; None after a problem."""
    routes = sequence(leg, "route", path, problems) or []
    if len(routes) != 1:
        problems.add(f"{path}.route", "must have one destination: others are not read")
        return None
    at = f"{path}.route[0]"
    route = item(routes[0], at, problems)
    only(route, frozenset(("destination", "weight")), at, problems)
    destination = mapping(route, "destination", at, problems) or {}
    where = f"{at}.destination"
    only(destination, frozenset(("host", "port", "subset")), where, problems)
    held = mapping(destination, "port", where, problems) or {}
    port = number(held, "number", 1, PORT_MAX, f"{where}.port", problems)
    host = spell(text(destination, "host", where, problems))
    return None if port is None else (host, text(destination, "subset", where, problems), port)


def read_servers(gateway: MeshObject, problems: Problems) -> Iterator[GatewayServer]:
    """The servers of a Gateway whose TLS is for Istio's own identities, or passed through."""
    for i, value in enumerate(sequence(gateway.spec, "servers", "spec", problems) or ()):
        at = f"spec.servers[{i}]"
        server = item(value, at, problems)
        port = number(mapping(server, "port", at, problems) or {}, "number", 1, PORT_MAX, f"{at}.port", problems)
        tls = mapping(server, "tls", at, problems) or {}
        mode = tls.get("mode")
        if mode not in (_MUTUAL, _PASSTHROUGH):
            problems.add(f"{at}.tls.mode", f"{shown(mode)} is not {_MUTUAL} or {_PASSTHROUGH}, others are not read")
        elif port is not None:
            hosts = frozenset(spell(it.rpartition("/")[2]) for it in _strings(server, "hosts", at, problems))
            if wild := next((it for it in hosts if "*" in it), ""):
                problems.add(f"{at}.hosts", f'"{wild}" has a wildcard, which is not read')
            yield GatewayServer(port, hosts, mode == _MUTUAL)


def covers(pattern: str, host: str) -> bool:
    """Whether a host or pattern of a Sidecar or DestinationRule is for a host."""
    return pattern in (EVERYWHERE, host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def labels_of(spec: Object, key: str, inner: str = "") -> dict[str, str]:
    """The labels under a key, or under one inside it."""
    held: Any = spec.get(key)
    if inner:
        held = held.get(inner) if isinstance(held, dict) else None
    return {k: v for k, v in held.items() if isinstance(v, str)} if isinstance(held, dict) else {}


def subsets_of(rule: MeshObject) -> Iterator[tuple[str, str, int, str]]:
    """What a DestinationRule has mutual TLS for: a Service, a subset, a port, and the server name that it shows."""
    host, subsets = rule.spec.get("host"), rule.spec.get("subsets")
    for subset in subsets if isinstance(subsets, list) and isinstance(host, str) else ():
        policy = subset.get("trafficPolicy") if isinstance(subset, dict) else None
        levels = policy.get("portLevelSettings") if isinstance(policy, dict) else None
        for level in levels if isinstance(levels, list) else ():
            tls = level.get("tls") if isinstance(level, dict) else None
            if isinstance(tls, dict) and tls.get("mode") == _MUTUAL:
                yield spell(str(host)), str(subset.get("name")), _port_number(level), str(tls.get("sni"))


def has_subset_labels(rule: MeshObject) -> bool:
    """Whether a DestinationRule narrows the pods of a Service."""
    subsets = rule.spec.get("subsets")
    return isinstance(subsets, list) and any(isinstance(it, dict) and it.get("labels") for it in subsets)


class OpenedTls(NamedTuple):
    """A DestinationRule that makes proxies open TLS to a host; `is_checked`: they take its certificate alone."""

    rule: MeshObject
    is_checked: bool


def opened_tls(rules: Iterable[MeshObject]) -> Mapping[str, list[OpenedTls]]:
    """The hosts to which DestinationRules make proxies open TLS.

    Source: istio.io/api 1.31 networking/v1/destination_rule.proto, ClientTLSSettings.
    """
    found: dict[str, list[OpenedTls]] = {}
    for rule in rules:
        host, policy = rule.spec.get("host"), rule.spec.get("trafficPolicy")
        if isinstance(host, str) and isinstance(policy, dict):
            levels = policy.get("portLevelSettings")
            held = [policy, *(it for it in (levels if isinstance(levels, list) else ()) if isinstance(it, dict))]
            tls = [it["tls"] for it in held if isinstance(it.get("tls"), dict)]
            opened = [it for it in tls if it.get("mode") in ("SIMPLE", "MUTUAL")]
            is_checked = all([host] == it.get("subjectAltNames") and not it.get("insecureSkipVerify") for it in opened)
            if opened:
                found.setdefault(spell(host), []).append(OpenedTls(rule, is_checked))
    return found


def destinations_of(service: MeshObject) -> frozenset[str]:
    """The hosts to which a VirtualService routes connections, as far as it can be read."""
    held = [service.spec.get(it) for it in _LEG_FIELDS]
    rules = [it for rules in held if isinstance(rules, list) for it in rules if isinstance(it, dict)]
    routes = [it for rule in rules if isinstance(rule.get("route"), list) for it in rule["route"]]
    ends = [it.get("destination") for it in routes if isinstance(it, dict)]
    return frozenset(spell(str(it.get("host"))) for it in ends if isinstance(it, dict))


def limits_requests(changed: MeshObject) -> bool:
    """Whether an EnvoyFilter does nothing but limit requests."""
    patches = changed.spec.get("configPatches")
    return isinstance(patches, list) and all(map(_is_limit, patches))


def _is_limit(held: object) -> bool:
    match held:
        case {
            "applyTo": "HTTP_FILTER",
            "patch": {"operation": "INSERT_BEFORE", "value": {"name": "envoy.filters.http.local_ratelimit"}},
        }:
            return True
        case _:
            return False


def _port_number(level: Object) -> Any:
    held = level.get("port")
    number = held.get("number") if isinstance(held, dict) else None
    return number if isinstance(number, int) else None


def _strings(parent: Object, key: str, path: str, problems: Problems) -> list[str]:
    held = sequence(parent, key, path, problems) or []
    if not all(isinstance(it, str) for it in held):
        problems.add(f"{path}.{key}", "must be a list of strings")
    return [it for it in held if isinstance(it, str)]
