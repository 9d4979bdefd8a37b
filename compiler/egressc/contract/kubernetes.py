"""Kubernetes' own types as a values file holds them: selectors, peers, ports and egress rules.

Strict where the API server is; `endPort` and `except` are compared here, which JSON Schema cannot do.

Source: networking.k8s.io/v1 NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyEgressRule; meta/v1 LabelSelector.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from egressc.contract.fields import LABEL_KEYS, Cidr, LabelKey, LabelMapKey, LabelValue, PortNumber, PortOrName
from egressc.model import scalars

ProtocolName = Literal["TCP", "UDP", "SCTP"]
Labels = Annotated[Mapping[LabelMapKey, LabelValue], Field(json_schema_extra=LABEL_KEYS)]


class Member(BaseModel):
    """A member of a map: values files merge here, so an optional member may be null, which is "not given"."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel)


class Element(Member):
    """Something inside a list, where Helm merges nothing: its optional members are given or left out, never null."""

    @model_validator(mode="before")
    @classmethod
    def _has_no_null(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and None in value.values():
            raise ValueError("null inside a list")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        members = handler.resolve_ref_schema(schema).get("properties", {})
        for name, member in members.items():
            if {"type": "null"} in member.get("anyOf", ()):
                (given,) = (branch for branch in member["anyOf"] if branch != {"type": "null"})
                rest = {key: value for key, value in member.items() if key not in ("anyOf", "default")}
                members[name] = {**given, **rest}
        return schema


class LabelExpression(Element):
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
    values: Annotated[tuple[LabelValue, ...], Field(strict=False)] = Field(
        default=(), description="The values of an In or NotIn."
    )

    @model_validator(mode="after")
    def _values_fit_operator(self) -> Self:
        if (self.operator in ("In", "NotIn")) is not bool(self.values):
            raise ValueError("In and NotIn need values, Exists and DoesNotExist have none")
        return self


class LabelSelector(Element):
    """Selects by labels; every part must hold. Empty, it selects everything."""

    match_labels: Labels = Field(default_factory=dict, description="Labels that must have exactly these values.")
    match_expressions: Annotated[tuple[LabelExpression, ...], Field(strict=False)] = Field(
        default=(), description="Further requirements, all of which must hold."
    )


class IPBlock(Element):
    """Addresses outside the cluster. Most network plugins do not match pods by address."""

    cidr: Cidr = Field(description="The network, such as 203.0.113.0/24 or 2001:db8::/64.")
    except_: Annotated[tuple[Cidr, ...], Field(strict=False)] = Field(
        default=(), alias="except", description="Networks inside `cidr` that are left out."
    )

    @model_validator(mode="after")
    def _excepts_lie_inside(self) -> Self:
        for excepted in self.except_:
            if problem := scalars.except_problem(self.cidr, excepted):
                raise ValueError(f'except "{excepted}" {problem}')
        return self


class NetworkPolicyPeer(Element):
    """What may be reached: pods by labels (their own, their namespace's, or both), or addresses."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "dependencies": {"ipBlock": {"maxProperties": 1}}})

    ip_block: IPBlock | None = Field(default=None, alias="ipBlock", description="Addresses; excludes both selectors.")
    namespace_selector: LabelSelector | None = Field(
        default=None,
        description="Namespaces by labels; {} is every namespace. With podSelector: those pods in these namespaces.",
    )
    pod_selector: LabelSelector | None = Field(
        default=None,
        description="Pods by labels; {} is every pod. Without namespaceSelector: pods of the policy's own namespace.",
    )

    @model_validator(mode="after")
    def _is_pods_or_addresses(self) -> Self:
        selects_pods = self.namespace_selector is not None or self.pod_selector is not None
        if selects_pods is (self.ip_block is not None):
            raise ValueError("a peer is either an ipBlock or selectors")
        return self


class NetworkPolicyPort(Element):
    """A port of an extra rule, as Kubernetes has it: without `port` every port, without `protocol` TCP."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependencies": {"endPort": {"required": ["port"], "properties": {"port": {"type": "integer"}}}}
        }
    )

    port: PortOrName | None = Field(
        default=None,
        description="The port of the pod (not of its Service): a number 1..65535, or the name of a container port.",
    )
    protocol: ProtocolName | None = Field(default=None, description="The protocol; TCP where it is left out.")
    end_port: PortNumber | None = Field(
        default=None, description="The last port of a range that starts at `port`, which must then be a number."
    )

    @model_validator(mode="after")
    def _range_is_numeric_and_rises(self) -> Self:
        if self.end_port is not None:
            if not isinstance(self.port, int):
                raise ValueError("endPort needs a numeric port")
            if self.end_port < self.port:
                raise ValueError("endPort is below port")
        return self


class NetworkPolicyEgressRule(Element):
    """An extra rule: any of these peers on any of these ports. Without `to` anywhere, without `ports` every port."""

    to: Annotated[tuple[NetworkPolicyPeer, ...], Field(strict=False)] = Field(
        default=(), description="Who may be reached; left out or empty it is everyone."
    )
    ports: Annotated[tuple[NetworkPolicyPort, ...], Field(strict=False)] = Field(
        default=(), description="On which ports; left out or empty it is every port."
    )
