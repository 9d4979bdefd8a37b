"""Which Kubernetes kinds matter to the proof, and which are known not to: each by its name, for a name may be mistyped.

Source: the API groups of Kubernetes 1.24 to 1.36 and the kinds of the network plugins named beside them.
"""

import re
from collections.abc import Container, Mapping
from enum import Enum, auto

from egressc.model.gateway import GATEWAY_API

_VERSION = re.compile(r"v[0-9]+(?:(?:alpha|beta)[0-9]+)?\Z")

_ALIKE = 0.8


def _kinds(groups: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return {group: frozenset(kinds.split()) for group, kinds in groups.items()}


_WORKLOADS = _kinds(
    {
        "": "Pod ReplicationController",
        "apps": "DaemonSet Deployment ReplicaSet StatefulSet",
        "apps.openshift.io": "DeploymentConfig",
        "argoproj.io": "Rollout",
        "batch": "CronJob Job",
        "extensions": "DaemonSet Deployment ReplicaSet",
        "kubevirt.io": "VirtualMachine VirtualMachineInstance VirtualMachineInstanceReplicaSet",
        "serving.knative.dev": "Service",
    }
)
KNATIVE_SERVICE = "KnativeService"
"""What a Service of Knative is called: one of Kubernetes is another object."""
_INERT = _kinds(
    {
        "": "Binding ComponentStatus ConfigMap Endpoints Event LimitRange Node PersistentVolume PersistentVolumeClaim "
        "PodTemplate ResourceQuota Secret ServiceAccount",
        "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding "
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
        "ValidatingWebhookConfiguration",
        "apiextensions.k8s.io": "CustomResourceDefinition",
        "apiregistration.k8s.io": "APIService",
        "apps": "ControllerRevision",
        "autoscaling": "HorizontalPodAutoscaler",
        "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle PodCertificateRequest",
        "coordination.k8s.io": "Lease LeaseCandidate",
        "discovery.k8s.io": "EndpointSlice",
        "events.k8s.io": "Event",
        "extensions": "Ingress",
        "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
        "internal.apiserver.k8s.io": "StorageVersion",
        "networking.k8s.io": "IPAddress Ingress IngressClass ServiceCIDR",
        "node.k8s.io": "RuntimeClass",
        "policy": "PodDisruptionBudget PodSecurityPolicy",
        "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
        "resource.k8s.io": "DeviceClass DeviceTaintRule ResourceClaim ResourceClaimTemplate ResourceSlice",
        "scheduling.k8s.io": "PriorityClass",
        "storage.k8s.io": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
        "storagemigration.k8s.io": "StorageVersionMigration",
    }
)
# Without tiers and network sets: policies depend on them.
_CALICO = (
    "BGPConfiguration BGPFilter BGPPeer BlockAffinity CalicoNodeStatus ClusterInformation IPAMBlock IPAMConfig "
    "IPAMConfiguration IPAMHandle IPPool IPReservation KubeControllersConfiguration Node WorkloadEndpoint"
)
# Groups of policies, each with its kinds that neither allow nor deny: what plugins keep for themselves, address pools,
# routes, and sets to which only policies that are not read give a meaning. Every other kind in them counts as a policy,
# listed or not.
_BESIDE_POLICIES = _kinds(
    {
        "cilium.io": "CiliumBGPAdvertisement CiliumBGPClusterConfig CiliumBGPNodeConfig CiliumBGPNodeConfigOverride "
        "CiliumBGPPeerConfig CiliumBGPPeeringPolicy CiliumCIDRGroup CiliumEndpoint CiliumEndpointSlice "
        "CiliumExternalWorkload CiliumGatewayClassConfig CiliumIdentity CiliumL2AnnouncementPolicy "
        "CiliumLoadBalancerIPPool CiliumNode CiliumNodeConfig CiliumPodIPPool",
        # Antrea
        "crd.antrea.io": "AntreaAgentInfo AntreaControllerInfo BGPPolicy ClusterGroup ExternalIPPool ExternalNode "
        "Group IPPool NodeLatencyMonitor PacketCapture SupportBundleCollection Traceflow",
        "crd.projectcalico.org": _CALICO,  # Calico, as stored
        "projectcalico.org": _CALICO,
        "policy.networking.k8s.io": "",
        # FQDNNetworkPolicy of other versions, as an archived controller has it
        "networking.gke.io": "FrontendConfig GCPBackendPolicy GCPGatewayPolicy GKENetworkParamSet HealthCheckPolicy "
        "ManagedCertificate Network NetworkLogging ServiceAttachment "
        "ServiceNetworkEndpointGroup",
        # What Amazon's controller makes of policies
        "networking.k8s.aws": "ClusterPolicyEndpoint PolicyEndpoint",
        "k8s.ovn.org": "EgressIP EgressQoS",  # EgressFirewall
    }
)

_CALICO_GROUP = "projectcalico.org"
# Groups with policies that enforce nothing: their kinds begin with "Staged".
_STAGING = ("projectcalico.org", "crd.projectcalico.org")

_EKS = "networking.k8s.aws"
_AMBIGUOUS = frozenset(((_EKS, "ClusterNetworkPolicy"), (_CALICO_GROUP, "NetworkPolicy"), (GATEWAY_API, "Gateway")))
CLUSTER_KINDS = frozenset(
    (
        *("CiliumClusterwideNetworkPolicy", "ClusterNetworkPolicy", f"ClusterNetworkPolicy.{_EKS}"),
        *("AdminNetworkPolicy", "BaselineAdminNetworkPolicy"),
        *("GlobalNetworkPolicy", "GlobalNetworkSet", "Tier"),  # Calico's
    )
)
"""Kinds of policy that have no namespace."""


def repair_for(api_version: str) -> str:
    """What to write in place of a policy that is not read; empty where nothing else is."""
    if not api_version.startswith("crd.projectcalico.org/"):
        return ""
    return (
        "write it as projectcalico.org/v3, which `kubectl get` prints for names such as "
        "globalnetworkpolicies.projectcalico.org: Calico stores it with other names and selectors"
    )


class ManifestRole(Enum):
    """What a manifest is to the proof."""

    POLICY = auto()
    STAGED_POLICY = auto()
    OTHER_POLICY = auto()
    WORKLOAD = auto()
    NAMESPACE = auto()
    SERVICE = auto()
    LIST = auto()
    INERT = auto()
    UNKNOWN = auto()


def role_of(api_version: str, kind: str, policies: Container[tuple[str, str]]) -> ManifestRole:
    """The role of a manifest by its apiVersion and kind; `policies`: those that some dialect reads."""
    group, _, version = api_version.rpartition("/")
    if group in _STAGING and kind.startswith("Staged") and not kind.endswith("List"):
        return ManifestRole.STAGED_POLICY
    if (api_version, kind) in policies:
        return ManifestRole.POLICY
    if kind.endswith("List"):
        return ManifestRole.LIST
    if group in _BESIDE_POLICIES:
        return ManifestRole.INERT if kind in _BESIDE_POLICIES[group] else ManifestRole.OTHER_POLICY
    if "NetworkPolicy" in kind:
        return ManifestRole.OTHER_POLICY
    if not _VERSION.match(version) or (not group and version != "v1"):
        return ManifestRole.UNKNOWN
    if kind in _WORKLOADS.get(group, ()):
        return ManifestRole.WORKLOAD
    if not group and kind in ("Namespace", "Service"):
        return ManifestRole.NAMESPACE if kind == "Namespace" else ManifestRole.SERVICE
    return ManifestRole.INERT if kind in _INERT.get(group, ()) else ManifestRole.UNKNOWN


def policy_kind(api_version: str, kind: str) -> str:
    """What a policy of this apiVersion and kind is called: with its group where another group has the kind too."""
    group = api_version.partition("/")[0]
    return f"{kind}.{group}" if (group, kind) in _AMBIGUOUS else kind


def workload_kind(api_version: str, kind: str) -> str:
    """What a workload of this apiVersion and kind is called."""
    return KNATIVE_SERVICE if api_version.startswith("serving.knative.dev/") else kind


def is_like_ours(kind: str) -> bool:
    """Whether an unknown kind looks like NetworkPolicy, misspelled or in other capitals."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, kind.lower(), "networkpolicy").ratio() > _ALIKE
