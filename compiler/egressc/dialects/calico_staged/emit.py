"""What the charts need to know of CalicoStaged: that its policies are staged."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import Cluster
from egressc.model.dialects import CALICO_STAGED


def dialect_data(_: Cluster, *, is_namespace: bool) -> dict[str, Data]:
    del is_namespace
    return {"kind": CALICO_STAGED}
