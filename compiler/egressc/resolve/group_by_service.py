"""What every caller asks for: the items of its own rows, of its destinations, of rows that name it as a caller."""

from enum import Enum, auto
from functools import partial
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.rows import unpaired_ports
from egressc.model.entities import Entity
from egressc.model.policy import Port
from egressc.model.records import Role
from egressc.model.references import Listed, Reference, Written
from egressc.model.requirements import NO_FACTS, UNSPOKEN, FlowRow, Requirements, Row, ServiceRow, Spoken
from egressc.resolve.callers import CallerResolver
from egressc.resolve.directions import Accepting
from egressc.resolve.forms import is_everything, is_person
from egressc.resolve.references import ReferenceResolver
from egressc.resolve.row_places import DESTINATION, SOURCE, PlaceChecker
from egressc.source import Located, Span


class How(Enum):
    """How a service asks: by an item of its row, by a row for one destination, or as an item under "Called by"."""

    LISTED = auto()
    DETAILED = auto()
    CALLED = auto()


class Request(NamedTuple):
    """One item that a service asks for.

    `item`: which of those in the cell; -1 where it holds one. `ports` are those of the row where it is DETAILED.
    `callee`: what a caller asks for, the service of the row.
    """

    row: Row
    cell: Written
    item: int
    ref: Reference
    how: How
    ports: tuple[Port, ...] = ()
    purpose: str = ""
    callee: Entity | None = None
    spoken: Spoken = UNSPOKEN

    def span(self, start: int, end: int) -> Span:
        """The place of a part of the item, by offsets in it."""
        return self.row.place(self.cell, start, end, self.item)

    @property
    def place(self) -> Span:
        """The item."""
        return self.span(0, len(self.ref.text))

    @property
    def origin(self) -> Span:
        """The cell."""
        return Span(self.row.source, self.cell.start, self.cell.end)


class RowsByService:
    """Goes through all rows once.

    `requests` are by the name of the service; `admitted` are those of which only the ingress half counts, by caller:
    of callers that are no services, and of columns that say whom a service lets in; `closed` are services that may not
    even look up names; `idle` are the rows that no policy comes from, `admitting` the cells of which the ingress half
    alone counts.
    """

    def __init__(self, answers: ReferenceResolver, accepting: Accepting, report: Report) -> None:
        """`accepting`: the services whose policies limit ingress."""
        self.answers = answers
        self.callers = CallerResolver(answers, accepting.baselines, report)
        self.accepting = accepting
        self.report = report
        self.requests: dict[str, list[Request]] = {}
        self.admitted: dict[Entity, list[Request]] = {}
        self.closed: set[str] = set()
        self.idle: set[tuple[str, int]] = set()
        self.admitting: set[tuple[str, int]] = set()

    def collect(self, requirements: Requirements, owners: dict[int, str], canonical: dict[str, str]) -> None:
        """Sort all rows under the services that ask. EG303 for a flow from nowhere, EG420 for a strange caller."""
        for row in requirements.services:
            for service in self._subjects(row, canonical):
                held = self.requests.setdefault(service, [])
                if row.no_dns:
                    self.closed.add(service)
                for cell, refs in row.needs:
                    held += [Request(row.row, cell, item, ref, How.LISTED) for item, ref in enumerate(refs)]
            for listed in row.callers:
                self._collect_calls(row, listed, canonical)
            for listed in row.ingress if self.accepting.is_needed else ():
                self._collect_calls(row, listed, canonical, only_ingress=True)
        for index, owner in owners.items():
            it = requirements.destinations[index]
            if not it.is_spoiled and not it.denies and it.ref.name:
                cell = it.row.cells[it.row.columns[Role.DESTINATION][0]]
                request = Request(it.row, cell, -1, it.ref, How.DETAILED, it.facts.ports, it.purpose, None, it.spoken)
                self.requests.setdefault(owner, []).append(request)
        for flow in requirements.flows:
            self._collect_flow(flow)

    def _add(self, caller: Entity, request: Request) -> None:
        if caller.is_service:
            self.requests.setdefault(caller.name, []).append(request)
        else:
            self.admitted.setdefault(caller, []).append(request)

    def _subjects(self, row: ServiceRow, canonical: dict[str, str]) -> tuple[str, ...]:
        """The services whose needs a row says: one, or all that a group stands for."""
        if not row.is_service or (row.callers and not row.needs):
            return ()
        name = canonical.get(row.name, row.name)
        entities = self.answers.entities
        if name in entities.by_name and entities.by_name[name][0].is_service:
            return (name,)
        cell = row.row.cells[row.row.columns[Role.SERVICE][0]]
        found = self.callers.sources(row.row, cell, -1, Reference(row.name, row.name, forms=row.ref.forms))
        return tuple(entity.name for entity in found if entity.is_service)

    def _collect_flow(self, flow: FlowRow) -> None:
        row = flow.row
        accepts = self.accepts(flow)
        sources = [
            entity
            for item, ref in self.asks_of(flow.sources)
            for entity in self.callers.sources(row, flow.sources.cell, item, ref, is_accepted=accepts)
        ]
        asking = [entity for entity in sources if entity.is_service or accepts or self.callers.sends(entity)]
        if not asking:
            self.idle.add((row.source.name, row.cells[0].start))
        if sources and not asking:
            self._check_targets(flow)
        if flow.problems and (not sources or asking):
            self.report.extend(flow.problems)
            return
        for item, ref, ports in self.connections(flow):
            wanted = self.in_namespace(ref, flow.where.namespace)
            if flow.is_spoiled or not self._is_where_it_says(flow, wanted, tuple(sources)):
                continue
            cell, spoken = flow.targets.cell, flow.spoken
            request = Request(row, cell, item, wanted, How.DETAILED, ports, flow.purpose, None, spoken)
            for entity in asking:
                self._add(entity, request)

    def accepts(self, flow: FlowRow) -> bool:
        """Whether a row leads to a service whose policy limits ingress: then any caller matters."""
        if not self.accepting.is_needed:
            return False
        found = (
            self.answers.callers(ref, partial(flow.row.span_of, Role.DESTINATION))[0]
            for _, ref in self.asks_of(flow.targets)
        )
        return any(self.accepting.accepts(entity) for entities in found for entity in entities)

    def _check_targets(self, flow: FlowRow) -> None:
        """EG301 for the destinations of a row that grants nothing: a slip in a name is one all the same."""
        for item, ref in self.asks_of(flow.targets):
            at = partial(flow.row.place, flow.targets.cell, item=item)
            _, problem = self.answers.callers(ref, partial(at, 0, len(ref.text)))
            if problem.unknown is not None and not is_everything(ref.name) and not is_person(ref.name):
                self.answers.refuse(problem, at, "")

    def connections(self, flow: FlowRow) -> list[tuple[int, Reference, tuple[Port, ...]]]:
        """Each destination of a row with its ports. EG435 where it is not clear which ports are whose.

        A row that denies, and does not tell them apart, denies all of them to each.
        """
        listed = flow.targets
        refs = [(item, form) for item, ref in self.asks_of(listed) for form in (self._forms(ref) or (ref,))]
        if len(refs) < 2 or len(flow.ports) < 2:
            return [(item, ref, ref.ports or flow.ports) for item, ref in refs]
        listens = [self._listens(ref) for _, ref in refs]
        apart = flow.ports_apart
        if len(apart) == len(refs) and all(
            set(its) <= known for its, known in zip(apart, listens, strict=True) if known
        ):
            return [(item, ref, its) for (item, ref), its in zip(refs, apart, strict=True)]
        if all(known and set(flow.ports) <= known for known in listens):
            return [(item, ref, flow.ports) for item, ref in refs]
        if flow.denies:
            return [(item, ref, flow.ports) for item, ref in refs]
        at = flow.row.span_of(Role.PORT)
        self.report.add(unpaired_ports(Located(flow.row.text(Role.PORT), at), [ref.name for _, ref in refs]))
        return []

    def asks_of(self, listed: Listed) -> list[tuple[int, Reference]]:
        """The items of a cell with their places; -1 where it holds one, be it one with a comma in its name."""
        text = listed.cell.text
        if len(listed.refs) == 1 or self.answers.entities.holds(text):
            return [(-1, listed.refs[0] if len(listed.refs) == 1 else Reference(text, text))]
        return list(enumerate(listed.refs))

    def _forms(self, ref: Reference) -> tuple[Reference, ...]:
        entities = self.answers.entities
        return () if entities.holds(ref.text) or entities.holds(ref.name) or ref.address else self.answers.forms(ref)

    def _listens(self, ref: Reference) -> set[Port]:
        return {port for entity in self.answers.entities.find(ref.name) for port in entity.facts.ports}

    def in_namespace(self, ref: Reference, namespace: str) -> Reference:
        """What a row asks for, where its column of namespaces tells entities of one name apart."""
        if not namespace or namespace not in self.answers.places or ref.namespace or ref.trouble or ref.address:
            return ref
        find = self.answers.entities.find
        name = ref.text if find(ref.text) else ref.name
        return Reference(f"{name} ({namespace})", name, namespace) if len(find(name)) > 1 else ref

    def _is_where_it_says(self, flow: FlowRow, wanted: Reference, callers: tuple[Entity, ...]) -> bool:
        """Whether both ends of a connection are where its row places them. EG309 and EG408 where not."""
        if flow.where is NO_FACTS and flow.from_where is NO_FACTS:
            return True
        entities, _ = self.answers.callers(wanted, partial(flow.row.span_of, Role.DESTINATION))
        places = PlaceChecker(self.answers.catalog, self.answers.entities, self.report)
        ends = (SOURCE, DESTINATION) if not flow.turned else (DESTINATION, SOURCE)
        is_from_there = places.check(flow.row, ends[0], flow.from_where, callers)
        return places.check(flow.row, ends[1], flow.where, entities) and is_from_there

    def _collect_calls(
        self, row: ServiceRow, listed: Listed, canonical: dict[str, str], *, only_ingress: bool = False
    ) -> None:
        cell = row.row.cells[row.row.columns[Role.SERVICE][0]]
        name = canonical.get(row.name, row.name)
        asked = Reference(name, name, forms=row.ref.forms)
        callees, problem = self.answers.callers(asked, partial(row.row.span_of, Role.SERVICE))
        if problem.refuse is not None or problem.unknown is not None:
            self.answers.refuse(problem, partial(row.row.place, cell), "")
            return
        accepts = any(self.accepting.accepts(callee) for callee in callees)
        if only_ingress and not accepts:
            return
        for item, ref in enumerate(listed.refs):
            is_group = self.answers.is_group(ref)
            for caller in self.callers.sources(row.row, listed.cell, item, ref, is_accepted=accepts):
                for callee in callees:
                    is_many = is_group or len(callees) > 1
                    is_asking = caller.is_service or accepts or self.callers.sends(caller)
                    if is_asking and not (is_many and caller is callee):
                        request = Request(row.row, listed.cell, item, ref, How.CALLED, ref.ports, callee=callee)
                        if only_ingress:
                            self.admitting.add((row.row.source.name, listed.cell.start))
                            self.admitted.setdefault(caller, []).append(request)
                        else:
                            self._add(caller, request)
