"""What a CiliumNetworkPolicy can express, by the version of Cilium.

Sources: cilium 1.15.19 and 1.20.2 pkg/policy/api (PortProtocol has endPort since 1.16), pkg/fqdn/matchpattern and the
upgrade notes of 1.19 (`**.` was one label before).
"""

from typing import Final

from egressc.dialects.limits import EXACT, Limits, approximate, unsupported
from egressc.model.cluster import Cluster

OLDEST: Final = (1, 15)
PORT_RANGES_SINCE: Final = (1, 16)
DEEP_NAMES_SINCE: Final = (1, 19)

_OLD_NAMES: Final = "before 1.19, Cilium reads **. as exactly one label"
_NO_RANGES: Final = "before 1.16, its policies have no port ranges"


def limits(cluster: Cluster) -> Limits:
    """By the version of Cilium in the project file."""
    settings = cluster.cilium
    # A project file without the version is refused; what is asked all the same counts for the newest one.
    version = settings.version if settings is not None else DEEP_NAMES_SINCE
    return Limits(
        is_rendered=True,
        host_names=approximate("by learned addresses: what shares the address of a name is open too"),
        deep_names=EXACT if version >= DEEP_NAMES_SINCE else unsupported(_OLD_NAMES),
        port_ranges=EXACT if version >= PORT_RANGES_SINCE else unsupported(_NO_RANGES),
    )
