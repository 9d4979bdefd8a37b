"""Reading the fields of a manifest: each with the type that Kubernetes gives it, every problem with its path."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Object = Mapping[str, Any]
"""A JSON object as YAML gives it; its values are looked at through the functions below only."""


class Problem(NamedTuple):
    """Why the API server refuses a manifest: the path of the field, and what is wrong with it."""

    path: str
    text: str


class Problems:
    """Collects problems while one manifest is read.

    `doubts` are networks that are read all the same, and should be told; `overlooked` are parts that no flow shows.
    """

    __slots__ = ("doubts", "found", "overlooked")

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.doubts: list[Problem] = []
        self.overlooked: list[Problem] = []

    @property
    def count(self) -> int:
        """How much was said so far."""
        return len(self.found) + len(self.doubts) + len(self.overlooked)

    def add(self, path: str, text: str) -> None:
        self.found.append(Problem(path, text))

    def doubt(self, path: str, text: str) -> None:
        self.doubts.append(Problem(path, text))

    def overlook(self, path: str, text: str) -> None:
        self.overlooked.append(Problem(path, text))


_EMPTY: Object = {}


def mapping(parent: Object, key: str, path: str, problems: Problems) -> Object | None:
    """The object under a key; None when it is absent, null, or of another type (a problem)."""
    value = parent.get(key)
    if value is None or isinstance(value, dict):
        return value
    problems.add(field_path(path, key), "must be a mapping")
    return None


def sequence(parent: Object, key: str, path: str, problems: Problems) -> list[Any] | None:
    """The list under a key; None when it is absent, null, or of another type (a problem)."""
    value = parent.get(key)
    if value is None or isinstance(value, list):
        return value
    problems.add(field_path(path, key), "must be a list")
    return None


def text(parent: Object, key: str, path: str, problems: Problems) -> str:
    """The text under a key; "" when it is absent, null, or of another type (a problem)."""
    value = parent.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    problems.add(field_path(path, key), f"must be a string, not {shown(value)}")
    return ""


def item(value: object, path: str, problems: Problems) -> Object:
    """An element of a list that must be an object; an empty one after a problem. Null reads as an empty object."""
    if isinstance(value, dict):
        return value
    if value is not None:
        problems.add(path, "must be a mapping")
    return _EMPTY


def only(parent: Object, allowed: frozenset[str], path: str, problems: Problems) -> None:
    """Report fields that the type does not have: the API server drops or refuses them, so their rule says less."""
    for key in parent.keys() - allowed:
        problems.add(field_path(path, key), "is an unknown field")


def without_nulls(value: Any) -> Any:
    """A value of a custom resource as an API server takes it: a field that is null is absent, a label too."""
    match value:
        case dict():
            return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
        case list():
            return [without_nulls(inner) for inner in value]
        case _:
            return value


def settle(value: Any, path: str, problems: Problems) -> Any:
    """The same, and a problem for each null in a list, which the server refuses. A value without nulls is itself."""
    if not _has_nulls(value):
        return value
    _refuse_entries(value, path, problems)
    return without_nulls(value)


def _has_nulls(value: Any) -> bool:
    match value:
        case dict():
            return any(map(_has_nulls, value.values()))
        case list():
            return any(map(_has_nulls, value))
        case _:
            return value is None


def _refuse_entries(value: Any, path: str, problems: Problems) -> None:
    match value:
        case dict():
            for key, inner in value.items():
                _refuse_entries(inner, field_path(path, str(key)), problems)
        case list():
            for i, inner in enumerate(value):
                if inner is None:
                    problems.add(f"{path}[{i}]", "must not be null")
                _refuse_entries(inner, f"{path}[{i}]", problems)
        case _:
            pass


def field_path(path: str, key: str) -> str:
    """The path of a field; that of the manifest itself is empty."""
    return f"{path}.{key}" if path else key


def shown(value: object) -> str:
    """A value as messages quote it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return f'"{value}"'
        case list():
            return "a list"
        case _:
            return "a mapping"
