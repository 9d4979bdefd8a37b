"""What a StagedKubernetesNetworkPolicy expresses: what a NetworkPolicy does.

Source: the CRD stagedkubernetesnetworkpolicies.projectcalico.org (Calico 3.30 and later).
"""

from typing import Final

from egressc.dialects.limits import Limits, approximate
from egressc.model.cluster import Cluster

_LIMITS: Final = Limits(is_rendered=True, host_names=approximate("a NetworkPolicy has no host names"))


def limits(_: Cluster) -> Limits:
    return _LIMITS
