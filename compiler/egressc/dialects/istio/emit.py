"""What the charts need to know of Istio: where the objects of hosts are, and which names are inside the cluster."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import Cluster
from egressc.model.dialects import ISTIO
from egressc.model.gateway import Waypoint


def dialect_data(cluster: Cluster, *, is_namespace: bool) -> dict[str, Data]:
    del is_namespace
    gateway = cluster.gateway
    assert gateway is not None, "a project file without the gateway is refused"
    data: dict[str, Data] = {
        "kind": ISTIO,
        "gatewayNamespace": gateway.namespace,
        "clusterDomain": gateway.cluster_domain,
    }
    if isinstance(gateway, Waypoint):
        data["waypoint"] = gateway.name
    return data
