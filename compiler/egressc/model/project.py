"""The project: where the sources are and what the cluster is like, as the project file says it, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from egressc.model.audit import AuditRule
from egressc.model.cluster import Cluster
from egressc.model.environments import NO_ENVIRONMENTS, Environments
from egressc.model.guardrails import GuardrailSettings
from egressc.model.policy import EGRESS_ONLY, AddressPeer, Directions
from egressc.model.records import Kind, Role
from egressc.model.workloads import WorkloadFiles
from egressc.source import Located, Span


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


class AddressListFile(NamedTuple):
    """The name of a destination, and the file with its networks."""

    name: Located[str]
    path: Located[str]


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What `egressc export` cannot know: where the repository is, and how its owners set up the tools.

    `charts`: a registry such as "oci://registry.example.com/charts"; empty: the charts are exported too. `cluster`: as
    Argo CD names it; empty for an environment that does not say it.
    """

    folder: str = "gitops"
    name: str = "network-policies"
    repository: str = ""
    revision: str = "main"
    charts: str = ""
    argocd_namespace: str = "argocd"
    argocd_project: str = "default"
    argocd_cluster: str = "in-cluster"
    flux_namespace: str = "flux-system"
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """What the project file says, checked; the defaults where there is none. Paths are as written."""

    sources: tuple[Located[str], ...] = ()
    catalogs: tuple[Located[str], ...] = ()
    values: str = "values"
    chart: str | None = None
    cluster: Cluster = field(default_factory=Cluster)
    tables: TableRules = TableRules()
    allowances: tuple[Allowance, ...] = ()
    values_place: Span | None = None
    outside_folders: tuple[str, ...] = ()
    directions: Directions = EGRESS_ONLY
    namespace_directions: Mapping[str, Directions] = field(default_factory=dict)
    address_lists: tuple[AddressListFile, ...] = ()
    other_policies: tuple[Located[str], ...] = ()
    workloads: tuple[WorkloadFiles, ...] = ()
    export: ExportSettings = ExportSettings()
    chart_place: Span | None = None
    guardrails: tuple[GuardrailSettings, ...] = ()
    audit_rules: tuple[AuditRule, ...] = ()
    environments: Environments = NO_ENVIRONMENTS

    @property
    def catalog_files(self) -> tuple[Located[str], ...]:
        """Paths of catalogs and address lists."""
        return (*self.catalogs, *(it.path for it in self.address_lists))
