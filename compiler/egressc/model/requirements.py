"""What was asked, row by row: the rows that tables and documents are lowered to, and what one item of a list says.

Rows keep the cells they come from, not spans: a fleet has tens of thousands, and only diagnostics need a place. For the
same reason they are named tuples: a frozen dataclass takes three times as long to make.
"""

import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic
from egressc.model.policy import AddressPeer, Peer, Port, Protocol, Selector
from egressc.model.reading import Use
from egressc.model.texts import item_offsets
from egressc.source import Located, Source, Span


class Kind(StrEnum):
    """What the rows of a table are: what services need, what exists, connections, or a grid of connections."""

    SERVICES = "services"
    DESTINATIONS = "destinations"
    FLOWS = "flows"
    INVENTORY = "inventory"
    GRID = "grid"


class Role(StrEnum):
    """What a column says. The values are the keys of `tables.headers` in the project file."""

    SERVICE = "service"
    DEPENDENCIES = "dependencies"
    EXTERNAL = "external"
    NAMESPACE = "namespace"
    SELECTOR = "selector"
    CALLED_BY = "calledBy"
    INGRESS = "ingress"
    CONNECTION = "connection"
    DESTINATION = "destination"
    SOURCE = "source"
    SOURCE_NAMESPACE = "sourceNamespace"
    SOURCE_SELECTOR = "sourceSelector"
    ADDRESS = "address"
    PORT = "port"
    LISTENS_ON = "listensOn"
    PROTOCOL = "protocol"
    PURPOSE = "purpose"
    NOTES = "notes"
    DECISION = "decision"
    DENIAL = "denial"
    DIRECTION = "direction"
    STATUS = "status"
    APPROVAL = "approval"
    CONDITION = "condition"


NEEDS: Final = frozenset({Role.DEPENDENCIES, Role.EXTERNAL})


OF_FOOTNOTE: Final = "a footnote"  # what the words of a footnote are about


class Trouble(NamedTuple):
    """A problem between two offsets of a text; `build` makes the diagnostic once the place is known."""

    start: int
    end: int
    build: Callable[[Span], Diagnostic]


class Written(typing.Protocol):
    """A cell: its text as a person reads it, and the offsets in the source of what says it."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    def place(self, source: Source, start: int, end: int, /) -> Span:
        """The stretch of the source that says `text[start:end]`."""


def row_text(cells: Iterable[Written]) -> str:
    """How the project file names a row, or a table by its header row: "From | To | Port"."""
    return " | ".join(it.text for it in cells)


class Value(NamedTuple):
    """A value that is no cell of a table. One that is not written as it reads is pointed at as a whole."""

    text: str
    start: int
    end: int

    def place(self, source: Source, start: int, end: int) -> Span:
        is_plain = source.text[self.start : self.end] == self.text
        return Span(source, self.start + start, self.start + end) if is_plain else Span(source, self.start, self.end)


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


class Forms(NamedTuple):
    """Other forms of an item, for where nothing has its name: `DNS only`, `shop/store`, `A and B`.

    `placed` is the second of two parts in the namespace that the first one may be.
    """

    only: "Ask | None" = None
    placed: "Ask | None" = None
    parts: "tuple[Ask, ...]" = ()


class Ask(NamedTuple):
    """What one item of a list says, wherever it stands: shared by all cells with this text.

    `text` as a whole may be a name too, and then is. `trouble` is what hinders reading it otherwise. `remark` is text
    in parentheses that is neither ports nor a namespace; `speaks`: such a text, or the namespace, is a protocol.
    """

    text: str
    name: str
    namespace: str = ""
    ports: tuple[Port, ...] = ()
    address: AddressPeer | None = None
    trouble: Trouble | None = None
    remark: str = ""
    speaks: bool = False
    forms: Forms = Forms()


class Listed(NamedTuple):
    """A list cell and its items in order."""

    cell: Written
    asks: tuple[Ask, ...]


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
    ask: Ask
    facts: Facts
    needs: tuple[Listed, ...]
    callers: tuple[Listed, ...]
    is_spoiled: bool = False
    is_service: bool = True
    ingress: tuple[Listed, ...] = ()
    no_dns: bool = False
    names: tuple[Ask, ...] = ()

    @property
    def name(self) -> str:
        return self.ask.text


class DestinationRow(NamedTuple):
    """A destination; where `owner` (the heading above, or the service that a document names) is a service, an ask.

    `headings` are those around its table, outermost first, and `judged` what they say of its rows. `denies`: the row
    says no to what it asks for. A `turned` row tells who calls the owner.
    """

    row: Row
    ask: Ask
    facts: Facts
    purpose: str
    headings: tuple[Located[str], ...] = ()
    judged: tuple[JudgedHeading, ...] = ()
    owner: Located[str] | None = None
    is_spoiled: bool = False
    denies: bool = False
    turned: bool = False
    spoken: Spoken = UNSPOKEN


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


@dataclass(frozen=True, slots=True)
class RowAllowance:
    """A finding that a row's note allows: the code where it stands, and the stretch of the row."""

    code: Located[str]
    row: Span


class RaisedName(NamedTuple):
    """A name with a raised mark: as it is read, without the mark, and as one word with it."""

    name: Located[str]
    glued: str


class Footnote(NamedTuple):
    """The mark that a line begins with; it may be the number of an item. `left`: the marked cells of rows that grant.

    Each is with the text of its row. Those that the project file speaks of are left out.
    """

    mark: str
    is_item: bool
    is_marked: bool = False
    left: tuple[tuple[Located[str], str], ...] = ()


class Line(NamedTuple):
    """A line of text beside the tables: no row, but it may speak of what rows should say.

    `read` is the text as a person reads it, and `ends` what it connects with arrows: the names that each may be.
    `tells` is a word that allows, denies or limits what the line names. `about` is such a word with what it is about
    where the line names nothing; `above` the same for a line above a table. Code is read for arrows alone: a diagram.
    """

    read: Located[str]
    span: Span
    ends: tuple[tuple[Ask, ...], ...] = ()
    tells: str = ""
    about: tuple[str, str] | None = None
    above: tuple[str, str] | None = None
    footnote: Footnote | None = None
    is_code: bool = False


class UnreadColumn(NamedTuple):
    """A column that nothing reads: its header and, when asked for, the items of its cells as if they were names."""

    at: int
    header: Ask
    items: Callable[[], Sequence[tuple[Ask, ...]]]


class TableRecord(NamedTuple):
    """A table and what became of it: its kind and the role of each column; no kind where it is not read.

    `why` is the reason where a whole table grants nothing. `outcomes` are the rows that do not grant, by position, each
    with its use and the reason. `neutral` are columns that are known to say nothing of who may reach what.
    `is_refused`: its columns are not clear. `unread` are further columns, which nothing reads.
    """

    source: Source
    headings: tuple[Located[str], ...]
    span: Span
    kind: Kind | None
    roles: tuple[Role | None, ...]
    headers: tuple[Written, ...]
    rows: tuple[tuple[Written, ...], ...]
    why: str = ""
    outcomes: Mapping[int, tuple[Use, str]] = MappingProxyType({})
    neutral: frozenset[int] = frozenset()
    is_refused: bool = False
    unread: tuple[UnreadColumn, ...] = ()

    @property
    def header_text(self) -> str:
        """How the project file names the table by its header row."""
        return row_text(self.headers)


@dataclass(frozen=True, slots=True)
class Requirements:
    """All rows of all sources, sorted by place; partial where a whole table or document was refused.

    `denials` are the rows that say no. `records` say of every table what became of it, and `prose` is the text between.
    """

    services: tuple[ServiceRow, ...] = ()
    destinations: tuple[DestinationRow, ...] = ()
    flows: tuple[FlowRow, ...] = ()
    denials: tuple[FlowRow, ...] = ()
    allowances: tuple[RowAllowance, ...] = ()
    records: tuple[TableRecord, ...] = ()
    prose: tuple[Line, ...] = ()
    raised: tuple[RaisedName, ...] = ()
    is_partial: bool = False
