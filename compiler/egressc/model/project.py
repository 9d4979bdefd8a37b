"""The project file: where the sources are and what the cluster is like. Its JSON Schema comes from these models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from egressc.model.dialects import DIALECTS
from egressc.model.entries import DirectionsName, DnsEntry, Entry, Name, Text, WorkloadsEntry
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import EGRESS_ONLY, AddressPeer, Directions, Dns
from egressc.model.records import Kind, Role
from egressc.model.scalars import PORT_MAX
from egressc.model.workloads import WorkloadFiles
from egressc.source import Located, Span

CodeId = Annotated[str, Field(pattern="^EG[0-9]{3}$")]

# Private use (RFC 1918, RFC 4193), shared address space (RFC 6598), loopback (RFC 1122), and link-local with the
# metadata address of clouds (RFC 3927, RFC 4291).
PRIVATE_RANGES = (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "fc00::/7", "fe80::/10",
)  # fmt: skip


class NamespaceEntry(Entry):
    """What differs in one namespace."""

    dns: DnsEntry | None = Field(default=None, description="DNS for services of this namespace.")
    directions: DirectionsName | None = Field(
        default=None, description="`directions` of the project file, for services of this namespace."
    )


class ApiServerEntry(Entry):
    """Where pods reach the Kubernetes API server: endpoint addresses, as no selector can name it."""

    addresses: Annotated[list[Name], Field(min_length=1)] = Field(description="Networks or addresses.")
    port: Annotated[int, Field(ge=1, le=PORT_MAX)] = Field(default=6443, description="Port of the endpoints.")


class ClusterEntry(Entry):
    """Facts about the cluster."""

    dns: DnsEntry = Field(default=DnsEntry(), description="How pods reach DNS.")
    namespaces: dict[Name, NamespaceEntry] = Field(default={}, description="What differs in single namespaces.")
    namespace_label: Name = Field(
        default=NAMESPACE_NAME, description="Label that holds a namespace's name; never used for DNS."
    )
    private_ranges: list[Name] = Field(
        default=list(PRIVATE_RANGES), description='Networks that "the internet" leaves out.'
    )
    ip_families: Annotated[list[Literal["IPv4", "IPv6"]], Field(min_length=1)] = Field(
        default=["IPv4", "IPv6"], description="Address families that pods use."
    )
    service_translation: Literal["before", "after"] = Field(
        default="after",
        description='Whether policy sees packets before or after Services are translated to pods; "before" (as the '
        "AWS VPC CNI does) lets rules name Service ports.",
    )
    api_server: ApiServerEntry | None = Field(default=None, description="Where pods reach the API server.")
    dialect: str = Field(
        default="NetworkPolicy", description="Kind of policy to make.", json_schema_extra={"enum": [*DIALECTS]}
    )


Phrase = Annotated[str, Field(min_length=1, max_length=4096)]
ColumnRole = Annotated[Role, Field(strict=False)] | Literal["ignore"]


class IgnoredColumnEntry(Entry):
    """A column that changes nothing, although a cell of it says no."""

    column: Name = Field(description="Header of the column.")
    reason: Phrase = Field(description="Why the words in it change nothing.")


class LeftOutEntry(Entry):
    """A heading whose tables are left out."""

    heading: Name = Field(description="Heading as it is in the document.")
    reason: Phrase = Field(description="Why its tables grant nothing.")


class GridEntry(Entry):
    """A grid of connections: names in the first column and in the header row."""

    rows: Literal["source", "destination"] = Field(description="What the names in the first column are.")


class TableEntry(Entry):
    """How one table is read: the tables under a heading, or all of a file."""

    kind: Literal["services", "destinations", "flows", "inventory"] | None = Field(
        default=None, description="What its rows are, where the headers do not tell."
    )
    columns: dict[Name, ColumnRole] = Field(default={}, description='Role of a column by its header, or "ignore".')
    blank: Literal["as above"] | dict[Name, Phrase] | None = Field(
        default=None,
        description='"as above": a blank cell under the services or sources repeats the one above it. A map says, by '
        "header, what a blank cell is read as.",
    )
    service: Name | None = Field(
        default=None,
        description="The service that a table of destinations is about, in place of the one its heading names.",
    )
    transposed: bool = Field(default=False, description="The first column holds the headers.")
    grid: GridEntry | None = Field(default=None, description="The table is a grid of connections.")
    read_as: dict[Phrase, Phrase] = Field(default={}, description="`readAs` for this table alone.")
    leave_out: Phrase | None = Field(default=None, description="The table grants nothing; why.")


class WordsEntry(Entry):
    """What cells say in the language of the team."""

    none: list[Name] = Field(default=[], description='Words for "None".')
    positive: list[Name] = Field(default=[], description='Answers that mean "yes".')
    negative: list[Name] = Field(default=[], description='Answers that mean "no".')
    allow: list[Name] = Field(default=[], description='Verdicts that mean "allowed".')
    deny: list[Name] = Field(default=[], description='Verdicts that mean "denied".')
    pending: list[Name] = Field(default=[], description="Words for what is planned or past.")
    all: list[Name] = Field(default=[], description='Words for "All services".')


class TablesEntry(Entry):
    """How tables are read."""

    language: list[Literal["de", "es", "fr"]] = Field(
        default=[], description="Languages of headers and words, besides English."
    )
    headers: dict[Annotated[Role, Field(strict=False)], list[Name]] = Field(
        default={}, description="Further header words for what a column says."
    )
    words: WordsEntry = Field(default=WordsEntry(), description="Further words that cells use.")
    read_as: dict[Phrase, Phrase] = Field(
        default={},
        description="Text of a cell, of an item of a list, of a line beside the tables, or of a row, its cells with "
        '" | " between: what to read in its place. '
        '"leave out" drops the row, "ignore" the cell, "as above" repeats the cell above, "deny all" is no egress, '
        "not even DNS.",
    )
    leave_out: list[Name | LeftOutEntry] = Field(
        default=[], description="Headings whose tables are not read and grant nothing."
    )
    ignore_columns: list[Name | IgnoredColumnEntry] = Field(
        default=[],
        description="Headers of columns that change nothing, whatever cells say; with a reason if a cell says no.",
    )
    at: dict[Name, TableEntry] = Field(default={}, description="How single tables are read, by heading or by file.")


class AllowEntry(Entry):
    """A finding that is meant."""

    code: CodeId = Field(description="Code to allow; only warnings and notes can be allowed.")
    reason: Annotated[str, Field(min_length=1, max_length=4096)] = Field(description="Reason.")
    service: Name | None = Field(default=None, description="Only findings about this service (its name or id).")
    destination: Name | None = Field(default=None, description="Only findings about this destination (name or id).")


class ProjectDocument(Entry):
    """The project file, egressc.yaml."""

    sources: list[Name] = Field(default=[], description="Documents with the tables, relative to this file.")
    catalog: list[Name] | Name = Field(default=[], description="Catalog file or files, relative to this file.")
    outside_folders: list[Name] = Field(
        default=[],
        description="Folders outside the repository from which sources, catalogs and workloads may be read.",
    )
    workloads: list[Name | WorkloadsEntry] = Field(
        default=[],
        description="Manifests of what runs in the cluster, relative to this file: ports in tables that are those of "
        "Services are compiled to the ports of pods, and names of ports and selectors are checked.",
    )
    values: Name = Field(default="values", description="Folder for the compiled values, relative to this file.")
    chart: Text | None = Field(default=None, description="Chart to render with; default: the chart in egressc.")
    directions: DirectionsName = Field(
        default="egress",
        description="What policies limit: what services may reach (egress), who may reach them (ingress), or both.",
    )
    cluster: ClusterEntry = Field(default=ClusterEntry(), description="Facts about the cluster.")
    tables: TablesEntry = Field(default=TablesEntry(), description="How tables are read.")
    allow: list[AllowEntry] = Field(default=[], description="Allowed findings, each with a reason.")


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A phrase of the documents and what to read in its place."""

    phrase: Located[str]
    meaning: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A heading whose tables are left out, and why (empty where no reason is given)."""

    heading: Located[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IgnoredColumn:
    header: Located[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TableRule:
    """How the tables under a heading, or of a file, are read.

    `columns`: roles by plain header, None for one to ignore; `headers`: the same as written. `blanks`: what a blank
    cell is read as, by header.
    """

    place: Located[str]
    kind: Kind | None = None
    columns: Mapping[str, Role | None] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    blank_as_above: bool = False
    blanks: Mapping[str, str] = field(default_factory=dict)
    service: Located[str] | None = None
    transposed: bool = False
    grid_rows: Role | None = None
    read_as: tuple[ReadAs, ...] = ()
    leave_out: str = ""


@dataclass(frozen=True, slots=True)
class TableRules:
    """How tables are read, all of it. `words` are phrases by what they mean."""

    headers: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read_as: tuple[ReadAs, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()
    ignored_columns: tuple[IgnoredColumn, ...] = ()
    at: tuple[TableRule, ...] = ()

    def phrases(self) -> tuple[str, ...]:
        """Every text whose meaning is given, for all tables or for one."""
        return tuple(it.phrase.value for held in (self.read_as, *(rule.read_as for rule in self.at)) for it in held)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A finding that is meant: its code with its place, and what it is restricted to ("" for everything)."""

    code: Located[str]
    service: str = ""
    destination: str = ""
    address: AddressPeer | None = None  # where the destination is one


@dataclass(frozen=True, slots=True)
class Cluster:
    """Facts about the cluster, checked. Ranges are canonical CIDRs."""

    dns: Dns = field(default=Dns("kube-dns"))
    namespace_dns: Mapping[str, Dns] = field(default_factory=dict)
    namespace_label: Located[str] | None = None
    private_ranges: tuple[str, ...] = PRIVATE_RANGES
    ip_families: tuple[str, ...] = ("IPv4", "IPv6")
    before_translation: bool = False
    api_server: tuple[str, ...] = ()
    api_server_port: int = 6443
    dialect: str = "NetworkPolicy"
    dialect_place: Span | None = None

    @property
    def namespace_key(self) -> str:
        return self.namespace_label.value if self.namespace_label else NAMESPACE_NAME


@dataclass(frozen=True, slots=True)
class Project:
    """What the project file says, checked; the defaults where there is none. Paths are as written."""

    sources: tuple[Located[str], ...] = ()
    catalogs: tuple[Located[str], ...] = ()
    values: str = "values"
    chart: str | None = None
    cluster: Cluster = Cluster()
    tables: TableRules = TableRules()
    allowances: tuple[Allowance, ...] = ()
    values_place: Span | None = None
    outside_folders: tuple[str, ...] = ()
    directions: Directions = EGRESS_ONLY
    namespace_directions: Mapping[str, Directions] = field(default_factory=dict)
    workloads: tuple[WorkloadFiles, ...] = ()
