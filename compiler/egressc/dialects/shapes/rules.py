"""The rules of a NetworkPolicy, or of a policy with the same fields, into flows: peers, ports and selectors.

Sources: networking.k8s.io/v1 types, defaults and validation (kubernetes pkg/apis/networking). What the API server
refuses is a problem here; what it accepts and reads as "everything" is everything here.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence, shown, text
from egressc.dialects.shapes.networks import read_network
from egressc.dialects.shapes.selectors import read_pod_selector, read_selector
from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, join_addresses, subtract
from egressc.model.flows import EVERY_POD, Direction, PodClass, Rule
from egressc.model.label_classes import ANY, has_members, namespace, select_namespaces
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, PortSet, port_set
from egressc.model.scalars import PORT_MAX

_PEERS = {Direction.EGRESS: "to", Direction.INGRESS: "from"}
_RULE_FIELDS = {direction: frozenset((peers, "ports")) for direction, peers in _PEERS.items()}
_PEER_FIELDS = frozenset(("podSelector", "namespaceSelector", "ipBlock"))
_PORT_FIELDS = frozenset(("port", "endPort", "protocol"))
_BLOCK_FIELDS = frozenset(("cidr", "except"))
_PORT_NAME = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?\Z")
_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}
_REMEMBERED_RULES = 50_000

MorePeers = Mapping[str, Callable[[Object, str, Problems], AddressSet]]
"""Further kinds of egress peers, by their fields. Each reads a peer at a path; none is beside another kind."""
NO_MORE_PEERS: MorePeers = MappingProxyType({})


class _RuleReach(NamedTuple):
    pods: tuple[PodClass, ...]
    addresses: AddressSet
    ports: PortSet


class RuleReader:
    """Reads rules; one that many policies share as a value (see `blocks`) is read once, and is one rule to them."""

    __slots__ = ("_known", "_more")

    def __init__(self, more: MorePeers = NO_MORE_PEERS) -> None:
        self._more = {Direction.EGRESS: more, Direction.INGRESS: NO_MORE_PEERS}
        # The object is kept beside its reading, so that its identity stays its own.
        self._known: dict[tuple[int, str, Direction], tuple[Object, _RuleReach, dict[int, Rule]]] = {}

    def read(self, value: object, index: int, home: str, direction: Direction, path: str, problems: Problems) -> Rule:
        """One element of `egress` or `ingress`, of a policy in the namespace `home`. `path` names it in problems."""
        rule = item(value, path, problems)
        key = (id(rule), home, direction)
        known = self._known.get(key)
        if known is None:
            before = len(problems.found) + len(problems.doubts)
            known = rule, _read_reach(rule, home, direction, self._more[direction], path, problems), {}
            if len(problems.found) + len(problems.doubts) == before:
                if len(self._known) >= _REMEMBERED_RULES:
                    self._known.clear()
                self._known[key] = known
        _, reach, rules = known
        if index not in rules:
            rules[index] = Rule(index, *reach)
        return rules[index]


def _read_reach(
    rule: Object, home: str, direction: Direction, more: MorePeers, path: str, problems: Problems
) -> _RuleReach:
    only(rule, _RULE_FIELDS[direction], path, problems)
    peers = sequence(rule, _PEERS[direction], path, problems)
    ports = sequence(rule, "ports", path, problems)
    reached = EVERY_PORT
    if ports:
        read = (_read_port(port, f"{path}.ports[{i}]", problems) for i, port in enumerate(ports))
        reached = port_set(tuple(port for port in read if port is not None))
    if not peers:
        return _RuleReach((EVERY_POD,), EVERY_ADDRESS, reached)
    pods: list[PodClass] = []
    blocks: list[AddressSet] = []
    for i, value in enumerate(peers):
        where = f"{path}.{_PEERS[direction]}[{i}]"
        peer = _read_peer(item(value, where, problems), home, more, where, problems)
        match peer:
            case PodClass():
                if has_members(peer.pods) and has_members(peer.namespaces) and peer not in pods:
                    pods.append(peer)
            case AddressSet():
                blocks.append(peer)
            case None:
                pass
    return _RuleReach(tuple(pods), join_addresses(blocks) if blocks else NO_ADDRESSES, reached)


def _read_peer(peer: Object, home: str, more: MorePeers, path: str, problems: Problems) -> PodClass | AddressSet | None:
    only(peer, _PEER_FIELDS | more.keys(), path, problems)
    if given := [key for key in peer if key in more]:
        if len(peer) > 1:
            problems.add(path, f"has {given[0]} and another kind of peer, which exclude each other")
        return more[given[0]](peer, path, problems)
    addresses = mapping(peer, "ipBlock", path, problems)
    pods = mapping(peer, "podSelector", path, problems)
    namespaces = mapping(peer, "namespaceSelector", path, problems)
    if addresses is not None:
        if pods is not None or namespaces is not None:
            problems.add(path, "has an ipBlock and a selector, which exclude each other")
        return _read_block(addresses, f"{path}.ipBlock", problems)
    if pods is None and namespaces is None:
        problems.add(path, "must have a podSelector, a namespaceSelector or an ipBlock")
        return None
    return PodClass(
        namespace(home)
        if namespaces is None
        else select_namespaces(read_selector(namespaces, f"{path}.namespaceSelector", problems)),
        ANY if pods is None else read_pod_selector(pods, f"{path}.podSelector", problems),
    )


def _read_block(value: Object, path: str, problems: Problems) -> AddressSet | None:
    only(value, _BLOCK_FIELDS, path, problems)
    cidr = text(value, "cidr", path, problems)
    outer = _read_network(cidr, f"{path}.cidr", problems)
    if outer is None:
        return None
    inside: list[AddressSet] = []
    for i, inner in enumerate(sequence(value, "except", path, problems) or ()):
        where = f"{path}.except[{i}]"
        taken = _read_network(inner, where, problems)
        if taken is None:
            continue
        if taken == outer or subtract(taken, outer):
            problems.add(where, f"{shown(inner)} must be inside {shown(cidr)} and smaller")
        inside.append(taken)
    return subtract(outer, join_addresses(inside))


def _read_network(value: object, path: str, problems: Problems) -> AddressSet | None:
    network = read_network(value) if isinstance(value, str) else "is not a string"
    if isinstance(network, str):
        problems.add(path, f"{shown(value)} is not a network: it {network}")
        return None
    if network.strict:
        problems.doubt(path, f"{shown(value)} has bits beyond its prefix length, and is read as {network.strict}")
    return network.addresses


def _read_port(value: object, path: str, problems: Problems) -> Port | None:
    entry = item(value, path, problems)
    only(entry, _PORT_FIELDS, path, problems)
    before = len(problems.found)
    protocol = _PROTOCOLS.get(name := text(entry, "protocol", path, problems) or Protocol.TCP.value)
    if protocol is None:
        problems.add(f"{path}.protocol", f"{shown(name)} is not TCP, UDP or SCTP")
    port = _read_number_or_name(entry.get("port"), f"{path}.port", problems)
    end = _read_end(port, entry.get("endPort"), f"{path}.endPort", problems)
    if protocol is None or len(problems.found) > before:
        return None
    return Port(protocol, port, end)


def _read_number_or_name(value: object, path: str, problems: Problems) -> int | str | None:
    match value:
        case None:
            return None
        case bool():
            pass
        case int():
            if 1 <= value <= PORT_MAX:
                return value
        case str():
            if _PORT_NAME.match(value):
                return value
            problems.add(path, f"{shown(value)} is not a port name (write a number without quotes)")
            return None
        case _:
            pass
    problems.add(path, f"{shown(value)} is not a port between 1 and 65535")
    return None


def _read_end(port: int | str | None, value: object, path: str, problems: Problems) -> int | None:
    if value is None:
        return None
    if not isinstance(port, int):
        problems.add(path, "needs a port number to start from")
    elif not isinstance(value, int) or isinstance(value, bool) or not port <= value <= PORT_MAX:
        problems.add(path, f"{shown(value)} is not a port between {port} and 65535")
    else:
        return value
    return None
