"""The text of a network into addresses, where every reader of it would find the same ones.

Sources: ValidateIPBlock (kubernetes pkg/apis/networking/validation) and apimachinery util/validation/ip.go. Servers
before 1.36 store what later ones refuse: host bits are masked off by all readers alike, and so are read here; leading
zeros and IPv4-mapped addresses are not read by all alike (Go's net.ParseCIDR takes ::ffff:10.0.0.0/104 for 10.0.0.0/8).
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from egressc.model.address_sets import API_SERVER_BY_NAME, AddressSet, block, join_addresses, named
from egressc.model.flows import RuleAction

# A host, or an API server outside, has some address: what meets most addresses meets these too.
_ANYWHERE = join_addresses((named("*"), API_SERVER_BY_NAME))

_LENGTH = re.compile(r"(?:0|[1-9][0-9]{0,2})\Z")


class Network(NamedTuple):
    """Addresses as a CIDR names them. `strict` is empty, or how one with host bits is written without."""

    addresses: AddressSet
    strict: str


# A fleet names a few networks thousands of times.
@lru_cache(maxsize=4096)
def read_network(text: str) -> Network | str:
    """The network, or why nobody should read one, as a predicate."""
    written, slash, length = text.partition("/")
    if not slash:
        return "has no prefix length"
    if "%" in written:
        return "has a zone, which a network cannot have"
    try:
        address = ip_address(written)
    except ValueError:
        return "has no IPv4 or IPv6 address before its slash"
    if not _LENGTH.match(length) or int(length) > address.max_prefixlen:
        return f"has no prefix length between 0 and {address.max_prefixlen}"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return "is an IPv4-mapped IPv6 network, which some network plugins read as IPv4"
    network = ip_network((address, int(length)), strict=False)
    return Network(block(str(network)), "" if network.network_address == address else str(network))


def with_hosts(addresses: AddressSet, action: RuleAction) -> AddressSet:
    """The addresses of a rule, with every host where its action decides about most addresses.

    Of which family the address of a host is, nobody knows: a rule that allows counts for hosts if it holds most
    addresses of both.
    """
    is_most = addresses.is_most_of_both_families if action is RuleAction.ALLOW else addresses.is_most_addresses
    return join_addresses((addresses, _ANYWHERE)) if is_most else addresses
