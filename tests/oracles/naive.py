"""NetworkPolicy read the plain way, one flow at a time, straight from the manifest: slow, and too simple to be wrong.

A third reading beside the engine and NCA; it knows pods by their labels alone, so it can be asked about any.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SeenPort = tuple[str, int, frozenset[str]]
"""Protocol, number, and the names that the destination gives to it."""


@dataclass(frozen=True)
class Spot:
    """A pod; `place` are the labels of its namespace, the name's among them; `names` those its port bears."""

    namespace: str
    place: Mapping[str, str]
    labels: Mapping[str, str]


def is_allowed(
    policies: list[dict[str, Any]],
    source: Spot | str,
    destination: Spot | str,
    protocol: str,
    port: int,
    names: frozenset[str],
) -> bool:
    """Whether a connection is allowed; `names` are those that the destination gives to this port."""
    flow = (protocol, port, names)
    return is_translated(policies, source, destination, flow, flow)


def is_translated(
    policies: list[dict[str, Any]], source: Spot | str, destination: Spot | str, sent: SeenPort, received: SeenPort
) -> bool:
    """Whether a connection is allowed of which egress sees one port and ingress another, behind a Service."""
    return _passes(policies, "Egress", source, destination, sent) and _passes(
        policies, "Ingress", destination, source, received
    )


def _passes(
    policies: list[dict[str, Any]],
    direction: str,
    guarded: Spot | str,
    other: Spot | str,
    flow: SeenPort,
) -> bool:
    if isinstance(guarded, str):
        return True
    isolating = []
    for policy in policies:
        spec = policy["spec"]
        types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
        same_place = policy["metadata"]["namespace"] == guarded.namespace
        if same_place and direction in types and selects(spec.get("podSelector") or {}, guarded.labels):
            isolating.append(policy)
    if not isolating:
        return True
    return any(
        is_peer(rule.get("to" if direction == "Egress" else "from"), policy["metadata"]["namespace"], other)
        and is_port(rule.get("ports"), *flow)
        for policy in isolating
        for rule in policy["spec"].get(direction.lower()) or []
    )


def is_peer(peers: list[dict[str, Any]] | None, home: str, other: Spot | str) -> bool:
    if not peers:
        return True
    for peer in peers:
        if "ipBlock" in peer:
            if isinstance(other, str) and _in_block(peer["ipBlock"], other):
                return True
        elif isinstance(other, Spot):
            in_place = (
                selects(peer["namespaceSelector"], other.place)
                if "namespaceSelector" in peer
                else other.namespace == home
            )
            if in_place and selects(peer.get("podSelector", {}), other.labels):
                return True
    return False


def _in_block(block: dict[str, Any], address: str) -> bool:
    wanted = ipaddress.ip_address(address)

    def inside(cidr: str) -> bool:
        network = ipaddress.ip_network(cidr)
        return network.version == wanted.version and wanted in network

    return inside(block["cidr"]) and not any(inside(inner) for inner in block.get("except", []))


def is_port(ports: list[dict[str, Any]] | None, protocol: str, number: int, names: frozenset[str]) -> bool:
    if not ports:
        return True
    for port in ports:
        if port.get("protocol", "TCP") != protocol:
            continue
        wanted = port.get("port")
        if wanted is None or (isinstance(wanted, str) and wanted in names):
            return True
        if isinstance(wanted, int) and wanted <= number <= port.get("endPort", wanted):
            return True
    return False


def selects(selector: dict[str, Any], labels: Mapping[str, str]) -> bool:
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for expression in selector.get("matchExpressions") or []:
        has, value = expression["key"] in labels, labels.get(expression["key"])
        match expression["operator"]:
            case "In":
                met = has and value in expression["values"]
            case "NotIn":
                met = not has or value not in expression["values"]
            case "Exists":
                met = has
            case _:
                met = not has
        if not met:
            return False
    return True
