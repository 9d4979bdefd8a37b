"""Names of ports where nothing has names."""

from collections.abc import Iterable

from egressc.checks.ports import place_mention
from egressc.diagnostics.core import Report
from egressc.diagnostics.ports import idle_port_name, undeclared_port_name
from egressc.model.policy import Port
from egressc.model.things import Thing
from egressc.resolve.resolution import Resolution
from egressc.source import Located


def check_port_names(resolution: Resolution, report: Report) -> None:
    """EG426 for the name of a port of addresses, EG436 for one that the destination does not declare.

    Containers name ports: a rule with a name that none has allows nothing.

    Source: the Kubernetes API, NetworkPolicyPort.port: a name is resolved on the pods that the rule reaches.
    """
    for thing in resolution.things:
        if thing not in resolution.used or not _has_addresses_alone(thing):
            continue
        for statement in thing.statements:
            if name := _first_name(statement.facts.ports):
                place = statement.span_of("ports") or thing.place.span
                report.add(idle_port_name(Located(name, place), thing.name, "", thing.key))
    for mention in resolution.mentions:
        thing = mention.thing
        if not (name := _first_name(mention.ports)):
            continue
        named = Located(name, place_mention(mention))
        if _has_addresses_alone(thing):
            report.add(idle_port_name(named, thing.name, mention.service, thing.key))
        elif name not in thing.facts.port_names and all(port.port not in (name, None) for port in thing.facts.ports):
            report.add(undeclared_port_name(named, thing.name, mention.service, thing.key))


def _has_addresses_alone(thing: Thing) -> bool:
    facts = thing.facts
    return bool(facts.addresses or facts.internet) and facts.pods is None and not facts.peers


def _first_name(ports: Iterable[Port]) -> str:
    return next((port.port for port in ports if isinstance(port.port, str)), "")
