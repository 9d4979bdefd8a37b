"""Which addresses are public, and which are where clusters have their pods, nodes and metadata."""

from egressc.model.address_sets import METADATA_NETWORKS, AddressSet, block, join_addresses, subtract
from egressc.model.endpoints import addresses_in
from egressc.model.flows import Endpoints

# What no address of the public internet is in (IANA's special-purpose registries): private, shared, loopback,
# link-local, multicast and reserved.
_NOT_PUBLIC = join_addresses(
    block(cidr)
    for cidr in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
        "::/3",
        "4000::/2",
        "8000::/1",
    )
)

# Where clusters have their pods and nodes as a rule: RFC 1918, RFC 6598, RFC 4193, and link-local addresses.
INSIDE = join_addresses(
    block(cidr)
    for cidr in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
)

METADATA = join_addresses(map(block, METADATA_NETWORKS))
"""Where clouds hand credentials to whoever asks."""


def public_part(peer: Endpoints) -> AddressSet:
    """The public addresses of an end; none for pods and for names."""
    return subtract(addresses_in(peer), _NOT_PUBLIC)._replace(hosts=())


def reaches_internet(peer: Endpoints) -> bool:
    """Whether any public address, or a host by its name, is among them."""
    return bool(public_part(peer)) or addresses_in(peer).names_hosts
