"""Asks to targets: what an item of a list stands for, once for every text that occurs."""

from collections.abc import Callable
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.limits import too_many_connections
from egressc.diagnostics.names import ambiguous_destination, other_namespace, unknown_destination
from egressc.lower.words import OVER_TCP
from egressc.model.catalog import Catalog
from egressc.model.policy import Destination, Port
from egressc.model.project import Cluster
from egressc.model.requirements import Ask, ServicePort
from egressc.model.things import Target, Thing
from egressc.resolve.peers import place_destination
from egressc.resolve.presets import ALL_SERVICES, DNS_PORTS
from egressc.resolve.things import Things
from egressc.source import Located, Span

# What groups of a project may stand for in all: 700 services that each ask for all.
MOST_CONNECTIONS: Final = 500_000

Plain = tuple[str, Destination, tuple[Port, ...], str, Thing]


class Answer(NamedTuple):
    """What an ask stands for: targets with the ports asked for, or a problem to report wherever the text stands.

    `plain` is the key, destination, ports, purpose and thing of the one target, where that is all there is to it.
    """

    targets: tuple[tuple[Target, tuple[Port, ...]], ...] = ()
    is_group: bool = False
    plain: Plain | None = None
    refuse: Callable[["At", str], Diagnostic] | None = None


# The place of a part of an item, by offsets in its text.
At = Callable[[int, int], Span]


class Answers:
    """Answers asks. Problems of a thing are reported once, problems of an ask at each place that asks."""

    def __init__(
        self, things: Things, services: tuple[Thing, ...], catalog: Catalog, cluster: Cluster, report: Report
    ) -> None:
        self.things = things
        self.services = services
        self.catalog = catalog
        self.cluster = cluster
        self.report = report
        self.plain: dict[str, Plain] = {}
        self._by_text: dict[str, Answer] = {}
        self._targets: dict[int, Target | None] = {}
        self._room = MOST_CONNECTIONS

    def answer(self, ask: Ask, locate: Callable[[], Span]) -> Answer:
        """The answer to an ask; `locate` is called only for things that no source defines."""
        known = self._by_text.get(ask.text)
        if known is None:
            if self._room < 0:
                return Answer()  # the project is refused, and what it asks for is too much to look up
            known = self._by_text[ask.text] = self._answer(ask, locate)
        return known

    def callers(self, ask: Ask, locate: Callable[[], Span]) -> tuple[tuple[Thing, ...], Answer]:
        """The things that a caller's name stands for: nothing has to be known of where they are."""
        found = self._members(ask, locate)
        if isinstance(found, Answer):
            return (), found
        return (found if len(found) < 2 or self.has_room(len(found), locate) else ()), Answer()

    def has_room(self, connections: int, locate: Callable[[], Span]) -> bool:
        """Whether what groups stand for stays within bounds; EG422 where it first does not."""
        if self._room < 0:
            return False
        self._room -= connections
        if self._room < 0:
            self.report.add(too_many_connections(locate(), MOST_CONNECTIONS))
        return self._room >= 0

    def target(self, thing: Thing, locate: Callable[[], Span]) -> Target | None:
        """A thing as rules reach it; None once its problem is reported, the first time it is asked for."""
        key = id(thing)
        if key not in self._targets:
            thing.is_used = True
            asked = Located(thing.name, locate()) if thing.is_preset else thing.place
            destination = place_destination(thing, self.catalog, self.cluster, asked, self.report)
            facts = thing.facts
            self._targets[key] = (
                None
                if destination is None
                else Target(thing, destination, self._listening(facts.ports, facts.service_ports), facts.service_ports)
            )
        return self._targets[key]

    def _listening(self, ports: tuple[Port, ...], offered: tuple[ServicePort, ...]) -> tuple[Port, ...]:
        """The ports that rules name: those of Services where policy sees packets before translation."""
        if not self.cluster.before_translation or not offered:
            return ports
        by_pod = {it.pod: Port(it.pod.protocol, it.service) for it in offered}
        return tuple(by_pod.get(port, port) for port in ports)

    def _answer(self, ask: Ask, locate: Callable[[], Span]) -> Answer:
        found = self._members(ask, locate)
        if isinstance(found, Answer):
            return found
        targets: list[tuple[Target, tuple[Port, ...]]] = []
        for thing in found:
            target = self.target(thing, locate)
            if target is not None:
                targets.append((target, ask.ports))
        is_group = self.is_group(ask)
        plain = None
        if len(targets) == 1 and not is_group and not targets[0][0].thing.is_dns:
            target, ports = targets[0]
            thing = target.thing
            if ports := ports or target.ports:
                plain = (thing.key, target.destination, ports, thing.purpose, thing)
        return Answer(tuple(targets), is_group, plain)

    def is_group(self, ask: Ask) -> bool:
        return any(name in self.things.groups or name in ALL_SERVICES for name in (ask.text, ask.name))

    def _members(self, ask: Ask, locate: Callable[[], Span]) -> tuple[Thing, ...] | Answer:
        for name in dict.fromkeys((ask.text, ask.name)):
            if (group := self.things.groups.get(name)) is not None:
                return self._group(group.name.value)
            if found := self.things.find(name):
                return self._choose(ask, name, found)
            if name in ALL_SERVICES:
                return self.services
        if ask.trouble is not None:
            trouble = ask.trouble
            return Answer(refuse=lambda at, service: trouble.build(at(trouble.start, trouble.end)))
        if ask.address is not None:
            return (self.things.literal(ask.address),)
        near = self.things.near(ask.name)
        named = [it for name in near for it in self.things.find(name)[:1] if not it.is_preset]
        places = [Label(it.place.span, "similar name") for it in named[:1]]
        return Answer(refuse=lambda at, service: unknown_destination(named_part(ask, at), near, places, service))

    def _group(self, name: str) -> tuple[Thing, ...]:
        """Members of a group, each once; what it lists wrongly is reported where groups are checked."""
        group = self.things.groups[name]
        excepted = {id(it) for name in group.excepts for it in self.things.find(name.value)}
        members = {id(it): it for it in self.services if group.all_services and id(it) not in excepted}
        for member in group.members:
            members.update({id(it): it for it in self.things.find(member.value)[:1]})
        return tuple(members.values())

    def _choose(self, ask: Ask, name: str, found: tuple[Thing, ...]) -> tuple[Thing, ...] | Answer:
        said = ask.namespace if name != ask.text else ""
        if not said:
            if len(found) == 1:
                return found
            choices = [f"{name} ({it.facts.namespace})" for it in found]
            places = [Label(it.place.span, it.facts.namespace) for it in found]
            return Answer(
                refuse=lambda at, service: ambiguous_destination(named_part(ask, at), choices, places, service)
            )
        chosen = tuple(it for it in found if (it.facts.namespace or self.catalog.namespace) == said)
        if chosen:
            return chosen
        if not any(it.facts.namespace or self.catalog.namespace for it in found):
            return found  # placed nowhere, which is reported where it is defined
        known = " or ".join(it.facts.namespace or self.catalog.namespace for it in found)
        places = [Label(it.place.span, "defined here") for it in found if not it.is_preset]
        names_port = said in OVER_TCP or any(said in it.facts.port_names for it in found)
        names_port = names_port or any(port.port == said for it in found for port in it.facts.ports)
        return Answer(
            refuse=lambda at, service: other_namespace(named_part(ask, at), said, known, places, is_port=names_port)
        )


def named_part(ask: Ask, at: At) -> Located[str]:
    """The name in an item, and its place."""
    start = ask.text.find(ask.name)
    return Located(ask.name, at(start, start + len(ask.name)))


def without_dns(thing: Thing, ports: tuple[Port, ...]) -> tuple[Port, ...]:
    """The ports that the DNS rule of a service does not grant already."""
    return tuple(port for port in ports if port not in DNS_PORTS) if thing.is_dns else ports
