"""Values that a chart refuses, shown where they stand in the values file: Helm names paths, never places."""

import re
from collections.abc import Mapping
from dataclasses import replace

from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.rendered import refused_values
from egressc.tables.yaml import key_span_at, read_yaml, span_at, to_plain

_Path = tuple[str | int, ...]

# As the schema of Helm 4 and of late Helm 3 writes a path, a JSON pointer; and as the chart and older schemas do.
_POINTER = re.compile(r" *(?:- )?at '(?P<path>/[^']*)'")
_DOTTED = re.compile(r"(?P<path>[^\s:(][^\s:]*): ")
_INDEX = re.compile(r"(?:\[(\d+)\]|(\d+)(?=\.|\Z))\.?")
# How many places one refusal shows.
_MOST_PLACES = 10


def point_at_values(problem: Diagnostic) -> Diagnostic:
    """An EG606 at the values that its paths name, as far as the file has them; any other finding as it is."""
    if problem.code != refused_values.code:
        return problem

    node = read_yaml(problem.primary.span.source, Report())
    if node is None:
        return problem
    document = to_plain(node)
    places: dict[_Path, Label] = {}
    for path in _paths(problem.help, document):
        value = _value_at(document, path)
        # A mapping may fill the file; its key says as well which one is meant.
        of_key = isinstance(path[-1], str) and isinstance(value, Mapping | list)
        places[path] = Label(key_span_at(node, path) if of_key else span_at(node, path))
    if not places:
        return problem
    first, *others = list(places.values())[:_MOST_PLACES]
    return replace(problem, primary=replace(first, text=problem.primary.text), related=(*problem.related, *others))


def _paths(words: str, document: object) -> list[_Path]:
    """The longest known part of each path that is named, but for those that only lead to another one."""
    found: list[_Path] = []
    for line in words.splitlines():
        if pointer := _POINTER.match(line):
            parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer["path"][1:].split("/")]
            found.append(_follow(parts, document))
        elif dotted := _DOTTED.match(line):
            found.append(_search(dotted["path"], document))
    return [path for path in dict.fromkeys(found) if path and not any(_leads_to(path, other) for other in found)]


def _leads_to(path: _Path, other: _Path) -> bool:
    return len(path) < len(other) and other[: len(path)] == path


def _follow(parts: list[str], value: object) -> _Path:
    path: list[str | int] = []
    for part in parts:
        if isinstance(value, Mapping) and part in value:
            path.append(part)
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            path.append(int(part))
            value = value[int(part)]
        else:
            break
    return tuple(path)


def _search(rest: str, value: object) -> _Path:
    """A path with dots between keys that may hold dots themselves: the longest key that fits is meant."""
    path: list[str | int] = []
    while rest:
        if isinstance(value, Mapping):
            keys = [key for key in value if isinstance(key, str) and re.match(rf"{re.escape(key)}(?:[.\[]|\Z)", rest)]
            if not keys:
                break
            key = max(keys, key=len)
            path.append(key)
            value, rest = value[key], rest[len(key) :].removeprefix(".")
        elif isinstance(value, list) and (index := _INDEX.match(rest)):
            number = int(index[1] or index[2])
            if number >= len(value):
                break
            path.append(number)
            value, rest = value[number], rest[index.end() :]
        else:
            break
    return tuple(path)


def _value_at(document: object, path: _Path) -> object:
    value = document
    for part in path:
        if isinstance(part, int):
            assert isinstance(value, list)
            value = value[part]
        else:
            assert isinstance(value, Mapping)
            value = value[part]
    return value
