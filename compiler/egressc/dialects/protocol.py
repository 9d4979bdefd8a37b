"""What a dialect offers: the parts of its package, found by the name that the project file gives."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

from egressc.dialects.shapes.fields import Object, Problems
from egressc.model.dialects import DIALECTS
from egressc.model.flows import Policy
from egressc.model.policy import Direction, Dns, GrantEnd, Port, Selector
from egressc.source import Span

# Concrete types, which the interpreter tells apart faster than abstract ones.
Data = str | int | bool | dict[str, "Data"] | list["Data"]
"""JSON-like data of the values contract."""


class Limits(NamedTuple):
    """What a dialect can express: `LIMITS` of its module `limits`.

    Attributes:
        host_names: rules name hosts; else the addresses that stand in for a name are approximate (EG414).
    """

    host_names: bool


class Emitter(Protocol):
    """Writes parts of the values of one service: the module `emit`."""

    def rule_data(self, direction: Direction, end: GrantEnd, ports: tuple[Port, ...], purpose: str) -> dict[str, Data]:
        """One entry of `networkPolicy.dependencies` or, in ingress, of `callers`, without its key."""
        ...

    def dns_data(self, dns: Dns) -> dict[str, Data]: ...

    def selector_data(self, selector: Selector) -> dict[str, Data]: ...


class DialectReader(Protocol):
    """Reads manifests of one kind into policies of flows; one for each stream, for it may remember what it read."""

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem.

        `origin` and `path` say where the manifest stands (see `Policy`); problems have paths from the manifest on.
        """


def limits_of(name: str) -> Limits:
    return cast("Limits", _part(DIALECTS[name], "limits").LIMITS)


def emitter_of(name: str) -> Emitter:
    return cast("Emitter", _part(DIALECTS[name], "emit"))


def readers() -> Mapping[tuple[str, str], DialectReader]:
    """A reader for each apiVersion and kind: the function `reader` of each module `read`, for its `KIND`."""
    parts = [_part(package, "read") for package in DIALECTS.values()]
    return {part.KIND: part.reader() for part in parts}


def _part(package: str, name: str) -> Any:
    return import_module(f"{package}.{name}")
