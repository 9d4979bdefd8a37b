"""Sets of what is outside: IP addresses, IPv4 and IPv6 apart, as ipBlocks mean them, and host names.

A name is no address: what a rule by name reaches is compared with names, for nobody knows where a name leads. Only a
rule for every address of both families also reaches every host. Entities of a network plugin are reached by name alone.

Source: IPBlock (networking.k8s.io/v1). 0.0.0.0/0 holds no IPv6 address; host bits set in a CIDR are masked off, as
the API server's parser does.
"""

import ipaddress
from collections.abc import Iterable
from itertools import chain
from typing import Final, NamedTuple

from egressc.model.dialects import API_SERVER
from egressc.model.host_sets import (
    ENTITY,
    HostSet,
    common_hosts,
    first_host,
    holds_host,
    host_set,
    join_hosts,
    subtract_hosts,
)
from egressc.model.intervals import NOTHING, Intervals, contains, difference, from_ranges, intersection


class AddressSet(NamedTuple):
    v4: Intervals
    v6: Intervals
    hosts: HostSet = ()

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6 or self.hosts)

    @property
    def names(self) -> HostSet:
        """The hosts among it by name, without entities: these are known without DNS."""
        return tuple(it for it in self.hosts if not it.suffix.startswith(ENTITY))

    @property
    def names_hosts(self) -> bool:
        return bool(self.names)

    @property
    def size(self) -> int:
        """How many addresses it has, of both families."""
        return _size(self.v4) + _size(self.v6)

    @property
    def is_most_addresses(self) -> bool:
        """Whether it is more than half of all addresses of a family, as the internet is."""
        return any(self.families_that_are_most)

    @property
    def is_most_of_both_families(self) -> bool:
        return all(self.families_that_are_most)

    @property
    def families_that_are_most(self) -> tuple[bool, bool]:
        """Whether it is more than half of all addresses of IPv4, and of IPv6."""
        return 2 * _size(self.v4) > 2**32, 2 * _size(self.v6) > 2**128

    @property
    def is_every_address(self) -> bool:
        return self.v4 == EVERY_ADDRESS.v4 and self.v6 == EVERY_ADDRESS.v6


_NODES: Final = (f"{ENTITY}host", f"{ENTITY}remote-node")
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


def named(*hosts: str) -> AddressSet:
    """What host names reach, `*.` and `**.` among them."""
    return AddressSet(NOTHING, NOTHING, host_set(hosts))


API_SERVER_BY_NAME: Final = named(f"{ENTITY}{API_SERVER}")
"""The API server, where rules name it by what a network plugin knows of it."""


def join_addresses(sets: Iterable[AddressSet]) -> AddressSet:
    """The addresses in any of the sets."""
    held = list(sets)
    hosts = [it.hosts for it in held if it.hosts]
    return AddressSet(
        from_ranges(chain.from_iterable(it.v4 for it in held)),
        from_ranges(chain.from_iterable(it.v6 for it in held)),
        join_hosts(hosts) if hosts else (),
    )


def common(one: AddressSet, other: AddressSet) -> AddressSet:
    if one == other:
        return one
    shared = AddressSet(intersection(one.v4, other.v4), intersection(one.v6, other.v6))
    if not one.hosts and not other.hosts:
        return shared
    hosts = [common_hosts(one.hosts, other.hosts)]
    hosts += [it.names for it, around in ((one, other), (other, one)) if around.is_every_address]
    return shared._replace(hosts=join_hosts(hosts))


def subtract(one: AddressSet, other: AddressSet) -> AddressSet:
    left = AddressSet(difference(one.v4, other.v4), difference(one.v6, other.v6))
    if not one.hosts:
        return left
    rest = one.hosts
    if other.is_every_address:
        rest = tuple(it for it in rest if it.suffix.startswith(ENTITY))
    return left._replace(hosts=subtract_hosts(rest, other.hosts))


def opens_names(addresses: AddressSet, names: AddressSet) -> bool:
    """Whether addresses are so many that some host of the names, or an API server outside, is there, wherever it is."""
    is_outside = any(it.suffix not in _NODES for it in names.hosts)
    return is_outside and addresses.is_most_addresses


def holds(addresses: AddressSet, end: str) -> bool:
    """Whether a single address or host name is in the set."""
    try:
        parsed = ipaddress.ip_address(end)
    except ValueError:
        is_behind = addresses.is_every_address and not end.startswith(ENTITY)
        return is_behind or holds_host(addresses.hosts, end)
    return contains(addresses.v4 if parsed.version == 4 else addresses.v6, int(parsed))


def _size(held: Intervals) -> int:
    return sum(last - first + 1 for first, last in held)


def is_address(end: str) -> bool:
    """Whether an end outside is an address, and not a name."""
    try:
        ipaddress.ip_address(end)
    except ValueError:
        return False
    return True


def is_host(end: str) -> bool:
    """Whether an end outside is a host by its name, and neither an address nor an entity."""
    return not end.startswith(ENTITY) and not is_address(end)


def first_address(addresses: AddressSet) -> str:
    """The lowest address, IPv4 first, else a name; a set with nothing in it has none."""
    if addresses.v4:
        return str(ipaddress.IPv4Address(addresses.v4[0][0]))
    if not addresses.v6:
        return first_host(addresses.hosts)
    return str(ipaddress.IPv6Address(addresses.v6[0][0]))


def _network(cidr: str) -> AddressSet:
    if "/" not in cidr:
        raise ValueError(f"{cidr} has no prefix length")
    network = ipaddress.ip_network(cidr, strict=False)
    span = from_ranges([(int(network.network_address), int(network.broadcast_address))])
    return AddressSet(span, NOTHING) if network.version == 4 else AddressSet(NOTHING, span)
