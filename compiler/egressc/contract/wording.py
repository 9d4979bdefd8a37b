"""Errors of the schema in words: what is wrong with which value, and what to write.

Every keyword that the schema of `model.values` uses has its wording here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from egressc.contract.finding import Finding, Path, Say
from egressc.contract.networks import network_help
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
from egressc.source import Span

PROBLEMS: Final[Mapping[str, Callable[[str], str | None]]] = {
    scalars.PORT_NAME_PATTERN: scalars.port_name_problem,
    scalars.LABEL_VALUE_PATTERN: scalars.label_value_problem,
    scalars.LABEL_KEY_PATTERN: scalars.label_key_problem,
    scalars.LABEL_KEY_LENGTHS_PATTERN: scalars.label_key_problem,
    scalars.ANNOTATION_KEY_PATTERN: scalars.annotation_key_problem,
    scalars.DNS_LABEL_PATTERN: scalars.dns_label_problem,
    scalars.HOST_NAME_PATTERN: scalars.host_name_problem,
    scalars.HOST_NAME_LENGTHS_PATTERN: scalars.host_name_problem,
    scalars.CIDR_PATTERN: scalars.cidr_problem,
    scalars.ENDPOINT_PATTERN: scalars.endpoint_problem,
    scalars.DNS_SUBDOMAIN_PATTERN: scalars.dns_subdomain_problem,
    scalars.IMAGE_PATTERN: scalars.image_problem,
}
TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "left out",
    "object": "a map",
    "string": "text",
}
# What an item is called, by the key of its list or map.
ITEMS: Final = {
    "allPorts": "protocol",
    "commonAnnotations": "annotation",
    "commonLabels": "label",
    "connections": "connection",
    "dependencies": "dependency",
    "egress": "extra rule",
    "hosts": "host",
    "imagePullSecrets": "pull secret",
    "matchExpressions": "expression",
    "matchLabels": "label",
    "podLabels": "label",
    "ports": "port",
    "to": "peer",
    "values": "label value",
}
# By the key that is missing or empty; by that and the map around it where it is called so in several.
TO_WRITE: Final = {
    "allPorts": "write TCP, UDP or SCTP",
    "cidr": 'write a network, such as cidr: "203.0.113.0/24"',
    "connections.port": "write the number of the port that clients use",
    "expect": "write allow or deny",
    "host": "write the DNS name or the address to connect to",
    "key": "write the key of the label",
    "operator": "write In, NotIn, Exists or DoesNotExist",
    "peer": "write ipBlock, namespaceSelector or podSelector",
    "podSelector": "write matchLabels that only the pods of this service have",
    "port": "write the number of the pod's port",
    "ports": 'write the ports, or allPorts: ["TCP"] for every port',
    "profile": f"write {DNS_PROFILES_FIT}",
    "protocol": "write TCP, UDP or SCTP",
    "release.name": "write the name of the Helm release",
    "release.namespace": "write the namespace of the Helm release",
    "to": "write one peer at least; every pod and every address are written too",
    "values": "write the values of the label, or Exists as operator",
}


class Violation(NamedTuple):
    """An error of a JSON Schema validator: what the keyword, of `schema` and with the argument `limit`, refuses."""

    keyword: str
    path: Path
    value: Any
    limit: Any
    schema: Mapping[str, Any]
    # The way through the schema to the keyword, references followed.
    steps: tuple[str | int, ...]


def refused(span: Span, _: Span | None) -> Diagnostic:
    """The diagnostic for a refusal that cannot be explained."""
    return invalid_value(span, "values file", "is refused by the schema of the chart")


def explain(violation: Violation) -> Iterator[tuple[str, Finding]]:
    """The findings of one error, each with its topic: two findings of one topic at one path are the same."""
    keyword, path, value = violation.keyword, violation.path, violation.value
    if keyword == "additionalProperties":
        known = sorted(violation.schema["properties"])
        for key in value:
            if key not in known:
                yield "key", Finding((*path, key), _unknown(str(key), path, known), at_key=True)
    elif keyword == "required":
        for key in violation.limit:
            if key not in value:
                yield f"no {key}", Finding(path, _missing(str(key), path), at_key=_ends_in_key(path))
    elif exclusion := _exclusion(violation):
        yield "exclusion", exclusion
    elif "propertyNames" in violation.steps:
        yield "key", Finding((*path, value), _invalid_key(value, _text_problem(violation)), at_key=True)
    else:
        yield "value", Finding(path, _explain_value(violation))


def is_empty_choice(violation: Violation) -> bool:
    return violation.keyword == "anyOf"


def _explain_value(violation: Violation) -> Say:
    keyword, path, value, limit = violation.keyword, violation.path, violation.value, violation.limit
    what = _name(path)
    match keyword:
        case "pattern" | "maxLength" | "not" if isinstance(value, str):
            problem = _text_problem(violation)
            if violation.schema.get("pattern") == scalars.CIDR_PATTERN:
                return _network(value, problem)
            help = f"write {value} without quotes" if problem == "is a number in quotes" else ""
            is_member = path[-2:-1] and path[-2] in MAPS
            return _invalid(
                f"value {_quoted(value)} of {what}" if is_member else f"{what} {_quoted(value)}", problem, help
            )
        case "type":
            types = [limit] if isinstance(limit, str) else [name for name in limit if name != "null"]
            bare = isinstance(value, bool | int | float) and types == ["string"]
            help = f'write "{json.dumps(value)}" in quotes' if bare else ""
            return _invalid(what, f"is {_quoted(value)}, not {' or '.join(TYPES[name] for name in types)}", help)
        case "enum":
            choices = [str(choice) for choice in limit if choice is not None]
            near = get_close_matches(str(value).lower(), [choice.lower() for choice in choices], 1)
            help = "".join(f"write {choice}" for choice in choices if [choice.lower()] == near)
            if what == "profile":
                help = f"write {DNS_PROFILES_FIT}"
            return _invalid(f"{what} {_quoted(value)}", f"is none of {', '.join(choices)}", help)
        case "minimum" | "maximum":
            schema = violation.schema
            return _invalid(f"{what} {value}", f"is not in {schema['minimum']}..{schema['maximum']}")
        case "uniqueItems":
            return _invalid(what, "has an item twice")
        case "minItems" | "minProperties" | "anyOf":
            return _invalid(what, "is empty", TO_WRITE.get(what, ""))
        case _:
            return _invalid(what, "is refused by the schema of the chart")


def _text_problem(violation: Violation) -> str:
    if problem := management_problem(violation.value if "propertyNames" in violation.steps else ""):
        return problem
    # Names that replace the chart's follow the rule of labels, but for being empty.
    problem_of = PROBLEMS.get(violation.schema.get("pattern", ""), scalars.dns_label_problem)
    return problem_of(violation.value) or "has a line break"


def _exclusion(violation: Violation) -> Finding | None:
    """The finding of an error that comes from keys which exclude each other, known by where the schema says so."""
    path, steps = violation.path, violation.steps
    if steps[-2:] == ("ipBlock", "maxProperties"):
        others = " or ".join(key for key in violation.value if key != "ipBlock")
        help = "write addresses and selectors as two items of the list"
        return Finding((*path, "ipBlock"), _excluding(f"a peer with ipBlock has no {others}", help), at_key=True)
    if steps[-4:-2] == ("endPort", "properties"):
        problem = f"endPort goes with a number as port, not with {_quoted(violation.value)}"
        return Finding((*path[:-1], "endPort"), _excluding(problem, "write the first port as a number"), at_key=True)
    if violation.keyword == "maxItems":
        help = "write In or NotIn, or leave out values"
        return Finding(path, _excluding("Exists and DoesNotExist have no values", help), at_key=True)
    if violation.keyword == "type" and violation.limit == "null":
        if "dns" in path:
            problem = f'"{path[-1]}" belongs to the profile custom alone'
            return Finding(path, _excluding(problem, "write profile: custom, or leave it out"), at_key=True)
        say = _excluding("ports and allPorts exclude each other", "write one of the two")
        return Finding(path, say, at_key=True, related=(*path[:-1], "allPorts"))
    return None


def _ends_in_key(path: Path) -> bool:
    return bool(path) and isinstance(path[-1], str)


def _name(path: Path) -> str:
    """What the value at a path is called: its key, or what an item of its list is."""
    if not path:
        return "values file"
    item = ITEMS.get(str(path[-2]), str(path[-2])) if len(path) > 1 else ""
    if isinstance(path[-1], int):
        return item
    return f'{item} "{path[-1]}"' if path[-2:-1] and path[-2] in MAPS else path[-1]


MAPS: Final = ("commonAnnotations", "commonLabels", "connections", "dependencies", "matchLabels", "podLabels")


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


def _invalid(what: str, problem: str, help: str = "") -> Say:
    return lambda span, _: invalid_value(span, what, problem, help)


def _invalid_key(key: str, problem: str) -> Say:
    return _invalid(f"key {_quoted(key)}", problem, f"remove {key}" if management_problem(key) else "")


def _network(text: str, problem: str) -> Say:
    return lambda span, _: invalid_network(span, _quoted(text), problem, network_help(text))


def _unknown(key: str, path: Path, known: list[str]) -> Say:
    near = (get_close_matches(key, known, 1) or [""])[0]
    return lambda span, _: unknown_values_key(span, _quoted(key), _owner(path), known, near)


def _missing(key: str, path: Path) -> Say:
    help = TO_WRITE.get(f"{path[-2]}.{key}" if len(path) > 1 else key) or TO_WRITE.get(key, "")
    return lambda span, _: missing_values_key(span, _owner(path), key, help)


def _excluding(problem: str, help: str) -> Say:
    return lambda span, related: excluding_keys(span, problem, help, related)
