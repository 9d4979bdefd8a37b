"""Changes of policies in the dialect Cilium. What also makes sense of a NetworkPolicy is taken from there.

An operator here changes what is allowed, or what Cilium takes, with each of its mutants; those of HARMLESS never do.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mutants import on_policies, on_rules
from mutants.changing import Manifest, Manifests, Operator, on_each, once, operator, rules_of, sides_of

CILIUM_OPERATORS: dict[str, Operator] = {}
HARMLESS = frozenset(
    (
        "rename the policy",
        "repeat a rule",
        "reorder rules",
        "isolate in so many words",
        "leave out the sources of labels",
        "select endpoints by expression",
        "split the ports",
        "write a name otherwise",
    )
)

# The engine decides about connections, and takes every name as learned.
UNSEEN = frozenset(("learn no names",))

_PLACE = "k8s:io.kubernetes.pod.namespace"
_EVERYWHERE = {"key": _PLACE, "operator": "Exists"}
_FREE_PORT = {"ports": [{"port": "4444", "protocol": "TCP"}]}

for shared in (
    *on_policies.OF_ANY_KIND,
    on_rules.widen_a_network,
    on_rules.narrow_a_network,
    on_rules.drop_an_exception,
    on_rules.narrow_an_exception,
    on_rules.add_an_exception,
):
    operator(shared, CILIUM_OPERATORS)


# Extra rules are in a NetworkPolicy, which has operators enough.
on_each_of_cilium = partial(on_each, operators=CILIUM_OPERATORS, kinds=("CiliumNetworkPolicy",))


def _entries(spec: Manifest, kind: str) -> Iterator[tuple[list[Any], int, Any]]:
    """The peers of a kind, such as Endpoints."""
    for _, _, rule in rules_of(spec):
        for key in (f"to{kind}", f"from{kind}"):
            for at, entry in enumerate(list(rule.get(key, ()))):
                yield rule[key], at, entry


def _ports(spec: Manifest) -> Iterator[tuple[list[Manifest], int, Manifest]]:
    for _, _, rule in rules_of(spec):
        for entry in rule.get("toPorts", ()):
            for at, port in enumerate(list(entry["ports"])):
                yield entry["ports"], at, port


# Selectors


@on_each_of_cilium
def select_other_endpoints(policy: Manifest, spec: Manifest) -> Iterator[None]:
    labels = spec["endpointSelector"].get("matchLabels", {})
    for key in list(labels):
        yield from once(labels, key, "mistaken")


@on_each_of_cilium
def select_every_endpoint(policy: Manifest, spec: Manifest) -> Iterator[None]:
    if spec["endpointSelector"]:
        yield from once(spec, "endpointSelector", {})


@on_each_of_cilium
def select_endpoints_by_expression(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for holder, key in _selectors(spec):
        labels, more = holder[key].get("matchLabels", {}), holder[key].get("matchExpressions", [])
        said = [{"key": name, "operator": "In", "values": [value]} for name, value in labels.items()]
        yield from once(holder, key, {"matchExpressions": [*said, *more]} if said or more else {})


@on_each_of_cilium
def leave_out_the_sources_of_labels(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for holder, key in _selectors(spec):
        labels = {name.removeprefix("k8s:"): it for name, it in holder[key].get("matchLabels", {}).items()}
        if labels:
            yield from once(holder, key, {**holder[key], "matchLabels": labels})


def _selectors(spec: Manifest) -> Iterator[tuple[Manifest, str]]:
    yield spec, "endpointSelector"
    for peers, at, _ in _entries(spec, "Endpoints"):
        yield peers, at  # type: ignore[misc] # a list and a place in it are set alike


@on_each_of_cilium
def swap_a_label_of_a_peer(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, peer in _entries(spec, "Endpoints"):
        labels = peer.get("matchLabels", {})
        for key in list(labels):
            yield from once(labels, key, "mistaken")


@on_each_of_cilium
def drop_a_label_of_a_peer(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """Without the label of its namespace, a peer is in the namespace of the policy."""
    for _, _, peer in _entries(spec, "Endpoints"):
        labels = peer.get("matchLabels", {})
        for key in list(labels):
            if (key, labels[key]) != (_PLACE, policy["metadata"]["namespace"]):
                yield from once(labels, key, ...)


@on_each_of_cilium
def look_for_a_peer_everywhere(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peers, at, peer in _entries(spec, "Endpoints"):
        labels = {key: it for key, it in peer.get("matchLabels", {}).items() if "namespace" not in key}
        if labels != peer.get("matchLabels", {}):
            yield from once(peers, at, {"matchLabels": labels, "matchExpressions": [_EVERYWHERE]})


@on_each_of_cilium
def drop_a_peer_of_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """The last one leaves an empty list, which reaches nobody."""
    for kind in ("Endpoints", "CIDRSet", "FQDNs", "Entities"):
        for peers, at, _ in _entries(spec, kind):
            if kind != "FQDNs" or len(peers) > 1:
                yield from once(peers, at, ...)


@on_each_of_cilium
def drop_the_kind_of_peers(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """A rule of ports alone opens them to everybody."""
    for _, _, rule in rules_of(spec):
        for key in [it for it in rule if it != "toPorts"]:
            yield from once(rule, key, ...)


# Ports


@on_each_of_cilium
def change_a_port_of_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in _ports(spec):
        if port["port"].isdigit():
            yield from once(port, "port", str(int(port["port"]) + 1))


@on_each_of_cilium
def widen_a_port_of_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in _ports(spec):
        if port["port"].isdigit() and port["port"] != "0":
            yield from once(port, "endPort", int(port.get("endPort") or port["port"]) + 1)
            yield from once(port, "port", "0")


@on_each_of_cilium
def drop_a_port_of_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for ports, at, _ in _ports(spec):
        yield from once(ports, at, ...)


@on_each_of_cilium
def drop_the_ports_of_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        if any(port["port"] != "0" for entry in rule.get("toPorts", ()) for port in entry["ports"]):
            yield from once(rule, "toPorts", ...)


@on_each_of_cilium
def change_a_protocol_of_a_port(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for ports, _, port in _ports(spec):
        known = {it["protocol"] for it in ports if it["port"] == port["port"]}
        for protocol in ("TCP", "UDP", "SCTP", "ANY", ...):
            if protocol not in known and len(known) < 3:
                yield from once(port, "protocol", protocol)


@on_each_of_cilium
def split_the_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        entries = [{**entry, "ports": [port]} for entry in rule.get("toPorts", ()) for port in entry["ports"]]
        if entries:
            yield from once(rule, "toPorts", entries)


# Names


@on_each_of_cilium
def change_a_name(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, host in _entries(spec, "FQDNs"):
        for key, name in list(host.items()):
            yield from once(host, key, f"{name}.evil.example")


@on_each_of_cilium
def widen_a_name(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """By a level at a time, and to all names."""
    for hosts, at, host in _entries(spec, "FQDNs"):
        name = host.get("matchName", "") or host["matchPattern"]
        depth = "**" if name.startswith("**.") else "*"
        wider = {f"{depth}.{name.split('.', 1)[1]}", f"**.{name.removeprefix('*.')}", f"*.{name}", "*"} - {name}
        for pattern in sorted(it for it in wider if not it.startswith(("*.**", "**.**"))):
            yield from once(hosts, at, {"matchPattern": pattern})


@on_each_of_cilium
def narrow_a_name(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, host in _entries(spec, "FQDNs"):
        pattern = host.get("matchPattern", "")
        if pattern.startswith("**."):
            yield from once(host, "matchPattern", pattern.removeprefix("*"))
        elif pattern:
            yield from once(host, "matchPattern", f"some{pattern.removeprefix('*')}")


@on_each_of_cilium
def write_a_name_otherwise(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, host in _entries(spec, "FQDNs"):
        for key, name in list(host.items()):
            yield from once(host, key, f"{name.upper()}.")


@on_each_of_cilium
def learn_no_names(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """Without a DNS rule for it, Cilium never learns where a name leads, and a rule by name opens nothing."""
    if not any(_entries(spec, "FQDNs")):
        return
    for _, _, rule in rules_of(spec):
        for entry in rule.get("toPorts", ()):
            if "rules" in entry:
                yield from once(entry, "rules", ...)
                yield from once(entry, "rules", {"dns": []})
                yield from once(entry, "rules", {"dns": [{"matchName": "other.example"}]})


# Rules and whole policies


@on_each_of_cilium
def change_an_entity(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for entities, at, entity in _entries(spec, "Entities"):
        for other in ("host", "world", "cluster", "all", "none"):
            if other != entity:
                yield from once(entities, at, other)


@on_each_of_cilium
def add_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        end = "to" if side == "egress" else "from"
        added: tuple[Manifest, ...] = (
            {f"{end}Entities": ["all"]},
            {f"{end}CIDR": ["203.0.113.99/32"]},
            {f"{end}CIDRSet": [{"cidr": "0.0.0.0/0"}]},
            {f"{end}Endpoints": [{"matchLabels": {"app": "stranger"}}]},
            {f"{end}Endpoints": [{}]},
            *([{"toFQDNs": [{"matchName": "other.example"}]}] if side == "egress" else []),
            {},
        )
        for peers in added:
            yield from once(spec, side, [*spec[side], {**peers, "toPorts": [_FREE_PORT]}])


@on_each_of_cilium
def deny_what_a_rule_opens(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        for _, _, rule in rules_of(spec, [side]):
            denied = {key: it for key, it in rule.items() if key not in ("toFQDNs", "toPorts")}
            ports = [{"ports": entry["ports"]} for entry in rule.get("toPorts", ())]
            if rule:
                peers: Manifest = denied or {"toEntities": ["world"]}
                yield from once(spec, f"{side}Deny", [{**peers, "toPorts": ports}])


@on_each_of_cilium
def isolate_nothing(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        yield from once(spec, "enableDefaultDeny", {side: False})


@on_each_of_cilium
def isolate_in_so_many_words(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "enableDefaultDeny", dict.fromkeys(sides_of(spec), True))
    yield from once(spec, "description", "what it is for")


def be_of_the_whole_cluster(manifests: Manifests) -> Iterator[Manifests]:
    for at, policy in enumerate(manifests):
        if policy["kind"] == "CiliumNetworkPolicy":
            metadata = {key: it for key, it in policy["metadata"].items() if key != "namespace"}
            kind = "CiliumClusterwideNetworkPolicy"
            yield [*manifests[:at], {**policy, "kind": kind, "metadata": metadata}, *manifests[at + 1 :]]


operator(be_of_the_whole_cluster, CILIUM_OPERATORS)


@on_each_of_cilium
def refuse_to_be_valid_for_cilium(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """What Cilium's agent refuses isolates nobody, though an API server stores some of it."""
    for _, _, rule in rules_of(spec):
        yield from once(rule, "toEntities", ["internet"])
        yield from once(rule, "toFQDN", [{"matchName": "api.example.com"}])
        if "toPorts" in rule:
            ports = [{"port": str(it), "protocol": "TCP"} for it in range(1, 42)]
            yield from once(rule, "toPorts", [*rule["toPorts"], {"ports": ports}])
