"""Extra rules that allow more than they seem to, or so much that the rows of the tables restrict nothing any more.

What Kubernetes takes for "everything" is easily written by leaving something out: no `to` or `from`, no `ports`, an
empty selector, two peers where one was meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from egressc.contract.finding import Finding, Path
from egressc.contract.selectors import read_selector
from egressc.diagnostics.values import (
    extra_allows_everything,
    extra_excluding_namespaces,
    extra_namespace_label,
    split_peer,
    wide_extra,
)
from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, block, join_addresses
from egressc.model.scalars import cidr_problem, except_problem

_Map = Mapping[str, Any]
# The Service of the API server and the usual port of its endpoints: kubernetes.io/docs, "Access Applications".
_API_SERVER_PORTS = (443, 6443)


def find_wide_extras(document: _Map, namespace_label: str) -> Iterator[Finding]:
    """EG450-454, in the extra rules of a document that the schema takes."""
    for direction, side in (("egress", "to"), ("ingress", "from")):
        for number, rule in enumerate(document.get("networkPolicy", {}).get(direction, ())):
            yield from _find_in_rule(rule, ("networkPolicy", direction, number), side, namespace_label)


def _find_in_rule(rule: _Map, path: Path, side: str, namespace_label: str) -> Iterator[Finding]:
    yield from _whole_rule(rule, path, side)
    peers = rule.get(side, ())
    for position, peer in enumerate(peers):
        here = (*path, side, position)
        if "namespaceSelector" in peer:
            yield from _namespaces(peer, here, side, namespace_label)
            beside = (*peers[max(position - 1, 0) : position], *peers[position + 1 : position + 2])
            if not any(_are_one_written_as_two(other, peer) for other in beside):
                yield from _whole_namespace(peer, here, side, rule.get("ports", ()))
        if position and _are_one_written_as_two(peers[position - 1], peer):
            pair = (here, (*path, side, position - 1))
            pods, namespaces = pair if "podSelector" in peer else pair[::-1]
            yield Finding((*pods, "podSelector"), split_peer, at_key=True, related=namespaces)


def _whole_rule(rule: _Map, path: Path, side: str) -> Iterator[Finding]:
    peers, ports = rule.get(side, ()), rule.get("ports", ())
    every_port = not ports or any("port" not in port for port in ports)
    address = _every_address(peers)
    if not peers:
        if every_port:
            yield Finding(path, partial(extra_allows_everything, reach="every connection", side=side))
        else:
            help = f"write peers under {side}, even for every pod or every address"
            yield _wide(path, side, "every pod and every address", help)
    elif address is not None:
        here = (*path, side, address, "ipBlock", "cidr")
        if every_port:
            yield Finding(here, partial(extra_allows_everything, reach="every address on every port", side=side))
        else:
            help = "write a smaller network, or exceptions under except"
            yield _wide(here, side, "every address, including private ones", help)
    elif every_port:
        reach = "every port of its peers" if side == "to" else "its peers on every port"
        yield _wide((*path, "ports") if ports else path, side, reach, "write the ports under ports")


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


def _namespaces(peer: _Map, path: Path, side: str, namespace_label: str) -> Iterator[Finding]:
    written, here = peer["namespaceSelector"], (*path, "namespaceSelector")
    namespaces, pods = read_selector(written), read_selector(peer.get("podSelector", {}))
    if namespaces.selects_everything and pods.selects_everything:
        yield _wide(here, side, "every pod of every namespace", "write labels under namespaceSelector or podSelector")
    if not namespaces.selects_everything and namespaces.only_excludes and pods.only_excludes:
        yield Finding(here, extra_excluding_namespaces)
    if namespace_label == "name":
        return
    unset = partial(extra_namespace_label, key="name", namespace_label=namespace_label)
    if "name" in written.get("matchLabels", {}):
        yield Finding((*here, "matchLabels", "name"), unset, at_key=True)
    for position, expression in enumerate(namespaces.match_expressions):
        if expression.key == "name":
            yield Finding((*here, "matchExpressions", position, "key"), unset)


def _whole_namespace(peer: _Map, path: Path, side: str, ports: Sequence[_Map]) -> Iterator[Finding]:
    """A namespace whose pods nothing is said of; `podSelector: {}` beside it says that all are meant."""
    namespaces = read_selector(peer["namespaceSelector"])
    if "podSelector" in peer or namespaces.selects_everything:
        return
    help = "add podSelector to the same item, podSelector: {} for every pod"
    names = dict(namespaces.match_labels).values()
    if side == "to" and "default" in names and ports and all(port.get("port") in _API_SERVER_PORTS for port in ports):
        help = (
            "for the API server, which is no pod of this namespace, write an ipBlock with its "
            "addresses, as in cluster.apiServer in the project file (`egressc presets --from-cluster` "
            f"shows them); or {help}"
        )
    yield _wide((*path, "namespaceSelector"), side, "every pod of these namespaces", help)


def _wide(path: Path, side: str, reach: str, help: str) -> Finding:
    return Finding(path, partial(wide_extra, reach=reach, side=side, help=help))


def _are_one_written_as_two(first: _Map, second: _Map) -> bool:
    return len(first) == len(second) == 1 and {*first, *second} == {"namespaceSelector", "podSelector"}
