"""The ports of a rule of Cilium, and what its DNS rules let through.

Sources: cilium 1.20.2 pkg/policy/api (rule_validation.go) and pkg/policy/rule.go: port 0 is every port of a protocol,
no protocol is TCP, UDP and SCTP, and an entry without ports opens none.
"""

import re
from collections.abc import Iterator
from typing import Final

from egressc.dialects.cilium.hosts import read_pattern
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence, shown, text
from egressc.model.address_sets import named
from egressc.model.host_sets import HostSet
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import NO_PORTS, PortSet, port_set
from egressc.model.scalars import PORT_MAX

_PORT_FIELDS: Final = frozenset(("ports", "rules", "serverNames", "terminatingTLS", "originatingTLS", "listener"))
_NARROWING: Final = ("serverNames", "terminatingTLS", "originatingTLS", "listener")
_PORTS_MAX: Final = 40
_PORT_NAME: Final = re.compile(r"(?=.*[A-Za-z])(?!.*--)[A-Za-z0-9](?:[-A-Za-z0-9]{0,13}[A-Za-z0-9])?\Z")
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,4})\Z")
_PROTOCOLS: Final = {"": tuple(Protocol), "ANY": tuple(Protocol), **{it.value: (it,) for it in Protocol}}
_WITHOUT_PORTS: Final = frozenset(("VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"))


def read_ports(rule: Object, key: str, path: str, problems: Problems) -> tuple[PortSet, HostSet]:
    """The ports that a rule lists, and the hosts that its DNS rules let through."""
    ports: list[Port] = []
    resolved: list[str] = []
    for i, value in enumerate(sequence(rule, "toPorts", path, problems) or ()):
        at = f"{path}.toPorts[{i}]"
        entry = item(value, at, problems)
        only(entry, frozenset(("ports",)) if key.endswith("Deny") else _PORT_FIELDS, at, problems)
        before = len(ports)
        listed = sequence(entry, "ports", at, problems) or []
        if len(listed) > _PORTS_MAX:
            problems.add(f"{at}.ports", f"has {len(listed)} ports, and Cilium refuses more than {_PORTS_MAX}")
        for j, port in enumerate(listed):
            ports += _read_port(item(port, f"{at}.ports[{j}]", problems), f"{at}.ports[{j}]", problems)
        for field in _NARROWING:
            if entry.get(field):
                problems.overlook(f"{at}.{field}", "narrows what it allows, which is not looked at")
        read = ports[before:]
        if names := [
            *_read_application_rules(mapping(entry, "rules", at, problems) or {}, key, f"{at}.rules", problems)
        ]:
            if not read or any(it.port is None or it.end_port is not None for it in read):
                problems.add(f"{at}.rules.dns", "needs single ports beside it")
            if any(it.protocol is Protocol.UDP for it in read):
                resolved += names
    reached = port_set(tuple(ports)) if ports else NO_PORTS
    return reached, named(*resolved).hosts


def _read_application_rules(rules: Object, key: str, path: str, problems: Problems) -> Iterator[str]:
    only(rules, frozenset(("dns", "http", "kafka", "l7proto", "l7")), path, problems)
    for kind in rules:
        if kind != "dns" and rules[kind]:
            problems.overlook(f"{path}.{kind}", "narrows what it allows, which is not looked at")
    for i, entry in enumerate(sequence(rules, "dns", path, problems) or ()):
        if key != "egress":
            problems.add(f"{path}.dns", "is only for what egress allows")
        if pattern := read_pattern(item(entry, f"{path}.dns[{i}]", problems), f"{path}.dns[{i}]", problems):
            yield pattern


def _read_port(entry: Object, path: str, problems: Problems) -> list[Port]:
    only(entry, frozenset(("port", "endPort", "protocol")), path, problems)
    name, protocol = text(entry, "port", path, problems), text(entry, "protocol", path, problems)
    if protocol in _WITHOUT_PORTS:
        problems.overlook(path, f"opens {protocol}, which no flow shows")
        return []
    if protocol not in _PROTOCOLS:
        problems.add(f"{path}.protocol", f"{shown(protocol)} is not TCP, UDP, SCTP or ANY")
        return []
    end = entry.get("endPort")
    if _NUMBER.match(name):
        number = int(name)
        if number > PORT_MAX:
            problems.add(f"{path}.port", f"{shown(name)} is not a port between 0 and 65535")
            return []
        if end in (None, 0) or not number:
            return [Port(it, number or None) for it in _PROTOCOLS[protocol]]
        if not isinstance(end, int) or isinstance(end, bool) or not number <= end <= PORT_MAX:
            problems.add(f"{path}.endPort", f"{shown(end)} is not a port between {number} and 65535")
            return []
        return [Port(it, number, end) for it in _PROTOCOLS[protocol]]
    if not _PORT_NAME.match(name):
        problems.add(f"{path}.port", f"{shown(name)} is neither a port number nor a port name")
        return []
    if end not in (None, 0):
        problems.add(f"{path}.endPort", "needs a port number to start from")
    return [Port(it, name.lower()) for it in _PROTOCOLS[protocol]]
