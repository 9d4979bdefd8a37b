"""The values contract: what a service's values file may say. The JSON Schemas of the charts come from it.

Maps merge when Helm joins several `-f` files, and a later file drops a key with null. Helm leaves that null in place
where the chart has no default, so labels and the optional members of maps accept it, and the templates take it for
"not given". Lists are replaced whole: inside one, null is a mistake.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from egressc.contract.dialects import NAMES_ITS_PEERS, DialectValues, Entity, given, not_given
from egressc.contract.document import Release, ValuesRoot
from egressc.contract.fields import (
    DnsLabel,
    HostPattern,
    LabelValue,
    ManagedAnnotationKey,
    ManagedLabelKey,
    PortOrName,
)
from egressc.contract.guardrails import (
    GUARDRAILS_DESCRIPTION,
    NAMESPACE_LABELS_DESCRIPTION,
    Guardrails,
    NamespaceLabels,
)
from egressc.contract.kubernetes import (
    LEFT_OUT,
    LabelExpression,
    NetworkPolicyEgressRule,
    NetworkPolicyIngressRule,
    NetworkPolicyPeer,
    NetworkPolicyPort,
    Shape,
)
from egressc.contract.probe import MergedLabels, Probe
from egressc.model.entries import ProtocolName
from egressc.model.policy import DNS_PROFILES_FIT, DnsProfile


class PodSelector(Shape):
    """The pods of the service, by their labels: never empty, so that no policy takes in a whole namespace."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "anyOf": [
                # Not all of them null, which an empty map satisfies too.
                given("object", "matchLabels", **{"not": {"additionalProperties": {"type": "null"}}}),
                given("array", "matchExpressions", minItems=1),
            ],
        }
    )

    match_labels: MergedLabels | None = Field(default=None, description="Labels that must have exactly these values.")
    match_expressions: list[LabelExpression] | None = Field(
        default=None, description="Further requirements, all of which must hold."
    )


class DependencyPort(NetworkPolicyPort):
    """A port of a dependency: port and protocol are both written, so that nothing is left to a default."""

    port: PortOrName = Field(
        description="The port of the pod (not of its Service): a number 1..65535, or the name of a container port."
    )
    protocol: ProtocolName = Field(description="The protocol.")


Peers = Annotated[list[NetworkPolicyPeer], Field(min_length=1)]
Ports = Annotated[list[DependencyPort], Field(min_length=1)]


class _NamedRule(Shape):
    """A rule with a name. Its peers and its ports are always written."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": given("array", "allPorts"),
            "then": not_given("ports"),
            "else": given("array", "ports"),
        }
    )

    name: str | None = Field(default=None, description="The name of the other end, for people.")
    purpose: str | None = Field(default=None, description="Why the connection is needed, for people.")
    hosts: list[HostPattern] | None = Field(
        default=None,
        description="DNS names, for dialects with rules by name: *.NAME for one label more, **.NAME for one or more.",
    )
    entities: Annotated[list[Entity], Field(min_length=1)] | None = Field(
        default=None, description="What the network plugin knows by these names, for dialects that have them."
    )
    ports: Ports | None = Field(default=None, description="On which ports; excludes allPorts.")
    all_ports: Annotated[list[ProtocolName], Field(min_length=1)] | None = Field(
        default=None,
        description="Every port of these protocols; excludes ports.",
        json_schema_extra={"uniqueItems": True},
    )


class Dependency(_NamedRule):
    """What the service depends on: a rule with a name. What may be reached, and on which ports, is always written."""

    to: Peers | None = Field(
        default=None,
        description="Who may be reached; at least one peer. Where the dialect has rules for `hosts` and `entities`, "
        "these take its place.",
    )


class Caller(_NamedRule):
    """Who calls the service: a rule with a name. Who may connect, and to which ports, is always written."""

    from_: Peers | None = Field(
        default=None,
        alias="from",
        description="Who may connect; at least one peer. Where the dialect has rules for `entities`, these take its "
        "place.",
    )


class DnsValues(Shape):
    """How the service resolves names: over UDP and TCP, at the cluster's DNS and nowhere else."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["profile"], "properties": {"profile": {"const": "custom"}}},
            "then": given("array", "to", "ports"),
            "else": not_given("to", "ports"),
        }
    )

    profile: DnsProfile = Field(description=f"Where the cluster's DNS answers: {DNS_PROFILES_FIT}.")
    to: Peers | None = Field(default=None, description="Only for the profile custom: who answers.")
    ports: Ports | None = Field(default=None, description="Only for the profile custom: on which ports.")


_NOTHING: dict[str, Any] = {"additionalProperties": {"type": "null"}}


def _without(policy_type: str) -> dict[str, Any]:
    """JSON Schema for: policyTypes does not list this one, be it by its default, Egress alone."""
    listed = {"type": "array", "contains": {"const": policy_type}}
    written = {"required": ["policyTypes"], "properties": {"policyTypes": listed}}
    if policy_type == "Ingress":
        return {"not": written}
    return {**given("array", "policyTypes"), "not": written}


def _unlimited(policy_type: str, *named: str, extras: str) -> dict[str, Any]:
    """JSON Schema for: what a policy does not limit cannot have rules, which would be ignored."""
    return {
        "if": _without(policy_type),
        "then": {"properties": dict.fromkeys(named, _NOTHING) | {extras: {"maxItems": 0}}},
    }


class NetworkPolicyValues(Shape):
    """The policy of one service."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"if": given("object", "release"), "then": given("object", "podSelector")},
                _unlimited("Ingress", "callers", extras="ingress"),
                _unlimited("Egress", "dependencies", extras="egress"),
                NAMES_ITS_PEERS,
            ]
        }
    )

    release: Release | None = Field(
        default=None, description="The release that the values are for; with it, podSelector is written too."
    )
    enabled: bool = Field(default=True, description="Whether to render the policy; false renders nothing.")
    dialect: DialectValues | None = Field(
        default=None, description="The kind of policy to render, if no NetworkPolicy."
    )
    pod_selector: PodSelector | None = Field(
        default=None, description="The pods of the service; without it, the chart's selector labels."
    )
    policy_types: Annotated[list[Literal["Ingress", "Egress"]], Field(min_length=1)] | None = Field(
        default=None,
        description="What the policy limits: Egress (the default), Ingress, or both.",
        json_schema_extra={"uniqueItems": True},
    )
    dns: DnsValues | None = Field(default=None, description="How the service resolves names.")
    dependencies: dict[DnsLabel, Dependency | None] = Field(
        default={},
        description="What the service may reach, by a stable key; null drops an entry of an earlier values file.",
    )
    callers: dict[DnsLabel, Caller | None] = Field(
        default={},
        description="Who may reach the service, like `dependencies`; only where policyTypes lists Ingress.",
    )
    egress: list[NetworkPolicyEgressRule] = Field(
        default=[], description="Your own rules, in Kubernetes syntax. `egressc compile` keeps them."
    )
    ingress: list[NetworkPolicyIngressRule] = Field(
        default=[], description="Your own rules for ingress; only where policyTypes lists Ingress."
    )
    guardrails: Guardrails = Field(default=LEFT_OUT, description=GUARDRAILS_DESCRIPTION)
    namespace_labels: NamespaceLabels = Field(default=LEFT_OUT, description=NAMESPACE_LABELS_DESCRIPTION)
    common_labels: dict[ManagedLabelKey, LabelValue | None] = Field(
        default={}, description="Labels to add to the policy."
    )
    common_annotations: dict[ManagedAnnotationKey, str | None] = Field(
        default={}, description="Annotations to add to the policy."
    )
    probe: Probe | None = Field(
        default=None, description="Connections that `helm test` tries from a pod of the policy; absent, none."
    )


class OptInValues(Shape):
    """Pods of a namespace that can reach more than its other pods."""

    pod_selector: PodSelector = Field(description="The pods, by the label with which they opt in.")
    dependencies: dict[DnsLabel, Dependency | None] = Field(
        default={}, description="What they can reach in addition, as `networkPolicy.dependencies`."
    )
    guardrails: Guardrails = Field(
        default=LEFT_OUT,
        description="What their rules cannot allow, as `networkPolicy.guardrails`; default: as for all pods.",
    )


class NamespacePolicyValues(Shape):
    """The policies of one namespace: of all its pods, and of those that opt in."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                _unlimited("Ingress", "callers", extras="ingress"),
                _unlimited("Egress", "dependencies", "optIns", extras="egress"),
                NAMES_ITS_PEERS,
            ]
        }
    )

    release: Release = Field(default=LEFT_OUT, description="The release that the values are for.")
    enabled: bool = Field(default=True, description="Whether to render the policies; false renders nothing.")
    dialect: DialectValues | None = Field(
        default=None, description="The kind of policy to render, if no NetworkPolicy."
    )
    policy_types: Annotated[list[Literal["Ingress", "Egress"]], Field(min_length=1)] | None = Field(
        default=None,
        description="What the policy limits: Egress (the default), Ingress, or both.",
        json_schema_extra={"uniqueItems": True},
    )
    dns: DnsValues | None = Field(default=None, description="How all pods resolve names.")
    dependencies: dict[DnsLabel, Dependency | None] = Field(
        default={},
        description="What all pods can reach, by a stable key; null removes an entry of an earlier values file.",
    )
    callers: dict[DnsLabel, Caller | None] = Field(
        default={}, description="Who can reach all pods, like `dependencies`; only where policyTypes lists Ingress."
    )
    opt_ins: dict[DnsLabel, OptInValues | None] = Field(
        default={}, description="Pods that can reach more, by a stable key; only where policyTypes lists Egress."
    )
    egress: list[NetworkPolicyEgressRule] = Field(
        default=[], description="Your own rules for all pods, in Kubernetes syntax. `egressc compile` keeps them."
    )
    ingress: list[NetworkPolicyIngressRule] = Field(
        default=[], description="Your own rules for ingress; only where policyTypes lists Ingress."
    )
    guardrails: Guardrails = Field(default=LEFT_OUT, description=GUARDRAILS_DESCRIPTION)
    namespace_labels: NamespaceLabels = Field(default=LEFT_OUT, description=NAMESPACE_LABELS_DESCRIPTION)
    common_labels: dict[ManagedLabelKey, LabelValue | None] = Field(
        default={}, description="Labels to add to the policies."
    )
    common_annotations: dict[ManagedAnnotationKey, str | None] = Field(
        default={}, description="Annotations to add to the policies."
    )


class NamespaceValuesDocument(ValuesRoot):
    """Values of one namespace for the chart namespace-policy, as `egressc compile` writes them."""

    network_policy: NamespacePolicyValues = Field(default=LEFT_OUT, description="The policies of the namespace.")


class ValuesDocument(ValuesRoot):
    """Values of one service for the chart, as `egressc compile` writes them and people complete them."""

    network_policy: NetworkPolicyValues = Field(default=LEFT_OUT, description="The policy of the service.")
