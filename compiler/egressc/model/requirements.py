"""What was asked, row by row: the rows that tables and documents are lowered to.

Rows keep the cells they come from, not spans: a fleet has tens of thousands, and only diagnostics need a place. For the
same reason they are named tuples: a frozen dataclass takes three times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from egressc.diagnostics.core import Diagnostic
from egressc.model.audit import AuditData
from egressc.model.baselines import NamespaceSettings
from egressc.model.gateway import GatewayUse
from egressc.model.policy import AddressPeer, Peer, Port, Protocol, Selector
from egressc.model.records import ProseLine, RaisedName, Role, TableAccount
from egressc.model.references import Listed, Reference, Written
from egressc.model.texts import item_offsets
from egressc.source import Located, Source, Span


class Row(NamedTuple):
    """Where a requirement stands: its cells by what they say."""

    source: Source
    columns: Mapping[Role, tuple[int, ...]]
    cells: tuple[Written, ...]

    @property
    def span(self) -> Span:
        return Span(self.source, self.cells[0].start, self.cells[-1].end)

    def written(self, role: Role) -> Written | None:
        """The first cell of a role, if the row has one."""
        held = self.columns.get(role)
        return self.cells[held[0]] if held else None

    def text(self, role: Role) -> str:
        cell = self.written(role)
        return cell.text if cell else ""

    def span_of(self, role: Role) -> Span:
        """The cell of a role, or the whole row without one."""
        cell = self.written(role)
        return Span(self.source, cell.start, cell.end) if cell else self.span

    def place(self, cell: Written, start: int = 0, end: int | None = None, item: int = -1) -> Span:
        """The stretch of the source that says a part of a cell, by offsets in an item of its list or, at -1, in all."""
        first, last = item_offsets(cell.text)[item] if item >= 0 else (0, len(cell.text))
        return cell.place(self.source, first + start, last if end is None else first + end)


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A port of a Service in front of a pod port."""

    service: int
    pod: Port


class Facts(NamedTuple):
    """What one place says of a service or destination; empty where it is silent. A `Selector()` is everything."""

    namespace: str = ""
    namespaces: Selector | None = None
    pods: Selector | None = None
    ports: tuple[Port, ...] = ()
    service_ports: tuple[ServicePort, ...] = ()
    addresses: tuple[AddressPeer, ...] = ()
    hosts: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()
    internet: bool = False
    is_external: bool = False
    port_names: tuple[str, ...] = ()  # what containers call some of the ports
    audit: AuditData = ()
    gateway: GatewayUse | None = None
    service_account: str = ""


NO_FACTS = Facts()


class Spoken(NamedTuple):
    """What a row without ports says of them: protocols; `is_application`: by words such as HTTPS alone."""

    role: Role = Role.PORT
    text: str = ""
    protocols: tuple[Protocol, ...] = ()
    is_application: bool = False


UNSPOKEN = Spoken()


class JudgedHeading(NamedTuple):
    """A heading with the words of other languages in English.

    `doubts` are the words that make the rows right below doubtful, with their offsets. `verdict`: what makes rows
    further down doubtful; empty without it.
    """

    text: str
    doubts: tuple[tuple[int, str], ...]
    verdict: str


class ServiceRow(NamedTuple):
    """A service and what it needs. A spoiled row had an unreadable cell: it stands for its name alone.

    `names` are the items of a cell that lists several services, unless all of it is a name.
    Without `is_service` the row only describes: of an inventory, or planned. `ingress` grants nothing: it is the
    far end of what other rows need. `no_dns`: the row says that nothing at all leaves the service.
    """

    row: Row
    ref: Reference
    facts: Facts
    needs: tuple[Listed, ...]
    callers: tuple[Listed, ...]
    is_spoiled: bool = False
    is_service: bool = True
    ingress: tuple[Listed, ...] = ()
    no_dns: bool = False
    names: tuple[Reference, ...] = ()

    @property
    def name(self) -> str:
        return self.ref.text


class DestinationRow(NamedTuple):
    """A destination; where `owner` (the heading above, or the service that a document names) is a service, a reference.

    `headings` are those around its table, outermost first, and `judged` what they say of its rows. `denies`: the row
    says no to what it asks for. A `turned` row tells who calls the owner; `of_callers`: so do all of its table.
    """

    row: Row
    ref: Reference
    facts: Facts
    purpose: str
    headings: tuple[Located[str], ...] = ()
    judged: tuple[JudgedHeading, ...] = ()
    owner: Located[str] | None = None
    is_spoiled: bool = False
    denies: bool = False
    turned: bool = False
    spoken: Spoken = UNSPOKEN
    of_callers: bool = False


class FlowRow(NamedTuple):
    """Connections of one row: from each of its sources to each of its destinations.

    `where` and `from_where` are what the row says of the places of both, which has to be what is known of them.
    `ports_apart` are the ports as the cell groups them, where it may pair them with its destinations. A `turned` row is
    told by the side that is called: it makes no service of the one that calls. `denies`: the row says no.
    `problems` are those of its ports: they matter where a source gets a policy.
    """

    row: Row
    sources: Listed
    targets: Listed
    ports: tuple[Port, ...]
    purpose: str
    is_spoiled: bool = False
    where: Facts = NO_FACTS
    from_where: Facts = NO_FACTS
    ports_apart: tuple[tuple[Port, ...], ...] = ()
    turned: bool = False
    denies: bool = False
    problems: tuple[Diagnostic, ...] = ()
    spoken: Spoken = UNSPOKEN


class NamespaceRow(NamedTuple):
    """What a row says of a namespace as a whole."""

    name: Located[str]
    row: Row
    said: NamespaceSettings


@dataclass(frozen=True, slots=True)
class RowAllowance:
    """A finding that a row's note allows: the code where it stands, and the stretch of the row."""

    code: Located[str]
    row: Span


@dataclass(frozen=True, slots=True)
class Requirements:
    """All rows of all sources, sorted by place; partial where a whole table or document was refused.

    `denials` are the rows that say no. `records` say of every table what became of it, and `prose` is the text between.
    `absent` are the services of rows that hold in other environments alone.
    """

    services: tuple[ServiceRow, ...] = ()
    destinations: tuple[DestinationRow, ...] = ()
    flows: tuple[FlowRow, ...] = ()
    denials: tuple[FlowRow, ...] = ()
    allowances: tuple[RowAllowance, ...] = ()
    records: tuple[TableAccount, ...] = ()
    prose: tuple[ProseLine, ...] = ()
    raised: tuple[RaisedName, ...] = ()
    namespaces: tuple[NamespaceRow, ...] = ()
    absent: tuple[Located[str], ...] = ()
    is_partial: bool = False
