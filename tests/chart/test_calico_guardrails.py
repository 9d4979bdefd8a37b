"""Guardrails in a tier of Calico: what the chart renders, and what it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.model.calico import FORMER_TIERS, OWN_TIERS
from support.calico_policies import ONLY_PODS
from support.chart_copies import lint_and_package, with_notes
from support.guardrail_samples import ALL_PROTOCOLS, CALICO, CLUSTER, METADATA, TENANT_B
from support.helm_engines import ROOT, Binary, Embedded, Engine, HelmFailed, Values, merge
from support.tables import each

NAME, NAMESPACE = "guardrail-policy", "kube-system"
CHART = ROOT / NAME
HTTPS = [{"port": 443, "protocol": "TCP"}]
BELOW = "networkPolicy.guardrails.a"


def of_calico(*changes: Values) -> Values:
    values = merge(CLUSTER, {"networkPolicy": {"apiVersion": CALICO}})
    for change in changes:
        values = merge(values, {"networkPolicy": change})
    return values


def guardrail(*rules: object, **members: object) -> Values:
    """Values with one guardrail, `a`."""
    settings = of_calico()["networkPolicy"]
    assert isinstance(settings, dict)
    whole = {"priority": 7, "namespaceSelector": {}, "rules": list(rules), **members}
    return {"networkPolicy": {**settings, "guardrails": {"a": whole}}}


def text_of(engine: Engine, values: Values) -> str:
    return engine.template(CHART, values, release=NAME, namespace=NAMESPACE)


def objects(values: Values) -> list[dict[str, Any]]:
    """The objects in the order in which Helm creates them."""
    lists = [it for it in yaml.safe_load_all(text_of(Embedded(), values)) if it]
    assert [(it["apiVersion"], it["kind"]) for it in lists] == [("v1", "List")] * len(lists)
    return [held for it in lists for held in it["items"]]


def spec_of(*rules: object, **members: object) -> dict[str, Any]:
    _, policy = objects(guardrail(*rules, **members))
    spec: dict[str, Any] = policy["spec"]
    return spec


def test_renders_the_expected_text(engine: Engine, expect_text: Callable[[str, str], None]) -> None:
    expect_text("guardrails-calico.yaml", text_of(engine, of_calico()))


def test_the_tier_is_first_and_passes_on_what_no_guardrail_denies() -> None:
    tier, *policies = objects(of_calico())
    assert (tier["apiVersion"], tier["kind"], tier["metadata"]["name"]) == (CALICO, "Tier", NAME)
    assert tier["spec"] == {"order": 900, "defaultAction": "Pass"}
    assert [it["metadata"]["name"] for it in policies] == [f"{NAME}.metadata", f"{NAME}.tenants"]
    assert {(it["apiVersion"], it["kind"], it["spec"]["tier"]) for it in policies} == {
        (CALICO, "GlobalNetworkPolicy", NAME)
    }
    assert "namespace" not in tier["metadata"].keys() | policies[0]["metadata"].keys()


def test_helm_keeps_the_tier_alone() -> None:
    """It would delete it before the policies in it, which Calico refuses."""
    tier, policies = (it for it in yaml.safe_load_all(text_of(Embedded(), of_calico())) if it)
    assert tier["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert [it["kind"] for it in tier["items"]] == ["Tier"]
    assert "annotations" not in policies["metadata"]


def test_nothing_but_denials_is_rendered() -> None:
    for policy in objects(of_calico())[1:]:
        rules = [rule for side in ("egress", "ingress") for rule in policy["spec"].get(side, ())]
        assert rules
        assert {it["action"] for it in rules} == {"Deny"}


@each(
    ("rules", "types"),
    [
        ([{"to": [METADATA], "ports": HTTPS}], ["Egress"]),
        ([{"from": [TENANT_B], "ports": HTTPS}], ["Ingress"]),
        ([{"from": [TENANT_B], "ports": HTTPS}, {"to": [METADATA], "ports": HTTPS}], ["Egress", "Ingress"]),
    ],
)
def test_a_policy_is_about_the_directions_that_it_denies(rules: list[object], types: list[str]) -> None:
    spec = spec_of(*rules)
    assert spec["types"] == types
    assert {it.title() for it in spec.keys() & {"egress", "ingress"}} == set(types)


@each(
    ("ports", "found"),
    [
        ({"allPorts": ALL_PROTOCOLS}, [(None, None)]),
        ({"allPorts": ["UDP"]}, [("UDP", None)]),
        ({"allPorts": ["TCP", "UDP"]}, [("TCP", None), ("UDP", None)]),
        ({"ports": HTTPS}, [("TCP", [443])]),
        ({"ports": [{"port": 8000, "endPort": 8100, "protocol": "SCTP"}]}, [("SCTP", ["8000:8100"])]),
    ],
)
def test_ports(ports: dict[str, object], found: list[object]) -> None:
    """Every port of every protocol is everything, so that protocols without ports are denied as well."""
    for peers, side, end in (("to", "egress", "destination"), ("from", "ingress", "source")):
        rules = spec_of({peers: [TENANT_B], **ports})[side]
        assert [(it.get("protocol"), it.get("destination", {}).get("ports")) for it in rules] == found
        assert {it[end]["namespaceSelector"] for it in rules} == {"tenant == 'b'"}


@each(
    ("members", "namespaces", "pods"),
    [
        ({}, "all()", ONLY_PODS),
        ({"namespaceSelector": {"matchLabels": {"tenant": "a"}}}, "tenant == 'a'", ONLY_PODS),
        ({"podSelector": {"matchLabels": {"app": "web"}}}, "all()", f"app == 'web' && {ONLY_PODS}"),
        (
            {"namespaceSelector": {"matchExpressions": [{"key": "tenant", "operator": "DoesNotExist"}]}},
            "!has(tenant)",
            ONLY_PODS,
        ),
    ],
)
def test_whom_a_guardrail_guards(members: dict[str, object], namespaces: str, pods: str) -> None:
    """Never nodes: their interfaces have no namespace, so that a label which a namespace lacks would select them."""
    spec = spec_of({"to": [METADATA], "ports": HTTPS}, **members)
    assert (spec["order"], spec["namespaceSelector"], spec["selector"]) == (7, namespaces, pods)


def test_disabled_renders_nothing(engine: Engine) -> None:
    assert text_of(engine, of_calico({"enabled": False})).strip() == ""


LONG = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["v" * 60 + str(it) for it in range(16)]}]}


@each(
    ("values", "said"),
    [
        (
            guardrail({"to": [METADATA], "ports": HTTPS}, namespaceSelector={"matchLabels": {"pcns.x": "a"}}),
            f"{BELOW}.namespaceSelector: the label pcns.x is a name that Calico gives to something else",
        ),
        (
            guardrail({"to": [METADATA], "ports": HTTPS}, podSelector=LONG),
            f"{BELOW}.podSelector: is longer than 1024 characters",
        ),
        (
            guardrail(
                {"from": [{"namespaceSelector": {"matchLabels": {"projectcalico.org/name": "a"}}}], "ports": HTTPS}
            ),
            f"{BELOW}.rules[0].from[0].namespaceSelector: the label projectcalico.org/name",
        ),
        (
            guardrail(*[{"to": [METADATA], "ports": HTTPS}] * 1025),
            f"{BELOW}.rules: need 1025 egress rules, but a GlobalNetworkPolicy can have 1024",
        ),
    ],
)
def test_refuses(values: Values, said: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        text_of(Embedded(), values)
    assert said in str(failed.value)


@each("name", [*OWN_TIERS, *FORMER_TIERS])
def test_refuses_names_of_tiers_that_calico_has_by_itself(name: str) -> None:
    values, said = of_calico(), f"fullnameOverride: the tier has the name {name}, which is a tier that Calico has by"
    with pytest.raises(HelmFailed) as failed:
        text_of(Embedded(), {**values, "fullnameOverride": name})
    assert said in str(failed.value)
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(CHART, values, release=name, namespace=NAMESPACE)
    assert said in str(failed.value)
    other = of_calico({"apiVersion": "policy.networking.k8s.io/v1alpha2"})
    assert "ClusterNetworkPolicy" in text_of(Embedded(), {**other, "fullnameOverride": name})


def test_refuses_a_tier_with_a_dot_in_its_name() -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(CHART, of_calico(), release="a.b", namespace=NAMESPACE)
    assert "fullnameOverride: the tier has the name a.b, and Calico reads what is before a dot" in str(failed.value)


def test_helm_finds_nothing_to_say_against_it(helm: Binary, tmp_path: Path) -> None:
    assert lint_and_package(helm, CHART, of_calico(), NAMESPACE, tmp_path).is_file()


def test_the_notes(tmp_path: Path) -> None:
    shown = with_notes(CHART, tmp_path, "guardrails")
    said = yaml.safe_load(Embedded().template(shown, of_calico(), release=NAME, namespace=NAMESPACE))["notes"]
    assert "what these guardrails deny, each a GlobalNetworkPolicy:" in said
    assert f"kubectl get globalnetworkpolicies.projectcalico.org --selector app.kubernetes.io/instance={NAME}" in said
