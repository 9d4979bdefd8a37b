"""Guardrails against what allows their flows, and against the policies that are to enforce them."""

import pytest
import yaml

from egressc.diagnostics.core import Code, Report
from egressc.diagnostics.guardrails import guarded_flow, possibly_guarded_flow
from egressc.model.flows import Endpoints, Policy
from egressc.model.known_namespaces import settle
from egressc.source import Source
from egressc.verify.comparison.denials import shared_ends
from egressc.verify.comparison.guardrails import check_guarded, check_overruled
from egressc.verify.flows.precedence import additive
from egressc.verify.intent.guardrails import intend_guardrails
from egressc.verify.intent.table import intend
from egressc.verify.manifests.reader import read_manifests
from support.compiled import compile_whole, services
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  web: {ports: [80]}
  api: {ports: [80]}
  redis: {ports: [6379], namespace: data}
  rival: {ports: [80], namespace: rival}
  Partner: {addresses: [203.0.113.0/24]}
  Tier: {namespace: data, selector: {tier: pci}}
  Rivals: {namespaces: {matchLabels: {tenant: b}}, selector: any pod}
"""
TABLE = services("web | redis | 6379", "web | Partner | 443", "api | rival | 80", header="From | To | Port")


def checked(
    guardrail: str, *, directions: str = "egress", labels: str = "", code: Code = guarded_flow.code
) -> list[str]:
    """The findings of a code about what the table asks for, where a guardrail denies it."""
    project = (
        f"directions: {directions}\nguardrails: {{one: {guardrail}}}\n"
        f"cluster: {{namespaces: {{kube-system: {{labels: {{}}}}, {labels}}}}}\n"
    )
    found, report = compile_whole(TABLE, CATALOG, project)
    assert found is not None, [it.message for it in report.sorted()]
    known = {"kube-system": {}, **yaml.safe_load(f"{{{labels}}}")}
    namespaces = {name: (said or {}).get("labels", {}) for name, said in known.items()}
    report = Report()
    denied = settle(intend_guardrails(found.resolution.guardrails, None), namespaces)
    check_guarded(denied, settle(intend(found.policies), namespaces), report)
    return [f"{it.code.id} {it.message.partition(' is allowed')[0]}" for it in report.sorted() if it.code is code]


@each(
    ("guardrail", "expected"),
    [
        ("{denyTo: [redis]}", ["pod app=web in shop -> pod app=redis in data on 6379/TCP"]),
        ("{denyTo: [{name: redis, ports: [6379]}]}", ["pod app=web in shop -> pod app=redis in data on 6379/TCP"]),
        ("{denyTo: [{name: redis, ports: [6380]}]}", []),
        ("{pods: {app: api}, denyTo: [redis]}", []),
        ("{namespaces: {kubernetes.io/metadata.name: data}, denyTo: [redis]}", []),
        ("{denyTo: [203.0.113.7]}", ["pod app=web in shop -> address 203.0.113.7 on 443/TCP"]),
        (
            "{denyTo: [Partner], exceptTo: [203.0.113.0/25]}",
            ["pod app=web in shop -> address 203.0.113.128 on 443/TCP"],
        ),
        ("{denyTo: [Partner], exceptTo: [Partner]}", []),
        ("{denyTo: [198.51.100.0/24]}", []),
        # What nobody may send to a pod, whoever limits it.
        ("{pods: {app: redis}, denyFrom: [web]}", ["pod app=web in shop -> pod app=redis in data on 6379/TCP"]),
        ("{pods: {app: redis}, denyFrom: [api]}", []),
        # All services have the same DNS rule, and it is reported once.
        ("{denyTo: [DNS]}", ["pod app=api in shop -> pod k8s-app=kube-dns in kube-system on 53/TCP"]),
    ],
)
def test_what_rows_ask_for(guardrail: str, expected: list[str]) -> None:
    assert checked(guardrail) == [f"EG495 {it}" for it in expected]


# Nothing is known of pods that have the labels of both.
@each(
    ("guardrail", "expected"),
    [
        (
            "{pods: {tier: pci}, denyTo: [redis]}",
            ["pod app=web, tier=pci in shop -> pod app=redis in data on 6379/TCP"],
        ),
        ("{denyTo: [Tier]}", ["pod app=web in shop -> pod app=redis, tier=pci in data on 6379/TCP"]),
        ("{pods: {matchExpressions: [{key: imds, operator: DoesNotExist}]}, denyTo: [redis]}", []),
    ],
)
def test_pods_with_labels_of_both(guardrail: str, expected: list[str]) -> None:
    found = checked(guardrail, code=possibly_guarded_flow.code)
    assert found == [f"EG499 {it}" for it in expected]


def test_a_label_that_is_absent_is_no_coincidence() -> None:
    found = checked("{pods: {matchExpressions: [{key: imds, operator: DoesNotExist}]}, denyTo: [redis]}")
    assert found == ["EG495 pod app=web in shop -> pod app=redis in data on 6379/TCP"]


# Where ingress is limited too, the half of the destination is no second finding about the row.
def test_a_row_is_told_once() -> None:
    found = checked("{denyTo: [redis]}", directions="both")
    assert found == ["EG495 pod app=web in shop -> pod app=redis in data on 6379/TCP"]


@each(
    ("labels", "expected"),
    [
        ("data: {labels: {}}", ["pod app=api in shop -> pod app=rival in rival (tenant=b) on 80/TCP"]),
        (
            "data: {labels: {}}, rival: {labels: {tenant: b}}",
            ["pod app=api in shop -> pod app=rival in rival on 80/TCP"],
        ),
        ("data: {labels: {}}, rival: {labels: {tenant: c}}", []),
        ("data: {labels: {}}, rival: {labels: {}}", []),
    ],
)
def test_labels_of_namespaces_decide_it(labels: str, expected: list[str]) -> None:
    assert checked("{denyTo: [Rivals]}", labels=labels) == [f"EG495 {it}" for it in expected]


@each(
    ("labels", "expected"),
    [
        ("shop: {labels: {tenant: a}}", ["pod app=web in shop -> pod app=redis in data on 6379/TCP"]),
        ("shop: {labels: {tenant: c}}", []),
        ("", ["pod app=web in shop (tenant=a) -> pod app=redis in data on 6379/TCP"]),
    ],
)
def test_labels_of_namespaces_decide_whom_it_guards(labels: str, expected: list[str]) -> None:
    assert checked("{namespaces: {tenant: a}, denyTo: [redis]}", labels=labels) == [f"EG495 {it}" for it in expected]


def read(text: str) -> tuple[Policy, ...]:
    report = Report()
    manifests = read_manifests([Source("m.yaml", text)], report)
    assert report.diagnostics == [], report.diagnostics
    return manifests.policies


def policy(name: str, kind: str, rules: str) -> str:
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, policyTypes: [{kind}], {kind.lower()}: [{rules}]}}\n"
    )


OPEN = policy("other", "Egress", "{to: [{ipBlock: {cidr: 203.0.113.0/28}}]}")


def test_a_policy_of_others_is_told_at_its_rule() -> None:
    found, _ = compile_whole(TABLE, CATALOG, "guardrails: {one: {denyTo: [203.0.113.1]}}\n")
    assert found is not None
    report = Report()
    check_guarded(
        intend_guardrails(found.resolution.guardrails, None), additive(read(OPEN)), report, are_manifests=True
    )
    (told,) = report.diagnostics
    assert told.primary.span.source.name == "m.yaml"
    assert told.message.startswith(
        "pod app=other in shop -> address 203.0.113.1 on 1/TCP is allowed, but the guardrail"
    )
    assert "egress[0] of policy shop/other allows it" in told.primary.text


def policy_of_others(action: str, priority: int) -> str:
    return (
        "---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: of-others}\n"
        f"spec: {{tier: Admin, priority: {priority}, subject: {{namespaces: {{}}}}, "
        f"egress: [{{action: {action}, to: [{{networks: [203.0.113.0/24]}}]}}]}}\n"
    )


# A policy of the cluster that is asked first decides, whatever the guardrail denies.
@each(
    ("action", "priority", "expected"),
    [
        ("Accept", 99, ["egress[0] of policy of-others allows it"]),
        ("Accept", 101, []),
        ("Deny", 99, []),
        (
            "Pass",
            99,
            [
                "a policy that is asked before this one passes it on, and no other denies it",
                "egress[0] of policy shop/other allows it",
            ],
        ),
        ("Pass", 101, []),
    ],
)
def test_a_policy_that_is_asked_before_a_guardrail(action: str, priority: int, expected: list[str]) -> None:
    found, _ = compile_whole(
        TABLE,
        CATALOG,
        "guardrails: {one: {denyTo: [203.0.113.1]}}\n"
        "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2, priority: 100}}\n",
    )
    assert found is not None
    intended = intend_guardrails(found.resolution.guardrails, found.resolution.answers.cluster.guardrails)
    report = Report()
    check_overruled(intended, read(policy_of_others(action, priority) + OPEN), report)
    assert [it.code.id for it in report.sorted()] == ["EG495"] * len(expected)
    assert sorted(it.primary.text for it in report.diagnostics) == sorted(expected)


# A guardrail that guards the pods of one end says nothing of the other: what that end sends is denied where it arrives.
@each(
    ("direction", "denial", "expected"),
    [
        ("egress", "denyFrom: [redis]", []),
        ("ingress", "denyTo: [redis]", []),
        ("ingress", "denyFrom: [redis]", ["ingress[0] of policy of-others allows it"]),
        ("egress", "denyTo: [redis]", ["egress[0] of policy of-others allows it"]),
    ],
)
def test_a_policy_asked_before_a_guardrail_decides_in_its_own_direction(
    direction: str, denial: str, expected: list[str]
) -> None:
    found, report = compile_whole(
        TABLE,
        CATALOG,
        f"guardrails: {{one: {{{denial}, namespaces: {{team: x}}}}}}\n"
        "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2, priority: 100}}\n",
    )
    assert found is not None, report.diagnostics
    intended = intend_guardrails(found.resolution.guardrails, found.resolution.answers.cluster.guardrails)
    other = policy_of_others("Accept", 99).replace("networks: [203.0.113.0/24]", "namespaces: {}")
    if direction == "ingress":
        other = other.replace("egress:", "ingress:").replace(" to:", " from:")
    report = Report()
    check_overruled(intended, read(other), report)
    assert [it.primary.text for it in report.diagnostics] == expected


# A guardrail for each tenant: a rule is compared with those of its own namespace and of what it reaches.
def test_rules_are_compared_only_with_guardrails_about_their_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    tenants = range(20)
    entries = "".join(
        f"  web-{n}: {{namespace: home-{n}, ports: [80]}}\n"
        f"  api-{n}: {{namespace: home-{n}, ports: [80]}}\n"
        f"  Not {n}: {{namespaces: {{matchExpressions: [{{key: tenant, operator: Exists}}, "
        f"{{key: tenant, operator: NotIn, values: [t{n}]}}]}}, selector: any pod}}\n"
        for n in tenants
    )
    guardrails = ", ".join(f"tenant-{n}: {{namespaces: {{tenant: t{n}}}, denyTo: [Not {n}]}}" for n in tenants)
    namespaces = {f"home-{n}": {"tenant": f"t{n}"} for n in tenants} | {"kube-system": {}}
    rows = [f"web-{n} | api-{n} | 80" for n in tenants] + ["web-0 | api-1 | 80"]
    table = services(*rows, header="From | To | Port")
    found, report = compile_whole(table, CATALOG + entries, f"guardrails: {{{guardrails}}}\n")
    assert found is not None, [it.message for it in report.sorted()]
    compared: list[Endpoints] = []

    def counted(opened: Endpoints, closed: Endpoints) -> Endpoints | None:
        compared.append(opened)
        return shared_ends(opened, closed)

    monkeypatch.setattr("egressc.verify.comparison.guardrails.shared_ends", counted)
    report = Report()
    denied = settle(intend_guardrails(found.resolution.guardrails, None), namespaces)
    check_guarded(denied, settle(intend(found.policies), namespaces), report)
    assert [it.message.partition(" is allowed")[0] for it in report.sorted()] == [
        "pod app=web-0 in home-0 -> pod app=api-1 in home-1 on 80/TCP"
    ]
    assert len(compared) < 5
