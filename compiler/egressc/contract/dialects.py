"""The dialects in the values contract: which one, and what a rule of each names."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from egressc.contract.fields import HostName, Version
from egressc.contract.kubernetes import Shape

Entity = Literal["kube-apiserver", "host", "remote-node"]


def given(kind: str, *names: str, **rules: Any) -> dict[str, Any]:
    """JSON Schema for: each of these members is given, and is of this type (that is: not null)."""
    return {"required": list(names), "properties": {name: {"type": kind, **rules} for name in names}}


def not_given(*names: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "null"} for name in names}}


_IS_CILIUM: dict[str, Any] = {
    "not": {"type": "null"},
    "required": ["kind"],
    "properties": {"kind": {"const": "Cilium"}},
}


def _each_given(*names: str) -> dict[str, Any]:
    """JSON Schema for: each rule of a map has one of these lists."""
    choice = given("array", *names) if len(names) == 1 else {"anyOf": [given("array", name) for name in names]}
    return {"additionalProperties": {"if": {"type": "object"}, "then": choice}}


class DialectValues(Shape):
    """The kind of policy to render."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": _IS_CILIUM,
            "then": given("string", "version"),
            "else": not_given("version", "strictDns", "clusterDomain"),
        }
    )

    kind: Literal["NetworkPolicy", "Cilium"] = Field(description="NetworkPolicy or Cilium.")
    version: Version | None = Field(
        default=None, description="Version of Cilium, as MAJOR.MINOR: it decides what a rule can say."
    )
    strict_dns: bool | None = Field(
        default=None, description="Whether only the hosts of dependencies and names of the cluster can be resolved."
    )
    cluster_domain: HostName | None = Field(
        default=None, description="DNS domain of the cluster; hosts are not inside it."
    )


NAMES_ITS_PEERS: dict[str, Any] = {
    "if": {"not": {"required": ["dialect"], "properties": {"dialect": _IS_CILIUM}}},
    "then": {
        "properties": {
            "dependencies": _each_given("to"),
            "callers": _each_given("from"),
            "optIns": {"additionalProperties": {"properties": {"dependencies": _each_given("to")}}},
        }
    },
    "else": {
        "properties": {
            "dependencies": _each_given("to", "hosts", "entities"),
            "callers": _each_given("from", "entities"),
            "optIns": {
                "additionalProperties": {"properties": {"dependencies": _each_given("to", "hosts", "entities")}}
            },
        }
    },
}
"""JSON Schema for: a rule says whom it is for, by what the dialect has rules for."""
