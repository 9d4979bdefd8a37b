"""Probing pods as the chart renders them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import helm_python

from support.chart_samples import released
from support.helm_engines import ROOT, Embedded, Values

# Where it stands in the command.
SCRIPT = 2


def probe(**members: object) -> Values:
    return {"networkPolicy": {"probe": {"enabled": True, **members}}}


def read_pods(text: str) -> dict[str, dict[str, Any]]:
    """The pods among rendered manifests by role, each as Helm reads it: PyYAML takes fewer characters."""
    found: dict[str, dict[str, Any]] = {}
    for document in text.split("\n---\n"):
        content = helm_python.values_from_yaml(document)
        if content.get("kind") == "Pod":
            found[content["metadata"]["annotations"]["network-policy/role"]] = content
    return found


@cache
def script() -> str:
    """The script, expanded as Kubernetes does: a test says that there is nothing to expand."""
    pod = read_pods(Embedded().template(ROOT, released(probe())))["subject"]
    text = pod["spec"]["containers"][0]["command"][SCRIPT]
    assert isinstance(text, str)
    return text


def arguments(
    role: str,
    connections: Iterable[Sequence[str | int]],
    *,
    name: str,
    seconds: int = 1,
    attempts: int = 1,
    lookup: str = "allow",
) -> list[str]:
    """The arguments that the chart makes of key, expectation, protocol, host and port; settled at once."""
    words = [str(word) for connection in connections for word in connection]
    return [role, name, str(seconds), str(attempts), "0", lookup, *words]
