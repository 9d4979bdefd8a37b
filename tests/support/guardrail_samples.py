"""Guardrails that several tests share: in the values of services, and as policies of a cluster."""

METADATA = {"ipBlock": {"cidr": "169.254.169.254/32"}}
METADATA_V6 = {"ipBlock": {"cidr": "fd00:ec2::254/128"}}
ALL_PROTOCOLS = ["TCP", "UDP", "SCTP"]
TENANT_B: dict[str, object] = {"namespaceSelector": {"matchLabels": {"tenant": "b"}}}
DATABASES: dict[str, object] = {
    "namespaceSelector": {"matchExpressions": [{"key": "tenant", "operator": "NotIn", "values": ["a"]}]},
    "podSelector": {"matchLabels": {"app": "db"}},
}
PORTS: list[dict[str, object]] = [
    {"port": 443, "protocol": "TCP"},
    {"port": 8000, "endPort": 8100, "protocol": "TCP"},
    {"port": 53, "endPort": 53, "protocol": "UDP"},
]

GUARDRAILS: dict[str, dict[str, object]] = {
    "metadata": {
        "purpose": "No pod reads the credentials of its node",
        "rules": [{"to": [METADATA, METADATA_V6], "allPorts": ALL_PROTOCOLS}],
    },
    "tenants": {"rules": [{"to": [TENANT_B, DATABASES], "ports": PORTS}, {"from": [TENANT_B], "allPorts": ["TCP"]}]},
}

CLUSTER: dict[str, object] = {
    "networkPolicy": {
        "release": {"name": "guardrail-policy", "namespace": "kube-system"},
        "guardrails": {
            "metadata": {**GUARDRAILS["metadata"], "priority": 100, "namespaceSelector": {}},
            "tenants": {
                **GUARDRAILS["tenants"],
                "priority": 101,
                "namespaceSelector": {"matchLabels": {"tenant": "a"}},
                "podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
            },
        },
        "commonLabels": {"team": "platform"},
        "commonAnnotations": {"note": "on"},
    }
}
API_VERSIONS = (
    "policy.networking.k8s.io/v1alpha2",
    "policy.networking.k8s.io/v1beta1",
    "policy.networking.k8s.io/v1alpha1",
    "networking.k8s.aws/v1alpha1",
)
CALICO = "projectcalico.org/v3"
"""Calico has these policies in a tier, with rules of its own."""
