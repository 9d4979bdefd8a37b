"""Values of a wrong type anywhere, given to the library without any schema: refused in its words, or rendered."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_samples import EVERYTHING
from helm_engines import Embedded, HelmFailed

ODD: tuple[object, ...] = ("", "text", False, True, 0, 3, [], ["a"], {}, {"a": ["b"]}, [{}], [None])
PROBE = {
    "enabled": True,
    "connections": {"db": {"expect": "allow", "host": "db.data.svc", "port": 5432, "protocol": "TCP"}},
    "podLabels": {"tier": "a"},
    "imagePullSecrets": [{"name": "pull"}],
    "control": {"enabled": True, "podLabels": {"app": "control"}},
}


def whole() -> dict[str, Any]:
    values: dict[str, Any] = deepcopy(EVERYTHING)
    values["networkPolicy"]["probe"] = deepcopy(PROBE)
    return values


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths(inner, (*path, step))


def with_odd(path: tuple[str | int, ...], odd: object) -> dict[str, Any]:
    values = whole()
    at: Any = values
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = odd
    return values


def mistakes_of_types(manifests: str) -> Iterator[str]:
    """Labels that are no text and parts of selectors that are no lists: what the API server cannot decode."""
    for manifest in yaml.safe_load_all(manifests):
        yield from _mistakes(manifest)


def _mistakes(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("matchLabels", "labels", "annotations") and not (
                isinstance(inner, dict) and all(isinstance(text, str) for text in inner.values())
            ):
                yield f"{key}: {inner}"
            if key in ("matchExpressions", "to", "ports", "egress", "values") and not isinstance(inner, list):
                yield f"{key}: {inner}"
            yield from _mistakes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mistakes(inner)


def test_the_whole_is_taken(unchecked_chart: Path) -> None:
    assert not list(mistakes_of_types(Embedded().template(unchecked_chart, whole())))


def outcome(chart: Path, values: dict[str, Any], first: str) -> str:
    """What is wrong with how a chart takes the values; empty where it refuses them in words, or is right."""
    try:
        return "; ".join(mistakes_of_types(Embedded().template(chart, values)))
    except HelmFailed as failed:
        return "" if any(line.startswith((first, "network-policy")) for line in failed.problems) else str(failed)


@pytest.mark.parametrize("path", list(paths(whole())), ids=lambda path: ".".join(map(str, path)))
def test_an_odd_value_is_refused_in_words_or_rendered_right(path: tuple[str | int, ...], unchecked_chart: Path) -> None:
    for odd in ODD:
        assert outcome(unchecked_chart, with_odd(path, odd), str(path[0])) == "", odd
