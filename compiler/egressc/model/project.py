"""The project file: where the sources are and what the cluster is like. Its JSON Schema comes from these models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from egressc.model.dialects import DIALECTS
from egressc.model.entries import DirectionsName, DnsEntry, Entry, Name, Text
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import EGRESS_ONLY, AddressPeer, Directions, Dns
from egressc.model.project_tables import TablesEntry
from egressc.model.records import Kind, Role
from egressc.model.scalars import PORT_MAX
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
    calls_from: Literal["konnectivity"] | Annotated[list[Name], Field(min_length=1)] | None = Field(
        default=None,
        description="Where it calls admission webhooks from, if not from `addresses`: networks, or `konnectivity`: the "
        "pods of its agent.",
    )


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
    nodes: list[Name] = Field(
        default=[], description='Networks of the nodes, for "kubelet API"; "the internet" leaves them out too.'
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
    address_lists: dict[Name, Name] = Field(
        default={},
        description="Files with published networks, by the name of the destination; relative to this file.",
    )
    other_policies: list[Name] = Field(
        default=[],
        description="Manifests with NetworkPolicies of other owners, relative to this file; they count in checks and "
        "in the proof.",
    )
    outside_folders: list[Name] = Field(
        default=[],
        description="Folders outside the repository from which sources and catalogs may be read.",
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
    api_server_calls_from: tuple[str, ...] | None = None  # None: its addresses; empty: the agents of konnectivity
    nodes: tuple[str, ...] = ()
    dialect: str = "NetworkPolicy"
    dialect_place: Span | None = None

    @property
    def namespace_key(self) -> str:
        return self.namespace_label.value if self.namespace_label else NAMESPACE_NAME


class AddressListFile(NamedTuple):
    """The name of a destination, and the file with its networks."""

    name: Located[str]
    path: Located[str]


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
    address_lists: tuple[AddressListFile, ...] = ()
    other_policies: tuple[Located[str], ...] = ()

    @property
    def catalog_files(self) -> tuple[Located[str], ...]:
        """Paths of catalogs and address lists."""
        return (*self.catalogs, *(it.path for it in self.address_lists))
