"""Kinds of objects that charts render, and what has to be readable in a cluster where one is ours."""

from typing import Final

from egressc.cluster.objects import ObjectKind
from egressc.model.dialects import CALICO, CALICO_STAGED, CILIUM, DIALECTS, EKS, GKE
from egressc.model.gateway import GATEWAY_KIND

INSTALLED: Final = {
    DIALECTS[CILIUM].kind: ObjectKind.CILIUM_POLICIES,
    DIALECTS[EKS].host_kind: ObjectKind.APPLICATION_POLICIES,
    DIALECTS[GKE].host_kind: ObjectKind.FQDN_POLICIES,
    "Sidecar": ObjectKind.SIDECARS,
    "ServiceEntry": ObjectKind.SERVICE_ENTRIES,
    "Gateway": ObjectKind.GATEWAYS,
    GATEWAY_KIND: ObjectKind.WAYPOINTS,
    "VirtualService": ObjectKind.VIRTUAL_SERVICES,
    "DestinationRule": ObjectKind.DESTINATION_RULES,
    "AuthorizationPolicy": ObjectKind.AUTHORIZATION_POLICIES,
    "EnvoyFilter": ObjectKind.ENVOY_FILTERS,
    DIALECTS[CALICO].kind: ObjectKind.CALICO_POLICIES,
    DIALECTS[CALICO_STAGED].kind: ObjectKind.STAGED_POLICIES,
    "GlobalNetworkPolicy": ObjectKind.CALICO_CLUSTER_POLICIES,
    "ClusterNetworkPolicy": ObjectKind.CLUSTER_POLICIES,
    "AdminNetworkPolicy": ObjectKind.ADMIN_POLICIES,
    "BaselineAdminNetworkPolicy": ObjectKind.BASELINE_ADMIN_POLICIES,
    "ClusterNetworkPolicy.networking.k8s.aws": ObjectKind.EKS_CLUSTER_POLICIES,
}
