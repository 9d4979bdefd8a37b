"""Where rows of flows say that their ends are, held against what is known of both: such a cell changes nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.places import other_namespace
from egressc.diagnostics.rows import contradicting_facts
from egressc.model.catalog import Catalog
from egressc.model.entities import Entity
from egressc.model.records import Role
from egressc.model.requirements import NO_FACTS, Facts, Row
from egressc.resolve.entities import Entities
from egressc.resolve.facts import say_addresses, say_selector
from egressc.resolve.peers import convention
from egressc.source import Located, Span

OUTSIDE = "outside the cluster"


class End(NamedTuple):
    """The columns that say where one end of a connection is."""

    namespace: Role
    selector: Role
    address: Role


DESTINATION = End(Role.NAMESPACE, Role.SELECTOR, Role.ADDRESS)
SOURCE = End(Role.SOURCE_NAMESPACE, Role.SOURCE_SELECTOR, Role.ADDRESS)


class PlaceChecker:
    """Holds rows against entities; of a group, its first member that is elsewhere is named."""

    def __init__(self, catalog: Catalog, entities: Entities, report: Report) -> None:
        self.catalog = catalog
        self.presets = entities.presets
        self.spoiled = entities.spoiled
        self.report = report

    def check(self, row: Row, end: End, said: Facts, entities: Sequence[Entity]) -> bool:
        """Whether a row says nothing else than what is known; False once EG309 or EG408 is reported."""
        if said is NO_FACTS:
            return True
        for entity in entities:
            found = () if entity in self.spoiled else tuple(self._check(row, end, said, entity))
            self.report.extend(found)
            if found:
                return False
        return True

    def _check(self, row: Row, end: End, said: Facts, entity: Entity) -> Iterator[Diagnostic]:
        facts = entity.facts
        is_outside = bool(facts.addresses or facts.internet or (facts.is_external and facts.pods is None))
        at = row.span_of(end.namespace if end.namespace in row.columns else end.address)
        yield from self._check_namespace(at, said, entity, is_outside=is_outside)
        if said.pods is not None:
            pods = facts.pods if facts.pods is not None else convention(entity, self.catalog)
            known = OUTSIDE if is_outside else "a list of peers" if facts.peers else say_selector(pods)
            if is_outside or facts.peers or said.pods != pods:
                yield self._contradict(entity, "selector", say_selector(said.pods), row.span_of(end.selector), known)
        if said.addresses or said.hosts or said.internet:
            if (said.addresses, said.internet) != (facts.addresses, facts.internet) and (
                said.addresses or said.internet or not said.hosts
            ):
                yield self._contradict(
                    entity, "address", _say_places(said), row.span_of(end.address), _say_places(facts)
                )
            elif said.hosts and said.hosts != facts.hosts and (facts.hosts or not is_outside):
                yield self._contradict(
                    entity, "host", ", ".join(said.hosts), row.span_of(end.address), _say_places(facts)
                )

    def _check_namespace(self, at: Span, said: Facts, entity: Entity, *, is_outside: bool) -> Iterator[Diagnostic]:
        facts = entity.facts
        if said.is_external and not is_outside:
            yield self._contradict(
                entity, "namespace", OUTSIDE, at, facts.namespace or self.catalog.namespace or "inside"
            )
        elif said.namespaces is not None and said.namespaces != facts.namespaces:
            known = OUTSIDE if is_outside else facts.namespace or self.catalog.namespace or "another"
            yield self._contradict(entity, "namespace", "any", at, known)
        elif said.namespace and said.namespace not in self._placed(entity):
            known = facts.namespace or self.catalog.namespace
            if is_outside or facts.peers or facts.namespaces is not None or not known:
                known = OUTSIDE if is_outside else "several"
                yield self._contradict(entity, "namespace", said.namespace, at, known)
            else:
                labels = [] if entity.is_preset else [Label(entity.place.span, "defined here")]
                yield other_namespace(Located(entity.name, at), said.namespace, known, labels)

    def _placed(self, entity: Entity) -> tuple[str, ...]:
        """The namespaces that an entity may be said to be in."""
        facts = entity.facts
        usual = self.presets[entity.name].namespaces if entity.is_preset and entity.name in self.presets else ()
        if facts.addresses or facts.internet or facts.is_external or facts.peers or facts.namespaces is not None:
            return usual
        return (*usual, facts.namespace or self.catalog.namespace)

    def _contradict(self, entity: Entity, fact: str, says: str, at: Span, known: str) -> Diagnostic:
        first = at if entity.is_preset else entity.place.span
        return contradicting_facts(entity.name, fact, says, at, known, first)


def _say_places(facts: Facts) -> str:
    named = [say_addresses(facts.addresses)] if facts.addresses else []
    named += ["the internet"] if facts.internet else []
    return ", ".join([*named, *facts.hosts]) or "inside the cluster"
