"""Changes of what guardrails select: pods, networks and ports. As the others, in `on_guardrails`."""

import ipaddress
from collections.abc import Iterator
from typing import Any

from mutants.changing import Manifest, once, peers_of, rules_of
from mutants.on_guardrails import on_each_guardrail
from support.cluster_policies import PortRange, read_ports, write_ports

_MOST = 65535
_OPPOSITES = {"In": "NotIn", "NotIn": "In", "Exists": "DoesNotExist", "DoesNotExist": "Exists"}


def _holders(spec: Manifest) -> Iterator[Manifest]:
    yield spec["subject"]
    yield from (peer for _, _, peer in peers_of(spec))


def _selectors(spec: Manifest) -> Iterator[tuple[Manifest, str, Manifest]]:
    """Of the subject and of peers, each with what holds it."""
    for held in _holders(spec):
        found = held.get("pods") or held
        for key in ("namespaces", "namespaceSelector", "podSelector"):
            if key in found:
                yield found, key, found[key]


def _networks(spec: Manifest) -> Iterator[tuple[list[str], int, Any]]:
    for _, _, peer in peers_of(spec):
        for at, network in enumerate(list(peer.get("networks", ()))):
            yield peer["networks"], at, ipaddress.ip_network(network)


def _with_ports(policy: Manifest, rule: Manifest, ports: list[PortRange]) -> Iterator[None]:
    for key, value in write_ports(policy["apiVersion"], ports).items():
        yield from once(rule, key, value)


def _instead(policy: Manifest, spec: Manifest, others: Any) -> Iterator[None]:
    """Each port replaced by the ports that `others` gives for it, where that is a change."""
    for _, _, rule in rules_of(spec):
        ports = [*read_ports(rule)]
        for at, port in enumerate(ports):
            for found in others(port):
                yield from _with_ports(policy, rule, [*ports[:at], *found, *ports[at + 1 :]])


# Selectors


@on_each_guardrail
def change_a_label_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, selector in _selectors(spec):
        labels = selector.get("matchLabels", {})
        for key in list(labels):
            yield from once(labels, key, "mistaken")


@on_each_guardrail
def drop_a_label_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, selector in _selectors(spec):
        labels = selector.get("matchLabels", {})
        for key in list(labels):
            yield from once(labels, key, ...)


@on_each_guardrail
def turn_an_expression_around(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, selector in _selectors(spec):
        for it in selector.get("matchExpressions", ()):
            yield from once(it, "operator", _OPPOSITES[it["operator"]])


@on_each_guardrail
def change_the_values_of_an_expression(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, selector in _selectors(spec):
        for it in selector.get("matchExpressions", ()):
            for at in range(len(it.get("values", ()))):
                yield from once(it["values"], at, "mistaken")
            if it.get("values"):
                yield from once(it, "values", [*it["values"], "more"])


@on_each_guardrail
def drop_an_expression_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, selector in _selectors(spec):
        expressions = selector.get("matchExpressions", [])
        for at in range(len(expressions)):
            yield from once(expressions, at, ...)


@on_each_guardrail
def empty_a_selector_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for holder, key, selector in _selectors(spec):
        if selector:
            yield from once(holder, key, {})


@on_each_guardrail
def select_by_expression_in_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for holder, key, selector in _selectors(spec):
        said = [{"key": name, "operator": "In", "values": [it]} for name, it in selector.get("matchLabels", {}).items()]
        if said:
            yield from once(holder, key, {"matchExpressions": [*selector.get("matchExpressions", ()), *said]})


@on_each_guardrail
def select_the_pods_of_namespaces(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for held in _holders(spec):
        if "namespaces" in held:
            pods = {"pods": {"namespaceSelector": held["namespaces"], "podSelector": {}}}
            for _ in once(held, "namespaces", ...):
                yield from once(held, "pods", pods["pods"])


# Peers


@on_each_guardrail
def drop_a_peer_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peers, at, _ in peers_of(spec):
        yield from once(peers, at, ...)


@on_each_guardrail
def split_the_peers_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, rule in rules_of(spec):
        for key in ("to", "from"):
            apart = [{**rule, "name": f"part-{i}", key: [peer]} for i, peer in enumerate(rule.get(key, ()))]
            if len(apart) > 1:
                rest = [*rules]
                rules[at : at + 1] = apart
                yield
                rules[:] = rest


@on_each_guardrail
def change_a_network_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for networks, at, network in _networks(spec):
        yield from once(networks, at, str(network.supernet()))
        yield from once(networks, at, f"{network[-1]}/{network.max_prefixlen}" if network.prefixlen % 32 else "::/0")
        yield from once(networks, at, ...)


@on_each_guardrail
def split_a_network_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for networks, at, network in _networks(spec):
        if network.prefixlen < network.max_prefixlen:
            rest = [it for it in networks if it != str(network)]
            for _ in once(networks, at, str(network)):
                networks[:] = [*rest, *map(str, network.subnets())]
                yield


# Ports


@on_each_guardrail
def change_a_port_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """To another number, a wider or a narrower range, or another protocol; or there is one less."""

    def others(port: PortRange) -> Iterator[list[PortRange]]:
        protocol, first, last = port
        yield []
        yield [(protocol, 4444, 4444)]
        yield from ([(it, first, last)] for it in ("TCP", "UDP", "SCTP") if it != protocol)
        if last < _MOST:
            yield [(protocol, first, last + 1)]
        if first > 1:
            yield [(protocol, first - 1, last)]
        if first < last:
            yield from ([(protocol, first + 1, last)], [(protocol, first, last - 1)])

    yield from _instead(policy, spec, others)


@on_each_guardrail
def deny_other_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """Every port where some are denied, and some where every port is."""
    for _, _, rule in rules_of(spec):
        if any(read_ports(rule)):
            for key in rule.keys() & {"ports", "protocols"}:
                yield from once(rule, key, ...)
        else:
            yield from _with_ports(policy, rule, [("TCP", 443, 443)])
            yield from _with_ports(policy, rule, [(it, 1, _MOST) for it in ("TCP", "UDP")])


@on_each_guardrail
def split_the_ports_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    def parts(port: PortRange) -> Iterator[list[PortRange]]:
        protocol, first, last = port
        if first < last:
            yield [(protocol, first, first), (protocol, first + 1, last)]
            yield [(protocol, first, last - 1), (protocol, first + 1, last)]

    yield from _instead(policy, spec, parts)
