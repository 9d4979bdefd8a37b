"""What differs between the kinds of policies of the whole cluster: names of fields, actions and limits.

Sources: sigs.k8s.io/network-policy-api 0.3.0 apis/v1alpha1, v1alpha2 and v1beta1 with their custom resource
definitions; the definition of networking.k8s.aws/v1alpha1 ClusterNetworkPolicy and
pkg/resolvers/clusternetworkpolicy_resolver.go of amazon-network-policy-controller-k8s.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from egressc.model.flows import RuleAction
from egressc.model.policy import Protocol

ADMIN: Final = -1
BASELINE: Final = 1
TIERS: Final = {"Admin": ADMIN, "Baseline": BASELINE}


class Form(NamedTuple):
    """One kind of policy.

    Attributes:
        actions: what its rules do, by the words for it.
        tier: of all its policies; None where each says its own.
        has_priority: whether each policy has one; only one policy of a kind without can exist, named `default`.
        most: how many rules a direction has at most, and how many peers and ports a rule.
        has_protocols: ports are in `protocols`, else in `ports`.
        named: the protocols of a named port, which names none itself.
        networks_are_strict: a network with bits beyond its prefix length is refused.
        needs_namespaces: a selector of pods has one of namespaces too; else that is every namespace where it is absent.
        has_cilium: whether Cilium enforces it, which opens more than the API says.
        egress_peers: the kinds of peers that egress rules know.
    """

    actions: Mapping[str, RuleAction]
    tier: int | None
    has_priority: bool
    most: int
    has_protocols: bool
    named: tuple[Protocol, ...]
    networks_are_strict: bool
    needs_namespaces: bool
    has_cilium: bool
    egress_peers: tuple[str, ...]


_ADMIN_ACTIONS: Final = {"Allow": RuleAction.ALLOW, "Deny": RuleAction.DENY, "Pass": RuleAction.PASS}
_CLUSTER_ACTIONS: Final = {"Accept": RuleAction.ALLOW, "Deny": RuleAction.DENY, "Pass": RuleAction.PASS}
_PEERS: Final = ("namespaces", "pods", "networks", "nodes", "domainNames")

CLUSTER: Final = Form(
    actions=_CLUSTER_ACTIONS,
    tier=None,
    has_priority=True,
    most=25,
    has_protocols=True,
    named=tuple(Protocol),
    networks_are_strict=True,
    needs_namespaces=False,
    has_cilium=True,
    egress_peers=_PEERS,
)
# Definitions before 0.2.1 take networks with bits beyond their prefix length, and clusters with this kind have those.
ADMIN_ALONE: Final = CLUSTER._replace(
    actions=_ADMIN_ACTIONS,
    tier=ADMIN,
    most=100,
    has_protocols=False,
    networks_are_strict=False,
    needs_namespaces=True,
    has_cilium=False,
)
BASELINE_ALONE: Final = ADMIN_ALONE._replace(
    actions={word: it for word, it in _ADMIN_ACTIONS.items() if it is not RuleAction.PASS},
    tier=BASELINE,
    has_priority=False,
    egress_peers=_PEERS[:-1],
)
EKS: Final = ADMIN_ALONE._replace(
    actions=_CLUSTER_ACTIONS,
    tier=None,
    named=(Protocol.TCP,),
    egress_peers=tuple(it for it in _PEERS if it != "nodes"),
)

FORMS: Final[Mapping[tuple[str, str], Form]] = {
    ("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"): CLUSTER,
    ("policy.networking.k8s.io/v1beta1", "ClusterNetworkPolicy"): CLUSTER,
    ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"): ADMIN_ALONE,
    ("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy"): BASELINE_ALONE,
    ("networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy"): EKS,
}
"""The kinds that are read, by apiVersion and kind."""
