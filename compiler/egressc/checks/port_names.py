"""Names of ports where nothing has names."""

from collections.abc import Iterable

from egressc.checks.ports import place_mention
from egressc.diagnostics.core import Report
from egressc.diagnostics.ports import undeclared_port_name, unused_port_name
from egressc.model.entities import Entity
from egressc.model.policy import Port
from egressc.resolve.resolution import Resolution
from egressc.source import Located


def check_port_names(resolution: Resolution, report: Report) -> None:
    """EG426 for the name of a port of addresses, EG436 for one that the destination does not declare.

    Containers name ports: a rule with a name that none has allows nothing.

    Source: the Kubernetes API, NetworkPolicyPort.port: a name is resolved on the pods that the rule reaches.
    """
    for entity in resolution.entities:
        if entity not in resolution.used or not _has_addresses_alone(entity):
            continue
        for statement in entity.statements:
            if name := _first_name(statement.facts.ports):
                place = statement.span_of("ports") or entity.place.span
                report.add(unused_port_name(Located(name, place), entity.name, "", entity.key))
    for mention in resolution.mentions:
        entity = mention.entity
        if not (name := _first_name(mention.ports)):
            continue
        named = Located(name, place_mention(mention))
        if _has_addresses_alone(entity):
            report.add(unused_port_name(named, entity.name, mention.service, entity.key))
        elif name not in entity.facts.port_names and all(port.port not in (name, None) for port in entity.facts.ports):
            report.add(undeclared_port_name(named, entity.name, mention.service, entity.key))


def _has_addresses_alone(entity: Entity) -> bool:
    facts = entity.facts
    return bool(facts.addresses or facts.internet) and facts.pods is None and not facts.peers


def _first_name(ports: Iterable[Port]) -> str:
    return next((port.port for port in ports if isinstance(port.port, str)), "")
