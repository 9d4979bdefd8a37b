"""What NetworkPolicy can express: pods and addresses. It knows no names, no order, and no denial."""

from typing import Final

from egressc.dialects.limits import Limits, approximate
from egressc.model.cluster import Cluster

_LIMITS: Final = Limits(is_rendered=True, host_names=approximate("a NetworkPolicy has no host names"))


def limits(_: Cluster) -> Limits:
    return _LIMITS
