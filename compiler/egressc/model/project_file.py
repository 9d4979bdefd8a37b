"""The project file as it is written. Its JSON Schema comes from these models."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from egressc.model.audit import AuditKey
from egressc.model.catalog import AuditValues
from egressc.model.cluster import PRIVATE_RANGES
from egressc.model.dialect_entries import CiliumEntry, IstioEntry
from egressc.model.dialects import DIALECTS
from egressc.model.entries import (
    DirectionsName,
    DnsEntry,
    Entry,
    Name,
    PortEntry,
    Selection,
    Text,
    WorkloadsEntry,
)
from egressc.model.guardrails import GUARDRAIL_VERSIONS, HIGHEST_PRIORITY
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.project_tables import TablesEntry
from egressc.model.scalars import PORT_MAX

CodeId = Annotated[str, Field(pattern="^EG[0-9]{3}$")]


class OpeningEntry(Entry):
    """A name at the other end of connections, with the ports that are open."""

    name: Name = Field(description="Name of a service, destination or caller, as tables write it.")
    ports: Literal["any"] | list[int | Name | PortEntry] = Field(description='Pod ports, or "any".')


class OptInEntry(Entry):
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
    opt_ins: dict[Name, OptInEntry] | None = Field(
        default=None, description="Pods that can reach more, by a key for their policy."
    )


class NamespaceEntry(Entry):
    """What differs in one namespace."""

    labels: dict[str, str] | None = Field(
        default=None, description="All labels of the namespace, by which guardrails select it."
    )
    dns: DnsEntry | None = Field(default=None, description="DNS for services of this namespace.")
    directions: DirectionsName | None = Field(
        default=None, description="`directions` of the project file, for services of this namespace."
    )
    baseline: BaselineEntry | None = Field(
        default=None, description="What holds for every pod; what it does not say is as in `cluster.baseline`."
    )


class ApiServerEntry(Entry):
    """Where pods reach the Kubernetes API server: endpoint addresses, as no selector can name it."""

    addresses: Annotated[list[Name], Field(min_length=1)] = Field(
        default=[], description="Networks or addresses; the dialect Cilium, which has a name for it, needs none."
    )
    port: Annotated[int, Field(ge=1, le=PORT_MAX)] = Field(default=6443, description="Port of the endpoints.")
    calls_from: Literal["konnectivity"] | Annotated[list[Name], Field(min_length=1)] | None = Field(
        default=None,
        description="Where it calls admission webhooks from, if not from `addresses`: a list of networks such as "
        "[192.0.2.64/28], or `konnectivity`, the pods of its agent.",
    )


class GuardrailEntry(Entry):
    """What no table, baseline or extra rule can open."""

    purpose: Text = Field(default="", description="Reason, for people.")
    namespaces: Selection | None = Field(
        default=None, description="Labels of the namespaces whose pods it guards. Default: all namespaces."
    )
    pods: Selection | None = Field(default=None, description="Labels of the pods that it guards. Default: all pods.")
    deny_to: list[Name | OpeningEntry] = Field(
        default=[], description="What these pods cannot reach, on every port unless given."
    )
    deny_from: list[Name | OpeningEntry] = Field(
        default=[], description="What cannot reach these pods, on every port unless given."
    )
    except_to: list[Name | OpeningEntry] = Field(
        default=[], description="What `denyTo` leaves out: rules can open it, on every port unless given."
    )
    except_from: list[Name | OpeningEntry] = Field(
        default=[], description="What `denyFrom` leaves out: rules can open it, on every port unless given."
    )


class GuardrailPoliciesEntry(Entry):
    """Policies of the whole cluster that enforce guardrails, where the cluster knows such policies."""

    api_version: str = Field(
        description="Which policies it knows: policy.networking.k8s.io/v1alpha2 or v1beta1 (ClusterNetworkPolicy), "
        "policy.networking.k8s.io/v1alpha1 (AdminNetworkPolicy), networking.k8s.aws/v1alpha1 (Amazon EKS), or "
        "projectcalico.org/v3 (Calico).",
        json_schema_extra={"enum": [*GUARDRAIL_VERSIONS]},
    )
    namespace: Name = Field(default="kube-system", description="Namespace of their Helm release.")
    priority: Annotated[int, Field(ge=0, le=HIGHEST_PRIORITY)] = Field(
        default=0, description="Priority of the first guardrail, asked first; each of the following has one more."
    )


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
    cilium: CiliumEntry | None = Field(default=None, description="Which Cilium it is, for the dialect Cilium.")
    istio: IstioEntry | None = Field(default=None, description="The egress gateway or waypoint, for the dialect Istio.")
    guardrails: GuardrailPoliciesEntry | None = Field(
        default=None, description="Policies of the whole cluster that enforce the guardrails; without it, checks do."
    )


class AllowEntry(Entry):
    """A finding that is meant."""

    code: CodeId = Field(description="Code to allow; of errors, only EG474 can be allowed.")
    reason: Annotated[str, Field(min_length=1, max_length=4096)] = Field(description="Reason.")
    service: Name | None = Field(default=None, description="Only findings about this service (its name or id).")
    destination: Name | None = Field(default=None, description="Only findings about this destination (name or id).")


class AuditEntry(Entry):
    """What a destination outside the cluster states; `*` in a value stands for any characters."""

    owner: AuditValues | None = Field(default=None, description="Owners, each a text.")
    region: AuditValues | None = Field(default=None, description="Regions, such as eu-*.")
    via: AuditValues | None = Field(default=None, description="Ways out, such as the address of a NAT gateway.")
    data: AuditValues | None = Field(default=None, description="Classes of data.")


class AuditRuleEntry(Entry):
    """What every destination outside the cluster that something reaches must state."""

    when: AuditEntry | None = Field(
        default=None, description="Only destinations with one of these values of each key. Default: all."
    )
    require: Annotated[list[AuditKey], Field(min_length=1)] | AuditEntry = Field(
        description="Keys that must have a value; or, as a map, the only values that they can have."
    )
    reason: Text = Field(default="", description="Reason, for people.")


class ArgoCdEntry(Entry):
    """Argo CD, as its owners set it up."""

    namespace: Name = Field(default="argocd", description="Namespace of the ApplicationSet.")
    project: Name = Field(default="default", description="Argo CD project of the applications.")
    cluster: Name = Field(default="in-cluster", description="Cluster to install in, by its name in Argo CD.")


class FluxEntry(Entry):
    """Flux, as its owners set it up."""

    namespace: Name = Field(default="flux-system", description="Namespace of the sources and the Kustomization.")


class ExportEntry(Entry):
    """What `egressc export` writes for GitOps tools."""

    folder: Name = Field(default="gitops", description="Folder for exported files, relative to this file.")
    name: Name = Field(
        default="network-policies", description="Name of the objects that it writes for all services together."
    )
    repository: Text = Field(default="", description="URL from which the tools read the Git repository.")
    revision: Name = Field(default="main", description="Branch that they follow.")
    charts: Text = Field(
        default="",
        description="Registry with the charts, as oci://HOST/PATH; if empty, the charts are written to the folder.",
    )
    argocd: ArgoCdEntry = Field(default=ArgoCdEntry(), description="How Argo CD is set up.")
    flux: FluxEntry = Field(default=FluxEntry(), description="How Flux is set up.")


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
    guardrails: dict[Name, GuardrailEntry] = Field(
        default={}, description="What no table, baseline or extra rule can open, by a key for its policy."
    )
    tables: TablesEntry = Field(default=TablesEntry(), description="How tables are read.")
    export: ExportEntry = Field(default=ExportEntry(), description="What `egressc export` writes for GitOps tools.")
    allow: list[AllowEntry] = Field(default=[], description="Allowed findings, each with a reason.")
    audit: list[AuditRuleEntry] = Field(
        default=[], description="What destinations outside the cluster must state, for audits."
    )
    environments: Annotated[dict[Name, dict[str, Any] | None], Field(min_length=1)] = Field(
        default={},
        description="What differs in each environment, with the keys of this file, by the name of the environment.",
    )


OF_ENVIRONMENTS: Final = tuple(
    field.alias or name
    for name, field in ProjectDocument.model_fields.items()
    if name not in ("environments", "values")
)
"""The keys of the project file that an environment can have."""
