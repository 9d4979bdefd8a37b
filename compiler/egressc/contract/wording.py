"""Errors of the schema in words: what is wrong with which value, and what to write.

Every keyword that the schema of `contract.values` uses has its wording here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from ipaddress import ip_network
from typing import Any, NamedTuple

from egressc.contract.fields import PROBLEMS
from egressc.contract.finding import Finding, Path
from egressc.contract.terms import ITEMS, MAPS, TO_WRITE, TYPES, UNLIMITED
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.values import (
    excluding_keys,
    invalid_network,
    invalid_value,
    missing_values_key,
    unknown_values_key,
)
from egressc.model import scalars
from egressc.model.dialects import SETTINGS
from egressc.model.management import management_problem
from egressc.model.policy import DNS_PROFILES_FIT

Say = Callable[..., Diagnostic]


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
            missing = partial(missing_values_key, owner=_owner(path), key=key, help=_what_to_write(path, key))
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
        case "not" if path[1:2] == ("hosts",):
            problem = "is the one to which the gateway itself opens TLS"
            return invalid_words(
                f"{what} {value}", problem, "write the port on which clients speak plain HTTP, such as 80"
            )
        case "uniqueItems":
            return invalid_words(what, "has the same item twice")
        case "anyOf" if _is_named(path):
            keys = ", ".join(next(iter(choice["required"])) for choice in limit)
            return invalid_words(what, f"has none of {keys}", f"write one of {keys} below it")
        case "minItems" | "minProperties" | "anyOf":
            return invalid_words(what, "is empty", _what_to_write(path[:-1], what))
        case _:
            return invalid_words(what, "is refused by the schema of the chart")


def _what_to_write(path: Path, key: str) -> str:
    """The help for a key of the map at a path, which may be an item of another map."""
    return next((help for it in path[-2:] if (help := TO_WRITE.get(f"{it}.{key}"))), TO_WRITE.get(key, ""))


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
        kinds = SETTINGS[str(path[-1])]
        problem = f'"{path[-1]}" belongs only to the kind {" or ".join(kinds)}'
        help = f"write kind: {kinds[0]}, or remove it"
    elif path[1:2] == ("dns",):
        problem, help = f'"{path[-1]}" belongs only to the profile custom', "write profile: custom, or remove it"
    elif path[-1] == "rateLimit":
        problem = "rateLimit needs tls: originate, and cannot be used with a waypoint"
        help = "remove it, or without a waypoint write tls: originate"
    elif path[1:2] == ("gateway",):
        problem, help = f'"{path[-1]}" cannot be used with waypoint', "remove one of the two"
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
    return len(path) > 1 and isinstance(path[-1], str) and path[-2] in MAPS


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
