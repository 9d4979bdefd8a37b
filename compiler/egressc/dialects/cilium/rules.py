"""The rules of a CiliumNetworkPolicy into flows: peers of one kind, and ports.

Sources: cilium 1.20.2 pkg/policy/api (rule_validation.go: what its agent refuses) and pkg/policy (parserules.go,
rule.go: what a rule without peers or without ports means). Rules of HTTP and TLS narrow what a port lets through; no
flow shows that, so they are read as if they were not there, and told as overlooked.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from egressc.dialects.cilium.hosts import read_pattern
from egressc.dialects.cilium.ports import read_ports
from egressc.dialects.cilium.selectors import read_endpoints
from egressc.dialects.shapes.fields import Object, Problems, item, only, sequence, shown, without_nulls
from egressc.dialects.shapes.networks import read_network, with_hosts
from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, join_addresses, named, subtract
from egressc.model.flows import EVERY_POD, Direction, PodClass, Rule, RuleAction
from egressc.model.host_sets import ENTITY, HostSet
from egressc.model.port_sets import EVERY_PORT, PortSet

_REMEMBERED_RULES: Final = 50_000
_BESIDE: Final = ("toPorts", "icmps", "authentication")
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


class _CiliumReach(NamedTuple):
    """What a rule meets; `resolves` are the hosts that its DNS rules let through."""

    pods: tuple[PodClass, ...]
    outside: AddressSet
    ports: PortSet
    resolves: HostSet


class ReadRule(NamedTuple):
    """A rule, and the hosts that its DNS rules let through."""

    rule: Rule
    resolves: HostSet


class CiliumRuleReader:
    """Reads rules; one that many policies share as a value is read once, and is one rule to them."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        # The object is kept beside its reading, so that its identity stays its own.
        self._known: dict[tuple[int, str, str], tuple[Object, _CiliumReach, dict[tuple[int, str], ReadRule]]] = {}

    def read(self, value: object, index: int, home: str, held: RuleList, path: str, problems: Problems) -> ReadRule:
        """One element of a list of rules; `home` is "" for a policy of the cluster. `path` names it in problems."""
        rule = item(value, path, problems)
        wanted = (id(rule), home, held.key)
        known = self._known.get(wanted)
        if known is None:
            before = problems.count
            known = rule, _read_reach(without_nulls(rule), home, held, path, problems), {}
            if problems.count == before:
                if len(self._known) >= _REMEMBERED_RULES:
                    self._known.clear()
                self._known[wanted] = known
        _, reach, rules = known
        field = "" if path == f"spec.{held.direction}[{index}]" else path
        read = rules.get((index, field))
        if read is None:
            made = Rule(index, reach.pods, reach.outside, reach.ports, action=held.action, field=field)
            read = rules[index, field] = ReadRule(made, reach.resolves)
        return read


def _read_reach(rule: Object, home: str, held: RuleList, path: str, problems: Problems) -> _CiliumReach:
    kinds = _KINDS_OF[held.key]
    only(rule, frozenset((*kinds, *_BESIDE)), path, problems)
    given = {key: entries for key in kinds if (entries := sequence(rule, key, path, problems)) is not None}
    filled = [key for key, entries in given.items() if entries]
    if len(filled) > 1:
        problems.add(f"{path}.{filled[1]}", f"cannot be used with {filled[0]}")
    ports, resolves = read_ports(rule, held.key, path, problems)
    has_ports = bool(rule.get("toPorts") or rule.get("icmps"))
    if any(not entries for key, entries in given.items() if key not in _MAY_BE_EMPTY):
        ends = _Reached()  # an empty list selects nothing
    elif filled:
        key = filled[0]
        reads = [kinds[key](it, home, f"{path}.{key}[{i}]", problems) for i, it in enumerate(given[key])]
        pods = dict.fromkeys(pod for it in reads for pod in it.pods)
        ends = _Reached(tuple(pods), join_addresses([it.outside for it in reads]))
    else:
        ends = _EVERYTHING if has_ports else _Reached()  # Cilium reads a rule with neither as one that selects nothing
    if rule.get("icmps") and rule.get("toPorts"):
        problems.add(f"{path}.icmps", "cannot be used with toPorts")
    elif rule.get("icmps"):
        problems.overlook(f"{path}.icmps", "opens ICMP, which no flow shows")
    if rule.get("authentication"):
        problems.overlook(f"{path}.authentication", "narrows what it allows, which is not looked at")
    outside = with_hosts(ends.outside, held.action) if held.action is RuleAction.DENY else ends.outside
    reaches_any = bool(ends.pods or outside)
    return _CiliumReach(ends.pods, outside, ports if has_ports else EVERY_PORT, resolves if reaches_any else ())


def _endpoints(value: object, home: str, path: str, problems: Problems) -> _Reached:
    pods = read_endpoints(item(value, path, problems), home, path, problems)
    return _Reached() if pods is None else _Reached((pods,))


def _network(value: object, _: str, path: str, problems: Problems) -> _Reached:
    return _Reached((), _addresses(value, path, problems))


def _network_set(value: object, __: str, path: str, problems: Problems) -> _Reached:
    entry = item(value, path, problems)
    only(entry, frozenset(("cidr", "except", "cidrGroupRef", "cidrGroupSelector")), path, problems)
    if any(key in entry for key in ("cidrGroupRef", "cidrGroupSelector")):
        problems.add(path, "is a group of networks, which is in another object")
        return _Reached()
    excepted = sequence(entry, "except", path, problems) or []
    parts = [(f"{path}.cidr", entry.get("cidr")), *((f"{path}.except[{i}]", it) for i, it in enumerate(excepted))]
    for at, text in parts:
        if isinstance(text, str) and "/" not in text:
            problems.add(at, f"{shown(text)} has no prefix length")
    whole, *taken = (_addresses(text, at, problems) for at, text in parts)
    for (at, _), inner in zip(parts[1:], taken, strict=True):
        if subtract(inner, whole):
            problems.add(at, "is not inside the network")
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
    pattern = read_pattern(item(value, path, problems), path, problems)
    return _Reached((), named(pattern)) if pattern else _Reached()


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
_MAY_BE_EMPTY: Final = ("toFQDNs", "toServices", "toGroups", "fromGroups")
_NOT_IN: Final[dict[str, tuple[str, ...]]] = {"egress": (), "egressDeny": ("FQDNs",)}
_KINDS_OF: Final = {
    key: {f"{side}{kind}": read for kind, read in _KINDS.items() if kind not in _NOT_IN.get(key, ("FQDNs", "Services"))}
    for key, side in (("egress", "to"), ("egressDeny", "to"), ("ingress", "from"), ("ingressDeny", "from"))
}
"""How the peers of each list of rules are read, by their fields."""
