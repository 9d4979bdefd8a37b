"""What a NetworkPolicy and an ApplicationNetworkPolicy of Amazon EKS express together.

Source: the CRD applicationnetworkpolicies.networking.k8s.aws (amazon-network-policy-controller-k8s): a wildcard is only
possible at the start, and stands for one or more labels. Named ports: pkg/resolvers/endpoints.go there.
"""

from typing import Final

from egressc.dialects.limits import Limits, approximate, unsupported
from egressc.model.cluster import Cluster

_LIMITS: Final = Limits(
    is_rendered=True,
    host_names=approximate("by learned addresses: what shares the address of a name is open too"),
    one_label_names=approximate("its wildcard stands for one or more labels, so names further below are open too"),
    host_named_ports=unsupported("Amazon's controller looks for the name in pods, and opens nothing"),
)


def limits(_: Cluster) -> Limits:
    return _LIMITS
