"""Kinds by name: what is a policy, what has pods, what is harmless, and what nobody knows."""

from egressc.dialects.protocol import readers
from egressc.verify.manifests.kinds import Role, is_like_ours, role_of
from support.tables import each


@each(
    ("api_version", "kind", "role"),
    [
        ("networking.k8s.io/v1", "NetworkPolicy", Role.POLICY),
        ("networking.k8s.io/v1", "NetworkPolicyList", Role.LIST),
        ("networking.k8s.io/v1", "Ingress", Role.INERT),
        ("networking.k8s.io/v1beta1", "IPAddress", Role.INERT),
        ("networking.k8s.io/v1", "Networkpolicy", Role.UNKNOWN),
        ("networking.k8s.io/v1", "EgressRule", Role.UNKNOWN),
        ("networking.k8s.io/v2", "NetworkPolicy", Role.OTHER_POLICY),
        ("networking.k8s.io/v1 ", "NetworkPolicy", Role.OTHER_POLICY),
        ("extensions/v1beta1", "NetworkPolicy", Role.OTHER_POLICY),
        ("v1", "NetPolicy", Role.UNKNOWN),
        ("v1", "Namespace", Role.NAMESPACE),
        ("v2", "Namespace", Role.UNKNOWN),
        ("v1", "Service", Role.SERVICE),
        ("v1", "Secret", Role.INERT),
        ("v2", "Secret", Role.UNKNOWN),
        ("/v1", "Secret", Role.INERT),
        ("v1", "Pod", Role.WORKLOAD),
        ("v1", "Deployment", Role.UNKNOWN),
        ("apps/v1", "Deployment", Role.WORKLOAD),
        ("apps/v1", "deployment", Role.UNKNOWN),
        ("apps/latest", "Deployment", Role.UNKNOWN),
        ("batch/v1", "CronJob", Role.WORKLOAD),
        ("autoscaling/v2", "HorizontalPodAutoscaler", Role.INERT),
        ("example.org/v1", "Widget", Role.UNKNOWN),
        ("cilium.io/v2", "CiliumEndpoint", Role.INERT),
        ("cilium.io/v2", "CiliumClusterwideNetworkPolicy", Role.OTHER_POLICY),
        ("cilium.io/v2", "CiliumLocalRedirectPolicy", Role.OTHER_POLICY),
        ("cilium.io/v2", "CiliumNewcomer", Role.OTHER_POLICY),
        ("crd.projectcalico.org/v1", "IPPool", Role.INERT),
        ("projectcalico.org/v3", "GlobalNetworkSet", Role.INERT),
        ("projectcalico.org/v3", "GlobalNetworkPolicy", Role.OTHER_POLICY),
        ("projectcalico.org/v3", "HostEndpoint", Role.OTHER_POLICY),
        ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", Role.OTHER_POLICY),
        ("k8s.ovn.org/v1", "EgressFirewall", Role.OTHER_POLICY),
        ("k8s.ovn.org/v1", "EgressIP", Role.INERT),
    ],
)
def test_the_role_of_a_kind(api_version: str, kind: str, role: Role) -> None:
    assert role_of(api_version, kind, readers()) is role


@each(
    ("kind", "alike"),
    [("Networkpolicy", True), ("networkpolicies", True), ("NetPolicy", True), ("Widget", False), ("EgressRule", False)],
)
def test_what_may_be_a_networkpolicy_misspelled(kind: str, alike: bool) -> None:
    assert is_like_ours(kind) is alike
