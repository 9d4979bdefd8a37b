"""Each document with truth scores as tests/documents/expected.tsv says; `make reading` prints the table."""

import copy
from typing import Any

import pytest
import yaml

from reading.corpus import Document, Entity, read_documents
from reading.questions import Truth, hold_against_truth
from reading.score import score
from support.tables import each

DOCUMENTS = read_documents()
Manifest = dict[str, Any]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_the_score_is_the_expected_one(document: Document) -> None:
    assert score(document).result == document.result, "better or worse: say so in tests/documents/expected.tsv"


@each("document", DOCUMENTS)
def test_facts_say_nothing_about_cells(document: Document) -> None:
    files = document.files("facts")
    assert not yaml.safe_load(files["egressc.yaml"]).keys() - {"sources", "catalog", "cluster"}
    facts = (document.folder / "facts.md").read_text("utf-8")
    catalog = yaml.safe_load(files["catalog.yaml"])
    aliases = [alias for entry in catalog["destinations"].values() for alias in entry.get("aliases", [])]
    assert [name for name in [*aliases, *catalog.get("groups", {})] if name.strip("${}") not in facts] == []


@each("document", DOCUMENTS)
def test_policies_as_the_truth_has_them_are_right(document: Document) -> None:
    found = hold_against_truth(document, _as_in_truth(document))
    assert found.lost == []
    assert found.opened == []


@each("document", DOCUMENTS)
def test_a_rule_less_is_a_loss_and_one_more_a_grant(document: Document) -> None:
    manifests = _as_in_truth(document)
    for at, policy in enumerate(manifests):
        assert hold_against_truth(document, manifests[:at] + manifests[at + 1 :]).lost
        opened = copy.deepcopy(manifests)
        opened[at]["spec"]["egress"] = [{}]
        assert hold_against_truth(document, opened).opened
        for number, rule in enumerate(policy["spec"]["egress"]):
            closed = copy.deepcopy(manifests)
            del closed[at]["spec"]["egress"][number]
            is_repeated = rule in closed[at]["spec"]["egress"]
            assert is_repeated or hold_against_truth(document, closed).lost or rule == _DNS


@each("document", DOCUMENTS)
def test_a_policy_for_no_workload_is_a_grant(document: Document) -> None:
    stray = {"metadata": {"name": "any-pod", "namespace": "nowhere"}, "spec": _spec({"app": "any-pod"}, [])}
    found = hold_against_truth(document, [*_as_in_truth(document), stray])
    assert found.opened == [("any-pod", "", "a policy for no workload")]


def _spec(labels: dict[str, str], rules: list[Manifest]) -> Manifest:
    return {"podSelector": {"matchLabels": labels}, "policyTypes": ["Egress"], "egress": rules}


_DNS = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}


def _as_in_truth(document: Document) -> list[Manifest]:
    """A policy for each workload that needs one, with a rule for each row of the truth."""
    truth = Truth(document)
    return [
        {
            "metadata": {"name": source.name, "namespace": source.pod.namespace},
            "spec": _spec(dict(source.pod.labels), _rules(document, source)),
        }
        for source in document.entities
        if source.kind == "pod" and source.pod and truth.needs_policy(source)
    ]


def _rules(document: Document, source: Entity) -> list[Manifest]:
    rows = [(row, document.by_name.get(row.destination)) for row in document.truth if row.source in source.names]
    has_dns = not any(end and end.kind == "dns" and not row.is_allowed for row, end in rows)
    rules = [_DNS] if has_dns else []
    for row, end in rows:
        if row.is_allowed and end and end.kind != "dns":
            port = {} if row.port is None else {"port": row.port}
            rules.append({"to": [_peer(end)], "ports": [{"protocol": row.protocol, **port}]})
    return rules


def _peer(entity: Entity) -> Manifest:
    if entity.pod is None:
        return {"ipBlock": {"cidr": entity.address or "0.0.0.0/0"}}
    return {
        "namespaceSelector": {"matchLabels": dict(entity.pod.place)},
        "podSelector": {"matchLabels": dict(entity.pod.labels)},
    }
