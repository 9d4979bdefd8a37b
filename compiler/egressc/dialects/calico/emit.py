"""What the charts need to know of Calico: that its policies have its own selectors."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import Cluster
from egressc.model.dialects import CALICO


def dialect_data(_: Cluster, *, is_namespace: bool) -> dict[str, Data]:
    del is_namespace
    return {"kind": CALICO}
