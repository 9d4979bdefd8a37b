"""The protocols and ports of a Calico rule.

Source: projectcalico/calico api/pkg/lib/numorstring, and libcalico-go/lib/validator/v3: ports need a protocol that has
them.
"""

import re
from typing import Final, NamedTuple

from egressc.dialects.shapes.fields import Object, Problems, shown
from egressc.dialects.shapes.limited import entries
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import NO_PORTS, PortSet, port_set, subtract
from egressc.model.scalars import PORT_MAX

_NAMED: Final = {protocol.value: protocol for protocol in Protocol}
_NUMBERED: Final = {6: Protocol.TCP, 17: Protocol.UDP, 132: Protocol.SCTP}
_ICMP: Final = ("ICMP", "ICMPv6")
_OTHERS: Final = (*_ICMP, "UDPLite")
_HIGHEST_PROTOCOL: Final = 255
_MOST_PORTS: Final = 50
_RANGE: Final = re.compile(r"([0-9]+)(?::([0-9]+))?\Z")
_NAME: Final = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?\Z")


class Reach(NamedTuple):
    """The ports that a rule meets: those in `ports` that are not in `closed`, which there is only with named ports."""

    ports: PortSet
    closed: PortSet = NO_PORTS


def read_reach(rule: Object, destination: Object, path: str, problems: Problems) -> Reach | None:
    """The ports of a rule; None where it is of no protocol that flows have, such as ICMP."""
    protocols = _read_protocols(rule, path, problems)
    has_ports = any(destination.get(key) for key in ("ports", "notPorts"))
    if has_ports and (rule.get("protocol") is None or not protocols):
        problems.add(f"{path}.destination", "has ports, which need the protocol TCP, UDP or SCTP")
    listed, closed = (
        _read_ports(destination, key, protocols, f"{path}.destination", problems) for key in ("ports", "notPorts")
    )
    if not protocols:
        return None
    ports, others = port_set(tuple(listed or [Port(it, None) for it in protocols])), port_set(tuple(closed))
    return Reach(ports, others) if ports.has_names or others.has_names else Reach(subtract(ports, others))


def _read_protocols(rule: Object, path: str, problems: Problems) -> tuple[Protocol, ...]:
    found = set(Protocol)
    if (given := rule.get("protocol")) is not None:
        found &= _read_protocol(given, f"{path}.protocol", problems)
    if (excluded := rule.get("notProtocol")) is not None:
        found -= _read_protocol(excluded, f"{path}.notProtocol", problems)
    if "icmp" in rule and given not in (*_ICMP, 1, 58):
        problems.add(f"{path}.icmp", "needs the protocol ICMP or ICMPv6")
    if "notICMP" in rule and found:
        problems.add(f"{path}.notICMP", "is not read next to protocols that have ports")
    return tuple(sorted(found))


def _read_protocol(value: object, path: str, problems: Problems) -> set[Protocol]:
    if isinstance(value, str) and (value in _NAMED or value in _OTHERS):
        return {_NAMED[value]} if value in _NAMED else set()
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _HIGHEST_PROTOCOL:
        return {_NUMBERED[value]} if value in _NUMBERED else set()
    problems.add(path, f"{shown(value)} is not a protocol")
    return set()


def _read_ports(entity: Object, key: str, protocols: tuple[Protocol, ...], path: str, problems: Problems) -> list[Port]:
    found: list[Port] = []
    for i, value in enumerate(entries(entity, key, _MOST_PORTS, path, problems, least=0)):
        at = f"{path}.{key}[{i}]"
        ends = (value, None) if isinstance(value, int) and not isinstance(value, bool) else _parse(value)
        if ends is None:
            problems.add(at, f"{shown(value)} is not a port between 1 and {PORT_MAX}, a range, or the name of one")
            continue
        start, end = ends
        numbers = [it for it in ends if isinstance(it, int)]
        if not all(1 <= it <= PORT_MAX for it in numbers) or numbers != sorted(numbers):
            problems.add(at, f"{shown(value)} is not between 1 and {PORT_MAX}, or ends before it starts")
            continue
        found += (Port(it, start, end) for it in protocols)
    return found


def _parse(value: object) -> tuple[int | str, int | None] | None:
    if not isinstance(value, str):
        return None
    if (found := _RANGE.match(value)) is not None:
        return _number(found[1]), None if found[2] is None else _number(found[2])
    return (value, None) if _NAME.match(value) else None


def _number(digits: str) -> int:
    """A number; any that is too large for a port where it has too many digits: Python reads only some thousands."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= len(str(PORT_MAX)) else PORT_MAX + 1
