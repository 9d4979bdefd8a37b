"""The project file as it is written. Its JSON Schema comes from these models."""

from typing import Annotated, Literal

from pydantic import Field

from egressc.model.dialects import DIALECTS
from egressc.model.entries import DirectionsName, DnsEntry, Entry, Name, PortEntry, Selection, Text
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.project import PRIVATE_RANGES
from egressc.model.records import Role
from egressc.model.scalars import PORT_MAX

CodeId = Annotated[str, Field(pattern="^EG[0-9]{3}$")]


class OpeningEntry(Entry):
    """A name at the other end of connections, with the ports that are open."""

    name: Name = Field(description="Name of a service, destination or caller, as tables write it.")
    ports: Literal["any"] | list[int | Name | PortEntry] = Field(description='Pod ports, or "any".')


class OptInFileEntry(Entry):
    """Pods that can reach more than the other pods of their namespace."""

    selector: Selection = Field(description="The labels with which pods opt in.")
    to: list[Name | OpeningEntry] = Field(
        default=["Internet"], description='What these pods can reach, on every port unless given. Default: "Internet".'
    )


class BaselineEntry(Entry):
    """What holds for every pod of a namespace, besides the rules of its services."""

    deny: Literal["egress", "ingress", "both", "none"] | None = Field(
        default=None, description="What is denied unless something allows it."
    )
    dns: bool | DnsEntry | None = Field(
        default=None, description="DNS for all pods: by default as the namespace has it; false for none."
    )
    allow_within: bool | None = Field(default=None, description="Whether its pods can reach each other on every port.")
    allow_from: list[Name | OpeningEntry] | None = Field(
        default=None, description="Who can reach every pod, on every port unless given."
    )
    allow_to: list[Name | OpeningEntry] | None = Field(
        default=None, description="What every pod can reach, on the ports that it listens on unless given."
    )
    opt_ins: dict[Name, OptInFileEntry] | None = Field(
        default=None, description="Pods that can reach more, by a key for their policy."
    )


class NamespaceEntry(Entry):
    """What differs in one namespace."""

    dns: DnsEntry | None = Field(default=None, description="DNS for services of this namespace.")
    directions: DirectionsName | None = Field(
        default=None, description="`directions` of the project file, for services of this namespace."
    )
    baseline: BaselineEntry | None = Field(
        default=None, description="What holds for every pod; what it does not say is as in `cluster.baseline`."
    )


class ApiServerEntry(Entry):
    """Where pods reach the Kubernetes API server: endpoint addresses, as no selector can name it."""

    addresses: Annotated[list[Name], Field(min_length=1)] = Field(description="Networks or addresses.")
    port: Annotated[int, Field(ge=1, le=PORT_MAX)] = Field(default=6443, description="Port of the endpoints.")


class ClusterEntry(Entry):
    """Facts about the cluster."""

    dns: DnsEntry = Field(default=DnsEntry(), description="How pods reach DNS.")
    namespaces: dict[Name, NamespaceEntry] = Field(default={}, description="What differs in single namespaces.")
    baseline: BaselineEntry | None = Field(
        default=None, description="What holds for every pod, in each namespace that has services or its own baseline."
    )
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
