"""Differences as diagnostics: which rows and policies are named beside them, and how many."""

from dataclasses import replace
from typing import Any

from egressc.diagnostics.core import Diagnostic
from egressc.model.flows import Policy
from egressc.source import Source, Span
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.differences import Findings
from oracles.reading import read_policies
from support.tables import each

Manifest = dict[str, Any]


def policy(name: str, *rules: Manifest, namespace: str = "shop", pods: Manifest | None = None) -> Manifest:
    selected = {"matchLabels": {"app": name}} if pods is None else pods
    spec = {"podSelector": selected, "policyTypes": ["Egress"], "egress": list(rules)}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def to(*apps: str, port: int = 80) -> Manifest:
    peers = [{"podSelector": {"matchLabels": {"app": app}}} for app in apps]
    return {"to": peers, "ports": [{"port": port}]}


CLOSED = policy("closed", pods={})
CLOSED["spec"] = {"podSelector": {}, "policyTypes": ["Ingress"]}


def table(*manifests: Manifest) -> list[Policy]:
    """Policies as of a table whose rows are called as their rules are counted."""
    found = []
    for it in read_policies(list(manifests)):
        rows = Source("services.md", "".join(f"row {rule.index}\n" for rule in it.egress or ()))
        places = [
            Span(rows, rows.text.index(line), rows.text.index(line) + len(line)) for line in rows.text.split("\n")
        ]
        rules = (replace(rule, name=f"d{rule.index}", origins=(places[rule.index],)) for rule in it.egress or ())
        found.append(replace(it, egress=tuple(rules)))
    return found


def described(intended: list[Policy], rendered: list[Manifest]) -> list[Diagnostic]:
    actual = read_policies(rendered)
    findings = Findings(intended, actual)
    return [findings.describe(it) for it in compare(intended, actual, of_intended_only=True)]


def test_rows_that_an_ingress_denies_too_are_named_once_each() -> None:
    web = policy("web", to("a"), to("b", "c"), to("d", port=81), {"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]})
    (found,) = described(table(web), [web, CLOSED])
    assert (found.code.id, found.service, found.destination) == ("EG621", "web", "d0")
    assert found.primary.span.text == "row 0"
    assert [label.text for label in found.related[1:]] == ['denied too: "d1" of "web"', 'denied too: "d2" of "web"']


@each("count", [10, 11, 13])
def test_no_more_than_ten_such_rows_are_named(count: int) -> None:
    web = policy("web", *(to(f"a{number}") for number in range(count)))
    (found,) = described(table(web), [web, CLOSED])
    assert sum(label.text.startswith("denied too") for label in found.related) == min(count - 1, 10)


def test_rows_that_another_rule_of_the_ingress_lets_through_are_not_named() -> None:
    web = policy("web", to("a"), to("b"))
    opened = policy("b")
    opened["spec"] = {"podSelector": {"matchLabels": {"app": "b"}}, "policyTypes": ["Ingress"], "ingress": [{}]}
    (found,) = described(table(web), [web, CLOSED, opened])
    assert not any(label.text.startswith("denied too") for label in found.related)


@each("count", [1, 10, 12])
def test_a_policy_in_other_namespaces_is_named_with_them(count: int) -> None:
    web = policy("web", to("a"))
    elsewhere = [policy("web", to("a"), namespace=f"n{number}") for number in range(count)]
    (found,) = described(table(web), elsewhere)
    assert found.code.id == "EG622"
    assert [label.text for label in found.related] == [
        f"selects the same labels, in n{number}" for number in range(min(count, 10))
    ]
    assert found.help == "policy n0/web selects such pods in n0: write its namespace as shop"
