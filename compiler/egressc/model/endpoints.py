"""The kinds of end that a rule names, pods and addresses so far: all that is asked of them, whichever kind it is.

A new kind is one more case in each function here, and nowhere else.
"""

from collections.abc import Mapping

from egressc.model.address_sets import NO_ADDRESSES, AddressSet, common, join_addresses, subtract
from egressc.model.flows import Endpoints, PodClass
from egressc.model.pod_classes import common_pods, pods_without
from egressc.model.port_sets import NO_PORTS, PortSet, join


def pods_in(peer: Endpoints) -> PodClass | None:
    """The pods, which policies may isolate and whose ports have names; None for any other kind."""
    return peer if isinstance(peer, PodClass) else None


def addresses_in(peer: Endpoints) -> AddressSet:
    """The addresses; none for any other kind."""
    return peer if isinstance(peer, AddressSet) else NO_ADDRESSES


def intersect(one: Endpoints, other: Endpoints) -> Endpoints | None:
    """What is in both; None when nothing can be. Pods and addresses share nothing (docs/exactness.md)."""
    match one, other:
        case PodClass(), PodClass():
            return common_pods(one, other)
        case AddressSet(), AddressSet():
            return common(one, other) or None
        case _:
            return None


def without(one: Endpoints, other: Endpoints) -> list[Endpoints]:
    """What is in `one` and not in `other`, in disjoint parts."""
    match one, other:
        case PodClass(), PodClass():
            return [*pods_without(one, other)]
        case AddressSet(), AddressSet():
            left = subtract(one, other)
            return [left] if left else []
        case _:
            return [one]


def is_within(one: Endpoints, other: Endpoints) -> bool:
    return not without(one, other)


def with_joined_addresses(reach: Mapping[Endpoints, PortSet]) -> dict[Endpoints, PortSet]:
    """Ports by end, where the addresses of each set of ports are one end; they come last."""
    found = {peer: ports for peer, ports in reach.items() if not addresses_in(peer)}
    by_ports: dict[PortSet, AddressSet] = {}
    for peer, ports in reach.items():
        if held := addresses_in(peer):
            by_ports[ports] = join_addresses((by_ports.get(ports, NO_ADDRESSES), held))
    for ports, addresses in by_ports.items():
        found[addresses] = join(found.get(addresses, NO_PORTS), ports)
    return found
