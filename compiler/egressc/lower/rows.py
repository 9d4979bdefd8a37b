"""Rows to requirements, one function a kind of table. A cell that cannot be read spoils its row, not the run."""

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from egressc.diagnostics.cells import nameless_row, unreadable_address, unreadable_allowance, unreadable_item
from egressc.diagnostics.columns import several_names
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.phrases import or_read_as
from egressc.lower.addresses import NO_ADDRESSES, Addresses, read_addresses
from egressc.lower.audit import read_audit
from egressc.lower.ports import names_application, read_ports, read_ports_apart, read_protocols
from egressc.lower.references import read_reference, read_references
from egressc.lower.selectors import read_namespace, read_selector
from egressc.lower.words import without_mark
from egressc.model.policy import Port, Protocol, Selector
from egressc.model.ports import say_ports
from egressc.model.records import Role
from egressc.model.references import Listed, Reference, Trouble, Written
from egressc.model.requirements import (
    NO_FACTS,
    UNSPOKEN,
    DestinationRow,
    Facts,
    FlowRow,
    JudgedHeading,
    Row,
    RowAllowance,
    ServiceRow,
    Spoken,
)
from egressc.model.texts import says_nothing, split_list
from egressc.source import Located, Span

T = TypeVar("T")

_ALLOW = re.compile(r"\ballow\s+(EG[A-Za-z0-9]*)[^\S\n]*(:?)[^\S\n]*([^;\n]*)")
# Members as plain names: reading one off its class costs more than the rest of a look-up (CPython 3.11).
SERVICE, NAMESPACE, SELECTOR, PORT, PROTOCOL = Role.SERVICE, Role.NAMESPACE, Role.SELECTOR, Role.PORT, Role.PROTOCOL
DEPENDENCIES, EXTERNAL, CALLED_BY, NOTES = Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY, Role.NOTES
SOURCE, DESTINATION, ADDRESS, PURPOSE = Role.SOURCE, Role.DESTINATION, Role.ADDRESS, Role.PURPOSE
# More than this in one cell is no list that people write; YAML has a cell for every item.
MOST_ITEMS: Final = 2000
NO_PORTS: Final[tuple[Port, ...]] = ()
NO_PROTOCOLS: Final[tuple[Protocol, ...]] = ()
_CODE = re.compile("EG[0-9]{3}")
_PLACES: Final = frozenset({NAMESPACE, SELECTOR, ADDRESS, Role.SOURCE_NAMESPACE, Role.SOURCE_SELECTOR})


class RowReader:
    """Reads the cells of one row and remembers whether one was unreadable."""

    __slots__ = ("heading", "is_spoiled", "report", "row")

    def __init__(self, row: Row, report: Report, heading: str = "") -> None:
        """`heading`: the nearest above the table, or its file; for what the project file can say of the table."""
        self.row = row
        self.report = report
        self.heading = heading
        self.is_spoiled = False

    def read(self, role: Role, read: Callable[[str], T | Trouble], nothing: T) -> T:
        """What the cells of a role say; `nothing` where there is none, or once its problem is reported."""
        held = self.row.columns.get(role)
        if not held:
            return nothing
        cell = self.row.cells[held[0]]
        found = read(cell.text)
        if isinstance(found, Trouble):
            self.add(found, cell)
            return nothing
        return found

    def add(self, trouble: Trouble, cell: Written) -> None:
        self.is_spoiled = True
        found = trouble.build(self.row.place(cell, trouble.start, trouble.end))
        self.report.add(or_read_as(found, cell.text))

    def ports(self) -> tuple[Port, ...]:
        if PORT not in self.row.columns:
            return NO_PORTS
        protocols = self.read(PROTOCOL, read_protocols, NO_PROTOCOLS)
        text = self.row.text(PORT)
        if text != text.lower() and names_application(text):
            return NO_PORTS  # "HTTPS"; in lower case it may be the name of a port
        return self.read(PORT, lambda text: read_ports(text, protocols), NO_PORTS)

    def spoken(self) -> Spoken:
        """What a row without ports says of them; nothing where that cannot be read."""
        role = PROTOCOL if self.row.text(PROTOCOL) else PORT
        text = self.row.text(role)
        protocols = read_protocols(text) if text else NO_PROTOCOLS
        if isinstance(protocols, Trouble) or not protocols:
            return Spoken(role, text)
        return Spoken(role, text, protocols, names_application(text))

    def lists(self, *roles: Role) -> tuple[Listed, ...]:
        row = self.row
        found: list[Listed] = []
        for role in roles:
            for index in row.columns.get(role, ()):
                cell = row.cells[index]
                refs = read_references(cell.text)
                if len(refs) > MOST_ITEMS:
                    said = Located(f"{cell.text[:40]}\u2026", Span(row.source, cell.start, cell.end))
                    self.report.add(
                        unreadable_item(said, f"has {len(refs)} items, but {MOST_ITEMS} are allowed in a cell")
                    )
                    self.is_spoiled = True
                elif refs:
                    found.append(Listed(cell, refs))
        return tuple(found)

    def facts(self, namespace: Role, selector: Role, address: Role | None) -> Facts:
        """What a row says of the place of one end of a connection; NO_FACTS where it is silent."""
        where = self.read(namespace, read_namespace, NO_FACTS)
        pods = self.read(selector, read_selector, None)
        said = self.read(address, self._addresses_in(where.namespace), NO_ADDRESSES) if address else NO_ADDRESSES
        if said.namespace:
            where = where._replace(namespace=said.namespace)
        if pods is None and said == NO_ADDRESSES:
            return where
        return where._replace(
            pods=pods, ports=said.ports, addresses=said.peers, hosts=said.hosts, internet=said.internet
        )

    def _addresses_in(self, namespace: str) -> Callable[[str], Addresses | Trouble]:
        return lambda text: read_addresses(text, namespace)

    def name(self, role: Role, column: str) -> str:
        """The name that the row is about; "" once EG207 is reported."""
        cell = self.row.written(role)
        if cell is None or says_nothing(cell.text):
            self._add_nameless(column, role)
            return ""
        if "\n" in cell.text:
            names = Located[Sequence[str]](split_list(cell.text), self.row.span_of(role))
            self.report.add(several_names(names, column, cell.text))
            return ""
        return without_mark(cell.text)

    def _add_nameless(self, column: str, role: Role) -> None:
        span = self.row.span_of(role)
        is_read_away = not self.row.text(role) and bool(span.text.strip())
        self.report.add(nameless_row(column, span, self.heading, is_read_away=is_read_away))

    def ends(self, role: Role, column: str) -> Listed | None:
        """What is at one end of the connections of the row; None once EG207 is reported."""
        cell = self.row.cells[self.row.columns[role][0]]
        refs = read_references(cell.text)
        if not refs:
            self._add_nameless(column, role)
            return None
        return Listed(cell, refs)

    def one(self, text: str, column: str) -> Reference:
        """What a cell asks for that has room for one thing; its trouble is EG221 where it lists several."""
        ref = read_reference(text)
        if ("," in text or ";" in text) and len(names := split_list(text)) > 1:

            def build(span: Span) -> Diagnostic:
                return several_names(Located(names, span), column, text)

            return ref._replace(trouble=Trouble(0, len(text), build))
        return ref


def lower_service(
    row: Row,
    report: Report,
    pods: Selector | None = None,
    *,
    heading: str = "",
    is_service: bool = True,
    is_turned: bool = False,
    no_dns: bool = False,
) -> ServiceRow | None:
    """A row of a service table; None where it names no service. `pods` is a selector given as a map.

    Without `is_service` it only describes. `is_turned`: what it lists are the callers.
    """
    reader = RowReader(row, report, heading)
    name = reader.name(SERVICE, "Service")
    if not name:
        return None
    facts = reader.facts(NAMESPACE, SELECTOR, ADDRESS)
    ports = reader.ports()
    if pods is not None or ports:
        facts = facts._replace(pods=pods or facts.pods, ports=ports)
    needs = reader.lists(DEPENDENCIES, EXTERNAL)
    callers, ingress = reader.lists(CALLED_BY), reader.lists(Role.INGRESS)
    if is_turned:
        needs, callers = (), (*needs, *callers)
    listed = split_list(name) if "," in name or ";" in name else ()
    names = tuple(map(read_reference, listed)) if len(listed) > 1 else ()
    ref = read_reference(name)
    return ServiceRow(row, ref, facts, needs, callers, reader.is_spoiled, is_service, ingress, no_dns, names)


def lower_destination(
    row: Row,
    report: Report,
    *,
    headings: tuple[Located[str], ...] = (),
    judged: tuple[JudgedHeading, ...] = (),
    owner: Located[str] | None = None,
    pods: Selector | None = None,
) -> DestinationRow | None:
    """A row of a destination table; None where it names no destination. "None" asks for nothing, and has no name."""
    reader = RowReader(row, report, headings[-1].value if headings else "")
    if (text := row.text(DESTINATION)) and says_nothing(text):
        return DestinationRow(row, Reference("", ""), NO_FACTS, "", headings, judged, owner)
    name = reader.name(DESTINATION, "Destination")
    if not name:
        return None
    said = reader.facts(NAMESPACE, SELECTOR, ADDRESS)
    ref = reader.one(name, "Destination")
    facts = said._replace(
        namespace=said.namespace or ref.namespace,
        pods=pods or said.pods,
        ports=reader.ports() or ref.ports or said.ports,
        audit=read_audit(row),
    )
    if ref.address:
        facts = facts._replace(addresses=(ref.address,))
    spoken = UNSPOKEN if facts.ports else reader.spoken()
    return DestinationRow(row, ref, facts, row.text(PURPOSE), headings, judged, owner, reader.is_spoiled, spoken=spoken)


def lower_flow(
    row: Row, report: Report, *, heading: str = "", is_turned: bool = False, denies: bool = False
) -> FlowRow | None:
    """A row of a flow table; None where an end is missing. Where it denies, ports in any words are all ports."""
    of_ports = Report()
    reader = RowReader(row, report, heading)
    sources = reader.ends(SOURCE, "From")
    targets = reader.ends(DESTINATION, "To")
    if sources is None or targets is None:
        return None
    if denies and row.text(PROTOCOL).casefold() in ("icmp", "icmpv6", "ping"):
        return None  # no rule lets it through: rules know TCP, UDP and SCTP
    asker = RowReader(row, of_ports, heading)
    ports = asker.ports()
    apart: tuple[tuple[Port, ...], ...] = ()
    if len(ports) > 1 and (len(targets.refs) > 1 or _may_be_several(targets.refs[0].name)):
        apart = read_ports_apart(row.text(PORT), asker.read(PROTOCOL, read_protocols, NO_PROTOCOLS))
    where = from_where = NO_FACTS
    if not _PLACES.isdisjoint(row.columns):
        where = reader.facts(NAMESPACE, SELECTOR, ADDRESS)
        from_where = reader.facts(Role.SOURCE_NAMESPACE, Role.SOURCE_SELECTOR, None)
        if where.ports:  # of a URL
            if ports and not set(where.ports) <= set(ports):
                said = Located(row.text(ADDRESS), row.span_of(ADDRESS))
                problem = f"is on {say_ports(where.ports)}, but the row says {say_ports(ports)}"
                of_ports.add(unreadable_address(said, problem))
            ports, where = ports or where.ports, where._replace(ports=())
    problems = () if denies else tuple(of_ports.diagnostics)
    if is_turned:
        sources, targets, where, from_where = targets, sources, from_where, where
    return FlowRow(
        row,
        sources,
        targets,
        ports,
        row.text(PURPOSE),
        reader.is_spoiled,
        where,
        from_where,
        apart,
        is_turned,
        denies,
        problems,
        UNSPOKEN if ports else reader.spoken(),
    )


def _may_be_several(name: str) -> bool:
    return any(sign in name for sign in "/+&") or " and " in name


def lower_notes(row: Row, report: Report) -> list[RowAllowance]:
    """The allowances in the notes of a row."""
    cell = row.written(NOTES)
    if cell is None or "allow" not in cell.text:
        return []
    found: list[RowAllowance] = []
    for match in _ALLOW.finditer(cell.text):
        code = Located(match[1], row.place(cell, match.start(1), match.end(1)))
        problem = "" if _CODE.fullmatch(match[1]) else "has no code such as EG402"
        problem = problem or ("" if match[2] and match[3].strip() else "has no reason")
        if problem:
            text = match[0].strip()
            said = Located(text, row.place(cell, match.start(), match.start() + len(text)))
            report.add(unreadable_allowance(said, problem, match[1] if _CODE.fullmatch(match[1]) else ""))
        else:
            found.append(RowAllowance(code, row.span))
    return found
