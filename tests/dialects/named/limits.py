"""It knows names, and one number for each port; no chart renders it."""

from egressc.dialects.limits import Limits, approximate, unsupported
from egressc.model.cluster import Cluster

_LIMITS = Limits(
    is_rendered=False,
    ingress=approximate("it has no ports there"),
    port_ranges=unsupported("a rule has one port"),
    except_blocks=approximate("it has no exceptions"),
)


def limits(_: Cluster) -> Limits:
    return _LIMITS
