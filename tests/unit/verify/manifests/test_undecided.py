"""Policies of one tier that decide differently, where nothing says which is asked first: EG625."""

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

_CLUSTER = "policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy"
_EKS = "networking.k8s.aws/v1alpha1 ClusterNetworkPolicy"
_ADMIN = "policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy"
_ALL = "{namespaces: {}}"
_A, _B = (f"{{namespaces: {{matchLabels: {{kubernetes.io/metadata.name: {name}}}}}}}" for name in "ab")


def policy(
    name: str,
    action: str,
    *,
    kind: str = _CLUSTER,
    tier: str = "Admin",
    priority: int = 10,
    subject: str = _ALL,
    to: str = _ALL,
    port: int | None = None,
    side: str = "egress",
) -> str:
    api_version, kind = kind.split()
    key = "protocols" if kind == "ClusterNetworkPolicy" and "aws" not in api_version else "ports"
    number = (
        f"{{tcp: {{destinationPort: {{number: {port}}}}}}}"
        if key == "protocols"
        else f"{{portNumber: {{port: {port}}}}}"
    )
    ports = f", {key}: [{number}]" if port else ""
    end = "to" if side == "egress" else "from"
    said = f"tier: {tier}, " if kind == "ClusterNetworkPolicy" else ""
    rule = f"{{action: {action}, {end}: [{to}]{ports}}}"
    return (
        f"---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}}}\n"
        f"spec: {{{said}priority: {priority}, subject: {subject}, {side}: [{rule}]}}\n"
    )


def codes(*policies: str) -> list[str]:
    report = Report()
    read_manifests([Source("m.yaml", "".join(policies))], report)
    return [it.code.id for it in report.diagnostics]


_ONE = policy("one", "Deny")


@each(
    "other",
    [
        policy("other", "Accept"),
        policy("other", "Pass"),
        policy("other", "Accept", subject=_A, to=_B, port=443),
        policy("one", "Accept", kind=_EKS),
        policy("other", "Accept", kind=_EKS, priority=11),
        policy("other", "Allow", kind=_ADMIN, priority=11),
    ],
)
def test_either_could_be_asked_first(other: str) -> None:
    assert codes(_ONE, other) == ["EG625"]
    assert codes(other, _ONE) == ["EG625"]


@each(
    "other",
    [
        policy("other", "Deny"),
        policy("other", "Deny", kind=_EKS),
        policy("other", "Accept", priority=11),
        policy("other", "Pass", tier="Baseline"),
        policy("other", "Accept", side="ingress"),
        policy("other", "Accept", to="{networks: [10.0.0.0/8]}"),
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: plain, namespace: a}\n"
        "spec: {podSelector: {}, egress: [{}], policyTypes: [Egress]}\n",
    ],
)
def test_the_order_is_known_or_makes_no_difference(other: str) -> None:
    assert codes(_ONE, other) == []


def test_what_shares_no_flow_needs_no_order() -> None:
    apart = policy("one", "Deny", subject=_A), policy("other", "Accept", subject=_B)
    assert codes(*apart) == []
    assert codes(policy("one", "Deny", port=80), policy("other", "Accept", port=81)) == []
    assert codes(policy("one", "Deny", to=_A), policy("other", "Accept", to=_B)) == []


def test_each_says_where_and_what_to_do() -> None:
    report = Report()
    text = _ONE + policy("same", "Accept") + policy("eks", "Accept", kind=_EKS, priority=20)
    read_manifests([Source("m.yaml", text)], report)
    assert [(it.message.partition(", but ")[2], (it.help or "").partition(":")[0]) for it in report.diagnostics] == [
        ("they have the same priority", "give them different priorities"),
        ("they are of two kinds, whose order is not defined", "write both as one kind, with different priorities"),
    ]
    assert [it.primary.span.text for it in report.diagnostics] == ["10", "20"]
