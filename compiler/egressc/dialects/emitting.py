"""What a dialect offers to the writers of values: the module `emit` of its package."""

from importlib import import_module
from typing import Protocol, cast

from egressc.model.dialects import DIALECTS
from egressc.model.policy import Direction, Dns, GrantEnd, Port, Selector

# Concrete types, which the interpreter tells apart faster than abstract ones.
Data = str | int | bool | dict[str, "Data"] | list["Data"]
"""JSON-like data of the values contract."""


class Emitter(Protocol):
    """Writes parts of the values of one service: the module `emit`."""

    def rule_data(self, direction: Direction, end: GrantEnd, ports: tuple[Port, ...], purpose: str) -> dict[str, Data]:
        """One entry of `networkPolicy.dependencies` or, in ingress, of `callers`, without its key."""
        ...

    def dns_data(self, dns: Dns) -> dict[str, Data]: ...

    def selector_data(self, selector: Selector) -> dict[str, Data]: ...


def emitter_of(name: str) -> Emitter:
    return cast("Emitter", import_module(f"{DIALECTS[name]}.emit"))
