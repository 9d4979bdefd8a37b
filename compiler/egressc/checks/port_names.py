"""Names of ports where nothing has names."""

from collections.abc import Iterable

from egressc.diagnostics.core import Report
from egressc.diagnostics.ports import undeclared_port_name, unused_port_name
from egressc.diagnostics.workloads import missing_port_name, port_name_protocol
from egressc.model.entities import Entity
from egressc.model.policy import Port
from egressc.model.ports import say_port, say_ports
from egressc.resolve.behind import Behind
from egressc.resolve.pods_behind import label_of
from egressc.resolve.resolution import Resolution
from egressc.source import Located, Span


def check_port_names(resolution: Resolution, report: Report) -> None:
    """EG426 for the name of a port of addresses, EG436 for one that the destination does not declare.

    Where its pods are known, EG484 for one that no container has, and EG483 for one that has another protocol.

    Containers name ports: a rule with a name that none has allows nothing.

    Source: the Kubernetes API, NetworkPolicyPort.port: a name is resolved on the pods that the rule reaches.
    """
    for entity in resolution.entities:
        if entity not in resolution.used:
            continue
        behind = resolution.pods.of(entity)
        if behind is not None and behind.workloads:
            listed = next((it.span_of("ports") for it in entity.statements if it.facts.ports), None)
            # The ports of a preset, which has no place, are numbers.
            if place := listed or (None if entity.is_preset else entity.place.span):
                _check_against_pods(entity, behind, entity.facts.ports, place, report)
        for statement in entity.statements if _has_addresses_alone(entity) else ():
            if name := _first_name(statement.facts.ports):
                place = statement.span_of("ports") or entity.place.span
                report.add(unused_port_name(Located(name, place), entity.name, place.text, "", entity.key))
    for mention in resolution.mentions:
        entity = mention.entity
        if not (name := _first_name(mention.ports)):
            continue
        named = Located(name, mention.said.place)
        if _has_addresses_alone(entity):
            report.add(unused_port_name(named, entity.name, mention.said.phrase, mention.service, entity.key))
        elif (behind := resolution.pods.of(entity)) is not None and behind.workloads:
            _check_against_pods(entity, behind, mention.ports, mention.said.place, report)
        elif _is_whole_namespace(entity):
            continue  # no source lists what all pods of a namespace listen on
        elif name not in entity.facts.port_names and all(port.port not in (name, None) for port in entity.facts.ports):
            report.add(undeclared_port_name(named, entity.name, mention.said.phrase, mention.service, entity.key))


def _check_against_pods(entity: Entity, behind: Behind, ports: Iterable[Port], place: Span, report: Report) -> None:
    """Source: the Kubernetes API, NetworkPolicyPort.port: a name is matched on each pod, with its protocol."""
    held = {(name, protocol) for it in behind.workloads for name, protocol, _ in it.pod.ports}
    for port in ports:
        if not isinstance(port.port, str) or (port.port, port.protocol) in held:
            continue
        workload = label_of(behind.workloads[0])
        other = next((protocol for name, protocol in sorted(held) if name == port.port), None)
        if other is not None:
            said, has = Located(say_port(port), place), f"{port.port}/{other}"
            report.add(port_name_protocol(said, entity.name, has, workload, entity.key))
        else:
            declared = ", ".join(f"{name}/{protocol}" for name, protocol in sorted(held))
            declared = declared or say_ports(behind.declared)
            report.add(missing_port_name(Located(port.port, place), entity.name, declared, workload, entity.key))


def _is_whole_namespace(entity: Entity) -> bool:
    return entity.is_preset and entity.facts.pods is not None and entity.facts.pods.selects_everything


def _has_addresses_alone(entity: Entity) -> bool:
    facts = entity.facts
    return bool(facts.addresses or facts.internet) and facts.pods is None and not facts.peers


def _first_name(ports: Iterable[Port]) -> str:
    return next((port.port for port in ports if isinstance(port.port, str)), "")
