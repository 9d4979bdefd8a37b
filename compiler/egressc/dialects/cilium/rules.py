"""The rules of a CiliumNetworkPolicy into flows: peers of one kind, and ports.

Sources: cilium 1.20.2 pkg/policy/api (rule_validation.go: what its agent refuses) and pkg/policy (parserules.go,
rule.go: what a rule without peers or without ports means). Rules of HTTP and TLS narrow what a port lets through; no
flow shows that, so they are read as if they were not there, with a doubt.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from egressc.dialects.cilium.selectors import read_endpoints
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence, shown, text
from egressc.dialects.shapes.networks import read_network
from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, join_addresses, named, subtract
from egressc.model.flows import EVERY_POD, Direction, PodClass, Rule, RuleAction
from egressc.model.host_sets import ENTITY, HostSet
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, PortSet, port_set
from egressc.model.scalars import PORT_MAX

_SIDES: Final = {Direction.EGRESS: "to", Direction.INGRESS: "from"}
_BESIDE: Final = ("toPorts", "icmps", "authentication")
_PORT_FIELDS: Final = frozenset(("ports", "rules", "serverNames", "terminatingTLS", "originatingTLS", "listener"))
_NARROWING: Final = ("serverNames", "terminatingTLS", "originatingTLS", "listener")
_PORTS_MAX: Final = 40
_PORT_NAME: Final = re.compile(r"(?=.*[A-Za-z])(?!.*--)[A-Za-z0-9](?:[-A-Za-z0-9]{0,13}[A-Za-z0-9])?\Z")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,4}\Z")
_PROTOCOLS: Final = {"": tuple(Protocol), "ANY": tuple(Protocol), **{it.value: (it,) for it in Protocol}}
_WITHOUT_PORTS: Final = frozenset(("ICMP", "ICMPv6", "VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"))
_HOST: Final = re.compile(r"(?:\*\*\.|(?:\*\.)*)[-a-z0-9_]+(?:\.[-a-z0-9_]+)*\Z")
_WORLD: Final = {
    "world": EVERY_ADDRESS,
    "world-ipv4": AddressSet(EVERY_ADDRESS.v4, ()),
    "world-ipv6": AddressSet((), EVERY_ADDRESS.v6),
}
_OF_CLUSTER: Final = ("host", "remote-node", "init", "ingress", "health", "unmanaged", "kube-apiserver")
_ALONE: Final = frozenset((*_OF_CLUSTER, "none"))


class _Reached(NamedTuple):
    pods: tuple[PodClass, ...] = ()
    outside: AddressSet = NO_ADDRESSES


_EVERYTHING: Final = _Reached(
    (EVERY_POD,), join_addresses((EVERY_ADDRESS, named(*(f"{ENTITY}{it}" for it in _OF_CLUSTER))))
)


class RuleList(NamedTuple):
    """A list of rules: its key under `spec`, the direction, and what its rules do."""

    key: str
    direction: Direction
    action: RuleAction


class ReadRule(NamedTuple):
    """A rule; `hosts` are those that it names, `resolves` those that its DNS rules let through."""

    rule: Rule
    hosts: HostSet
    resolves: HostSet


def read_rule(value: object, index: int, home: str, held: RuleList, path: str, problems: Problems) -> ReadRule:
    """One element of `egress`, `egressDeny`, `ingress` or `ingressDeny`; `home` "" for a policy of the cluster."""
    rule = item(value, path, problems)
    kinds = {f"{_SIDES[held.direction]}{kind}": read for kind, read in _KINDS.items()}
    if held.key != "egress":
        kinds.pop("toFQDNs", None)
        kinds.pop("fromFQDNs", None)
    only(rule, frozenset((*kinds, *_BESIDE)), path, problems)
    given = {key: entries for key in kinds if (entries := sequence(rule, key, path, problems)) is not None}
    filled = [key for key, entries in given.items() if entries]
    if len(filled) > 1:
        problems.add(f"{path}.{filled[1]}", f"cannot stand beside {filled[0]}")
    ports, resolves = _read_ports(rule, held, path, problems)
    has_ports = bool(rule.get("toPorts") or rule.get("icmps"))
    if any(not entries for key, entries in given.items() if key not in ("toFQDNs", "toServices", "toGroups")):
        ends = _Reached()  # an empty list selects nothing
    elif filled:
        reads = [
            kinds[key](entry, home, f"{path}.{key}[{i}]", problems) for key in filled for i, entry in _each(given, key)
        ]
        pods = dict.fromkeys(pod for it in reads for pod in it.pods)
        ends = _Reached(tuple(pods), join_addresses([it.outside for it in reads]))
    else:
        ends = _EVERYTHING if has_ports else _Reached()  # Cilium reads a rule with neither as one that selects nothing
    if rule.get("authentication"):
        problems.overlook(f"{path}.authentication", "narrows what it allows, which is not looked at")
    read = Rule(
        index,
        ends.pods,
        ends.outside,
        ports if has_ports else EVERY_PORT,
        action=held.action,
        field="" if path == f"spec.{held.direction}[{index}]" else path,
    )
    return ReadRule(read, ends.outside.hosts if "toFQDNs" in filled else (), resolves)


def _each(given: dict[str, list[object]], key: str) -> Iterator[tuple[int, object]]:
    return enumerate(given[key])


def _endpoints(value: object, home: str, path: str, problems: Problems) -> _Reached:
    pods = read_endpoints(item(value, path, problems), home, path, problems)
    return _Reached() if pods is None else _Reached((pods,))


def _network(value: object, _: str, path: str, problems: Problems) -> _Reached:
    return _Reached((), _addresses(value, path, problems))


def _network_set(value: object, _: str, path: str, problems: Problems) -> _Reached:
    entry = item(value, path, problems)
    only(entry, frozenset(("cidr", "except", "cidrGroupRef", "cidrGroupSelector")), path, problems)
    if any(entry.get(key) for key in ("cidrGroupRef", "cidrGroupSelector")):
        problems.add(path, "is a group of networks, which is in another object")
        return _Reached()
    whole = _addresses(entry.get("cidr"), f"{path}.cidr", problems)
    taken = [
        _addresses(it, f"{path}.except[{i}]", problems)
        for i, it in enumerate(sequence(entry, "except", path, problems) or ())
    ]
    for i, inner in enumerate(taken):
        if subtract(inner, whole):
            problems.add(f"{path}.except[{i}]", "is not inside the network")
    return _Reached((), subtract(whole, join_addresses(taken)))


def _addresses(value: object, path: str, problems: Problems) -> AddressSet:
    if not isinstance(value, str):
        problems.add(path, f"must be a network, not {shown(value)}")
        return NO_ADDRESSES
    written = value if "/" in value else f"{value}/{128 if ':' in value else 32}"
    network = read_network(written)
    if isinstance(network, str):
        problems.add(path, f"{shown(value)} {network}")
        return NO_ADDRESSES
    if network.strict:
        problems.doubt(path, f"{shown(value)} has bits beyond its prefix length, and is read as {network.strict}")
    return network.addresses


def _entity(value: object, _: str, path: str, problems: Problems) -> _Reached:
    match value:
        case "all":
            return _EVERYTHING
        case "cluster" | "cluster-mesh":
            return _Reached((EVERY_POD,), named(*(f"{ENTITY}{it}" for it in _OF_CLUSTER)))
        case str() if value in _WORLD:
            return _Reached((), _WORLD[value])
        case str() if value in _ALONE:
            return _Reached((), named(f"{ENTITY}{value}"))
        case _:
            problems.add(path, f"{shown(value)} is no entity of Cilium")
            return _Reached()


def _host(value: object, _: str, path: str, problems: Problems) -> _Reached:
    pattern = _read_pattern(item(value, path, problems), path, problems)
    return _Reached((), named(pattern)) if pattern else _Reached()


def _read_pattern(entry: Object, path: str, problems: Problems) -> str:
    """The pattern of a host in our own spelling; empty after a problem."""
    only(entry, frozenset(("matchName", "matchPattern")), path, problems)
    name, pattern = (
        text(entry, key, path, problems).lower().removesuffix(".") for key in ("matchName", "matchPattern")
    )
    if bool(name) == bool(pattern) or "*" in name:
        problems.add(path, "must have a matchName or a matchPattern")
        return ""
    if pattern and not pattern.strip("*"):
        return "*"
    if not _HOST.match(name or pattern):
        problems.add(path, f"{shown(name or pattern)} has a wildcard that is no whole label")
        return ""
    return name or pattern


def _unknown(reason: str) -> Callable[[object, str, str, Problems], _Reached]:
    def refuse(_: object, __: str, path: str, problems: Problems) -> _Reached:
        problems.add(path, reason)
        return _Reached()

    return refuse


_KINDS: Final = {
    "Endpoints": _endpoints,
    "CIDR": _network,
    "CIDRSet": _network_set,
    "Entities": _entity,
    "FQDNs": _host,
    "Services": _unknown("names a Service: write the labels of its pods under toEndpoints"),
    "Groups": _unknown("is a group of a cloud provider, whose addresses are not in the manifest"),
    "Nodes": _unknown("selects nodes, whose labels are not known"),
    "Requires": _unknown("is a requirement, which Cilium 1.17 and later do not have"),
}


def _read_ports(rule: Object, held: RuleList, path: str, problems: Problems) -> tuple[PortSet, HostSet]:
    """The ports that a rule lists, and the hosts that its DNS rules let through."""
    ports: list[Port] = []
    resolved: list[str] = []
    for i, value in enumerate(sequence(rule, "toPorts", path, problems) or ()):
        at = f"{path}.toPorts[{i}]"
        entry = item(value, at, problems)
        only(entry, _PORT_FIELDS, at, problems)
        listed = sequence(entry, "ports", at, problems) or []
        if len(listed) > _PORTS_MAX:
            problems.add(f"{at}.ports", f"has {len(listed)} ports, and Cilium refuses more than {_PORTS_MAX}")
        for j, port in enumerate(listed):
            ports += _read_port(item(port, f"{at}.ports[{j}]", problems), f"{at}.ports[{j}]", problems)
        for key in _NARROWING:
            if entry.get(key):
                problems.overlook(f"{at}.{key}", "narrows what it allows, which is not looked at")
        resolved += _read_application_rules(mapping(entry, "rules", at, problems) or {}, held, f"{at}.rules", problems)
    reached = port_set(tuple(ports)) if ports else NO_PORTS
    return reached, named(*resolved).hosts


def _read_application_rules(rules: Object, held: RuleList, path: str, problems: Problems) -> Iterator[str]:
    only(rules, frozenset(("dns", "http", "kafka", "l7proto", "l7")), path, problems)
    for key in rules:
        if key != "dns" and rules[key]:
            problems.overlook(f"{path}.{key}", "narrows what it allows, which is not looked at")
    for i, entry in enumerate(sequence(rules, "dns", path, problems) or ()):
        if held.key != "egress":
            problems.add(f"{path}.dns", "is only for what egress allows")
        if pattern := _read_pattern(item(entry, f"{path}.dns[{i}]", problems), f"{path}.dns[{i}]", problems):
            yield pattern


def _read_port(entry: Object, path: str, problems: Problems) -> list[Port]:
    only(entry, frozenset(("port", "endPort", "protocol")), path, problems)
    name, protocol = text(entry, "port", path, problems), text(entry, "protocol", path, problems)
    if protocol in _WITHOUT_PORTS:
        return []
    if protocol not in _PROTOCOLS:
        problems.add(f"{path}.protocol", f"{shown(protocol)} is not TCP, UDP, SCTP or ANY")
        return []
    end = entry.get("endPort")
    if _NUMBER.match(name):
        number = int(name)
        if number > PORT_MAX:
            problems.add(f"{path}.port", f"{shown(name)} is not a port between 0 and 65535")
            return []
        if end in (None, 0) or not number:
            return [Port(it, number or None) for it in _PROTOCOLS[protocol]]
        if not isinstance(end, int) or isinstance(end, bool) or not number <= end <= PORT_MAX:
            problems.add(f"{path}.endPort", f"{shown(end)} is not a port between {number} and 65535")
            return []
        return [Port(it, number, end) for it in _PROTOCOLS[protocol]]
    if not _PORT_NAME.match(name):
        problems.add(f"{path}.port", f"{shown(name)} is neither a port number nor a port name")
        return []
    if end not in (None, 0):
        problems.add(f"{path}.endPort", "needs a port number to start from")
    return [Port(it, name.lower()) for it in _PROTOCOLS[protocol]]
