"""Sets of IP addresses, IPv4 and IPv6 apart: what ipBlocks mean, whatever their spelling.

Source: IPBlock (networking.k8s.io/v1). 0.0.0.0/0 holds no IPv6 address; host bits set in a CIDR are masked off, as
the API server's parser does.
"""

import ipaddress
from collections.abc import Iterable
from itertools import chain
from typing import Final, NamedTuple

from egressc.model.intervals import NOTHING, Intervals, contains, difference, from_ranges, intersection


class AddressSet(NamedTuple):
    v4: Intervals
    v6: Intervals

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)


NO_ADDRESSES = AddressSet(NOTHING, NOTHING)
EVERY_ADDRESS = AddressSet(((0, 2**32 - 1),), ((0, 2**128 - 1),))

METADATA_NETWORKS: Final = ("169.254.169.254/32", "fd00:ec2::254/128", "fd20:ce::254/128")
"""Where clouds hand credentials to whoever asks: RFC 3927; AWS, IPv6 on AWS; Google Cloud, About VM metadata."""


def block(cidr: str, excepts: Iterable[str] = ()) -> AddressSet:
    """The addresses of one ipBlock. Raises ValueError for text that is no CIDR or an except of the other family."""
    addresses = _network(cidr)
    taken: list[AddressSet] = []
    for inner in excepts:
        taken.append(_network(inner))
        if bool(taken[-1].v4) != bool(addresses.v4):
            raise ValueError(f"{inner} and {cidr} are of two address families")
    return subtract(addresses, join_addresses(taken)) if taken else addresses


def join_addresses(sets: Iterable[AddressSet]) -> AddressSet:
    """The addresses in any of the sets."""
    held = list(sets)
    return AddressSet(
        from_ranges(chain.from_iterable(it.v4 for it in held)), from_ranges(chain.from_iterable(it.v6 for it in held))
    )


def common(one: AddressSet, other: AddressSet) -> AddressSet:
    if one == other:
        return one
    return AddressSet(intersection(one.v4, other.v4), intersection(one.v6, other.v6))


def subtract(one: AddressSet, other: AddressSet) -> AddressSet:
    return AddressSet(difference(one.v4, other.v4), difference(one.v6, other.v6))


def holds(addresses: AddressSet, address: str) -> bool:
    """Whether a single address is in the set. Raises ValueError for text that is no address."""
    parsed = ipaddress.ip_address(address)
    return contains(addresses.v4 if parsed.version == 4 else addresses.v6, int(parsed))


def first_address(addresses: AddressSet) -> str:
    """The lowest address, IPv4 first; a set with nothing in it has none."""
    if addresses.v4:
        return str(ipaddress.IPv4Address(addresses.v4[0][0]))
    return str(ipaddress.IPv6Address(addresses.v6[0][0]))


def _network(cidr: str) -> AddressSet:
    if "/" not in cidr:
        raise ValueError(f"{cidr} has no prefix length")
    network = ipaddress.ip_network(cidr, strict=False)
    span = from_ranges([(int(network.network_address), int(network.broadcast_address))])
    return AddressSet(span, NOTHING) if network.version == 4 else AddressSet(NOTHING, span)
