"""Guardrails: what no table, no baseline and no extra rule can open for the pods that they guard.

They are checked wherever rules are read. In a cluster that knows policies of the whole cluster, these enforce them too.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from egressc.model.baselines import Opening
from egressc.model.calico import tier_place
from egressc.model.policy import AddressPeer, Direction, PodPeer, Port, Selector
from egressc.source import Span

GUARDRAIL_VERSIONS: Final[Mapping[str, str]] = {
    "policy.networking.k8s.io/v1alpha2": "ClusterNetworkPolicy",
    "policy.networking.k8s.io/v1beta1": "ClusterNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1": "AdminNetworkPolicy",
    "networking.k8s.aws/v1alpha1": "ClusterNetworkPolicy.networking.k8s.aws",
    "projectcalico.org/v3": "GlobalNetworkPolicy",
}
"""The kind of policy by its apiVersion, as `flows.Policy.kind` has it."""

# The order of Calico's tier of guardrails, before that of ClusterNetworkPolicies; the chart has the same.
_TIER_ORDER: Final = 900
_BEFORE_NETWORK_POLICIES: Final = -1
HIGHEST_PRIORITY: Final = 1000
# OVN-Kubernetes leaves out those beyond 99 (ANPWithUnsupportedPriority; OpenShift, AdminNetworkPolicy: 0 to 99).
_HIGHEST_OF_ADMIN: Final = 99


def highest_priority(api_version: str) -> int:
    """The highest number that every cluster with such policies takes; lower ones are asked first."""
    return _HIGHEST_OF_ADMIN if GUARDRAIL_VERSIONS[api_version] == "AdminNetworkPolicy" else HIGHEST_PRIORITY


class GuardrailSettings(NamedTuple):
    """A guardrail as the project file says it. `excepted` are names that `denied` leaves out."""

    key: str
    span: Span
    purpose: str
    namespaces: Selector
    pods: Selector
    denied: Mapping[Direction, tuple[Opening, ...]]
    excepted: Mapping[Direction, tuple[Opening, ...]]


class GuardrailPolicies(NamedTuple):
    """The policies of the whole cluster that enforce guardrails, and the Helm release that holds them.

    `priority` is that of the first; each of the following has one more.
    """

    api_version: str
    namespace: str
    priority: int
    place: Span

    @property
    def kind(self) -> str:
        return GUARDRAIL_VERSIONS[self.api_version]

    @property
    def tier(self) -> float:
        """As `flows.Precedence` has it."""
        return tier_place(_TIER_ORDER) if self.is_in_a_tier else _BEFORE_NETWORK_POLICIES

    @property
    def is_in_a_tier(self) -> bool:
        """Whether the release brings a tier for them, whose name starts theirs."""
        return self.kind == "GlobalNetworkPolicy"


class DeniedRule(NamedTuple):
    """Who cannot be reached (egress), or cannot reach (ingress), on which ports.

    Peers are pods with a selector of namespaces, and networks without exceptions. Ports have no names; none of them
    stands for every port. `name` and `origin` are those of the destination, and where the project file says it.
    """

    direction: Direction
    peers: tuple[PodPeer | AddressPeer, ...]
    ports: tuple[Port, ...]
    name: str
    origin: Span


class Guardrail(NamedTuple):
    """What is denied to the pods that it guards. Exceptions are taken out of its rules; so its order has no effect."""

    key: str
    purpose: str
    namespaces: Selector
    pods: Selector
    rules: tuple[DeniedRule, ...]
    origin: Span
