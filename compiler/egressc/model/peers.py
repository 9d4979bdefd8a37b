"""Peers as what they reach: pods by their labels, and addresses and names outside."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, summarize_address_range

from egressc.model.address_sets import AddressSet, block, join_addresses, named
from egressc.model.flows import Endpoints, PodClass
from egressc.model.host_sets import ENTITY
from egressc.model.label_classes import ANY, has_members, namespace, select, select_namespaces, selectors_of
from egressc.model.policy import AddressPeer, HostPeer, Peer, PodPeer


def read_peers(peers: Iterable[Peer], home: str) -> tuple[tuple[PodClass, ...], AddressSet]:
    """The pods, and the addresses and names, that peers name, as a policy in the namespace `home` sees them."""
    pods: list[PodClass] = []
    blocks: list[AddressSet] = []
    for peer in peers:
        match peer:
            case AddressPeer():
                blocks.append(block(peer.cidr, peer.excepts))
            case HostPeer():
                blocks.append(named(f"{ENTITY}{peer.name}" if peer.is_entity else peer.name))
            case PodPeer():
                reached = PodClass(
                    namespace(home) if peer.namespaces is None else select_namespaces(peer.namespaces),
                    ANY if peer.pods is None else select(peer.pods),
                )
                if has_members(reached.pods) and has_members(reached.namespaces) and reached not in pods:
                    pods.append(reached)
    return tuple(pods), join_addresses(blocks)


def peers_of(end: Endpoints) -> Iterator[PodPeer | AddressPeer]:
    """The peers that name exactly these pods or addresses: networks without exceptions, and no names."""
    match end:
        case AddressSet(v4, v6):
            for first, last in v4:
                yield from _networks(summarize_address_range(IPv4Address(first), IPv4Address(last)))
            for first, last in v6:
                yield from _networks(summarize_address_range(IPv6Address(first), IPv6Address(last)))
        case PodClass(namespaces, pods):
            if has_members(namespaces) and has_members(pods):
                for where in selectors_of(namespaces):
                    for which in selectors_of(pods):
                        yield PodPeer(where, None if which.selects_everything else which)


def _networks(networks: Iterable[object]) -> Iterator[AddressPeer]:
    yield from (AddressPeer(str(it)) for it in networks)
