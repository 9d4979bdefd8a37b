"""Ports that rows say themselves, against those that destinations are known to listen on."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.ports import service_port, unlisted_port
from egressc.model.entities import Entity, Mention
from egressc.model.policy import Port
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import say_ports, sort_ports
from egressc.model.requirements import ServicePort
from egressc.source import Located, Span

# How many destinations a finding about a group names.
_MOST_NAMES: Final = 3


def check_ports(
    mentions: Iterable[Mention], *, before_translation: bool, singled_out: Collection[str], report: Report
) -> None:
    """EG406 for the port of a Service, EG407 for a port that the destination is not known to listen on.

    Destinations that a row names at once, as a group, share a finding. One whose ports nobody lists is not judged,
    and of a preset only Service ports are: it lists the usual ones.

    Args:
        singled_out: ids of services and destinations for which the project file allows EG407: they get findings of
            their own.
    """
    of_services: dict[tuple[int, int, int], _OfServices] = {}
    unlisted: dict[tuple[int, int, int, str, str], _Unlisted] = {}
    for mention in mentions:
        facts, key = mention.entity.facts, mention.entity.key
        if not facts.ports or mention.ports == facts.ports:
            continue
        item = mention.said.key
        for port in mention.ports:
            if _is_listed(port, facts.ports) or isinstance(port.port, str):
                continue  # whether a name is one of a port is for check_port_names
            offered = next((it for it in facts.service_ports if _offers(it.service, it.pod, port)), None)
            if offered is not None and not before_translation:
                of_services.setdefault(item, _OfServices(mention, {}, {})).add(mention.entity, offered)
            elif offered is None and not mention.entity.is_preset:
                alone = (mention.service if mention.service in singled_out else "", key if key in singled_out else "")
                unlisted.setdefault((*item, *alone), _Unlisted(mention, {}, {})).add(mention.entity, port)
    report.extend(found.say() for found in of_services.values())
    report.extend(found.say() for found in unlisted.values())


class _OfServices(NamedTuple):
    """Ports asked for in one place that Services of destinations offer; the dicts keep what comes first first."""

    mention: Mention
    pods: dict[str, tuple[Entity, dict[Port, None]]]
    asked: dict[int, None]

    def add(self, entity: Entity, offered: ServicePort) -> None:
        self.pods.setdefault(entity.key, (entity, {}))[1].setdefault(offered.pod)
        self.asked.setdefault(offered.service)

    def say(self) -> Diagnostic:
        """One finding; the first of several destinations stands for them where it is told from others."""
        entities = [entity for entity, _ in self.pods.values()]
        listen = [say_ports(pods) for _, pods in self.pods.values()]
        together = listen[0] if len(set(listen)) == 1 else ""
        named = entities[:_MOST_NAMES]
        names = Located[Sequence[str]]([entity.name for entity in named], self.mention.said.place)
        at = tuple(
            Label(_ports_at(entity), "its ports" if together else f"its pods listen on {pods}")
            for entity, pods in zip(named, listen, strict=False)
            if not entity.is_preset
        )
        more = len(entities) - len(named)
        text, service = self.mention.said.phrase, self.mention.service
        meaning = self._meaning(entities)
        return service_port(names, more, list(self.asked), together, at, text, meaning, service, entities[0].key)

    def _meaning(self, entities: Sequence[Entity]) -> str:
        """What the item or the cell would say instead: of one destination the ports of its pods, of several a form."""
        if self.mention.said.has_name and (len(entities) > 1 or len(self.mention.ports) > 1):
            return "<name> (<port>)"
        fronts = {Port(it.pod.protocol, it.service): it.pod for it in entities[0].facts.service_ports}
        pods = [
            port if _is_listed(port, entities[0].facts.ports) else fronts.get(port, port) for port in self.mention.ports
        ]
        said = say_ports(sort_ports(pods)) if len(entities) == 1 else "<port>"
        if not self.mention.said.has_name:
            return said
        return f"{entities[0].name} ({said.removesuffix('/TCP')})"


class _Unlisted(NamedTuple):
    """Ports asked for in one place of destinations that do not list them; the dicts are sets in order."""

    mention: Mention
    entities: dict[str, Entity]
    ports: dict[Port, None]

    def add(self, entity: Entity, port: Port) -> None:
        self.entities.setdefault(entity.key, entity)
        self.ports.setdefault(port)

    def say(self) -> Diagnostic:
        """One finding; the first of several destinations stands for them where it is told from others."""
        entities, asked = list(self.entities.values()), say_ports(self.ports)
        named, first = entities[:_MOST_NAMES], entities[0]
        names = Located[Sequence[str]]([entity.name for entity in named], self.mention.said.place)
        at = tuple(Label(_ports_at(entity), "its ports") for entity in named)
        known = say_ports(first.facts.ports) if len(entities) == 1 else ""
        more = len(entities) - len(named)
        return unlisted_port(names, more, asked, known, at, self.mention.service, first.key)


def _is_listed(port: Port, listed: tuple[Port, ...]) -> bool:
    """Whether the ports hold this one whole; which number a listed name stands for only the pods know."""
    if any(isinstance(known.port, str) and known.protocol is port.protocol for known in listed):
        return isinstance(port.port, int) or port in listed
    return covers(port_set(listed), port_set((port,)))


def _offers(service: int, pod: Port, asked: Port) -> bool:
    return asked.protocol is pod.protocol and asked.port == service and asked.end_port is None


def _ports_at(entity: Entity) -> Span:
    said = next((it for it in entity.statements if it.facts.ports and it.lends_ports), None)
    span = said.span_of("ports") if said else None
    return span or entity.place.span
