"""The one order of ports, and the protocols that "any" stands for."""

from collections.abc import Iterable
from typing import Final

from egressc.model.policy import Port, Protocol

EVERY_PROTOCOL: Final = (Protocol.TCP, Protocol.UDP, Protocol.SCTP)
HBONE_PORT: Final = 15008  # istio.io, "Ambient and Kubernetes NetworkPolicy"
DNS_PORTS: Final = (Port(Protocol.UDP, 53), Port(Protocol.TCP, 53))


def port_order(port: Port) -> tuple[bool, bool, int, str, int, str]:
    """Every port first, then numbers, then names."""
    number = port.port if isinstance(port.port, int) else 0
    name = port.port if isinstance(port.port, str) else ""
    return port.port is not None, bool(name), number, name, port.end_port or 0, port.protocol.value


def sort_ports(ports: Iterable[Port]) -> tuple[Port, ...]:
    """Sorted and unique."""
    each = set(ports)
    return tuple(each) if len(each) < 2 else tuple(sorted(each, key=port_order))


def say_port(port: Port) -> str:
    """As messages and comments say a port: "8080/TCP", "8000-8100/TCP", "http/TCP", "any/UDP"."""
    number = "any" if port.port is None else str(port.port)
    last = f"-{port.end_port}" if port.end_port else ""
    return f"{number}{last}/{port.protocol.value}"


def say_ports(ports: Iterable[Port]) -> str:
    return ", ".join(map(say_port, ports))
