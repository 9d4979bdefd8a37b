"""Random policies over a small vocabulary, so that rules meet pods, ports and each other often.

SCTP is left out: Cilium has it off unless asked for.
"""

import random
from typing import Any, Final

AREAS: Final[dict[str, dict[str, str]]] = {
    "chance-a": {"team": "red", "stage": "prod"},
    "chance-b": {"team": "blue"},
    "chance-c": {"team": "red", "stage": ""},
}
POD_LABELS: Final[tuple[dict[str, str], ...]] = (
    {"app": "web", "tier": "front"},
    {"app": "api", "tier": "back"},
    {"app": "db", "tier": "back", "backup": "yes"},
    {"app": "web"},
    {"tier": ""},
)
PORTS: Final = (("TCP", 80), ("TCP", 8080), ("TCP", 443), ("UDP", 53), ("UDP", 8080))
_POD_WORDS: Final = {"app": ("web", "api", "db", "none"), "tier": ("front", "back", ""), "backup": ("yes", "no")}
_AREA_WORDS: Final = {
    "team": ("red", "blue", "green"),
    "stage": ("prod", ""),
    "kubernetes.io/metadata.name": tuple(AREAS),
}
_BLOCKS: Final[tuple[dict[str, Any], ...]] = (
    {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]},
    {"cidr": "203.0.113.0/24"},
    {"cidr": "203.0.113.0/24", "except": ["203.0.113.128/25"]},
    {"cidr": "198.51.100.7/32"},
    {"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]},
    {"cidr": "172.16.0.0/12"},
    {"cidr": "::/0"},
    {"cidr": "::/0", "except": ["fc00::/7"]},
    {"cidr": "2001:db8::/32", "except": ["2001:db8:1::/48"]},
    {"cidr": "fd77::/16"},
)


def egress_values(chance: random.Random) -> dict[str, Any]:
    """Values of one release: its pods, and one to four extra rules."""
    own = _selector(chance, _POD_WORDS)
    if not any(own.values()):
        own = {"matchLabels": {"app": chance.choice(("web", "api", "db"))}}
    rules = [_rule(chance, "to") for _ in range(chance.randint(1, 4))]
    return {"networkPolicy": {"podSelector": own, "egress": rules}}


def ingress_policy(chance: random.Random, number: int) -> dict[str, Any]:
    """A policy of somebody else: the destination has a word too."""
    spec = {
        "podSelector": _selector(chance, _POD_WORDS),
        "policyTypes": ["Ingress"],
        "ingress": [_rule(chance, "from") for _ in range(chance.randint(1, 3))],
    }
    metadata = {"name": f"chance-in-{number}", "namespace": chance.choice(list(AREAS))}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _rule(chance: random.Random, side: str) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    if chance.random() < 0.93:
        rule[side] = [_peer(chance) for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.75:
        rule["ports"] = [_port(chance) for _ in range(chance.randint(1, 3))]
    return rule


def _peer(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"ipBlock": chance.choice(_BLOCKS)}
    peer = {}
    if chance.random() < 0.7:
        peer["podSelector"] = _selector(chance, _POD_WORDS)
    if chance.random() < 0.7 or not peer:
        peer["namespaceSelector"] = _selector(chance, _AREA_WORDS)
    return peer


def _selector(chance: random.Random, words: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    selector: dict[str, Any] = {}
    if chance.random() < 0.6:
        key = chance.choice(list(words))
        selector["matchLabels"] = {key: chance.choice(words[key])}
    if chance.random() < 0.4:
        key = chance.choice(list(words))
        operator = chance.choice(("In", "NotIn", "Exists", "DoesNotExist"))
        expression: dict[str, Any] = {"key": key, "operator": operator}
        if operator in ("In", "NotIn"):
            expression["values"] = chance.sample(words[key], chance.randint(1, 2))
        selector["matchExpressions"] = [expression]
    return selector


def _port(chance: random.Random) -> dict[str, Any]:
    protocol, number = chance.choice(PORTS)
    named = {("TCP", 8080): "http", ("UDP", 53): "dns"}.get((protocol, number))
    if named is not None and chance.random() < 0.3:
        return {"port": named, "protocol": protocol}
    if chance.random() < 0.1:
        return {"protocol": protocol}
    port = {"port": number, **({} if protocol == "TCP" and chance.random() < 0.5 else {"protocol": protocol})}
    return {**port, "endPort": number + chance.choice((0, 400, 8000))} if chance.random() < 0.2 else port
