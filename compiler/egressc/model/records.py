"""Tables by kind, columns by role; what became of each table, and what the lines between them say."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from egressc.model.reading import Use
from egressc.model.references import Reference, Written, row_text
from egressc.source import Located, Source, Span


class Kind(StrEnum):
    """What the rows of a table are: what services need, what exists, connections, a grid of them, or namespaces."""

    SERVICES = "services"
    DESTINATIONS = "destinations"
    FLOWS = "flows"
    INVENTORY = "inventory"
    GRID = "grid"
    NAMESPACES = "namespaces"


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
    ENVIRONMENT = "environment"
    DEFAULT = "default"
    DNS = "dns"
    WITHIN = "within"
    OPT_IN = "optIn"
    OWNER = "owner"
    REGION = "region"
    VIA = "via"
    DATA = "data"


OF_NAMESPACES: Final = frozenset({Role.DEFAULT, Role.DNS, Role.WITHIN, Role.OPT_IN})
# What destinations outside the cluster state for audits: the keys of `model.audit`.
OF_AUDIT: Final = (Role.OWNER, Role.REGION, Role.VIA, Role.DATA)
NEEDS: Final = frozenset({Role.DEPENDENCIES, Role.EXTERNAL})
OF_FOOTNOTE: Final = "a footnote"  # what the words of a footnote are about


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


class ProseLine(NamedTuple):
    """A line of text beside the tables: no row, but it may speak of what rows should say.

    `read` is the text as a person reads it, and `ends` what it connects with arrows: the names that each may be.
    `tells` is a word that allows, denies or limits what the line names. `about` is such a word with what it is about
    where the line names nothing; `above` the same for a line above a table. Code is read for arrows alone: a diagram.
    """

    read: Located[str]
    span: Span
    ends: tuple[tuple[Reference, ...], ...] = ()
    tells: str = ""
    about: tuple[str, str] | None = None
    above: tuple[str, str] | None = None
    footnote: Footnote | None = None
    is_code: bool = False


class UnreadColumn(NamedTuple):
    """A column that nothing reads: its header and, when asked for, the items of its cells as if they were names."""

    at: int
    header: Reference
    items: Callable[[], Sequence[tuple[Reference, ...]]]


class TableAccount(NamedTuple):
    """A table and what became of it: its kind and the role of each column; no kind where it is not read.

    `why` is the reason where a whole table grants nothing. `outcomes` are the rows that do not grant, by position, each
    with its use and the reason; of these, `dropped` do not describe anything either. `neutral` are columns that are
    known to say nothing of who may reach what. `is_refused`: its columns are not clear. `unread` are further columns,
    which nothing reads.
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
    dropped: Collection[int] = frozenset()

    @property
    def name(self) -> str:
        """How the project file names the table: the nearest heading above it, or its file."""
        return self.headings[-1].value if self.headings else self.source.name

    @property
    def header_text(self) -> str:
        """How the project file names the table by its header row."""
        return row_text(self.headers)
