"""Extra rules that allow more than they seem to, or so much that the rows of the tables restrict nothing any more.

What Kubernetes takes for "everything" is easily written by leaving something out: no `to`, no `ports`, an empty
selector, two peers where one was meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from egressc.contract.finding import Finding, Path, Say
from egressc.diagnostics.values import (
    extra_allows_everything,
    extra_excluding_namespaces,
    extra_namespace_label,
    split_peer,
    wide_extra,
)
from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, block, join_addresses
from egressc.model.policy import EXCLUDING_OPERATORS
from egressc.model.scalars import cidr_problem, except_problem

_Map = Mapping[str, Any]
# The Service of the API server and the usual port of its endpoints: kubernetes.io/docs, "Access Applications".
_API_SERVER_PORTS = (443, 6443)


def find_wide_extras(document: _Map, service: str, namespace_label: str) -> Iterator[Finding]:
    """EG450-454, in the extra rules of a document that the schema takes."""
    for number, rule in enumerate(document.get("networkPolicy", {}).get("egress", ())):
        path: Path = ("networkPolicy", "egress", number)
        yield from _whole_rule(rule, path, service)
        peers = rule.get("to", ())
        for position, peer in enumerate(peers):
            here = (*path, "to", position)
            if "namespaceSelector" in peer:
                yield from _namespaces(peer, here, service, namespace_label)
                beside = (*peers[max(position - 1, 0) : position], *peers[position + 1 : position + 2])
                if not any(_are_one_written_as_two(other, peer) for other in beside):
                    yield from _whole_namespace(peer, here, service, rule.get("ports", ()))
            if position and _are_one_written_as_two(peers[position - 1], peer):
                pair = (here, (*path, "to", position - 1))
                pods, namespaces = pair if "podSelector" in peer else pair[::-1]
                yield Finding((*pods, "podSelector"), _split(service), at_key=True, related=namespaces)


def _whole_rule(rule: _Map, path: Path, service: str) -> Iterator[Finding]:
    peers, ports = rule.get("to", ()), rule.get("ports", ())
    every_port = not ports or any("port" not in port for port in ports)
    address = _every_address(peers)
    if not peers:
        if every_port:
            yield Finding(path, _moot("every connection", service))
        else:
            help = "write who may be reached under to; every pod and every address are written too"
            yield Finding(path, _wide("every pod and every address", help, service))
    elif address is not None:
        here = (*path, "to", address, "ipBlock", "cidr")
        if every_port:
            yield Finding(here, _moot("every address on every port", service))
        else:
            help = "write a smaller network, or what to leave out under except"
            yield Finding(here, _wide("every address, private ones too", help, service))
    elif every_port:
        where = (*path, "ports") if ports else path
        yield Finding(where, _wide("every port of its peers", "write the ports under ports", service))


def _every_address(peers: Sequence[_Map]) -> int | None:
    """The first peer with which those up to it are all addresses of a family, as two halves are."""
    reached = NO_ADDRESSES
    for position, peer in enumerate(peers):
        if "ipBlock" in peer:
            reached = join_addresses((reached, _addresses(peer["ipBlock"])))
            if reached.v4 == EVERY_ADDRESS.v4 or reached.v6 == EVERY_ADDRESS.v6:
                return position
    return None


def _addresses(written: _Map) -> AddressSet:
    """What an ipBlock reaches; nothing where its networks are wrong, which is a finding of its own."""
    cidr, excepts = written["cidr"], written.get("except", ())
    if cidr_problem(cidr) or any(except_problem(cidr, excepted) for excepted in excepts):
        return NO_ADDRESSES
    return block(cidr, excepts)


def _namespaces(peer: _Map, path: Path, service: str, namespace_label: str) -> Iterator[Finding]:
    selector, here = peer["namespaceSelector"], (*path, "namespaceSelector")
    if not any(selector.values()) and not any(peer.get("podSelector", {}).values()):
        help = "write labels under namespaceSelector or podSelector"
        yield Finding(here, _wide("every pod of every namespace", help, service))
    if any(selector.values()) and _only_excludes(selector) and _only_excludes(peer.get("podSelector", {})):
        yield Finding(here, _excluding(service))
    if namespace_label == "name":
        return
    if "name" in selector.get("matchLabels", {}):
        yield Finding((*here, "matchLabels", "name"), _custom_label(service, namespace_label), at_key=True)
    for position, expression in enumerate(selector.get("matchExpressions", ())):
        if expression["key"] == "name":
            yield Finding((*here, "matchExpressions", position, "key"), _custom_label(service, namespace_label))


def _whole_namespace(peer: _Map, path: Path, service: str, ports: Sequence[_Map]) -> Iterator[Finding]:
    """A namespace whose pods nothing is said of; `podSelector: {}` beside it says that all are meant."""
    if "podSelector" not in peer and any(peer["namespaceSelector"].values()):
        help = "write podSelector in the same item, as podSelector: {} where every pod is meant"
        labels = peer["namespaceSelector"].get("matchLabels", {})
        if "default" in labels.values() and ports and all(port.get("port") in _API_SERVER_PORTS for port in ports):
            help = (
                "the API server is not a pod of this namespace: where it is meant, write an ipBlock with its "
                "addresses, the ones of cluster.apiServer in the project file (`kubectl get endpointslices -n default` "
                "shows them); "
                f"else {help}"
            )
        yield Finding((*path, "namespaceSelector"), _wide("every pod of these namespaces", help, service))


def _only_excludes(selector: _Map) -> bool:
    """Whether what has no labels at all fits, such as, under Cilium, an address outside of the cluster."""
    expressions = selector.get("matchExpressions", ())
    return not selector.get("matchLabels") and all(it["operator"] in EXCLUDING_OPERATORS for it in expressions)


def _are_one_written_as_two(first: _Map, second: _Map) -> bool:
    return len(first) == len(second) == 1 and {*first, *second} == {"namespaceSelector", "podSelector"}


def _moot(reach: str, service: str) -> Say:
    return lambda span, _: extra_allows_everything(span, reach, service)


def _wide(reach: str, help: str, service: str) -> Say:
    return lambda span, _: wide_extra(span, reach, help, service)


def _split(service: str) -> Say:
    return lambda span, namespaces: split_peer(span, namespaces, service)


def _excluding(service: str) -> Say:
    return lambda span, _: extra_excluding_namespaces(span, service)


def _custom_label(service: str, namespace_label: str) -> Say:
    return lambda span, _: extra_namespace_label(span, "name", namespace_label, service)
