"""Ports that rows say themselves, against those that destinations are known to listen on."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.ports import service_port, unlisted_port
from egressc.model.policy import Port
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import say_ports
from egressc.model.requirements import Role, ServicePort
from egressc.model.things import Mention, Thing
from egressc.source import Located, Span

# How many destinations a finding about a group names.
_MOST_NAMES: Final = 3


def check_ports(
    mentions: Iterable[Mention], *, before_translation: bool, singled_out: Collection[str], report: Report
) -> None:
    """EG406 for the port of a Service, EG407 for a port that the destination is not known to listen on.

    Destinations that a row names at once, as a group, share a finding. A thing whose ports nobody lists is not judged,
    and of a preset only Service ports are: it lists the usual ones.

    Args:
        singled_out: ids of services and destinations for which the project file allows EG407: they get findings of
            their own.
    """
    of_services: dict[tuple[int, int, int], _OfServices] = {}
    unlisted: dict[tuple[int, int, int, str, str], _Unlisted] = {}
    for mention in mentions:
        facts, key = mention.thing.facts, mention.thing.key
        if not facts.ports or mention.ports == facts.ports:
            continue
        item = (id(mention.row), mention.cell.start, mention.item)
        for port in mention.ports:
            if _is_listed(port, facts.ports) or isinstance(port.port, str):
                continue  # whether a name is one of a port is for check_port_names
            offered = next((it for it in facts.service_ports if _offers(it.service, it.pod, port)), None)
            if offered is not None and not before_translation:
                of_services.setdefault(item, _OfServices(mention, {}, {})).add(mention.thing, offered)
            elif offered is None and not mention.thing.is_preset:
                alone = (mention.service if mention.service in singled_out else "", key if key in singled_out else "")
                unlisted.setdefault((*item, *alone), _Unlisted(mention, {}, {})).add(mention.thing, port)
    report.extend(found.say() for found in of_services.values())
    report.extend(found.say() for found in unlisted.values())


class _OfServices(NamedTuple):
    """Ports asked for in one place that Services of destinations offer; the dicts keep what comes first first."""

    mention: Mention
    pods: dict[str, tuple[Thing, dict[Port, None]]]
    asked: dict[int, None]

    def add(self, thing: Thing, offered: ServicePort) -> None:
        self.pods.setdefault(thing.key, (thing, {}))[1].setdefault(offered.pod)
        self.asked.setdefault(offered.service)

    def say(self) -> Diagnostic:
        """One finding; the first of several destinations stands for them where it is told from others."""
        things = [thing for thing, _ in self.pods.values()]
        listen = [say_ports(pods) for _, pods in self.pods.values()]
        together = listen[0] if len(set(listen)) == 1 else ""
        named = things[:_MOST_NAMES]
        names = Located[Sequence[str]]([thing.name for thing in named], place_mention(self.mention))
        at = tuple(
            Label(_ports_at(thing), "its ports" if together else f"its pods listen on {pods}")
            for thing, pods in zip(named, listen, strict=False)
            if not thing.is_preset
        )
        more = len(things) - len(named)
        return service_port(
            names, more, list(self.asked), together, at, names.span.text, self.mention.service, things[0].key
        )


class _Unlisted(NamedTuple):
    """Ports asked for in one place of destinations that do not list them; the dicts are sets in order."""

    mention: Mention
    things: dict[str, Thing]
    ports: dict[Port, None]

    def add(self, thing: Thing, port: Port) -> None:
        self.things.setdefault(thing.key, thing)
        self.ports.setdefault(port)

    def say(self) -> Diagnostic:
        """One finding; the first of several destinations stands for them where it is told from others."""
        things, asked = list(self.things.values()), say_ports(self.ports)
        named, first = things[:_MOST_NAMES], things[0]
        names = Located[Sequence[str]]([thing.name for thing in named], place_mention(self.mention))
        at = tuple(Label(_ports_at(thing), "its ports") for thing in named)
        known = say_ports(first.facts.ports) if len(things) == 1 else ""
        more = len(things) - len(named)
        return unlisted_port(names, more, asked, known, at, self.mention.service, first.key)


def _is_listed(port: Port, listed: tuple[Port, ...]) -> bool:
    """Whether the ports hold this one whole; which number a listed name stands for only the pods know."""
    if any(isinstance(known.port, str) and known.protocol is port.protocol for known in listed):
        return isinstance(port.port, int) or port in listed
    return covers(port_set(listed), port_set((port,)))


def _offers(service: int, pod: Port, asked: Port) -> bool:
    return asked.protocol is pod.protocol and asked.port == service and asked.end_port is None


def _ports_at(thing: Thing) -> Span:
    said = next((it for it in thing.statements if it.facts.ports and it.lends_ports), None)
    span = said.span_of("ports") if said else None
    return span or thing.place.span


def place_mention(mention: Mention) -> Span:
    """Where a row says the ports: the item of a list, or the cell of its own."""
    if mention.item < 0:
        return mention.row.span_of(Role.PORT)
    return mention.row.place(mention.cell, item=mention.item)
