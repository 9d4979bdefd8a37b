"""The chart of whole namespaces: what it renders, what it refuses, and that it holds what the library's schema says."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.contract.validation import is_valid
from egressc.contract.values import NamespaceValuesDocument
from support.chart_copies import lint_and_package, with_notes
from support.helm_engines import ROOT, Binary, Engine, HelmFailed, Values, merge

EVERYWHERE = {"internet": {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "allPorts": ["TCP"]}}
INTERNET: dict[str, object] = {"podSelector": {"matchLabels": {"internet": "allowed"}}, "dependencies": EVERYWHERE}
SHOP: dict[str, object] = {
    "networkPolicy": {
        "release": {"name": "namespace-policy", "namespace": "shop"},
        "policyTypes": ["Ingress", "Egress"],
        "callers": {"web": {"from": [{"namespaceSelector": {}}], "ports": [{"port": 80, "protocol": "TCP"}]}},
        "optIns": {"internet-access": INTERNET, "nothing": None},
        "egress": [{"to": [{"podSelector": {}}]}],
        "commonLabels": {"team": "platform"},
    }
}


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart without links, of which Helm speaks on stderr."""
    return Path(shutil.copytree(ROOT / "namespace-policy", tmp_path_factory.mktemp("charts") / "namespace-policy"))


def render(engine: Engine, chart: Path, *values: Values) -> list[dict[str, Any]]:
    text = engine.template(chart, SHOP, *values, release="namespace-policy", namespace="shop")
    return [it for it in yaml.safe_load_all(text) if it]


def test_renders_the_expected_text(engine: Engine, chart: Path, expect_text: Callable[[str, str], None]) -> None:
    expect_text("namespace.yaml", engine.template(chart, SHOP, release="namespace-policy", namespace="shop"))


def test_every_pod_has_the_policy_of_the_namespace_and_those_that_opt_in_another(engine: Engine, chart: Path) -> None:
    whole, opt_in = render(engine, chart)
    assert (whole["metadata"]["name"], whole["spec"]["podSelector"]) == ("namespace-policy", {})
    assert whole["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert (opt_in["metadata"]["name"], opt_in["spec"]["podSelector"], opt_in["spec"]["policyTypes"]) == (
        "namespace-policy-internet-access",
        INTERNET["podSelector"],
        ["Egress"],
    )
    assert opt_in["spec"]["egress"] == [{"to": EVERYWHERE["internet"]["to"], "ports": [{"protocol": "TCP"}]}]
    assert [it["metadata"]["labels"]["team"] for it in (whole, opt_in)] == ["platform", "platform"]
    assert render(engine, chart, {"networkPolicy": {"enabled": False}}) == []


def test_pods_of_the_namespace_are_those_of_the_release_in_another_one_too(engine: Engine, chart: Path) -> None:
    within = {"within": {"to": [{"podSelector": {}}], "allPorts": ["TCP"]}}
    values = merge(SHOP, {"networkPolicy": {"dependencies": within}})
    moved = {"networkPolicy": {"release": {"namespace": "shop-staging"}}}
    text = engine.template(chart, values, moved, release="namespace-policy", namespace="shop-staging")
    whole, _ = (it for it in yaml.safe_load_all(text) if it)
    assert whole["metadata"]["namespace"] == "shop-staging"
    assert {"to": [{"podSelector": {}}], "ports": [{"protocol": "TCP"}]} in whole["spec"]["egress"]


def test_a_long_key_makes_a_name_that_is_short_enough(engine: Engine, chart: Path) -> None:
    keys = [f"{'long-' * 12}{end}" for end in "ab"]
    _, *opt_ins = render(
        engine, chart, {"networkPolicy": {"optIns": {**dict.fromkeys(keys, INTERNET), "internet-access": None}}}
    )
    names = [it["metadata"]["name"] for it in opt_ins]
    assert len(set(names)) == 2
    assert all(len(name) <= 63 for name in names)


# What the templates refuse without the schema, which a chart that includes the library does not have.
REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "no release": ({"release": None}, "networkPolicy.release: is missing"),
    "another release": ({"release": {"name": "web"}}, "networkPolicy.release.name: these values are for the release"),
    "another namespace": ({"release": {"namespace": "data"}}, "networkPolicy.release.namespace: these values are for"),
    "pods": ({"podSelector": {"matchLabels": {"app": "web"}}}, "networkPolicy.podSelector: unknown key"),
    "probe": ({"probe": {"enabled": True}}, "networkPolicy.probe: unknown key"),
    "no pods": ({"optIns": {"a": {"podSelector": None}}}, "networkPolicy.optIns.a.podSelector: is missing"),
    "every pod": (
        {"optIns": {"a": {"podSelector": {}}}},
        "networkPolicy.optIns.a.podSelector: is empty, which selects every pod of the namespace; "
        "write matchLabels that only the pods that opt in have",
    ),
    "a list of opt-ins": ({"optIns": []}, "networkPolicy.optIns: [] is not a map"),
    "an opt-in that is text": ({"optIns": {"a": "yes"}}, 'networkPolicy.optIns.a: "yes" is not a map'),
    "a key of an opt-in": ({"optIns": {"a": {**INTERNET, "egress": []}}}, "networkPolicy.optIns.a.egress: unknown key"),
    "no peers": (
        {"optIns": {"a": {**INTERNET, "dependencies": {"b": {"allPorts": ["TCP"]}}}}},
        "networkPolicy.optIns.a.dependencies.b.to: has no peer",
    ),
    "opt-ins without egress": (
        {"policyTypes": ["Ingress"], "egress": None},
        "networkPolicy.optIns.internet-access: would deny",
    ),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=list(REFUSED))
def test_refuses_what_would_open_or_unprotect(
    engine: Engine, chart: Path, namespace_chart: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(HelmFailed) as failed:
        render(engine, namespace_chart, {"networkPolicy": changes})
    assert any(problem.startswith(words) for problem in failed.value.problems), failed.value.problems
    with pytest.raises(HelmFailed):
        render(engine, chart, {"networkPolicy": changes})


def test_the_schema_takes_what_renders(engine: Engine, chart: Path) -> None:
    assert is_valid(SHOP, NamespaceValuesDocument)
    assert not is_valid(merge(SHOP, {"networkPolicy": {"probe": {}}}), NamespaceValuesDocument)
    assert render(engine, chart)


def test_helm_finds_nothing_to_say_against_it(helm: Binary, chart: Path, tmp_path: Path) -> None:
    assert lint_and_package(helm, chart, SHOP, "shop", tmp_path).is_file()


def test_the_notes_say_whom_the_policies_are_for(engine: Engine, chart: Path, tmp_path: Path) -> None:
    shown = with_notes(chart, tmp_path)
    said, closed, off = (
        render(engine, shown, {"networkPolicy": changes})[0]["notes"]
        for changes in ({}, {"dns": {"profile": "none"}, "optIns": {"internet-access": None}}, {"enabled": False})
    )
    assert "isolates the ingress and egress of every pod in namespace shop.\n" in said
    assert "Pods with internet=allowed can also reach:\n" in said
    assert "See the policies and the pods they are for:\n" in said
    names = "namespace-policy namespace-policy-internet-access"
    assert f"kubectl describe networkpolicy {names} --namespace shop\n" in said
    assert "kubectl describe networkpolicy namespace-policy --namespace shop\n" in closed
    assert "to nothing: this policy does not let pods resolve names\n" in closed
    assert "has no NetworkPolicy and does not limit the namespace." in off
    assert "service" not in said + closed + off


def test_both_root_charts_have_the_same_library() -> None:
    linked = ROOT / "namespace-policy" / "charts" / "network-policy"
    assert linked.resolve() == (ROOT / "charts" / "network-policy").resolve()
    locks = [(ROOT / name).read_text() for name in ("Chart.lock", "namespace-policy/Chart.lock")]
    assert locks[0] == locks[1]
