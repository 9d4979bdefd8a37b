"""Fields with the limits that custom resource definitions give them: how many, how large, and one of several."""

from collections.abc import Sequence
from typing import Any

from egressc.dialects.shapes.fields import Object, Problems, field_path, only, sequence, shown


def one_of(entry: Object, fields: Sequence[str], path: str, problems: Problems) -> str:
    """The one field that it has; empty after a problem."""
    only(entry, frozenset(fields), path, problems)
    given = [key for key in fields if key in entry]
    if len(given) == 1:
        return given[0]
    problems.add(path, f"must have exactly one of {', '.join(fields)}")
    return ""


def entries(parent: Object, key: str, most: int | None, path: str, problems: Problems, *, least: int = 1) -> list[Any]:
    """A list of at least and at most so many, None for any number; an empty one where it is absent."""
    found = sequence(parent, key, path, problems)
    if found is not None and most is None and len(found) < least:
        problems.add(f"{path}.{key}", f"has {len(found)} entries, but {least} or more are needed")
    elif found is not None and most is not None and not least <= len(found) <= most:
        problems.add(f"{path}.{key}", f"has {len(found)} entries, but {least} to {most} are allowed")
    return found or []


def distinct(parent: Object, key: str, most: int | None, path: str, problems: Problems) -> list[tuple[str, str]]:
    """Texts of which none is there twice, each with its path."""
    found: list[tuple[str, str]] = []
    seen = set()
    for i, value in enumerate(entries(parent, key, most, path, problems)):
        at = f"{path}.{key}[{i}]"
        if not isinstance(value, str):
            problems.add(at, f"must be a string, not {shown(value)}")
        elif value in seen:
            problems.add(at, f"{shown(value)} is there twice")
        else:
            seen.add(value)
            found.append((at, value))
    return found


def number(parent: Object, key: str, least: int, most: int, path: str, problems: Problems) -> int | None:
    """A whole number that must be there; None after a problem."""
    value = parent.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    said = "is missing" if key not in parent else f"{shown(value)} is not a number between {least} and {most}"
    problems.add(field_path(path, key), said)
    return None


def choice(parent: Object, key: str, words: Sequence[str], path: str, problems: Problems) -> str:
    """One of some words that must be there; empty after a problem."""
    value = parent.get(key)
    if isinstance(value, str) and value in words:
        return value
    said = "is missing" if key not in parent else f"{shown(value)} is not {' or '.join(words)}"
    problems.add(field_path(path, key), said)
    return ""
