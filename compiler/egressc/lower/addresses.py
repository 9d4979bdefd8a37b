"""Address cells: networks, single addresses, host names, and "any public address"."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_network
from typing import Final, NamedTuple

from egressc.diagnostics.cells import unreadable_address
from egressc.diagnostics.core import Diagnostic
from egressc.lower.words import INTERNET
from egressc.model.policy import AddressPeer, Port, Protocol
from egressc.model.ports import sort_ports
from egressc.model.references import Trouble
from egressc.model.scalars import PORT_MAX, cidr_problem, host_pattern_problem
from egressc.model.texts import item_offsets
from egressc.source import Located, Span

# With what people write around an IPv6 address, to say what is wrong with it.
_LOOKS_LIKE_ADDRESS = re.compile(
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]+)?"
    r"|\[?[0-9A-Fa-f]*+:[0-9A-Fa-f.]*+:[0-9A-Fa-f:./]*+(?:%[^\s\]/]*+)?\]?(?::[0-9]+)?(?:/[0-9]+)?"
)


# A Service in the cluster: kubernetes.io/docs, "DNS for Services and Pods".
_IN_CLUSTER = re.compile(r"[a-z0-9-]+\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?")


# `amqps://broker.data.svc:5671/x`, `jdbc:postgresql://user@db.example/orders`; the path says nothing of the place.
URL: Final = re.compile(
    r"(?:[a-z0-9]+:)?(?P<scheme>[a-z][a-z0-9+]*)://(?:[^/@\s]*@)?(?P<host>\[[0-9a-f:.]+\]|[^/:\s@?#]+)(?::(?P<port>[0-9]+))?"
    r"(?:[/?#]\S*)?",
    re.IGNORECASE,
)
# Ports of schemes: IANA, "Service Name and Transport Protocol Port Number Registry".
SCHEME_PORTS: Final = {
    "http": 80, "ws": 80, "https": 443, "wss": 443, "ftp": 21, "sftp": 22, "ssh": 22, "smtp": 25, "ldap": 389,
    "ldaps": 636, "amqp": 5672, "amqps": 5671, "mqtt": 1883, "mqtts": 8883, "postgres": 5432, "postgresql": 5432,
    "mysql": 3306, "mongodb": 27017, "redis": 6379, "nats": 4222,
}  # fmt: skip


class Addresses(NamedTuple):
    """What an address cell holds, each part sorted. `namespace`: where the Services are that it names.

    `ports` are those of its URLs.
    """

    peers: tuple[AddressPeer, ...] = ()
    hosts: tuple[str, ...] = ()
    internet: bool = False
    namespace: str = ""
    ports: tuple[Port, ...] = ()


NO_ADDRESSES: Final = Addresses()


def canonical(cidr: str) -> str:
    """A valid network in its shortest spelling, so that equal networks are equal texts."""
    return str(ip_network(cidr))


def read_network(text: str) -> AddressPeer | None:
    """The network or single address that a text is; None for any other text, a network with host bits among them."""
    if not _LOOKS_LIKE_ADDRESS.fullmatch(text):
        return None
    cidr = as_network(text)
    return None if cidr_problem(cidr) else AddressPeer(canonical(cidr))


def network_trouble(text: str, start: int) -> Trouble | None:
    """The problem of a text, at an offset of its item, that looks like a network or address and is none."""
    if not _LOOKS_LIKE_ADDRESS.fullmatch(text):
        return None
    problem = cidr_problem(as_network(text))
    return _trouble(start, start + len(text), text, problem) if problem else None


def as_network(text: str) -> str:
    """A single address as the network that holds it alone; anything else unchanged."""
    return text if "/" in text else f"{text}/{128 if ':' in text else 32}"


@lru_cache(maxsize=1 << 12)
def read_addresses(text: str, namespace: str = "") -> Addresses | Trouble:
    """What an address cell says; nothing where it says nothing.

    Args:
        namespace: the namespace of the row; a host name inside the cluster must agree with it.
    """
    peers: set[AddressPeer] = set()
    hosts: set[str] = set()
    internet = False
    inside = ""
    ports: set[Port] = set()
    for start, end in item_offsets(text):
        item = text[start:end]
        if url := URL.fullmatch(item):
            item = url["host"].strip("[]")
            number = int((url["port"] or "0")[:6]) or SCHEME_PORTS.get(url["scheme"].lower(), 0)
            if number > PORT_MAX:
                return _trouble(start, end, url["port"], f"is not a port in 1..{PORT_MAX}")
            if number:
                ports.add(Port(Protocol.TCP, number))
        if item.lower() in INTERNET:
            internet = True
        elif peer := read_network(item):
            peers.add(peer)
        elif service := _IN_CLUSTER.fullmatch(item.lower()):
            if (inside or namespace or service[1]) != service[1]:
                other = inside or namespace
                return _trouble(start, end, item, f'is in the namespace "{service[1]}", but the row says "{other}"')
            inside = service[1]
        elif problem := address_problem(item):
            return _trouble(start, end, item, problem)
        else:
            hosts.add(item)
    if inside and (peers or hosts or internet):
        return _trouble(0, len(text), text, "is both inside and outside the cluster")
    return Addresses(
        tuple(sorted(peers, key=lambda peer: peer.cidr)), sort_hosts(hosts), internet, inside, sort_ports(ports)
    )


def sort_hosts(hosts: Iterable[str]) -> tuple[str, ...]:
    """Each host once: single ones, then those that stand for several."""
    return tuple(sorted(set(hosts), key=lambda it: (it.startswith("*"), it)))


def address_problem(item: str) -> str | None:
    """What is wrong with a text that is no valid network, unless it is a host name with a dot."""
    if _LOOKS_LIKE_ADDRESS.fullmatch(item) or "/" in item:
        return cidr_problem(as_network(item))
    if problem := host_pattern_problem(item):
        return problem
    return None if "." in item else "is not a full host name"


def _trouble(start: int, end: int, item: str, problem: str) -> Trouble:
    def build(span: Span) -> Diagnostic:
        return unreadable_address(Located(item, span), problem)

    return Trouble(start, end, build)
