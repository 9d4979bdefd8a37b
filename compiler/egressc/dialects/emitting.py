"""What a dialect offers to the writers of values: the module `emit` of its package."""

from importlib import import_module
from typing import Protocol, cast

from egressc.model.cluster import Cluster
from egressc.model.dialects import DIALECTS

# Concrete types, which the interpreter tells apart faster than abstract ones.
Data = str | int | bool | dict[str, "Data"] | list["Data"]
"""JSON-like data of the values contract."""


class Emitter(Protocol):
    """Writes what the charts need to know of a dialect: the module `emit`. All else of the values is the same."""

    def dialect_data(self, cluster: Cluster, *, is_namespace: bool) -> dict[str, Data]:
        """`networkPolicy.dialect` of the values of services, or of namespaces.

        Empty for the dialect that the charts render without it.
        """
        ...


def dialect_data(cluster: Cluster, *, is_namespace: bool = False) -> dict[str, Data]:
    emitter = cast("Emitter", import_module(f"{DIALECTS[cluster.dialect].package}.emit"))
    return emitter.dialect_data(cluster, is_namespace=is_namespace)
