"""Which Kubernetes kinds matter to the proof, and which are known not to.

Source: the API groups of Kubernetes 1.34 and the policy kinds of the network plugins named beside them.
"""

from enum import Enum, auto

_POLICY_GROUPS = frozenset(
    (
        "cilium.io",
        "crd.antrea.io",  # Antrea
        "crd.projectcalico.org",  # Calico, as stored
        "projectcalico.org",
        "policy.networking.k8s.io",  # AdminNetworkPolicy, ClusterNetworkPolicy
        "networking.gke.io",  # FQDNNetworkPolicy
        "networking.k8s.aws",
        "k8s.ovn.org",  # EgressFirewall
    )
)
_WORKLOADS = frozenset(
    ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController", "Pod")
)
_WORKLOAD_GROUPS = frozenset(("", "apps", "batch", "extensions"))
_INERT_GROUPS = frozenset(
    (
        "",  # ConfigMap, Secret, ServiceAccount: none of them allows or denies
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    )
)


class Role(Enum):
    """What a manifest is to the proof."""

    POLICY = auto()
    OTHER_POLICY = auto()
    WORKLOAD = auto()
    NAMESPACE = auto()
    SERVICE = auto()
    LIST = auto()
    INERT = auto()
    UNKNOWN = auto()


def role_of(api_version: str, kind: str) -> Role:
    """The role of a manifest by its apiVersion and kind."""
    group, _, version = api_version.rpartition("/")
    if kind == "NetworkPolicy" and api_version == "networking.k8s.io/v1":
        return Role.POLICY
    if kind.endswith("List"):
        return Role.LIST
    if group in _POLICY_GROUPS or "NetworkPolicy" in kind:
        return Role.OTHER_POLICY
    if kind in _WORKLOADS and group in _WORKLOAD_GROUPS:
        return Role.WORKLOAD
    if api_version == "v1" and kind == "Namespace":
        return Role.NAMESPACE
    if api_version == "v1" and kind == "Service":
        return Role.SERVICE
    if group in _INERT_GROUPS and version.startswith("v"):
        return Role.INERT
    return Role.UNKNOWN
