"""What NetworkPolicies and Sidecars express together, where an egress gateway of Istio leads to hosts.

Sources: istio.io, "Egress Gateways" and "Sidecar"; istio.io/api 1.31 networking/v1 (service_entry.proto: a wildcard
stands for any number of labels; sidecar.proto: a workload is selected by labels alone).
"""

from typing import Final

from egressc.dialects.limits import Limits, approximate, unsupported
from egressc.model.cluster import Cluster

_NO_WILDCARDS: Final = "the gateway resolves the host itself, so it needs the whole name"
_ONE_PORT: Final = "a ServiceEntry lists each port by its number"
_TLS: Final = "the gateway goes by the name in the first message of TLS over TCP"

_LIMITS: Final = Limits(
    is_rendered=True,
    host_names=approximate("by server name: pods that the gateway cannot tell apart can reach each other's hosts"),
    one_label_names=unsupported(_NO_WILDCARDS),
    deep_names=unsupported(_NO_WILDCARDS),
    host_named_ports=unsupported(_ONE_PORT),
    host_port_ranges=unsupported(_ONE_PORT),
    host_sctp=unsupported(_TLS),
    host_udp=unsupported(_TLS),
    host_every_port=unsupported(_ONE_PORT),
)


def limits(_: Cluster) -> Limits:
    return _LIMITS
