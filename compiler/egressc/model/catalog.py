"""The catalog: what exists, for all that the tables leave out. Its JSON Schema comes from the document models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from egressc.model.entries import (
    BlockEntry,
    DirectionsName,
    DnsEntry,
    Entry,
    Name,
    PeerEntry,
    PortEntry,
    ProtocolName,
    Selection,
    Text,
)
from egressc.model.gateway import REQUESTS_MAX, RateUnit, TlsMode
from egressc.model.policy import Directions, Dns
from egressc.model.requirements import Facts
from egressc.source import Located, Span

AuditValues = Name | Annotated[list[Name], Field(min_length=1)]


class DefaultsEntry(Entry):
    """The convention of the platform, stated once: what holds where neither table nor entry says otherwise."""

    namespace: Name | None = Field(default=None, description="Namespace of services and destinations.")
    selector: Annotated[dict[str, str], Field(min_length=1)] | None = Field(
        default=None,
        description='Labels of pods; "{id}" in a value is replaced by the id of the service or destination.',
    )
    service_account: Name | None = Field(
        default=None,
        description='Service account of services; "{id}" is replaced by the id of the service.',
    )


class RateLimitEntry(Entry):
    """How many requests an egress gateway passes on."""

    requests: Annotated[int, Field(ge=1, le=REQUESTS_MAX)] = Field(description="Requests in one unit of time.")
    per: RateUnit = Field(description="The unit of time.")


class GatewayUseEntry(Entry):
    """How an egress gateway of Istio leads to the hosts of a destination."""

    tls: TlsMode = Field(
        default="passthrough",
        description="passthrough: clients open TLS; originate: they speak plain HTTP, and the gateway opens TLS to "
        "port 443 of the host.",
    )
    rate_limit: RateLimitEntry | None = Field(
        default=None,
        description="Requests that each pod of the gateway passes on, of all clients together; needs `tls: originate`.",
    )


class DestinationEntry(Entry):
    """A destination, or what a table leaves out about a service or destination of the same name."""

    id: Name | None = Field(default=None, description="DNS-1123 label used as key; made from the name unless given.")
    aliases: list[Name] = Field(default=[], description="Further names that tables use for it.")
    preset: Name | None = Field(
        default=None, description="Preset that completes the entry; `egressc presets` lists them."
    )
    at: Name | Annotated[list[Name], Field(min_length=1)] | None = Field(
        default=None,
        description="Where it is, in one key: NAMESPACE/LABEL=VALUE (further labels after commas), addresses and "
        "networks, or a DNS name.",
    )
    namespace: Name | None = Field(default=None, description="Namespace its pods run in.")
    namespaces: Literal["any"] | Selection | None = Field(
        default=None, description='In place of `namespace`: "any", or labels of namespaces.'
    )
    selector: Literal["any pod"] | Selection | None = Field(
        default=None, description='Labels of its pods, a LabelSelector, or "any pod": the whole namespace.'
    )
    to: list[PeerEntry] = Field(default=[], description="In place of namespace and selector: NetworkPolicyPeer items.")
    ports: Literal["any"] | list[int | Name | PortEntry] | None = Field(
        default=None, description='Pod ports it listens on: numbers, "8000-8100", names, entries; or "any".'
    )
    protocol: ProtocolName | None = Field(default=None, description="Protocol of ports that name none. Default: TCP.")
    purpose: Text | None = Field(default=None, description="What it is needed for, where no row says so.")
    hosts: list[Name] = Field(default=[], description="DNS names outside the cluster, for dialects that know names.")
    gateway: GatewayUseEntry | None = Field(
        default=None, description="How the egress gateway leads to its hosts, for the dialect Istio."
    )
    service_account: Name | None = Field(
        default=None,
        description="Service account that only the pods of this service have, by which an egress gateway of Istio "
        "knows them.",
    )
    addresses: list[Name | BlockEntry] = Field(default=[], description="Networks outside the cluster.")
    policy: Literal["none"] | None = Field(
        default=None,
        description='"none": it never gets a policy. A person, a load balancer, or what another chart manages.',
    )
    internet: bool = Field(default=False, description="Every address except the cluster's private ranges.")
    owner: AuditValues | None = Field(
        default=None, description="For audits, of a destination outside the cluster: who owns it."
    )
    region: AuditValues | None = Field(default=None, description="For audits: where it is, such as eu-west-1.")
    via: AuditValues | None = Field(
        default=None,
        description="For audits: how traffic leaves for it, such as the address of a NAT gateway, or VPC Lattice.",
    )
    data: AuditValues | None = Field(
        default=None, description="For audits: classes of the data that leave for it, such as personal."
    )
    dns: DnsEntry | None = Field(
        default=None, description="How this service reaches DNS, in place of what the project file says."
    )
    directions: DirectionsName | None = Field(
        default=None,
        description="What the policy of this service limits, in place of what the project file says: egress, ingress "
        "or both.",
    )


class GroupEntry(Entry):
    """Names that one name stands for; a service that asks for a group it is in never gets a rule to itself."""

    members: list[Name] = Field(default=[], description="Names of services and destinations.")
    all_services: bool = Field(default=False, description="Every service of the tables is a member.")
    excepts: list[Name] = Field(default=[], alias="except", description="Services that `allServices` leaves out.")


class CatalogDocument(Entry):
    """A catalog file."""

    defaults: DefaultsEntry = Field(default=DefaultsEntry(), description="The convention of the platform.")
    destinations: dict[Name, DestinationEntry | None] = Field(default={}, description="Destinations by name.")
    groups: dict[Name, GroupEntry] = Field(default={}, description="Groups by name.")
    environments: dict[Name, dict[str, Any] | None] = Field(
        default={},
        description="What differs in each environment of the project, with the keys of this file, by its name.",
    )


OF_ENVIRONMENTS: Final = ("defaults", "destinations", "groups")
"""The keys of a catalog that an environment can have."""


class AddressListDocument(Entry):
    """A published list of networks, as `egressc presets --refresh` writes it."""

    source: Annotated[str, Field(min_length=1, max_length=4096)] = Field(description="Where the list is published.")
    only: list[Name] = Field(
        default=[], description="What of it: names of sections, or values of fields such as `service=S3`."
    )
    date: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] = Field(
        description="When it last changed, as YYYY-MM-DD."
    )
    addresses: Annotated[list[Name], Field(min_length=1)] = Field(description="Networks.")


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A destination of the catalog, checked. `spans` holds the places of single keys, by their names in the file.

    `directions` are empty where the project file decides.
    """

    name: Located[str]
    id: Located[str] | None
    aliases: tuple[Located[str], ...]
    facts: Facts
    purpose: str
    spans: Mapping[str, Span]
    is_spoiled: bool = False
    dns: Dns | None = None
    has_no_policy: bool = False
    directions: Directions = ()
    preset: Located[str] | None = None

    @property
    def can_have_policy(self) -> bool:
        """Whether it may be pods of the cluster that a policy of ours selects."""
        facts = self.facts
        return not (self.has_no_policy or facts.addresses or facts.internet or facts.is_external or facts.hosts)


@dataclass(frozen=True, slots=True)
class Group:
    name: Located[str]
    members: tuple[Located[str], ...]
    all_services: bool
    excepts: tuple[Located[str], ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All catalog files as one, sorted by name."""

    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    service_account: str = ""
    entries: tuple[CatalogEntry, ...] = ()
    groups: tuple[Group, ...] = ()
