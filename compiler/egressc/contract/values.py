"""The values contract: what a service's values file may say. The JSON Schemas of the charts come from it.

Maps merge when Helm joins several `-f` files, and a later file drops a key with null. Helm leaves that null in place
where the chart has no default, so labels and the optional members of maps accept it, and the templates take it for
"not given". Lists are replaced whole: inside one, null is a mistake.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from egressc.contract.fields import (
    DNS_LABEL_KEYS,
    MANAGED_ANNOTATION_KEYS,
    MANAGED_LABEL_KEYS,
    DnsLabel,
    DnsLabelKey,
    DnsSubdomain,
    HostName,
    LabelValue,
    ManagedAnnotationKey,
    ManagedLabelKey,
    PortOrName,
)
from egressc.contract.kubernetes import (
    LabelExpression,
    Member,
    NetworkPolicyEgressRule,
    NetworkPolicyPeer,
    NetworkPolicyPort,
    ProtocolName,
)
from egressc.contract.probe import MergedLabels, Probe
from egressc.model import scalars
from egressc.model.policy import DNS_PROFILES_FIT, DnsProfile

CommonLabels = Annotated[Mapping[ManagedLabelKey, LabelValue | None], Field(json_schema_extra=MANAGED_LABEL_KEYS)]
CommonAnnotations = Annotated[
    Mapping[ManagedAnnotationKey, str | None], Field(json_schema_extra=MANAGED_ANNOTATION_KEYS)
]
# Holds for every map but an empty one and one whose members are all null, so that something remains in it.
HOLDS_SOMETHING: dict[str, Any] = {"not": {"additionalProperties": {"type": "null"}}}


def _given(kind: str, *names: str) -> dict[str, Any]:
    """JSON Schema for: each of these members is given, and is of this type (that is: not null)."""
    return {"required": list(names), "properties": {name: {"type": kind} for name in names}}


def _not_given(*names: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "null"} for name in names}}


class PodSelector(Member):
    """The pods of the service, by their labels: never empty, so that no policy takes in a whole namespace."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "anyOf": [
                {
                    "required": ["matchLabels"],
                    # Not all of them null, which an empty map satisfies too.
                    "properties": {
                        "matchLabels": {"type": "object", "not": {"additionalProperties": {"type": "null"}}}
                    },
                },
                {
                    "required": ["matchExpressions"],
                    "properties": {"matchExpressions": {"type": "array", "minItems": 1}},
                },
            ],
        }
    )

    match_labels: MergedLabels | None = Field(default=None, description="Labels that must have exactly these values.")
    match_expressions: Annotated[tuple[LabelExpression, ...], Field(strict=False)] | None = Field(
        default=None, description="Further requirements, all of which must hold."
    )

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        labels = self.match_labels or {}
        if all(value is None for value in labels.values()) and not self.match_expressions:
            raise ValueError("selects every pod of the namespace")
        return self


class DependencyPort(NetworkPolicyPort):
    """A port of a dependency: port and protocol are both written, so that nothing is left to a default."""

    port: PortOrName = Field(
        description="The port of the pod (not of its Service): a number 1..65535, or the name of a container port."
    )
    protocol: ProtocolName = Field(description="The protocol.")


Peers = Annotated[tuple[NetworkPolicyPeer, ...], Field(strict=False, min_length=1)]
Ports = Annotated[tuple[DependencyPort, ...], Field(strict=False, min_length=1)]


class Dependency(Member):
    """What the service depends on: a rule with a name. What may be reached, and on which ports, is always written."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": _given("array", "allPorts"),
            "then": _not_given("ports"),
            "else": _given("array", "ports"),
        }
    )

    name: str | None = Field(default=None, description="The destination's name, for people.")
    purpose: str | None = Field(default=None, description="Why the service needs it, for people.")
    hosts: Annotated[tuple[HostName, ...], Field(strict=False)] | None = Field(
        default=None, description="DNS names behind the addresses, for policy dialects that filter by name."
    )
    to: Peers = Field(description="Who may be reached; at least one peer.")
    ports: Ports | None = Field(default=None, description="On which ports; excludes allPorts.")
    all_ports: Annotated[tuple[ProtocolName, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None,
        description="Every port of these protocols; excludes ports.",
        json_schema_extra={"uniqueItems": True},
    )

    @model_validator(mode="after")
    def _says_its_ports_once(self) -> Self:
        if (self.ports is None) is (self.all_ports is None):
            raise ValueError("a dependency has either ports or allPorts")
        if self.all_ports is not None and len(set(self.all_ports)) < len(self.all_ports):
            raise ValueError("allPorts names a protocol twice")
        return self


class Dns(Member):
    """How the service resolves names: over UDP and TCP, at the cluster's DNS and nowhere else."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["profile"], "properties": {"profile": {"const": "custom"}}},
            "then": _given("array", "to", "ports"),
            "else": _not_given("to", "ports"),
        }
    )

    profile: DnsProfile = Field(description=f"Where the cluster's DNS answers: {DNS_PROFILES_FIT}.")
    to: Peers | None = Field(default=None, description="Of the profile custom alone: who answers.")
    ports: Ports | None = Field(default=None, description="Of the profile custom alone: on which ports.")

    @model_validator(mode="after")
    def _custom_alone_has_peers(self) -> Self:
        given = (self.to is not None, self.ports is not None)
        if given != ((True, True) if self.profile == "custom" else (False, False)):
            raise ValueError("to and ports belong to the profile custom, which needs both")
        return self


class Release(Member):
    """The Helm release that the values are for. A policy in another namespace would protect no pod of the service."""

    name: DnsSubdomain = Field(description="The name of the release; the chart service-policy refuses another one.")
    namespace: DnsLabel = Field(description="The namespace of the release; every chart refuses another one.")


class NetworkPolicyValues(Member):
    """The egress policy of one service."""

    model_config = ConfigDict(
        json_schema_extra={"if": _given("object", "release"), "then": _given("object", "podSelector")}
    )

    release: Release | None = Field(
        default=None, description="The release that the values are for; with it, podSelector is written too."
    )
    enabled: bool = Field(default=True, description="Whether there is a policy at all; false renders nothing.")
    pod_selector: PodSelector | None = Field(
        default=None, description="The pods of the service; without it, the chart's selector labels."
    )
    dns: Dns | None = Field(default=None, description="How the service resolves names.")
    dependencies: Annotated[Mapping[DnsLabelKey, Dependency | None], Field(json_schema_extra=DNS_LABEL_KEYS)] = Field(
        default_factory=dict,
        description="What the service may reach, by a stable key; null drops an entry of an earlier values file.",
    )
    egress: Annotated[tuple[NetworkPolicyEgressRule, ...], Field(strict=False)] = Field(
        default=(), description="Extra rules of one's own, as Kubernetes writes them; compiling leaves them alone."
    )
    common_labels: CommonLabels = Field(default_factory=dict, description="Labels to add to the policy.")
    common_annotations: CommonAnnotations = Field(default_factory=dict, description="Annotations to add to the policy.")
    probe: Probe | None = Field(
        default=None, description="Connections that `helm test` tries from a pod of the policy; absent, none."
    )

    @model_validator(mode="after")
    def _release_has_its_pods(self) -> Self:
        if self.release is not None and self.pod_selector is None:
            raise ValueError("values that are for one release say which pods they are for")
        return self


NameOverride = Annotated[
    str,
    Field(max_length=scalars.DNS_LABEL_MAX, pattern=f"^(?:{scalars.DNS_LABEL_PATTERN[1:-1]})?$"),
]


class ServiceValues(Member):
    """Values of one service for the chart, as `egressc compile` writes them and people complete them."""

    network_policy: NetworkPolicyValues = Field(
        default_factory=NetworkPolicyValues, description="The egress policy of the service."
    )
    name_override: NameOverride | None = Field(
        default=None, description="Replaces the chart's name in resource names and labels; empty: not replaced."
    )
    fullname_override: NameOverride | None = Field(
        default=None, description="Replaces the whole resource name; empty: made from release and chart name."
    )
    global_: Mapping[str, Any] | None = Field(
        default=None, alias="global", description="Values that Helm hands to every chart; this one reads none."
    )
