"""Guardrails in the values contract: what they deny, for the checks of every chart and for the chart guardrail-policy.

Nothing in them may be null: in a later values file null would remove what the platform denies.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from egressc.contract.dialects import given, not_given
from egressc.contract.document import Release, ValuesRoot
from egressc.contract.fields import (
    Cidr,
    DnsLabel,
    LabelKey,
    LabelValue,
    ManagedAnnotationKey,
    ManagedLabelKey,
    PortNumber,
)
from egressc.contract.kubernetes import LEFT_OUT, LabelSelector, Shape
from egressc.model.entries import ProtocolName

_ONE_SIDE_AND_ITS_PORTS: Final[dict[str, Any]] = {
    "allOf": [
        {"if": given("array", one), "then": not_given(other), "else": given("array", other)}
        for one, other in (("from", "to"), ("allPorts", "ports"))
    ]
}


class GuardrailBlockValues(Shape):
    """Addresses, without exceptions: the compiler writes the networks that are left."""

    cidr: Cidr = Field(description="The network, such as 169.254.169.254/32 or fd00:ec2::254/128.")


class GuardrailPodsValues(Shape):
    """Pods of namespaces."""

    namespace_selector: LabelSelector = Field(description="Namespaces by labels; {} is every namespace.")
    pod_selector: LabelSelector = Field(
        default=LEFT_OUT, description="Pods in these namespaces by labels; without it, all of them."
    )


class GuardrailPeerValues(Shape):
    """The other end of what is denied: pods of namespaces, or addresses."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "dependencies": {"ipBlock": {"maxProperties": 1}, "podSelector": {"required": ["namespaceSelector"]}},
        }
    )

    ip_block: GuardrailBlockValues = Field(
        default=LEFT_OUT, alias="ipBlock", description="Addresses; excludes both selectors."
    )
    namespace_selector: LabelSelector = Field(
        default=LEFT_OUT, description="Namespaces by labels; {} is every namespace."
    )
    pod_selector: LabelSelector = Field(
        default=LEFT_OUT, description="Pods in these namespaces by labels; without it, all of them."
    )


class GuardrailPortValues(Shape):
    """A port that is denied, or a range of ports. It has no name: which pod gives it the name is not known."""

    port: PortNumber = Field(description="The port of the pod: a number 1..65535.")
    end_port: PortNumber = Field(default=LEFT_OUT, description="The last port of a range that starts at `port`.")
    protocol: ProtocolName = Field(description="The protocol.")


class _GuardrailRule(Shape):
    """What both kinds of rules have."""

    model_config = ConfigDict(json_schema_extra=_ONE_SIDE_AND_ITS_PORTS)

    to: Annotated[list[GuardrailPeerValues], Field(min_length=1)] = Field(
        default=LEFT_OUT, description="Who cannot be reached; cannot be used with `from`."
    )
    ports: Annotated[list[GuardrailPortValues], Field(min_length=1)] = Field(
        default=LEFT_OUT, description="On which ports; excludes allPorts."
    )
    all_ports: Annotated[list[ProtocolName], Field(min_length=1)] = Field(
        default=LEFT_OUT,
        description="Every port of these protocols; excludes ports.",
        json_schema_extra={"uniqueItems": True},
    )


class GuardrailRuleValues(_GuardrailRule):
    """What a guardrail denies in one direction."""

    from_: Annotated[list[GuardrailPeerValues], Field(min_length=1)] = Field(
        default=LEFT_OUT, alias="from", description="Who cannot connect; cannot be used with `to`."
    )


class ClusterGuardrailRuleValues(_GuardrailRule):
    """What a cluster-wide policy denies in one direction. These policies have no addresses under `from`."""

    from_: Annotated[list[GuardrailPodsValues], Field(min_length=1)] = Field(
        default=LEFT_OUT, alias="from", description="Which pods cannot connect; cannot be used with `to`."
    )


class GuardrailValues(Shape):
    """A guardrail whose pods the policy may be for: the chart refuses rules that allow what it denies."""

    purpose: str = Field(default=LEFT_OUT, description="Why it denies this, for people.")
    rules: Annotated[list[GuardrailRuleValues], Field(min_length=1)] = Field(description="What it denies.")


Guardrails = dict[DnsLabel, GuardrailValues]
GUARDRAILS_DESCRIPTION: Final = "What no rule may allow, by the name of the guardrail in the project file."

NamespaceLabels = dict[DnsLabel, dict[LabelKey, LabelValue]]
NAMESPACE_LABELS_DESCRIPTION: Final = (
    "Namespaces by name with all their labels that guardrails select by; any other namespace can have any labels."
)


class ClusterGuardrailValues(Shape):
    """A guardrail as a cluster-wide policy."""

    purpose: str = Field(default=LEFT_OUT, description="Why it denies this, for people.")
    priority: Annotated[int, Field(ge=0, le=1000)] = Field(
        description="The priority of the policy, 0..1000: lower ones come first."
    )
    namespace_selector: LabelSelector = Field(description="The namespaces that it guards; {} is every namespace.")
    pod_selector: LabelSelector = Field(
        default=LEFT_OUT, description="The pods in these namespaces that it guards; without it, all of them."
    )
    rules: Annotated[list[ClusterGuardrailRuleValues], Field(min_length=1)] = Field(description="What it denies.")


class GuardrailPolicyValues(Shape):
    """The cluster-wide policies of all guardrails."""

    release: Release = Field(description="The release that the values are for.")
    enabled: bool = Field(default=True, description="Whether to render the policies; false renders nothing.")
    api_version: Literal[
        "policy.networking.k8s.io/v1alpha2",
        "policy.networking.k8s.io/v1beta1",
        "policy.networking.k8s.io/v1alpha1",
        "networking.k8s.aws/v1alpha1",
        "projectcalico.org/v3",
    ] = Field(
        description="The API of the policies: ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2, v1beta1 or of "
        "networking.k8s.aws/v1alpha1 (EKS), AdminNetworkPolicy of policy.networking.k8s.io/v1alpha1, or "
        "GlobalNetworkPolicy of projectcalico.org/v3 in a tier."
    )
    guardrails: Annotated[dict[DnsLabel, ClusterGuardrailValues], Field(min_length=1)] = Field(
        description="The guardrails by their names in the project file."
    )
    common_labels: dict[ManagedLabelKey, LabelValue | None] = Field(
        default={}, description="Labels to add to the policies."
    )
    common_annotations: dict[ManagedAnnotationKey, str | None] = Field(
        default={}, description="Annotations to add to the policies."
    )


class GuardrailValuesDocument(ValuesRoot):
    """Values of the cluster's guardrails for the chart guardrail-policy, as `egressc compile` writes them."""

    network_policy: GuardrailPolicyValues = Field(default=LEFT_OUT, description="The policies of the guardrails.")
