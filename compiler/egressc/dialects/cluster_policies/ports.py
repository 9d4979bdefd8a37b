"""The ports of a rule: `protocols` of a ClusterNetworkPolicy, and `ports` of the other kinds.

A rule without either meets every port.
"""

import re
from typing import Final

from egressc.dialects.cluster_policies.forms import Form
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, shown, text
from egressc.dialects.shapes.limited import entries, number, one_of
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, PortSet, port_set
from egressc.model.scalars import PORT_MAX

_PORT_NAME: Final = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?\Z")
_BY_FIELD: Final = {protocol.value.lower(): protocol for protocol in Protocol}
_NAMED: Final = "destinationNamedPort"
_PROTOCOLS: Final = {protocol.value: protocol for protocol in Protocol}


def read_ports(rule: Object, form: Form, path: str, problems: Problems) -> PortSet:
    """The ports that a rule lists; every port where it lists none."""
    key = "protocols" if form.has_protocols else "ports"
    if key not in rule:
        return EVERY_PORT
    found: list[Port] = []
    for i, value in enumerate(entries(rule, key, form.most, path, problems)):
        at = f"{path}.{key}[{i}]"
        entry = item(value, at, problems)
        found += (_read_protocol if form.has_protocols else _read_port)(entry, form, at, problems)
    return port_set(tuple(found))


def _read_protocol(entry: Object, form: Form, path: str, problems: Problems) -> list[Port]:
    key = one_of(entry, (*_BY_FIELD, _NAMED), path, problems)
    if key == _NAMED:
        return _read_name(entry, key, form, path, problems)
    said = mapping(entry, key, path, problems) if key else None
    if said is None:
        return []
    at = f"{path}.{key}.destinationPort"
    only(said, frozenset(("destinationPort",)), f"{path}.{key}", problems)
    port = mapping(said, "destinationPort", f"{path}.{key}", problems)
    if port is None:
        problems.add(at, "is missing: every port of the protocol is the range from 1 to 65535")
        return []
    if one_of(port, ("number", "range"), at, problems) != "range":
        return _numbered(
            _BY_FIELD[key], number(port, "number", 1, PORT_MAX, at, problems) if "number" in port else None
        )
    span = mapping(port, "range", at, problems) or {}
    only(span, frozenset(("start", "end")), f"{at}.range", problems)
    return _read_range(_BY_FIELD[key], span, f"{at}.range", problems)


def _read_port(entry: Object, form: Form, path: str, problems: Problems) -> list[Port]:
    key = one_of(entry, ("portNumber", "portRange", "namedPort"), path, problems)
    if key == "namedPort":
        return _read_name(entry, key, form, path, problems)
    said = mapping(entry, key, path, problems) if key else None
    if said is None:
        return []
    at = f"{path}.{key}"
    only(said, frozenset(("protocol", "port") if key == "portNumber" else ("protocol", "start", "end")), at, problems)
    protocol = _PROTOCOLS.get(name := text(said, "protocol", at, problems) or Protocol.TCP.value)
    if protocol is None:
        problems.add(f"{at}.protocol", f"{shown(name)} is not TCP, UDP or SCTP")
        return []
    if key == "portNumber":
        return _numbered(protocol, number(said, "port", 1, PORT_MAX, at, problems))
    return _read_range(protocol, said, at, problems)


def _numbered(protocol: Protocol, port: int | None) -> list[Port]:
    return [] if port is None else [Port(protocol, port)]


def _read_range(protocol: Protocol, span: Object, path: str, problems: Problems) -> list[Port]:
    start, end = (number(span, key, 1, PORT_MAX, path, problems) for key in ("start", "end"))
    if start is None or end is None:
        return []
    if start >= end:
        problems.add(f"{path}.end", f"{end} must be greater than start")
        return []
    return [Port(protocol, start, end)]


def _read_name(entry: Object, key: str, form: Form, path: str, problems: Problems) -> list[Port]:
    name = text(entry, key, path, problems)
    if not _PORT_NAME.match(name):
        problems.add(f"{path}.{key}", f"{shown(name)} is not a port name")
        return []
    return [Port(protocol, name) for protocol in form.named]


def names_ports(rule: Object, form: Form) -> bool:
    """Whether a rule has named ports, of whatever shape the rest is."""
    listed = rule.get("protocols" if form.has_protocols else "ports")
    key = _NAMED if form.has_protocols else "namedPort"
    return isinstance(listed, list) and any(isinstance(it, dict) and key in it for it in listed)
