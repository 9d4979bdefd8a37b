"""What a service may reach, in words: each dependency with its peers, ports and rows, then the extra rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egressc.emit.values import ServiceValues

DEFAULT_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class Reach:
    """One rule. `key` names the destination in the values, `name` is for people; `origin` are files with lines."""

    service: str
    key: str
    name: str
    peers: str
    ports: str
    origin: str


def reaches(values: "ServiceValues", extras: Sequence[tuple[object, str]]) -> Iterator[Reach]:
    """The rules of one service: DNS, dependencies by key, then extra rules, each with where it stands.

    A service without any has one line, without ports.
    """
    service = values.service
    policy = _mapping(values.document["networkPolicy"])
    # The profiles bring both protocols; one of the user's own has its ports in the values.
    ports = _ports(_mapping(policy["dns"])) if service.dns.profile == "custom" else "UDP and TCP"
    if service.dns.has_rule:
        yield Reach(service.id, "dns", "DNS", f"profile {service.dns.profile}", ports, "project file")
    entries = _mapping(policy["dependencies"])
    for dependency in service.dependencies:
        destination = dependency.destination
        entry = _mapping(entries[destination.key])
        origin = ", ".join(dict.fromkeys(f"{span.source.name}:{span.line}" for span in dependency.origins))
        yield Reach(service.id, destination.key, destination.name, _peers(entry), _ports(entry), origin)
    if not (service.dns.has_rule or service.dependencies or extras):
        yield Reach(service.id, "", "nothing", "", "", f"{service.origin.source.name}:{service.origin.line}")
    for rule, origin in extras:
        entry = _mapping(rule)
        yield Reach(service.id, "extra-rule", "extra rule", _peers(entry), _ports(entry), origin)


def _peers(rule: Mapping[str, object]) -> str:
    return "; ".join(_peer(_mapping(peer)) for peer in _list(rule.get("to"))) or "anything"


def _peer(peer: Mapping[str, object]) -> str:
    if "ipBlock" in peer:
        block = _mapping(peer["ipBlock"])
        excepts = ", ".join(map(str, _list(block.get("except"))))
        return f"{block.get('cidr')}{f' except {excepts}' if excepts else ''}"
    pods = _selector(peer["podSelector"]) if "podSelector" in peer else ""
    found = f"pods {pods}" if pods else "all pods"
    if "namespaceSelector" in peer:
        namespaces = _selector(peer["namespaceSelector"]).removeprefix(f"{DEFAULT_LABEL}=")
        return f"{found} in {namespaces or 'any namespace'}"
    return f"{found} in its own namespace"


def _selector(selector: object) -> str:
    held = _mapping(selector)
    said = [f"{key}={value}" for key, value in _mapping(held.get("matchLabels")).items()]
    for item in _list(held.get("matchExpressions")):
        expression = _mapping(item)
        values = ", ".join(map(str, _list(expression.get("values"))))
        said.append(f"{expression.get('key')} {expression.get('operator')}{f' ({values})' if values else ''}")
    return ", ".join(said)


def _ports(rule: Mapping[str, object]) -> str:
    said = [f"{protocol}/*" for protocol in _list(rule.get("allPorts"))]
    for item in _list(rule.get("ports")):
        port = _mapping(item)
        last = f"-{port['endPort']}" if "endPort" in port else ""
        said.append(f"{port.get('protocol', 'TCP')}/{port.get('port', '*')}{last}")
    return ", ".join(said) or "any port"


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
