"""What a NetworkPolicy of Calico expresses, in the version that is open source.

Sources: the CRD networkpolicies.projectcalico.org (Calico 3.32); projectcalico/calico#4025: host names are in Calico
Enterprise and Cloud alone. What one rule takes: libcalico-go/lib/validator/v3.
"""

from collections.abc import Sequence
from typing import Final

from egressc.dialects.limits import Limits, RuleLimit, approximate
from egressc.model.cluster import Cluster
from egressc.model.policy import AddressPeer, HostPeer, Peer, PodPeer, Port

_MOST_RULES: Final = 1024
_MOST_NETWORKS: Final = 256
_MOST_PORTS: Final = 50

_LIMITS: Final = Limits(is_rendered=True, host_names=approximate("Calico has no host names in its open-source version"))


def limits(_: Cluster) -> Limits:
    return _LIMITS


def _count_rules(peers: Sequence[Peer], ports: Sequence[Port]) -> int:
    """As internal/calico/render of the charts writes them: one for each end and protocol."""
    if any(isinstance(it, HostPeer) for it in peers):
        return 1  # the Service of the API server, with its own ports
    networks = {it.cidr for it in peers if isinstance(it, AddressPeer) and not it.excepts}
    of_family_6 = sum(":" in it for it in networks)
    ends = sum(isinstance(it, PodPeer) or bool(it.excepts) for it in peers if not isinstance(it, HostPeer))
    ends += _parts(of_family_6, _MOST_NETWORKS) + _parts(len(networks) - of_family_6, _MOST_NETWORKS)
    every = {it.protocol for it in ports if it.port is None}
    single = [it.protocol for it in {*ports} if it.protocol not in every]
    return ends * (len(every) + sum(_parts(single.count(it), _MOST_PORTS) for it in {*single}))


def _parts(count: int, most: int) -> int:
    return -(-count // most)


RULE_LIMIT: Final = RuleLimit(_MOST_RULES, _count_rules)
