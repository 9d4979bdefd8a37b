"""Changes inside rules: peers, ports, selectors and networks."""

import ipaddress
from collections.abc import Iterator

from mutants.changing import PEERS, Manifest, blocks_of, on_each, once, peers_of, ports_of, rules_of, selectors_of


@on_each
def drop_the_peers(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        for key in PEERS.values():
            if key in rule:
                yield from once(rule, key, ...)
                yield from once(rule, key, [])


@on_each
def drop_a_peer(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peers, at, _ in peers_of(spec):
        yield from once(peers, at, ...)


@on_each
def repeat_a_peer(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peers, _, peer in peers_of(spec):
        yield from once(peers, slice(len(peers), None), [peer])


@on_each
def drop_the_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        if "ports" in rule:
            yield from once(rule, "ports", ...)
            yield from once(rule, "ports", [])


@on_each
def drop_a_port(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for ports, at, _ in ports_of(spec):
        yield from once(ports, at, ...)


@on_each
def repeat_a_port(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for ports, _, port in ports_of(spec):
        yield from once(ports, slice(len(ports), None), [port])


@on_each
def open_every_port(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in ports_of(spec):
        if "port" in port:
            yield from once(port, "port", ...)


@on_each
def change_a_port(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in ports_of(spec):
        if isinstance(port.get("port"), int):
            yield from once(port, "port", port["port"] + 1)


@on_each
def widen_a_port(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in ports_of(spec):
        if isinstance(first := port.get("port"), int):
            last: int = port.get("endPort", first)
            yield from once(port, "endPort", last + 1)
            yield from once(port, "endPort", last)


@on_each
def change_a_protocol(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in ports_of(spec):
        for protocol in ("TCP", "UDP", "SCTP"):
            if port.get("protocol") != protocol:
                yield from once(port, "protocol", protocol)


@on_each
def drop_a_protocol(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in ports_of(spec):
        if "protocol" in port:
            yield from once(port, "protocol", ...)


@on_each
def empty_a_selector(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peer, key, _ in selectors_of(spec):
        yield from once(peer, key, {})


@on_each
def drop_a_selector(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peer, key, _ in selectors_of(spec):
        if len(peer) > 1:
            yield from once(peer, key, ...)


@on_each
def swap_a_label(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, selector in selectors_of(spec):
        labels = selector.get("matchLabels") or {}
        for key in list(labels):
            yield from once(labels, key, "mistaken")
            if len(labels) > 1:
                yield from once(labels, key, ...)


@on_each
def select_by_key_alone(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peer, key, selector in selectors_of(spec):
        labels = selector.get("matchLabels") or {}
        if labels:
            said = [{"key": name, "operator": "Exists"} for name in labels]
            yield from once(peer, key, {"matchExpressions": said})


@on_each
def select_all_but(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for peer, key, selector in selectors_of(spec):
        labels = selector.get("matchLabels") or {}
        if labels:
            said = [{"key": name, "operator": "NotIn", "values": [value]} for name, value in labels.items()]
            yield from once(peer, key, {"matchExpressions": said})


@on_each
def widen_a_network(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for block in blocks_of(spec):
        network = ipaddress.ip_network(block["cidr"])
        if network.prefixlen:
            yield from once(block, "cidr", str(network.supernet()))


@on_each
def narrow_a_network(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for block in blocks_of(spec):
        network = ipaddress.ip_network(block["cidr"])
        if network.prefixlen < network.max_prefixlen and not block.get("except"):
            yield from once(block, "cidr", str(next(iter(network.subnets()))))


@on_each
def drop_an_exception(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for block in blocks_of(spec):
        for at in range(len(block.get("except") or [])):
            yield from once(block["except"], at, ...)
        if block.get("except"):
            yield from once(block, "except", ...)


@on_each
def narrow_an_exception(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for block in blocks_of(spec):
        for at, inner in enumerate(list(block.get("except") or [])):
            yield from once(block["except"], at, str(next(iter(ipaddress.ip_network(inner).subnets()))))


@on_each
def add_an_exception(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for block in blocks_of(spec):
        network = ipaddress.ip_network(block["cidr"])
        if network.prefixlen < network.max_prefixlen:
            inner = str(list(network.subnets(new_prefix=min(network.prefixlen + 4, network.max_prefixlen)))[-1])
            yield from once(block, "except", [*block.get("except", []), inner])


@on_each
def refuse_to_be_valid(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """What the API server turns away is not in the cluster, and must not pass for a policy."""
    for _, _, port in ports_of(spec):
        yield from once(port, "port", 70_000)
