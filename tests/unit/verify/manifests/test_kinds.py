"""Kinds by name: what is a policy, what has pods, what is harmless, and what nobody knows."""

from egressc.dialects.reading import readers
from egressc.verify.manifests.kinds import ManifestRole, is_like_ours, role_of
from support.tables import each


@each(
    ("api_version", "kind", "role"),
    [
        ("networking.k8s.io/v1", "NetworkPolicy", ManifestRole.POLICY),
        ("networking.k8s.io/v1", "NetworkPolicyList", ManifestRole.LIST),
        ("networking.k8s.io/v1", "Ingress", ManifestRole.INERT),
        ("networking.k8s.io/v1beta1", "IPAddress", ManifestRole.INERT),
        ("networking.k8s.io/v1", "Networkpolicy", ManifestRole.UNKNOWN),
        ("networking.k8s.io/v1", "EgressRule", ManifestRole.UNKNOWN),
        ("networking.k8s.io/v2", "NetworkPolicy", ManifestRole.OTHER_POLICY),
        ("networking.k8s.io/v1 ", "NetworkPolicy", ManifestRole.OTHER_POLICY),
        ("extensions/v1beta1", "NetworkPolicy", ManifestRole.OTHER_POLICY),
        ("v1", "NetPolicy", ManifestRole.UNKNOWN),
        ("v1", "Namespace", ManifestRole.NAMESPACE),
        ("v2", "Namespace", ManifestRole.UNKNOWN),
        ("v1", "Service", ManifestRole.SERVICE),
        ("v1", "Secret", ManifestRole.INERT),
        ("v2", "Secret", ManifestRole.UNKNOWN),
        ("/v1", "Secret", ManifestRole.INERT),
        ("v1", "Pod", ManifestRole.WORKLOAD),
        ("v1", "Deployment", ManifestRole.UNKNOWN),
        ("apps/v1", "Deployment", ManifestRole.WORKLOAD),
        ("apps/v1", "deployment", ManifestRole.UNKNOWN),
        ("apps/latest", "Deployment", ManifestRole.UNKNOWN),
        ("batch/v1", "CronJob", ManifestRole.WORKLOAD),
        ("autoscaling/v2", "HorizontalPodAutoscaler", ManifestRole.INERT),
        ("example.org/v1", "Widget", ManifestRole.UNKNOWN),
        ("cilium.io/v2", "CiliumEndpoint", ManifestRole.INERT),
        ("cilium.io/v2", "CiliumClusterwideNetworkPolicy", ManifestRole.POLICY),
        ("cilium.io/v2alpha1", "CiliumNetworkPolicy", ManifestRole.OTHER_POLICY),
        ("cilium.io/v2", "CiliumLocalRedirectPolicy", ManifestRole.OTHER_POLICY),
        ("cilium.io/v2", "CiliumNewcomer", ManifestRole.OTHER_POLICY),
        ("crd.projectcalico.org/v1", "IPPool", ManifestRole.INERT),
        ("crd.projectcalico.org/v1", "GlobalNetworkPolicy", ManifestRole.OTHER_POLICY),
        *[
            ("crd.projectcalico.org/v1", kind, ManifestRole.OTHER_POLICY)
            for kind in ("NetworkPolicy", "GlobalNetworkSet", "NetworkSet", "Tier", "HostEndpoint", "Profile")
        ],
        ("projectcalico.org/v3", "GlobalNetworkSet", ManifestRole.POLICY),
        ("projectcalico.org/v4", "NetworkSet", ManifestRole.OTHER_POLICY),
        ("projectcalico.org/v3", "GlobalNetworkPolicy", ManifestRole.POLICY),
        ("projectcalico.org/v3", "HostEndpoint", ManifestRole.OTHER_POLICY),
        ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", ManifestRole.POLICY),
        ("policy.networking.k8s.io/v1alpha9", "AdminNetworkPolicy", ManifestRole.OTHER_POLICY),
        ("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicy", ManifestRole.POLICY),
        ("networking.k8s.aws/v1", "ApplicationNetworkPolicy", ManifestRole.OTHER_POLICY),
        ("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicyList", ManifestRole.LIST),
        ("networking.gke.io/v1alpha1", "FQDNNetworkPolicy", ManifestRole.POLICY),
        ("networking.gke.io/v1alpha3", "FQDNNetworkPolicy", ManifestRole.OTHER_POLICY),
        ("networking.gke.io/v1alpha1", "FrontendConfig", ManifestRole.INERT),
        ("k8s.ovn.org/v1", "EgressFirewall", ManifestRole.OTHER_POLICY),
        ("k8s.ovn.org/v1", "EgressIP", ManifestRole.INERT),
    ],
)
def test_the_role_of_a_kind(api_version: str, kind: str, role: ManifestRole) -> None:
    assert role_of(api_version, kind, readers()) is role


@each(
    ("kind", "alike"),
    [("Networkpolicy", True), ("networkpolicies", True), ("NetPolicy", True), ("Widget", False), ("EgressRule", False)],
)
def test_what_may_be_a_networkpolicy_misspelled(kind: str, alike: bool) -> None:
    assert is_like_ours(kind) is alike
