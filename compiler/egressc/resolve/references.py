"""References to targets: what an item of a list stands for, once for every text that occurs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.limits import too_many_connections
from egressc.diagnostics.names import ambiguous_destination, unknown_destination, unknown_service
from egressc.diagnostics.phrases import or_read_as, without_read_as
from egressc.diagnostics.places import other_namespace
from egressc.diagnostics.presets import offer_preset
from egressc.diagnostics.references import unclear_remark, unported_remark
from egressc.model.catalog import Catalog
from egressc.model.cluster import Cluster
from egressc.model.entities import Entity, Target
from egressc.model.policy import GrantEnd, Port
from egressc.model.ports import say_ports
from egressc.model.references import Reference, Trouble
from egressc.resolve.entities import Entities
from egressc.resolve.forms import At, is_all_services, named_part, names_many, other_forms, part_of
from egressc.resolve.names import runs_of_words, turns
from egressc.resolve.peers import no_caller, place_caller, place_destination
from egressc.resolve.pods_behind import PodsBehind
from egressc.resolve.presets import needs_entry
from egressc.resolve.subjects import is_harmless
from egressc.source import Located, Span

# What groups of a project may stand for in all: 700 services that each ask for all.
MOST_CONNECTIONS: Final = 500_000


class Answer(NamedTuple):
    """What a reference stands for: targets with the ports asked for, or a problem to report wherever the text stands.

    `unknown` is what nothing defines: one finding for all places.
    """

    targets: tuple[tuple[Target, tuple[Port, ...]], ...] = ()
    is_group: bool = False
    refuse: Callable[[At, str], Diagnostic] | None = None
    unknown: Reference | None = None


class Unknown(NamedTuple):
    """A name that nothing defines, with the places that ask for it and the first service that does.

    `in_tables`: those of the places that are in documents.
    """

    name: str
    places: list[Span]
    service: str
    phrase: str
    in_tables: list[Span]


class ReferenceResolver:
    """Answers references. Problems of an entity are reported once, problems of a reference at each place that asks."""

    def __init__(
        self,
        entities: Entities,
        services: tuple[Entity, ...],
        catalog: Catalog,
        cluster: Cluster,
        pods: PodsBehind,
        report: Report,
    ) -> None:
        self.entities = entities
        self.services = services
        self.catalog = catalog
        self.cluster = cluster
        self.pods = pods
        self.report = report
        # Every namespace that the sources speak of.
        self.places = {it.facts.namespace for held in entities.by_name.values() for it in held}
        self.places |= {
            catalog.namespace,
            *cluster.namespaces,
            *(it.facts.namespace for it in entities.presets.values()),
        }
        self.unknown: dict[str, Unknown] = {}
        self.unknown_sources: dict[str, list[Span]] = {}
        self._by_text: dict[str, Answer] = {}
        self._targets: dict[Entity, Target | None] = {}
        self._room = MOST_CONNECTIONS

    def known(self, ref: Reference) -> Answer | None:
        """The answer to a reference that was answered before."""
        return self._by_text.get(ref.text)

    def answer(self, ref: Reference, locate: Callable[[], Span]) -> Answer:
        """The answer to a reference; `locate` is called only for entities that no source defines."""
        known = self._by_text.get(ref.text)
        if known is None:
            if self._room < 0:
                return Answer()  # the project is refused, and what it asks for is too much to look up
            known = self._by_text[ref.text] = self._answer(ref, locate)
        return known

    def callers(self, ref: Reference, locate: Callable[[], Span]) -> tuple[tuple[Entity, ...], Answer]:
        """The entities that a caller's name stands for: nothing has to be known of where they are."""
        found = self._members(ref, locate)
        if isinstance(found, Answer):
            if found.refuse is None and found.unknown is None:
                return (), found
            parts = [self.callers(form, locate) for form in self.forms(ref)]
            entities = tuple(dict.fromkeys(entity for held, _ in parts for entity in held))
            return (entities, Answer()) if parts else ((), found)
        return (found if len(found) < 2 or self.has_room(len(found), locate) else ()), Answer()

    def forms(self, ref: Reference) -> tuple[Reference, ...]:
        """The known items that an unknown one says in another form."""
        return other_forms(ref, self._is_known, self.places.__contains__)

    def _is_known(self, ref: Reference) -> bool:
        return self.entities.holds(ref.text) or (
            ref.trouble is None and (self.entities.holds(ref.name) or ref.address is not None)
        )

    def refuse(self, answer: Answer, at: At, service: str, *, is_in_table: bool = True) -> bool:
        """Report what hinders an answer: at once, or for all places together; False where nothing does."""
        if answer.unknown is not None:
            ref = answer.unknown
            named = named_part(ref, at)
            # A phrase of the project file matches a URL as a whole.
            phrase = ref.text if "://" in ref.text else named.value
            held = self.unknown.setdefault(named.value, Unknown(named.value, [], service, phrase, []))
            held.places.append(named.span)
            if is_in_table:
                held.in_tables.append(named.span)
        elif answer.refuse is not None:
            found = answer.refuse(at, service)
            self.report.add(found if is_in_table else without_read_as(found))
        else:
            return False
        return True

    def report_unknown(self) -> None:
        """EG301 and EG303, once a name."""
        for name, spans in self.unknown_sources.items():
            first, *others = sorted(spans, key=lambda it: it.order)
            self.report.add(unknown_service(Located(name, first), self.entities.near(name), others))
        for name, places, service, phrase, in_tables in self.unknown.values():
            near = self.entities.near(name)
            named = [it for known in near for it in self.entities.find(known)[:1] if not it.is_preset]
            first, *others = sorted(places, key=lambda it: it.order)
            labels = [Label(it.place.span, "similar name") for it in named[:1]]
            said = near or self._words_in(name)
            found = Located(name, first)
            many = names_many(name)
            told = unknown_destination(found, said, labels, service, others, is_many=many, phrase=phrase)
            told = told if in_tables else without_read_as(told)
            self.report.add(offer_preset(told, name) if needs_entry(name) else told)

    def _words_in(self, name: str) -> list[str]:
        """The known names that a longer one holds: "PostgreSQL database" holds "PostgreSQL"."""
        return [it for it in runs_of_words(name) if self.entities.find(it) and not turns(name, it)][:1]

    def has_room(self, connections: int, locate: Callable[[], Span]) -> bool:
        """Whether what groups stand for stays within bounds; EG422 where it first does not."""
        if self._room < 0:
            return False
        self._room -= connections
        if self._room < 0:
            self.report.add(too_many_connections(locate(), MOST_CONNECTIONS))
        return self._room >= 0

    def target(self, entity: Entity, locate: Callable[[], Span]) -> Target | None:
        """An entity as rules reach it; None once its problem is reported, the first time it is asked for."""
        if entity not in self._targets:
            self.entities.used.add(entity)
            self.entities.check_id(entity, self.report)
            self._targets[entity] = None if entity in self.entities.spoiled else self._target(entity, locate)
        return self._targets[entity]

    def caller(self, entity: Entity, locate: Callable[[], Span]) -> GrantEnd | None:
        """An entity as rules let it in; None once its problem is reported. EG313 for a host known by name alone."""
        target = self.target(entity, locate)
        if target is None or target.caller.peers:
            return None if target is None else target.caller
        if entity not in self.entities.spoiled:
            self.entities.spoiled.add(entity)
            self.report.add(no_caller(entity, Located(entity.name, locate())))
        return None

    def _target(self, entity: Entity, locate: Callable[[], Span]) -> Target | None:
        asked = Located(entity.name, locate()) if entity.is_preset else entity.place
        end = place_destination(entity, self.catalog, self.cluster, asked, self.report)
        if end is None:
            self.entities.spoiled.add(entity)
            return None
        destination = replace(end, peers=(*end.peers, *self.pods.addresses(entity)))
        caller = place_caller(entity, end, self.cluster)
        return Target(entity, destination, self.pods.listening(entity), entity.facts.service_ports, caller)

    def _answer(self, ref: Reference, locate: Callable[[], Span]) -> Answer:
        found = self._members(ref, locate)
        if isinstance(found, Answer):
            if parts := [self._answer(form, locate) for form in self.forms(ref)]:
                refused = next((it for it in parts if it.refuse or it.unknown), None)
                return refused or Answer(tuple(target for it in parts for target in it.targets))
            return found
        targets: list[tuple[Target, tuple[Port, ...]]] = []
        for entity in found:
            target = self.target(entity, locate)
            if target is not None:
                targets.append((target, ref.ports))
        is_group = self.is_group(ref)
        return Answer(tuple(targets), is_group)

    def is_group(self, ref: Reference) -> bool:
        return any(name in self.entities.groups or is_all_services(name) for name in (ref.text, ref.name))

    def _members(self, ref: Reference, locate: Callable[[], Span]) -> tuple[Entity, ...] | Answer:
        found = self._find(ref)
        if ref.limit is None or self.entities.holds(ref.text) or (isinstance(found, Answer) and found.unknown):
            return found
        is_known = ref.namespace in self.places
        if isinstance(found, Answer):
            return found if is_known else refuse_for(ref, ref.limit)
        if not ref.namespace and not any(it.is_preset for it in found):
            return found  # the name of every public address is also one of a service here
        is_there = all((it.facts.namespace or self.catalog.namespace) == ref.namespace for it in found)
        return found if is_known and is_there else refuse_for(ref, ref.limit)

    def _find(self, ref: Reference) -> tuple[Entity, ...] | Answer:
        for name in dict.fromkeys((ref.text, ref.name)):
            if (group := self.entities.groups.get(name)) is not None:
                return self._group(group.name.value)
            if found := self.entities.find(name):
                return self._choose(ref, name, found)
            if is_all_services(name):
                return self.services
        if "." in ref.name and (found := self.entities.with_host(ref.name)):
            return found
        if ref.trouble is not None:
            return refuse_for(ref, ref.trouble)
        if ref.address is not None:
            return (self.entities.literal(ref.address),)
        return Answer(unknown=ref)

    def _group(self, name: str) -> tuple[Entity, ...]:
        """Members of a group, each once; what it lists wrongly is reported where groups are checked."""
        group = self.entities.groups[name]
        excepted = {it for name in group.excepts for it in self.entities.find(name.value)}
        members = [it for it in self.services if group.all_services and it not in excepted]
        members += [it for member in group.members for it in self.entities.find(member.value)[:1]]
        return tuple(dict.fromkeys(members))

    def _choose(self, ref: Reference, name: str, found: tuple[Entity, ...]) -> tuple[Entity, ...] | Answer:
        said = ref.namespace if name != ref.text else ""
        remark = said or (ref.remark if name != ref.text else "")
        if remark and (problem := self._remark_problem(ref, remark, found)) is not None:
            return problem
        if said and said not in self.places and is_harmless(said):
            said = ""
        if not said:
            if len(found) == 1:
                return found
            choices = [f"{name} ({it.facts.namespace})" for it in found]
            places = [Label(it.place.span, it.facts.namespace) for it in found]
            return Answer(
                refuse=lambda at, service: ambiguous_destination(named_part(ref, at), choices, places, service)
            )
        chosen = tuple(it for it in found if said in self._places_of(it))
        if chosen:
            return chosen
        if not any(self._places_of(it)[0] or it.is_preset for it in found):
            return found  # placed nowhere, which is reported where it is defined
        known = " or ".join(place for it in found if (place := self._places_of(it)[0]))
        is_port = any(it.names_port(said) for it in found)
        if said not in self.places and not is_port:
            return Answer(refuse=lambda at, service: unclear_remark(part_of(ref, said, at), ref.text, ref.name, known))
        places = [Label(it.place.span, "defined here") for it in found if not it.is_preset]
        return Answer(
            refuse=lambda at, service: other_namespace(named_part(ref, at), said, known, places, is_port=is_port)
        )

    def _places_of(self, entity: Entity) -> tuple[str, ...]:
        """The namespaces that an entity may be said to be in, its own first: empty for a preset that is in none."""
        preset = self.entities.presets.get(entity.name) if entity.is_preset else None
        own = entity.facts.namespace or ("" if entity.is_preset else self.catalog.namespace)
        return own, *(preset.namespaces if preset else ())

    def _remark_problem(self, ref: Reference, remark: str, found: tuple[Entity, ...]) -> Answer | None:
        """EG320 where a remark is a protocol, and the destination has ports of which only some may speak it."""
        if ref.speaks and not ref.ports and any(len(it.facts.ports) > 1 for it in found):
            port = say_ports([port for it in found for port in it.facts.ports][:1]).split("/")[0]
            return Answer(
                refuse=lambda at, service: unported_remark(part_of(ref, remark, at), ref.text, ref.name, port)
            )
        return None


def refuse_for(ref: Reference, trouble: Trouble) -> Answer:
    """A problem of a reference itself."""
    return Answer(refuse=lambda at, service: or_read_as(trouble.build(at(trouble.start, trouble.end)), ref.text))
