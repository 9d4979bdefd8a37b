"""The nouns of a policy as the JSON-like data of the values contract, which all dialects share.

Nothing is left out that Kubernetes would read as "everything": peers and ports are never empty, every port of a
protocol is `allPorts`, and a selector of any namespace is written as `{}`.

Source: networking.k8s.io/v1 NetworkPolicyPeer, NetworkPolicyPort, LabelSelector.
"""

from collections.abc import Sequence
from typing import Final, assert_never

from egressc.dialects.emitting import Data
from egressc.model.guardrails import DeniedRule
from egressc.model.policy import AddressPeer, Direction, Dns, GrantEnd, HostPeer, PodPeer, Port, Selector
from egressc.model.ports import EVERY_PROTOCOL
from egressc.model.scalars import PORT_MAX

_PEERS: Final = {Direction.EGRESS: "to", Direction.INGRESS: "from"}


def rule_data(direction: Direction, end: GrantEnd, ports: tuple[Port, ...], purpose: str) -> dict[str, Data]:
    """One entry of `networkPolicy.dependencies` or, in ingress, of `callers`, without its key.

    A name that only repeats the key is left out.
    """
    data: dict[str, Data] = {}
    if end.name != end.key:
        data["name"] = end.name
    if purpose:
        data["purpose"] = purpose
    # What rules name can be wider than what was asked for; in other dialects hosts are words for people.
    named = tuple(it.name for it in end.peers if isinstance(it, HostPeer) and not it.is_entity)
    if hosts := named or end.hosts:
        data["hosts"] = _texts(hosts)
    entities = [it.name for it in end.peers if isinstance(it, HostPeer) and it.is_entity]
    if entities:
        data["entities"] = [*entities]
    peers = [it for it in end.peers if not isinstance(it, HostPeer)]
    assert end.peers, "a rule without peers allows every address"
    if peers:
        data[_PEERS[direction]] = _peers_data(peers)
    data.update(_ports_data(ports))
    return data


def denied_data(rules: Sequence[DeniedRule]) -> list[Data]:
    """What a guardrail denies: a rule with `to` or `from` for each set of ports."""
    peers: dict[tuple[Direction, tuple[Port, ...]], dict[PodPeer | AddressPeer, None]] = {}
    for rule in rules:
        ports = rule.ports or tuple(Port(it, None) for it in EVERY_PROTOCOL)
        peers.setdefault((rule.direction, ports), {}).update(dict.fromkeys(rule.peers))
    return [{_PEERS[side]: _peers_data([*held]), **_ports_data(ports)} for (side, ports), held in peers.items()]


def dns_data(dns: Dns) -> dict[str, Data]:
    data: dict[str, Data] = {"profile": dns.profile}
    if dns.peers or dns.ports:
        data["to"] = _peers_data([it for it in dns.peers if not isinstance(it, HostPeer)])
        data.update(_ports_data(dns.ports))
    return data


def selector_data(selector: Selector) -> dict[str, Data]:
    data: dict[str, Data] = {}
    if selector.match_labels:
        labels: dict[str, Data] = dict(selector.match_labels)
        data["matchLabels"] = labels
    if selector.match_expressions:
        data["matchExpressions"] = [
            {"key": expression.key, "operator": expression.operator.value, "values": _texts(expression.values)}
            if expression.values
            else {"key": expression.key, "operator": expression.operator.value}
            for expression in selector.match_expressions
        ]
    return data


def _peers_data(peers: Sequence[PodPeer | AddressPeer]) -> list[Data]:
    assert peers, "a rule without peers allows every address"
    return [_peer_data(peer) for peer in peers]


def _peer_data(peer: PodPeer | AddressPeer) -> dict[str, Data]:
    match peer:
        case PodPeer(namespaces, pods):
            data: dict[str, Data] = {}
            if namespaces is not None:
                data["namespaceSelector"] = selector_data(namespaces)
            if pods is not None:
                data["podSelector"] = selector_data(pods)
            assert data, "a peer without selectors says nothing"
            return data
        case AddressPeer(cidr, excepts):
            block: dict[str, Data] = {"cidr": cidr}
            if excepts:
                block["except"] = _texts(excepts)
            return {"ipBlock": block}
    assert_never(peer)


def _ports_data(ports: tuple[Port, ...]) -> dict[str, Data]:
    """Exactly one of `ports` and `allPorts`.

    If a rule has all ports of one protocol and single ports of another, `ports` lists both, and the first protocol is
    the range from 1 to the last port.
    """
    assert ports, "a rule without ports allows every port"
    whole = {port.protocol for port in ports if port.port is None}
    single = [port for port in ports if port.protocol not in whole]
    if not single:
        return {"allPorts": _texts(tuple(sorted(protocol.value for protocol in whole)))}
    ranges = [Port(protocol, 1, PORT_MAX) for protocol in sorted(whole)]
    return {"ports": [_port_data(port) for port in (*single, *ranges)]}


def _port_data(port: Port) -> dict[str, Data]:
    assert port.port is not None, "every port of a protocol is no single port"
    if port.end_port is None:
        return {"port": port.port, "protocol": port.protocol.value}
    return {"port": port.port, "endPort": port.end_port, "protocol": port.protocol.value}


def _texts(texts: tuple[str, ...]) -> list[Data]:
    return [*texts]
