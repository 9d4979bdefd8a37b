"""The dialects in the values contract: which one, and what a rule of each names."""

from typing import Any, Final, Literal, NamedTuple, get_args

from pydantic import ConfigDict, Field

from egressc.contract.fields import DnsLabel, HostName, Version
from egressc.contract.kubernetes import Shape
from egressc.model.dialects import CILIUM, DIALECTS, ISTIO, NETWORK_POLICY, SETTINGS, Dialect

Entity = Literal["kube-apiserver", "host", "remote-node"]


*_OTHERS, _LAST = DIALECTS
NAMES: Final = f"{', '.join(_OTHERS)} or {_LAST}"
"""The dialects in words."""


def given(kind: str, *names: str, **rules: Any) -> dict[str, Any]:
    """JSON Schema for: each of these members is given, and is of this type (that is: not null)."""
    return {"required": list(names), "properties": {name: {"type": kind, **rules} for name in names}}


def not_given(*names: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "null"} for name in names}}


def _is_kind(*kinds: str) -> dict[str, Any]:
    return {"not": {"type": "null"}, "required": ["kind"], "properties": {"kind": {"enum": [*kinds]}}}


def _each_given(names: tuple[str, ...], entities: tuple[str, ...] = ()) -> dict[str, Any]:
    """JSON Schema for: each rule of a map has one of these lists; `entities` are all that it can name, if some are."""
    choice = given("array", *names) if len(names) == 1 else {"anyOf": [given("array", name) for name in names]}
    limited = {"properties": {"entities": {"items": {"enum": [*entities]}}}} if entities else {}
    return {"additionalProperties": {"if": {"type": "object"}, "then": {**choice, **limited}}}


_OF_OTHER_KINDS: Final[list[Any]] = [
    {"if": _is_kind(*kinds), "else": not_given(key)} for key, kinds in SETTINGS.items()
]


class DialectValues(Shape):
    """The kind of policy to render."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                *_OF_OTHER_KINDS,
                {"if": _is_kind(CILIUM), "then": given("string", "version")},
                {"if": _is_kind(ISTIO), "then": given("string", "gatewayNamespace")},
            ]
        }
    )

    kind: str = Field(description=f"{NAMES}.", json_schema_extra={"enum": [*DIALECTS]})
    version: Version | None = Field(
        default=None, description="Version of Cilium, as MAJOR.MINOR: it decides what a rule can say."
    )
    strict_dns: bool | None = Field(
        default=None, description="Whether only the hosts of dependencies and names of the cluster can be resolved."
    )
    cluster_domain: HostName | None = Field(
        default=None, description="DNS domain of the cluster; hosts are not inside it."
    )
    gateway_namespace: DnsLabel | None = Field(
        default=None, description="Namespace of Istio's egress gateway or waypoint, which has the objects of hosts."
    )
    waypoint: DnsLabel | None = Field(
        default=None,
        description="In Istio's ambient mode: the name of the waypoint's Gateway. Pods have no sidecars then.",
    )


class _Words(NamedTuple):
    """What can say whom a dependency is for, and a caller; and the entities where they are not all that there are."""

    dependency: tuple[str, ...]
    caller: tuple[str, ...]
    entities: tuple[str, ...] = ()


def _named_by(words: _Words) -> dict[str, Any]:
    dependencies = _each_given(words.dependency, words.entities)
    return {
        "properties": {
            "dependencies": dependencies,
            "callers": _each_given(words.caller),
            "optIns": {"additionalProperties": {"properties": {"dependencies": dependencies}}},
        }
    }


def _of_kinds(*kinds: str) -> dict[str, Any]:
    return {"required": ["dialect"], "properties": {"dialect": _is_kind(*kinds)}}


def _words_of(dialect: Dialect) -> _Words:
    hosts, entities = ("hosts",) * dialect.names_hosts, ("entities",) * bool(dialect.entities)
    caller = ("from", *(() if dialect.names_services else entities))
    is_whole = set(dialect.entities) == {*get_args(Entity)}
    return _Words(("to", *hosts, *entities), caller, () if is_whole else dialect.entities)


def _by_kinds() -> dict[str, Any]:
    kinds: dict[_Words, list[str]] = {}
    for name, dialect in DIALECTS.items():
        kinds.setdefault(_words_of(dialect), []).append(name)
    found = _named_by(_words_of(DIALECTS[NETWORK_POLICY]))
    for words, names in kinds.items():
        if NETWORK_POLICY not in names:
            found = {"if": _of_kinds(*names), "then": _named_by(words), "else": found}
    return found


NAMES_ITS_PEERS: Final = _by_kinds()
"""JSON Schema for: a rule says whom it is for, by what the dialect has rules for."""
