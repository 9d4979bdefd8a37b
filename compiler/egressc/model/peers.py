"""Peers as what they reach: pods by their labels, and addresses and names outside."""

from collections.abc import Iterable

from egressc.model.address_sets import AddressSet, block, join_addresses, named
from egressc.model.flows import PodClass
from egressc.model.host_sets import ENTITY
from egressc.model.label_classes import ANY, has_members, namespace, select, select_namespaces
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
