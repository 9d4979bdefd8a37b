"""What the charts need to know of GKE: that it has rules for hosts."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import Cluster
from egressc.model.dialects import GKE


def dialect_data(_: Cluster, *, is_namespace: bool) -> dict[str, Data]:
    del is_namespace
    return {"kind": GKE}
