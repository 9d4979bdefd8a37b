"""Who rows are about: which of the names under "Service" and "From" are services, and what the others are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import remarks_apart, shared_id
from egressc.diagnostics.phrases import or_read_as
from egressc.diagnostics.references import unclear_remark
from egressc.model.catalog import Catalog, CatalogEntry
from egressc.model.policy import AddressPeer
from egressc.model.records import NEEDS, Role
from egressc.model.references import Reference
from egressc.model.requirements import NO_FACTS, DestinationRow, Requirements, Row, ServiceRow
from egressc.model.vocabulary import ENGLISH
from egressc.resolve.forms import is_all_services, is_doubtful, is_everything, is_no_name, is_person, other_forms
from egressc.resolve.published_presets import Preset
from egressc.source import Located


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the sources and the catalog define, by name; `placed` are the namespaces that they speak of.

    `directed` are entries that say what their policy limits: they are services, whatever rows say.
    """

    canonical: Mapping[str, str]
    groups: frozenset[str]
    entries: Mapping[str, bool]  # whether an entry can be a workload of ours
    described: frozenset[str]
    presets: frozenset[str]
    placed: frozenset[str]
    directed: tuple[str, ...] = ()

    @property
    def workloads(self) -> Iterator[str]:
        """The entries that a policy could be written for."""
        return (name for name, can_have_policy in self.entries.items() if can_have_policy)

    def is_preset(self, name: str) -> bool:
        return name.casefold() in self.presets

    def is_group(self, name: str) -> bool:
        return name in self.groups or is_all_services(name)

    def holds(self, name: str) -> bool:
        """Whether anything says what a name is."""
        return name in self.canonical or name in self.entries or name in self.described or self.is_group(name)

    def forms(self, ref: Reference) -> tuple[Reference, ...]:
        """The known items that an unknown one lists."""
        return other_forms(ref, lambda it: self.holds(it.text) or self.holds(it.name), self.placed.__contains__)

    def holds_exactly(self, name: str) -> bool:
        """Whether the catalog has a name as it stands."""
        return name in self.canonical or name in self.entries or name in self.groups

    def is_workload(self, name: str, address: AddressPeer | None = None) -> bool:
        """Whether a policy could be written for a name: it is no group, no address and nothing outside."""
        known = self.canonical.get(name, name)
        if self.is_group(name) or is_everything(name) or address is not None:
            return known in self.entries and self.entries[known]
        if known in self.entries:
            return self.entries[known]
        return known in self.described or not (is_person(name) or is_doubtful(name) or self.is_preset(name))


def know_names(
    requirements: Requirements, catalog: Catalog, canonical: Mapping[str, str], presets: tuple[Preset, ...]
) -> KnownNames:
    """What is known before anything is resolved."""
    described = {
        row.name
        for row in requirements.services
        if any(row.facts) or ((row.is_service or row.callers) and not is_person(row.name))
    }
    placed = {catalog.namespace, *(row.facts.namespace for row in requirements.services)}
    placed |= {entry.facts.namespace for entry in catalog.entries} | {it.facts.namespace for it in presets}
    placed |= {row.facts.namespace for row in requirements.destinations}
    for row in requirements.destinations:
        described |= {row.ref.text, row.ref.name} - {""}
    return KnownNames(
        canonical,
        frozenset(group.name.value for group in catalog.groups),
        {it.name.value: it.can_have_policy and not _is_preset(it, presets) for it in catalog.entries},
        frozenset(described),
        frozenset(name.casefold() for it in presets for name in (it.name, *it.aliases)),
        frozenset(placed - {""}),
        tuple(it.name.value for it in catalog.entries if it.directions and it.can_have_policy),
    )


def _is_preset(entry: CatalogEntry, presets: tuple[Preset, ...]) -> bool:
    """Whether an entry only gives a preset further names."""
    names = {name.casefold() for it in presets for name in (it.name, *it.aliases)}
    return entry.name.value.casefold() in names and entry.facts == NO_FACTS


@dataclass(slots=True)
class Subjects:
    """Services by canonical name, with the row of a caller, or the heading, that alone makes one."""

    services: dict[str, Row | Located[str] | None] = field(default_factory=dict)
    created: list[Located[str]] = field(default_factory=list)


def settle_names(requirements: Requirements, known: KnownNames, report: Report) -> Requirements:
    """Names of services and destinations without the words in parentheses after them. Reports EG307, EG318, EG319."""
    requirements = replace(requirements, destinations=_settle_destinations(requirements.destinations, known, report))
    if not any("(" in row.name or "," in row.name or ";" in row.name for row in requirements.services):
        return requirements
    whole: dict[str, Located[str]] = {}
    rows: list[ServiceRow] = []
    for row in _apart(requirements.services, known):
        settled = _settle(row, known, report) if "(" in row.name and not known.holds_exactly(row.name) else row
        place = Located(row.name, row.row.span_of(Role.SERVICE))
        first = whole.setdefault(settled.name, place)
        if first.value != row.name:
            report.add(shared_id(place, first, settled.name))
        rows.append(settled)
    return replace(requirements, services=tuple(rows))


def _settle_destinations(
    rows: tuple[DestinationRow, ...], known: KnownNames, report: Report
) -> tuple[DestinationRow, ...]:
    """Rows under the whole name where the catalog has it; EG307 for two that differ in their remarks alone."""
    if not any(row.ref.remark for row in rows):
        return rows
    first: dict[tuple[str, str], DestinationRow] = {}
    settled: list[DestinationRow] = []
    for row in rows:
        ref = row.ref
        if ref.remark and known.holds_exactly(ref.text):
            settled.append(row._replace(ref=ref._replace(name=ref.text, remark="")))
            continue
        settled.append(row)
        if not ref.remark or row.owner is not None:
            continue
        other = first.setdefault((ref.name, ref.namespace), row)
        if other.ref.remark != ref.remark:
            place, before = (Located(it.ref.text, it.row.span_of(Role.DESTINATION)) for it in (row, other))
            report.add(remarks_apart(place, before, ref.name))
            settled[-1] = row._replace(is_spoiled=True)
    return tuple(settled)


def _apart(rows: Iterable[ServiceRow], known: KnownNames) -> Iterator[ServiceRow]:
    """The rows with one service each: a cell may list several, unless the catalog has all of it as a name."""
    for row in rows:
        if not row.names or known.holds_exactly(row.name):
            yield row
        else:
            yield from (row._replace(ref=ref) for ref in row.names)


def _settle(row: ServiceRow, known: KnownNames, report: Report) -> ServiceRow:
    ref = row.ref
    cell = row.row.cells[row.row.columns[Role.SERVICE][0]]
    if ref.trouble is not None and not (row.is_service or row.needs or row.callers):
        return row._replace(is_spoiled=True)  # it grants nothing that the words could limit
    if ref.trouble is not None:
        found = ref.trouble.build(row.row.place(cell, ref.trouble.start, ref.trouble.end))
        # A service that is read as nothing leaves a row without a name.
        found = replace(found, help=found.help.replace('"ignore"', '"leave out"'))
        report.add(or_read_as(found, row.name))
        return row._replace(is_spoiled=True)
    plain = Reference(ref.name, ref.name, address=ref.address, forms=ref.forms)
    facts = row.facts
    if ref.ports and not facts.ports:
        facts = facts._replace(ports=ref.ports)
    if ref.namespace in known.placed and not facts.namespace:
        facts = facts._replace(namespace=ref.namespace)
    elif ref.namespace and ref.namespace != facts.namespace and not is_harmless(ref.namespace):
        at = row.name.rindex(ref.namespace)
        place = row.row.place(cell, at, at + len(ref.namespace))
        report.add(unclear_remark(Located(ref.namespace, place), row.name, ref.name, facts.namespace))
        return row._replace(ref=plain, is_spoiled=True)
    return row._replace(ref=plain, facts=facts)


def is_harmless(word: str) -> bool:
    """Whether a word in parentheses is surely no namespace: a protocol, or a condition of starting."""
    return any(word in ENGLISH[known] for known in ("harmless", "overTcp", "overUdp"))


def find_services(requirements: Requirements, known: KnownNames) -> Subjects:
    """The services: names of rows that say what they need, and sources of flows that are defined as workloads.

    Without a table that says what services need, whoever connects is a service too, unless its name means people
    outside, and so is who is called in a table of services. Beside such a table a caller is one where a table of
    services has it. So is an entry of the catalog that says what its policy limits.
    """
    found = Subjects()
    tables = [row for row in requirements.services if row.is_service]
    asking = [row for row in tables if Role.CALLED_BY not in row.row.columns or not NEEDS.isdisjoint(row.row.columns)]
    for listed_row in asking or tables:
        if known.is_workload(listed_row.name, listed_row.ref.address):
            made_by = None if asking else listed_row.row
            found.services[known.canonical.get(listed_row.name, listed_row.name)] = made_by
    for refs, row in _callers(requirements, known, is_of_needs=bool(asking)):
        for ref in (form for it in refs for form in (known.forms(it) if not known.holds(it.name) else ()) or (it,)):
            name = next((it for it in (ref.text, ref.name) if known.holds(it)), ref.name)
            if (
                ref.trouble is not None
                or not known.is_workload(name, ref.address)
                or (asking and not known.holds(name))
            ):
                continue
            if not known.holds(name) and (is_no_name(name) or known.forms(ref)):
                continue
            name = known.canonical.get(name, name)
            if name not in found.services or found.services[name] is not None:
                found.services[name] = row
    subjects = {row.name: row.ref.address for row in requirements.services}
    for name, place in _headed(requirements, known, subjects):
        found.services.setdefault(name, place)
    for called in requirements.services if asking else ():
        for listed in called.callers:
            for ref in listed.refs:
                name = known.canonical.get(ref.name, ref.name)
                if ref.name in subjects and known.is_workload(ref.name, ref.address):
                    found.services.setdefault(name, None)
    for name in known.directed:
        found.services.setdefault(name, None)
    found.created = [
        Located(name, it.span_of(Role.SOURCE if Role.SOURCE in it.columns else Role.SERVICE))
        if isinstance(it, Row)
        else Located(name, it.span)
        for name, it in found.services.items()
        if it is not None
    ]
    return found


def _callers(
    requirements: Requirements, known: KnownNames, *, is_of_needs: bool
) -> Iterator[tuple[tuple[Reference, ...], Row]]:
    """Who connects, from the last row to the first: sources of flows.

    Those under "Called by" too, unless tables say what services need (`is_of_needs`).
    """
    for flow in reversed((*requirements.flows, *requirements.denials)):
        if not flow.turned:
            refs, cell = flow.sources.refs, flow.sources.cell.text
            yield (Reference(cell, cell),) if len(refs) > 1 and known.holds(cell) else refs, flow.row
    for row in () if is_of_needs else reversed(requirements.services):
        for listed in reversed(row.callers):
            held = row.row
            yield listed.refs, Row(held.source, {Role.SOURCE: held.columns[Role.CALLED_BY]}, held.cells)


def _headed(
    requirements: Requirements, known: KnownNames, subjects: Mapping[str, AddressPeer | None]
) -> Iterator[tuple[str, Located[str]]]:
    """The workloads that tables of destinations are about: each is all that the heading right above says.

    A table whose rows name nothing that is known elsewhere describes parts of the workload, and grants nothing.
    """
    for row in requirements.destinations:
        place = row.owner or (row.headings[-1] if row.headings else None)
        name = known.canonical.get(place.value, place.value) if place else ""
        if place is None or not (known.entries.get(name) or name in subjects):
            continue
        if not known.is_workload(name, subjects.get(name)):
            continue
        if row.turned:
            continue  # who is called needs nothing
        asked = row.ref.name
        if row.owner or not asked or known.holds_exactly(asked) or asked in subjects or known.is_preset(asked):
            yield name, place
