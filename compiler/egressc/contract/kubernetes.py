"""Kubernetes' own types as a values file holds them: selectors, peers, ports and rules.

Strict where the API server is. What JSON Schema cannot compare, such as `endPort` with `port`, is in `arithmetic`.

Source: networking.k8s.io/v1 NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyEgressRule, NetworkPolicyIngressRule;
meta/v1 LabelSelector.
"""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from egressc.contract.fields import Cidr, LabelKey, LabelValue, PortNumber, PortOrName
from egressc.model.entries import ProtocolName

# The default of an optional member that is never null: inside lists Helm merges nothing, and so drops nothing.
LEFT_OUT: Final[Any] = None


class Shape(BaseModel):
    """A map of the contract. The models say what the schemas are; nothing is read through them.

    Values files merge in maps, so an optional member outside of lists may be null, which is "not given".
    """

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, defer_build=True)


class LabelExpression(Shape):
    """One requirement on one label."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["operator"], "properties": {"operator": {"enum": ["Exists", "DoesNotExist"]}}},
            "then": {"properties": {"values": {"maxItems": 0}}},
            "else": {"required": ["values"], "properties": {"values": {"minItems": 1}}},
        }
    )

    key: LabelKey = Field(description="The key of the label.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"] = Field(
        description="How the label relates to the values: In and NotIn need at least one, Exists and DoesNotExist none."
    )
    values: list[LabelValue] = Field(default=[], description="The values of an In or NotIn.")


class LabelSelector(Shape):
    """Selects by labels; every part must hold. Empty, it selects everything."""

    match_labels: dict[LabelKey, LabelValue] = Field(
        default={}, description="Labels that must have exactly these values."
    )
    match_expressions: list[LabelExpression] = Field(
        default=[], description="Further requirements, all of which must hold."
    )


class IPBlock(Shape):
    """Addresses outside the cluster. Most network plugins do not match pods by address."""

    cidr: Cidr = Field(description="The network, such as 203.0.113.0/24 or 2001:db8::/64.")
    except_: list[Cidr] = Field(default=[], alias="except", description="Networks inside `cidr` that are excluded.")


class NetworkPolicyPeer(Shape):
    """The other end of connections: pods by labels (their own, their namespace's, or both), or addresses."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "dependencies": {"ipBlock": {"maxProperties": 1}}})

    ip_block: IPBlock = Field(default=LEFT_OUT, alias="ipBlock", description="Addresses; excludes both selectors.")
    namespace_selector: LabelSelector = Field(
        default=LEFT_OUT,
        description="Namespaces by labels; {} is every namespace. With podSelector: those pods in these namespaces.",
    )
    pod_selector: LabelSelector = Field(
        default=LEFT_OUT,
        description="Pods by labels; {} is every pod. Without namespaceSelector: pods of the policy's own namespace.",
    )


class NetworkPolicyPort(Shape):
    """A port of an extra rule, as Kubernetes has it: without `port` every port, without `protocol` TCP."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependencies": {"endPort": {"required": ["port"], "properties": {"port": {"type": "integer"}}}}
        }
    )

    port: PortOrName = Field(
        default=LEFT_OUT,
        description="The port of the pod (not of its Service): a number 1..65535, or the name of a container port.",
    )
    protocol: ProtocolName = Field(default=LEFT_OUT, description="The protocol. Default: TCP.")
    end_port: PortNumber = Field(
        default=LEFT_OUT, description="The last port of a range that starts at `port`, which must then be a number."
    )


class NetworkPolicyIngressRule(Shape):
    """An extra rule: any of these peers on any of these ports. Without `from` anyone, without `ports` every port."""

    from_: list[NetworkPolicyPeer] = Field(
        default=[], alias="from", description="Who may connect; missing or empty means everyone."
    )
    ports: list[NetworkPolicyPort] = Field(default=[], description="On which ports; missing or empty means every port.")


class NetworkPolicyEgressRule(Shape):
    """An extra rule: any of these peers on any of these ports. Without `to` anywhere, without `ports` every port."""

    to: list[NetworkPolicyPeer] = Field(default=[], description="Who may be reached; missing or empty means everyone.")
    ports: list[NetworkPolicyPort] = Field(default=[], description="On which ports; missing or empty means every port.")
