"""What the charts need to know of Cilium: its version, which decides what rules mean, and how DNS is let through."""

from egressc.dialects.emitting import Data
from egressc.model.cluster import CLUSTER_DOMAIN, Cluster
from egressc.model.dialects import CILIUM


def dialect_data(cluster: Cluster, *, is_namespace: bool) -> dict[str, Data]:
    """A namespace has no hosts of its own to be strict about: its pods resolve those of the services."""
    settings = cluster.cilium
    assert settings is not None, "a project file without the version is refused"
    data: dict[str, Data] = {"kind": CILIUM, "version": ".".join(map(str, settings.version))}
    if settings.strict_dns and not is_namespace:
        data["strictDns"] = True
    if settings.cluster_domain != CLUSTER_DOMAIN:
        data["clusterDomain"] = settings.cluster_domain
    return data
