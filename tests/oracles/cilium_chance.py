"""Random policies of Cilium's own kinds and of Kubernetes, over a small vocabulary, so that rules meet often.

Those of the whole cluster with a tier have a priority each, for of equal ones nobody knows which decides.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from testbed.policy_engine import HOST, KUBE_APISERVER, Flow, NamedPort, Place, Pod, World

NAMESPACES: Final = {"shop": {"team": "red", "stage": "prod"}, "data": {"team": "blue"}, "labs": {"team": "red"}}
_LISTENING: Final = (NamedPort("http", "TCP", 8080),)
PODS: Final = {
    f"{home}-{number}": Pod(home, labels, _LISTENING)
    for home in NAMESPACES
    for number, labels in enumerate(
        ({"app": "web", "tier": "front"}, {"app": "db", "tier": "back"}, {"app": "web"}, {"tier": ""})
    )
}
# Hosts have addresses that no network below singles out: a name is compared with names alone.
OUTSIDE: Final = {
    "public": Place("203.0.113.9"),
    "excepted": Place("203.0.113.200"),
    "private": Place("10.9.9.9"),
    "public6": Place("2001:db8::9"),
    "exact": Place("198.18.0.1", ("api.example.com",)),
    "deeper": Place("198.18.0.2", ("a.b.example.com",)),
    "sibling": Place("198.18.0.3", ("www.example.org",)),
    "apex": Place("198.18.0.4", ("example.com",)),
    "server": Place("198.18.0.5", (), KUBE_APISERVER),
    "node": Place("", (), HOST),
}
WORLD: Final = World(NAMESPACES, PODS, OUTSIDE)
_PORTS: Final = (("TCP", 80), ("TCP", 8080), ("UDP", 53), ("TCP", 8085))
FLOWS: Final = tuple(
    Flow(source, destination, *port)
    for source in (*PODS, *OUTSIDE)
    for destination in (*PODS, *OUTSIDE)
    for port in _PORTS
    if source != destination and (source in PODS or destination in PODS) and source not in ("server", "node")
)
_POD_WORDS: Final = {"app": ("web", "db", "none"), "tier": ("front", "back", "")}
_PLACE_WORDS: Final = {
    "io.kubernetes.pod.namespace": tuple(NAMESPACES),
    "io.cilium.k8s.namespace.labels.team": ("red", "blue", "green"),
    "io.cilium.k8s.namespace.labels.stage": ("prod", ""),
}
_METADATA_NAME: Final = "kubernetes.io/metadata.name"
_NAMESPACE_WORDS: Final = {
    _METADATA_NAME: tuple(NAMESPACES),
    "team": ("red", "blue"),
    "stage": ("prod",),
}
_BLOCKS: Final[tuple[dict[str, Any], ...]] = (
    {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "192.168.0.0/16"]},
    {"cidr": "203.0.113.0/24", "except": ["203.0.113.128/25"]},
    {"cidr": "203.0.113.0/24"},
    {"cidr": "10.0.0.0/8"},
    {"cidr": "::/0"},
    {"cidr": "0.0.0.0/0"},
)
_NAMES: Final = (
    {"matchName": "api.example.com"},
    {"matchPattern": "*.example.com"},
    {"matchPattern": "**.example.com"},
    {"matchPattern": "*.*.example.com"},
    {"matchPattern": "*"},
    {"matchName": "Example.com."},
)
_ACTIONS: Final = ("Accept", "Accept", "Deny", "Deny", "Pass")
_DOMAINS: Final = ("api.example.com", "*.example.com", "Example.com.", "www.example.org")
_ENTITIES: Final = ("all", "world", "world-ipv4", "cluster", "kube-apiserver", "host", "remote-node", "none")


def policies(chance: random.Random) -> list[dict[str, Any]]:
    kinds: tuple[Callable[[random.Random, int], dict[str, Any]], ...]
    match chance.random():
        case share if share < 0.4:
            kinds = (_cilium, _cilium, _cilium, _of_cluster, _plain)
        case share if share < 0.85:
            kinds = (_cilium, _plain, _plain, _in_a_tier, _in_a_tier, _in_a_tier)
        case _:
            kinds = (_in_a_tier_alone,)
    return [chance.choice(kinds)(chance, number) for number in range(chance.randint(1, 5))]


def _cilium(chance: random.Random, number: int) -> dict[str, Any]:
    metadata = {"name": f"policy-{number}", "namespace": chance.choice(list(NAMESPACES))}
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": metadata,
        "spec": _spec(chance, _selector(chance, _POD_WORDS, ("", "k8s:", "any:"))),
    }


def _of_cluster(chance: random.Random, number: int) -> dict[str, Any]:
    words = _POD_WORDS if chance.random() < 0.5 else {**_POD_WORDS, **_PLACE_WORDS}
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumClusterwideNetworkPolicy",
        "metadata": {"name": f"policy-{number}"},
        "spec": _spec(chance, _selector(chance, words, ("k8s:", "any:"))),
    }


def _spec(chance: random.Random, subject: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = {"endpointSelector": subject}
    for side in chance.sample(("egress", "ingress"), chance.randint(1, 2)):
        for key, most in ((side, 3), (f"{side}Deny", 1)):
            if count := chance.randint(0 if key in spec or most == 1 else 1, most):
                spec[key] = [_rule(chance, key) for _ in range(count)]
    if chance.random() < 0.15:
        spec["enableDefaultDeny"] = {chance.choice(("egress", "ingress")): chance.random() < 0.5}
    return spec


def _rule(chance: random.Random, key: str) -> dict[str, Any]:
    end = "to" if key.startswith("egress") else "from"
    kinds = ["Endpoints", "Endpoints", "CIDRSet", "CIDR", "Entities", ""]
    kinds += ["FQDNs", "FQDNs"] if key == "egress" else []
    kind = chance.choice(kinds)
    rule: dict[str, Any] = {}
    if kind:
        rule[f"{end}{kind}"] = [] if chance.random() < 0.03 and kind != "FQDNs" else _peers(chance, kind)
    if chance.random() < 0.7:
        rule["toPorts"] = [
            {"ports": [_port(chance) for _ in range(chance.randint(0, 2))]} for _ in range(chance.randint(0, 2))
        ]
    elif chance.random() < 0.1:
        rule["icmps"] = [{"fields": [{"type": 8, "family": "IPv4"}]}]
    return rule


def _peers(chance: random.Random, kind: str) -> list[Any]:
    count = chance.randint(1, 2)
    match kind:
        case "CIDRSet":
            return [chance.choice(_BLOCKS) for _ in range(count)]
        case "CIDR":
            return [chance.choice(_BLOCKS)["cidr"] for _ in range(count)]
        case "Entities":
            return [chance.choice(_ENTITIES) for _ in range(count)]
        case "FQDNs":
            return [chance.choice(_NAMES) for _ in range(count)]
        case _:
            words = _POD_WORDS if chance.random() < 0.4 else {**_POD_WORDS, **_PLACE_WORDS}
            return [_selector(chance, words, ("", "k8s:", "any:")) for _ in range(count)]


def _selector(chance: random.Random, words: Mapping[str, tuple[str, ...]], prefixes: tuple[str, ...]) -> dict[str, Any]:
    selector: dict[str, Any] = {}
    if chance.random() < 0.6:
        key = chance.choice(list(words))
        selector["matchLabels"] = {chance.choice(prefixes) + key: chance.choice(words[key])}
    if chance.random() < 0.4:
        key = chance.choice(list(words))
        operator = chance.choice(("In", "NotIn", "Exists", "DoesNotExist"))
        expression: dict[str, Any] = {"key": chance.choice(prefixes) + key, "operator": operator}
        if operator in ("In", "NotIn"):
            expression["values"] = chance.sample(words[key], chance.randint(1, len(words[key])))
        selector["matchExpressions"] = [expression]
    return selector


def _port(chance: random.Random) -> dict[str, Any]:
    protocol, number = chance.choice(_PORTS)
    said = chance.choice((protocol, protocol, "ANY", ""))
    found: dict[str, Any] = {"protocol": said} if said else {}
    match chance.random():
        case share if share < 0.1:
            return {"port": "0", **found}
        case share if share < 0.2:
            return {"port": "http", **found}
        case share if share < 0.35:
            return {"port": "8000", "endPort": 8082, **found}
        case _:
            return {"port": str(number), **found}


def _plain(chance: random.Random, number: int) -> dict[str, Any]:
    sides = chance.sample(("egress", "ingress"), chance.randint(1, 2))
    spec: dict[str, Any] = {
        "podSelector": _selector(chance, _POD_WORDS, ("",)),
        "policyTypes": [side.capitalize() for side in sides],
    }
    for side in sides:
        spec[side] = [_plain_rule(chance, "to" if side == "egress" else "from") for _ in range(chance.randint(0, 2))]
    metadata = {"name": f"policy-{number}", "namespace": chance.choice(list(NAMESPACES))}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _plain_rule(chance: random.Random, end: str) -> dict[str, Any]:
    # Always with peers: a NetworkPolicy has no entities, so one that opens everything counts as all addresses and pods.
    rule: dict[str, Any] = {end: [_plain_peer(chance) for _ in range(chance.randint(1, 2))]}
    if chance.random() < 0.7:
        protocol, port = chance.choice(_PORTS)
        rule["ports"] = [{"protocol": protocol, "port": port}]
    return rule


def _plain_peer(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"ipBlock": chance.choice(_BLOCKS)}
    peer = {"podSelector": _selector(chance, _POD_WORDS, ("",))}
    if chance.random() < 0.6:
        # With a word that only a namespace has: what excludes alone also fits what is no pod (docs/parity.md).
        places = _selector(chance, _NAMESPACE_WORDS, ("",))
        expressions = [
            *places.get("matchExpressions", ()),
            {"key": _METADATA_NAME, "operator": "Exists"},
        ]
        peer["namespaceSelector"] = {**places, "matchExpressions": expressions}
    return peer


def _in_a_tier(chance: random.Random, number: int) -> dict[str, Any]:
    """Nothing is accepted in the tier Baseline: Cilium takes it for pods that a NetworkPolicy isolates, too."""
    return _of_tiers(chance, number, {"Admin": _ACTIONS, "Baseline": ("Deny", "Pass")})


def _in_a_tier_alone(chance: random.Random, number: int) -> dict[str, Any]:
    return _of_tiers(chance, number, dict.fromkeys(("Admin", "Baseline"), _ACTIONS))


def _of_tiers(chance: random.Random, number: int, actions: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    tier = chance.choice(("Admin", "Admin", "Baseline"))
    spec: dict[str, Any] = {"tier": tier, "priority": chance.randint(0, 90) * 11 + number, "subject": _of_tier(chance)}
    for side in chance.sample(("egress", "ingress"), chance.randint(1, 2)):
        spec[side] = [_tier_rule(chance, side, tier, actions[tier]) for _ in range(chance.randint(1, 4))]
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha2",
        "kind": "ClusterNetworkPolicy",
        "metadata": {"name": f"policy-{number}"},
        "spec": spec,
    }


def _tier_rule(chance: random.Random, side: str, tier: str, actions: tuple[str, ...]) -> dict[str, Any]:
    action = chance.choice(actions)
    kinds = ["pods"] if side == "ingress" else ["pods", "pods", "networks", "networks"]
    if side == "egress" and action == "Accept" and tier == "Admin":
        kinds.append("domainNames")
    peers: list[dict[str, Any]] = []
    for _ in range(chance.randint(1, 2)):
        match chance.choice(kinds):
            case "networks":
                peers.append({"networks": chance.sample([it["cidr"] for it in _BLOCKS[2:]], chance.randint(1, 2))})
            case "domainNames":
                peers.append({"domainNames": chance.sample(_DOMAINS, chance.randint(1, 2))})
            case _:
                peers.append(_of_tier(chance))
    rule: dict[str, Any] = {"action": action, "to" if side == "egress" else "from": peers}
    if chance.random() < 0.6:
        is_named = all("pods" in it or "namespaces" in it for it in peers)
        rule["protocols"] = [_tier_port(chance, is_named=is_named) for _ in range(chance.randint(1, 2))]
    return rule


def _of_tier(chance: random.Random) -> dict[str, Any]:
    """Pods with a word that only a namespace has, as in a NetworkPolicy."""
    places = _selector(chance, _NAMESPACE_WORDS, ("",))
    places["matchExpressions"] = [*places.get("matchExpressions", ()), {"key": _METADATA_NAME, "operator": "Exists"}]
    if chance.random() < 0.3:
        return {"namespaces": places}
    return {"pods": {"namespaceSelector": places, "podSelector": _selector(chance, _POD_WORDS, ("",))}}


def _tier_port(chance: random.Random, *, is_named: bool) -> dict[str, Any]:
    protocol, number = chance.choice(_PORTS)
    match chance.random():
        case share if share < 0.15 and is_named:
            return {"destinationNamedPort": "http"}
        case share if share < 0.3:
            port: dict[str, Any] = {"range": {"start": 8000, "end": 8082}}
        case share if share < 0.4:
            port = {"range": {"start": 1, "end": 65535}}
        case _:
            port = {"number": number}
    return {protocol.lower(): {"destinationPort": port}}
