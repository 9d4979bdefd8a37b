"""Errors of the schema in words: what is wrong with which value, and what to write.

Every keyword that the schema of `contract.values` uses has its wording here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from ipaddress import ip_network
from typing import Any, Final, NamedTuple

from egressc.contract.fields import PROBLEMS
from egressc.contract.finding import Finding, Path
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.values import (
    excluding_keys,
    invalid_network,
    invalid_value,
    missing_values_key,
    unknown_values_key,
)
from egressc.model import scalars
from egressc.model.management import management_problem
from egressc.model.policy import DNS_PROFILES_FIT

Say = Callable[..., Diagnostic]

TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "object": "a map",
    "string": "a string",
}
# What an item is called, by the key of its list or map.
ITEMS: Final = {
    "allPorts": "protocol",
    "callers": "caller",
    "commonAnnotations": "annotation",
    "commonLabels": "label",
    "connections": "connection",
    "dependencies": "dependency",
    "egress": "extra rule",
    "entities": "entity",
    "from": "peer",
    "guardrails": "guardrail",
    "hosts": "host",
    "imagePullSecrets": "pull secret",
    "ingress": "extra rule",
    "matchExpressions": "expression",
    "matchLabels": "label",
    "podLabels": "label",
    "policyTypes": "policy type",
    "ports": "port",
    "rules": "rule",
    "to": "peer",
    "values": "label value",
}
# By the key that is missing or empty; by that and the map around it where it is called so in several.
TO_WRITE: Final = {
    "allPorts": "write TCP, UDP or SCTP",
    "apiVersion": "write the API of the policies, such as apiVersion: policy.networking.k8s.io/v1alpha2",
    "cidr": 'write a network, such as cidr: "203.0.113.0/24"',
    "connections.port": "write the number of the port that clients use",
    "expect": "write allow or deny",
    "from": "write at least one peer, even for every pod or every address",
    "guardrails": "write at least one guardrail",
    "host": "write the DNS name or the address to connect to",
    "key": "write the key of the label",
    "kind": "write NetworkPolicy or Cilium",
    "namespaceSelector": "write the labels of namespaces, or namespaceSelector: {} for every namespace",
    "operator": "write In, NotIn, Exists or DoesNotExist",
    "peer": "write ipBlock, namespaceSelector or podSelector",
    "podSelector": "write matchLabels that only the pods of this service have",
    "policyTypes": "write Egress, Ingress, or both",
    "port": "write the number of the pod's port",
    "ports": 'write the ports, or allPorts: ["TCP"] for every port',
    "priority": "write a number from 0 to 1000",
    "profile": f"write {DNS_PROFILES_FIT}",
    "protocol": "write TCP, UDP or SCTP",
    "release": "write name and namespace of the Helm release",
    "release.name": "write the name of the Helm release",
    "release.namespace": "write the namespace of the Helm release",
    "rules": "write what the guardrail denies: to or from, and ports or allPorts",
    "to": "write at least one peer, even for every pod or every address",
    "version": 'write the version of Cilium, such as version: "1.19"',
    "values": "write the values of the label, or Exists as operator",
}
# Maps whose keys are names of the user's own.
MAPS: Final = (
    "callers",
    "commonAnnotations",
    "commonLabels",
    "connections",
    "dependencies",
    "guardrails",
    "matchLabels",
    "podLabels",
)
# What a policy that does not limit a direction cannot have.
UNLIMITED: Final = {"callers": "Ingress", "ingress": "Ingress", "dependencies": "Egress", "egress": "Egress"}


class Violation(NamedTuple):
    """An error of the validator: what the keyword, of `schema` and with the argument `limit`, refuses."""

    keyword: str
    path: Path
    value: Any
    limit: Any
    schema: Mapping[str, Any]
    # The way through the schema to the keyword, references followed. Below propertyNames the value is a key of a map.
    steps: tuple[str | int, ...]


def explain(violation: Violation) -> Iterator[tuple[str, Finding]]:
    """The findings of one error, each with its topic: two findings of one topic at one path are the same."""
    path, value = violation.path, violation.value
    if violation.keyword == "additionalProperties":
        known = sorted(violation.schema["properties"])
        for key in (key for key in value if key not in known):
            near = (get_close_matches(key, known, 1) or [""])[0]
            say = partial(unknown_values_key, key=_quoted(key), owner=_owner(path), known=known, near=near)
            yield "key", Finding((*path, key), say, at_key=True)
    elif violation.keyword == "required":
        for key in (key for key in violation.limit if key not in value):
            help = TO_WRITE.get(f"{path[-2]}.{key}" if len(path) > 1 else key) or TO_WRITE.get(key, "")
            missing = partial(missing_values_key, owner=_owner(path), key=key, help=help)
            yield f"no {key}", Finding(path, missing, at_key=_ends_in_key(path))
    elif exclusion := _exclusion(violation):
        yield "exclusion", exclusion
    elif "propertyNames" in violation.steps:
        help = f"remove {value}" if management_problem(value) else ""
        invalid = invalid_words(f"key {_quoted(value)}", _text_problem(violation), help)
        yield "key", Finding((*path, value), invalid, at_key=True)
    else:
        yield "value", Finding(path, _explain_value(violation))


def invalid_words(what: str, problem: str, help: str = "") -> Say:
    """EG240."""
    return partial(invalid_value, what=what, problem=problem, help=help)


def invalid_cidr(text: str, problem: str) -> Say:
    """EG245, with the network that is probably meant."""
    help = 'write address and prefix length, such as "203.0.113.0/24"'
    with suppress(ValueError):
        network = str(ip_network(text, strict=False))
        help = help if scalars.cidr_problem(network) else f'write "{network}"'
    return partial(invalid_network, text=_quoted(text), problem=problem, help=help)


def needs_policy_type(violation: Violation) -> str:
    """The policy type without which rules have no effect; empty where that is not the error."""
    keyword, limit = violation.keyword, violation.limit
    is_refused = (keyword == "type" and limit == "null") or (keyword == "maxItems" and limit == 0)
    is_rule = len(violation.path) in (2, 3) and is_refused
    return UNLIMITED.get(str(violation.path[1]), "") if is_rule else ""


def _explain_value(violation: Violation) -> Say:
    path, value, limit = violation.path, violation.value, violation.limit
    what = _name(path)
    match violation.keyword:
        case "pattern" | "maxLength" | "not" if isinstance(value, str):
            problem = _text_problem(violation)
            if violation.schema.get("pattern") == scalars.CIDR_PATTERN:
                return invalid_cidr(value, problem)
            help = f"write {value} without quotes" if problem == "is a number in quotes" else ""
            named = f"value {_quoted(value)} of {what}" if _is_named(path) else f"{what} {_quoted(value)}"
            return invalid_words(named, problem, help)
        case "type":
            types = [limit] if isinstance(limit, str) else [name for name in limit if name != "null"]
            bare = isinstance(value, bool | int | float) and types == ["string"]
            help = f'write "{json.dumps(value)}" in quotes' if bare else ""
            if value is None and len(path) < 4 and path[1:2] == ("guardrails",):
                help = "remove the line: only the project file removes a guardrail"
            return invalid_words(what, f"is {_quoted(value)}, not {' or '.join(TYPES[name] for name in types)}", help)
        case "enum":
            choices = [str(choice) for choice in limit if choice is not None]
            near = get_close_matches(str(value).lower(), [choice.lower() for choice in choices], 1)
            help = "".join(f"write {choice}" for choice in choices if [choice.lower()] == near)
            if what == "profile":
                help = f"write {DNS_PROFILES_FIT}"
            return invalid_words(f"{what} {_quoted(value)}", f"is not one of {', '.join(choices)}", help)
        case "minimum" | "maximum":
            schema = violation.schema
            return invalid_words(f"{what} {value}", f"is not in {schema['minimum']}..{schema['maximum']}")
        case "uniqueItems":
            return invalid_words(what, "has the same item twice")
        case "anyOf" if _is_named(path):
            keys = ", ".join(next(iter(choice["required"])) for choice in limit)
            return invalid_words(what, f"has none of {keys}", f"write one of {keys} below it")
        case "minItems" | "minProperties" | "anyOf":
            return invalid_words(what, "is empty", TO_WRITE.get(what, ""))
        case _:
            return invalid_words(what, "is refused by the schema of the chart")


def _text_problem(violation: Violation) -> str:
    if "propertyNames" in violation.steps and (problem := management_problem(violation.value)):
        return problem
    problem_of = PROBLEMS[violation.schema["pattern"]]
    return problem_of(violation.value) or "has a line break"


def _exclusion(violation: Violation) -> Finding | None:
    """The finding of an error that comes from keys which exclude each other, known by where the schema says so."""
    path, steps = violation.path, violation.steps
    related: Path | None = None
    if steps[-2:] == ("ipBlock", "maxProperties"):
        others = " or ".join(key for key in violation.value if key != "ipBlock")
        problem, help = (
            f"a peer with ipBlock cannot have {others}",
            "write ipBlock and selectors as two items of the list",
        )
        path = (*path, "ipBlock")
    elif steps[-4:-2] == ("endPort", "properties"):
        problem = f"endPort needs a number as port, not {_quoted(violation.value)}"
        help, path = "write the first port as a number", (*path[:-1], "endPort")
    elif missing := needs_policy_type(violation):
        path = path[:2]
        problem = f"{path[-1]} has no effect: policyTypes does not list {missing}"
        help = f"remove {path[-1]}, or write directions: both in the project file or for the service in the catalog"
    elif violation.keyword == "maxItems":
        problem, help = "Exists and DoesNotExist take no values", "write In or NotIn, or remove values"
    elif violation.keyword != "type" or violation.limit != "null":
        return None
    elif path[1:2] == ("dialect",):
        problem, help = f'"{path[-1]}" belongs only to the kind Cilium', "write kind: Cilium, or remove it"
    elif path[1:2] == ("dns",):
        problem, help = f'"{path[-1]}" belongs only to the profile custom', "write profile: custom, or remove it"
    elif path[-1] == "to":
        problem, help = "to and from exclude each other", "write two rules"
        related = (*path[:-1], "from")
    else:
        problem, help = "ports and allPorts exclude each other", "remove one of the two"
        related = (*path[:-1], "allPorts")
    return Finding(path, partial(excluding_keys, problem=problem, help=help), at_key=True, related=related)


def _ends_in_key(path: Path) -> bool:
    return bool(path) and isinstance(path[-1], str)


def _is_named(path: Path) -> bool:
    """Whether the last key of the path is a name of the user's own."""
    return len(path) > 1 and path[-2] in MAPS


def _name(path: Path) -> str:
    """What the value at a path is called: its key, or what an item of its list is."""
    if not path:
        return "values file"
    item = ITEMS.get(str(path[-2]), str(path[-2])) if len(path) > 1 else ""
    if isinstance(path[-1], int):
        return item
    return f'{item} "{path[-1]}"' if _is_named(path) else path[-1]


def _owner(path: Path) -> str:
    """The map at a path, as a sentence speaks of it."""
    name = _name(path)
    if _ends_in_key(path):
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _quoted(value: object) -> str:
    """A value in a message: one line, of bounded length."""
    match value:
        case dict():
            return "a map"
        case list():
            return "a list"
        case str():
            line = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"')
            return f'"{line}"' if len(line) <= 80 else f'"{line[:77]}..."'
        case _:
            return json.dumps(value)
