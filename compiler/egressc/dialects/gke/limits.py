"""What a NetworkPolicy and an FQDNNetworkPolicy of GKE express together.

Source: gke-networking-api 0.2.11 apis/fqdnnetworkpolicy/v1alpha1: `*` stands for characters of one label; a port is one
number, and its protocol TCP, UDP or all.
"""

from typing import Final

from egressc.dialects.limits import Limits, approximate, unsupported
from egressc.model.cluster import Cluster

_LIMITS: Final = Limits(
    is_rendered=True,
    host_names=approximate("by learned addresses: what shares the address of a name is open too"),
    deep_names=unsupported("no wildcard of an FQDNNetworkPolicy stands for several labels"),
    host_named_ports=unsupported("an FQDNNetworkPolicy has numbers of ports only"),
    host_port_ranges=unsupported("an FQDNNetworkPolicy has single ports only"),
    host_sctp=unsupported("an FQDNNetworkPolicy has TCP and UDP only"),
)


def limits(_: Cluster) -> Limits:
    return _LIMITS
