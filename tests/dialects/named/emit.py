"""What its template would take: nothing."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import Cluster


def dialect_data(_: Cluster, *, is_namespace: bool) -> dict[str, Data]:
    del is_namespace
    return {}
