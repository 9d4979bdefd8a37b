"""Parts that YAML documents share: the strict base of their models, selectors and addresses as people write them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from egressc.model.policy import DNS_PROFILES_FIT, DnsProfile
from egressc.model.scalars import PORT_MAX

Name = Annotated[str, Field(min_length=1, max_length=253, pattern=r"\S")]
Text = Annotated[str, Field(max_length=4096)]
DirectionsName = Literal["egress", "ingress", "both"]
ProtocolName = Literal["TCP", "UDP", "SCTP"]


class Entry(BaseModel):
    """A mapping of a document: no key it does not know, no value of another type, keys in camelCase."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, use_enum_values=True)


class ExpressionEntry(Entry):
    """One item of `matchExpressions` of a Kubernetes LabelSelector."""

    key: Name = Field(description="Label key.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"] = Field(description="How the label is compared.")
    values: list[str] = Field(default=[], description="Label values; In and NotIn need at least one.")


class SelectorEntry(Entry):
    """A Kubernetes LabelSelector."""

    match_labels: dict[str, str] = Field(default={}, description="Labels that must all be there.")
    match_expressions: list[ExpressionEntry] = Field(default=[], description="Further conditions, all of them.")


class BlockEntry(Entry):
    """A network without some parts of it: a Kubernetes ipBlock."""

    cidr: Name = Field(description="Network as address/length, in canonical form.")
    excepts: list[Name] = Field(default=[], alias="except", description="Networks strictly inside `cidr` to exclude.")


class PeerEntry(Entry):
    """A Kubernetes NetworkPolicyPeer: selectors in one item are AND, separate items are OR."""

    namespace_selector: SelectorEntry | None = Field(default=None, description="Namespaces; `{}` is every namespace.")
    pod_selector: SelectorEntry | None = Field(default=None, description="Pods; alone: of the policy's own namespace.")
    ip_block: BlockEntry | None = Field(default=None, description="Addresses outside the cluster.")


class PortEntry(Entry):
    """One port that a destination listens on; where its Service has another number, both."""

    port: int | Name = Field(description='Pod port: 8080, a range "8000-8100", or the name of a container port.')
    service_port: Annotated[int, Field(ge=1, le=PORT_MAX)] | None = Field(
        default=None, description="Port of the Service in front, where it differs from the pod's."
    )
    protocol: ProtocolName | None = Field(default=None, description="Default: TCP.")
    name: Name | None = Field(default=None, description="Name of the port, for readers.")


class DnsEntry(Entry):
    """How pods reach DNS."""

    profile: DnsProfile = Field(default="kube-dns", description=f"write {DNS_PROFILES_FIT}")
    to: list[PeerEntry] = Field(default=[], description="Peers of the profile `custom`.")
    ports: list[Annotated[int, Field(ge=1, le=PORT_MAX)] | PortEntry] = Field(
        default=[], description="Ports of the profile `custom`; a bare number is UDP and TCP."
    )


# A map of labels, or a whole LabelSelector.
Selection = SelectorEntry | Annotated[dict[str, str], Field(min_length=1)]


class WorkloadsEntry(Entry):
    """Manifests without a namespace, as `helm template` prints them, and where they are installed."""

    files: Name = Field(description="A file, or a pattern of files.")
    namespace: Name = Field(description="Namespace of the objects that name none.")
