"""Policies of the cluster enforce guardrails exactly as they are written."""

import yaml

from egressc.diagnostics.core import Report
from egressc.model.flows import Policy
from egressc.source import Source
from egressc.verify.comparison.enforcement import compare_guardrails
from egressc.verify.intent.guardrails import intend_guardrails
from egressc.verify.manifests.reader import read_manifests
from support.compiled import compile_whole, services
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  redis: {ports: [6379], namespace: data}
  Partner: {addresses: [203.0.113.0/24]}
"""
TABLE = services("web | redis | 6379", header="From | To | Port")
OPEN = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress]}
"""


def read(text: str) -> tuple[Policy, ...]:
    report = Report()
    manifests = read_manifests([Source("m.yaml", text)], report)
    assert report.diagnostics == [], report.diagnostics
    return manifests.policies


GUARDED = """
guardrails: {one: {denyTo: [Partner, {name: redis, ports: [6379]}], pods: {tier: x}}}
cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2}}
"""
ENFORCING = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guardrail-policy-one}
spec:
  tier: Admin
  priority: 100
  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {tier: x}}}}
  egress:
    - {action: Deny, to: [{networks: [203.0.113.0/25]}, {networks: [203.0.113.128/25]}]}
    - action: Deny
      to:
        - pods:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}
            podSelector: {matchLabels: {app: redis}}
      protocols: [{tcp: {destinationPort: {number: 6379}}}]
"""


@each(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("priority: 100", "priority: 7", ""),
        ("guardrail-policy-one", "of-another-name", ""),
        (
            "203.0.113.128/25",
            "203.0.113.128/26",
            "pod tier=x in other -> address 203.0.113.192 on 1/TCP is denied by the project file alone",
        ),
        (
            "203.0.113.128/25",
            "203.0.112.0/24",
            "pod tier=x in other -> address 203.0.113.128 on 1/TCP is denied by the project file alone",
        ),
        (
            "203.0.113.0/25",
            "203.0.113.0/24",
            "",
        ),
        (
            "203.0.113.0/25",
            "203.0.112.0/23",
            "pod tier=x in other -> address 203.0.112.0 on 1/TCP is denied by the policy alone",
        ),
        (
            "tier: x",
            "tier: z",
            "pod tier=x in other -> address 203.0.113.0 on 1/TCP is denied by the project file alone",
        ),
        (
            "number: 6379",
            "number: 6380",
            "pod tier=x in other -> pod app=redis in data on 6379/TCP is denied by the project file alone",
        ),
        ("Admin", "Baseline", "it is not asked before NetworkPolicies"),
        ("- action: Deny", "- action: Pass", "it has a rule that does not deny (pass)"),
    ],
)
def test_a_policy_that_enforces_a_guardrail(old: str, new: str, expected: str) -> None:
    found, report = compile_whole(TABLE, CATALOG, GUARDED)
    assert found is not None, report.diagnostics
    policies = found.resolution.answers.cluster.guardrails
    assert old in ENFORCING
    rendered = read(ENFORCING.replace(old, new, 1) + OPEN)
    report = Report()
    intended = intend_guardrails(found.resolution.guardrails, policies)
    left, wrong = compare_guardrails(intended, rendered, rendered[0].origin, report)
    assert [it.name for it in left] == ["other"]
    assert wrong == len(report.diagnostics) == bool(expected)
    assert [it.message.partition(f"{rendered[0].name} differs from it: ")[2] for it in report.diagnostics] == (
        [expected] if expected else []
    )


def test_a_policy_that_is_missing_is_told_at_the_manifests() -> None:
    found, _ = compile_whole(TABLE, CATALOG, GUARDED)
    assert found is not None
    intended = intend_guardrails(found.resolution.guardrails, found.resolution.answers.cluster.guardrails)
    rendered, report = read(OPEN), Report()
    left, wrong = compare_guardrails(intended, rendered, rendered[0].origin, report)
    assert (left, wrong) == (rendered, 1)
    assert "the manifests have no policy guardrail-policy-one" in report.diagnostics[0].message


# Hosts are behind most addresses, and no network names them.
def test_a_guardrail_for_the_internet_is_enforced_by_networks_alone() -> None:
    found, report = compile_whole(TABLE, CATALOG, GUARDED.replace("Partner, {name: redis, ports: [6379]}", "0.0.0.0/0"))
    assert found is not None, report.diagnostics
    manifest = yaml.safe_load(ENFORCING)
    manifest["spec"]["egress"] = [{"action": "Deny", "to": [{"networks": ["0.0.0.0/0"]}]}]
    rendered, report = read(yaml.safe_dump(manifest)), Report()
    intended = intend_guardrails(found.resolution.guardrails, found.resolution.answers.cluster.guardrails)
    assert compare_guardrails(intended, rendered, rendered[0].origin, report) == ((), 0)
