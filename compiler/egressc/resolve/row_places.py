"""Where rows of flows say that their ends are, held against what is known of both: such a cell changes nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.names import other_namespace
from egressc.diagnostics.rows import contradicting_facts
from egressc.model.catalog import Catalog
from egressc.model.requirements import NO_FACTS, Facts, Role, Row
from egressc.model.things import Thing
from egressc.resolve.facts import say_addresses, say_selector
from egressc.resolve.peers import convention
from egressc.resolve.things import Things
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
    """Holds rows against things; of a group, its first member that is elsewhere is named."""

    def __init__(self, catalog: Catalog, things: Things, report: Report) -> None:
        self.catalog = catalog
        self.presets = things.presets
        self.spoiled = things.spoiled
        self.report = report

    def check(self, row: Row, end: End, said: Facts, things: Sequence[Thing]) -> bool:
        """Whether a row says nothing else than what is known; False once EG309 or EG408 is reported."""
        if said is NO_FACTS:
            return True
        for thing in things:
            found = () if thing in self.spoiled else tuple(self._check(row, end, said, thing))
            self.report.extend(found)
            if found:
                return False
        return True

    def _check(self, row: Row, end: End, said: Facts, thing: Thing) -> Iterator[Diagnostic]:
        facts = thing.facts
        is_outside = bool(facts.addresses or facts.internet or (facts.is_external and facts.pods is None))
        at = row.span_of(end.namespace if end.namespace in row.columns else end.address)
        yield from self._check_namespace(at, said, thing, is_outside=is_outside)
        if said.pods is not None:
            pods = facts.pods if facts.pods is not None else convention(thing, self.catalog)
            known = OUTSIDE if is_outside else "a list of peers" if facts.peers else say_selector(pods)
            if is_outside or facts.peers or said.pods != pods:
                yield self._contradict(thing, "selector", say_selector(said.pods), row.span_of(end.selector), known)
        if said.addresses or said.hosts or said.internet:
            if (said.addresses, said.internet) != (facts.addresses, facts.internet) and (
                said.addresses or said.internet or not said.hosts
            ):
                yield self._contradict(
                    thing, "address", _say_places(said), row.span_of(end.address), _say_places(facts)
                )
            elif said.hosts and said.hosts != facts.hosts and (facts.hosts or not is_outside):
                yield self._contradict(
                    thing, "host", ", ".join(said.hosts), row.span_of(end.address), _say_places(facts)
                )

    def _check_namespace(self, at: Span, said: Facts, thing: Thing, *, is_outside: bool) -> Iterator[Diagnostic]:
        facts = thing.facts
        if said.is_external and not is_outside:
            yield self._contradict(
                thing, "namespace", OUTSIDE, at, facts.namespace or self.catalog.namespace or "inside"
            )
        elif said.namespaces is not None and said.namespaces != facts.namespaces:
            known = OUTSIDE if is_outside else facts.namespace or self.catalog.namespace or "another"
            yield self._contradict(thing, "namespace", "any", at, known)
        elif said.namespace and said.namespace not in self._placed(thing):
            known = facts.namespace or self.catalog.namespace
            if is_outside or facts.peers or facts.namespaces is not None or not known:
                known = OUTSIDE if is_outside else "several"
                yield self._contradict(thing, "namespace", said.namespace, at, known)
            else:
                labels = [] if thing.is_preset else [Label(thing.place.span, "defined here")]
                yield other_namespace(Located(thing.name, at), said.namespace, known, labels)

    def _placed(self, thing: Thing) -> tuple[str, ...]:
        """The namespaces that a thing may be said to be in."""
        facts = thing.facts
        usual = self.presets[thing.name].namespaces if thing.is_preset and thing.name in self.presets else ()
        if facts.addresses or facts.internet or facts.is_external or facts.peers or facts.namespaces is not None:
            return usual
        return (*usual, facts.namespace or self.catalog.namespace)

    def _contradict(self, thing: Thing, fact: str, says: str, at: Span, known: str) -> Diagnostic:
        first = at if thing.is_preset else thing.place.span
        return contradicting_facts(thing.name, fact, says, at, known, first)


def _say_places(facts: Facts) -> str:
    named = [say_addresses(facts.addresses)] if facts.addresses else []
    named += ["the internet"] if facts.internet else []
    return ", ".join([*named, *facts.hosts]) or "inside the cluster"
