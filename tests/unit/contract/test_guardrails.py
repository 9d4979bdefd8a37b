"""Values of the chart guardrail-policy: what they say, with near misses, and how a person reads a refusal."""

from typing import Any

from egressc.contract.arithmetic import find_mismatches
from egressc.contract.guardrails import GuardrailValuesDocument
from egressc.contract.validation import find_violations, is_valid
from egressc.contract.values import NamespaceValuesDocument
from egressc.contract.values_file import is_clean
from egressc.source import Source, Span
from unit.contract.values_corpus import ARITHMETIC, DENIED, INVALID, METADATA, PORT, VALID, Document, without

NOWHERE = Span(Source("guardrails.yaml", ""), 0, 0)
PODS: Document = {"namespaceSelector": {"matchLabels": {"tenant": "b"}}}
METADATA_GUARDRAIL: Document = {"priority": 100, "namespaceSelector": {}, "rules": [DENIED]}


def cluster(**members: Any) -> Document:
    whole: Document = {
        "release": {"name": "guardrail-policy", "namespace": "kube-system"},
        "apiVersion": "policy.networking.k8s.io/v1alpha2",
        "guardrails": {"metadata": METADATA_GUARDRAIL},
    }
    return {"networkPolicy": {**whole, **members}}


def guardrail(**members: Any) -> Document:
    return cluster(guardrails={"metadata": {**METADATA_GUARDRAIL, **members}})


def lacking(member: str) -> Document:
    return {"networkPolicy": without(cluster()["networkPolicy"], member)}


TAKEN: dict[str, Document] = {
    "one": cluster(),
    "AdminNetworkPolicy": cluster(apiVersion="policy.networking.k8s.io/v1alpha1"),
    "EKS": cluster(apiVersion="networking.k8s.aws/v1alpha1"),
    "Calico": cluster(apiVersion="projectcalico.org/v3"),
    "disabled": cluster(enabled=False),
    "labels of the operator": cluster(commonLabels={"team": "platform", "gone": None}, commonAnnotations={"a": "b"}),
    "first priority": guardrail(priority=0),
    "last priority": guardrail(priority=1000),
    "pods": guardrail(podSelector={"matchLabels": {"app": "web"}}, purpose="Why"),
    "denied callers": guardrail(rules=[{"from": [PODS, {**PODS, "podSelector": {}}], "ports": [PORT]}]),
}
REFUSED: dict[str, tuple[Document, list[str]]] = {
    "no release": (lacking("release"), ['EG242 networkPolicy has no "release"']),
    "no API": (lacking("apiVersion"), ['EG242 networkPolicy has no "apiVersion"']),
    "another API": (
        cluster(apiVersion="policy.networking.k8s.io/v1"),
        [
            'EG240 apiVersion "policy.networking.k8s.io/v1" is not one of policy.networking.k8s.io/v1alpha2, '
            "policy.networking.k8s.io/v1beta1, policy.networking.k8s.io/v1alpha1, networking.k8s.aws/v1alpha1, "
            "projectcalico.org/v3"
        ],
    ),
    "no guardrails": (lacking("guardrails"), ['EG242 networkPolicy has no "guardrails"']),
    "no guardrail": (cluster(guardrails={}), ["EG240 guardrails is empty"]),
    "a guardrail that is null": (
        cluster(guardrails={"metadata": None}),
        ['EG240 guardrail "metadata" is null, not a map'],
    ),
    "keys of a service": (cluster(dns={}), ['EG241 "dns" is not a key of networkPolicy']),
    "no priority": (
        cluster(guardrails={"metadata": without(METADATA_GUARDRAIL, "priority")}),
        ['EG242 guardrail "metadata" has no "priority"'],
    ),
    "a priority too many": (guardrail(priority=1001), ["EG240 priority 1001 is not in 0..1000"]),
    "no namespaces": (
        cluster(guardrails={"metadata": without(METADATA_GUARDRAIL, "namespaceSelector")}),
        ['EG242 guardrail "metadata" has no "namespaceSelector"'],
    ),
    "a label that is null": (
        guardrail(namespaceSelector={"matchLabels": {"tenant": None}}),
        ['EG240 label "tenant" is null, not a string'],
    ),
    "addresses that call": (
        guardrail(rules=[{"from": [METADATA], "allPorts": ["TCP"]}]),
        ['EG241 "ipBlock" is not a key of a peer', 'EG242 a peer has no "namespaceSelector"'],
    ),
}


def said(document: Document) -> list[str]:
    found = [finding.at(NOWHERE) for finding in find_violations(document, GuardrailValuesDocument)]
    return sorted(f"{it.code.id} {it.message}" for it in found)


def test_what_is_taken_and_what_a_person_reads_about_the_rest() -> None:
    assert {name: said(document) for name, document in TAKEN.items()} == {name: [] for name in TAKEN}
    assert {name: said(document) for name, (document, _) in REFUSED.items()} == {
        name: messages for name, (_, messages) in REFUSED.items()
    }


def test_rules_are_those_of_services_but_for_addresses_that_call() -> None:
    """Every near miss of the rules in a service's values is one here."""
    cases = {
        name: [rules for it in policy["guardrails"].values() if isinstance(it, dict) for rules in [it.get("rules")]]
        for name, document in (VALID | INVALID | ARITHMETIC).items()
        if isinstance(policy := document.get("networkPolicy"), dict)
        if isinstance(policy.get("guardrails"), dict) and policy["guardrails"] and not name.startswith("purpose")
    }
    named = {"guardrail with a capital", "guardrail with a misspelt key", "guardrail with a priority"}
    verdicts = {
        name: is_clean(guardrail(rules=rules), contract=GuardrailValuesDocument)
        for name, (rules,) in ((name, held) for name, held in cases.items() if held)
        if name not in named
    }
    assert len(verdicts) > 20
    callers = {"guardrail that denies addresses as callers"}
    assert {name for name, is_taken in verdicts.items() if is_taken} == (VALID.keys() & verdicts.keys()) - callers


def test_a_namespace_has_the_guardrails_of_a_service() -> None:
    cases = {name: it for name, it in (VALID | INVALID).items() if "guardrails" in (it.get("networkPolicy") or {})}
    assert {name for name, it in cases.items() if is_valid(it, NamespaceValuesDocument)} == VALID.keys() & cases.keys()


def test_places_of_mismatches() -> None:
    block, ports = {"ipBlock": {"cidr": "10.1.2.3/8"}}, [{"port": 9, "endPort": 8, "protocol": "TCP"}]
    document = guardrail(rules=[DENIED, {"to": [METADATA, block], "ports": ports}])
    here = ("networkPolicy", "guardrails", "metadata", "rules", 1)
    assert [it.path for it in find_mismatches(document)] == [
        (*here, "ports", 0, "endPort"),
        (*here, "to", 1, "ipBlock", "cidr"),
    ]
