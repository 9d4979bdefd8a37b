"""What the charts need to know of Cilium: its version, which decides what rules mean, and how DNS is let through."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import Cluster
from egressc.model.dialects import CILIUM


def dialect_data(cluster: Cluster) -> dict[str, Data]:
    settings = cluster.cilium
    assert settings is not None, "a project file without the version is refused"
    data: dict[str, Data] = {"kind": CILIUM, "version": ".".join(map(str, settings.version))}
    if settings.strict_dns:
        data |= {"strictDns": True, "clusterDomain": settings.cluster_domain}
    return data
