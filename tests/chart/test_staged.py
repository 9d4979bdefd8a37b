"""The kind CalicoStaged: the NetworkPolicy of each service and namespace, as a policy that enforces nothing."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chart.test_host_policies import notes
from support.chart_samples import BOTH, COMPILED, EVERYTHING
from support.helm_engines import ROOT, Engine, Values, merge

STAGED: Values = {"networkPolicy": {"dialect": {"kind": "CalicoStaged"}}}
NAMESPACE: Values = {
    "networkPolicy": {
        "release": {"name": "namespace-policy", "namespace": "shop"},
        "policyTypes": ["Ingress", "Egress"],
        "optIns": {
            "internet-access": {
                "podSelector": {"matchLabels": {"internet": "allowed"}},
                "dependencies": {"internet": {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "allPorts": ["TCP"]}},
            }
        },
        "egress": [{"to": [{"podSelector": {}}]}],
    }
}


def documents(text: str) -> list[dict[str, Any]]:
    return [it for it in yaml.safe_load_all(text) if it]


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """The NetworkPolicy that a staged one is to become."""
    assert (document["apiVersion"], document["kind"]) == ("projectcalico.org/v3", "StagedKubernetesNetworkPolicy")
    spec = dict(document["spec"])
    assert spec.pop("stagedAction") == "Set"
    return {**document, "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": spec}


@pytest.mark.parametrize("values", [COMPILED, BOTH, EVERYTHING], ids=["compiled", "both", "everything"])
def test_the_spec_is_that_of_the_networkpolicy(engine: Engine, unchecked_chart: Path, values: Values) -> None:
    """Extra rules are in it too."""
    staged = documents(engine.template(unchecked_chart, merge(values, STAGED)))
    assert [plain(it) for it in staged] == documents(engine.template(unchecked_chart, values))


def test_comments_say_the_same(engine: Engine, unchecked_chart: Path) -> None:
    changed = engine.template(unchecked_chart, COMPILED).replace("networking.k8s.io/v1", "projectcalico.org/v3", 1)
    changed = changed.replace("kind: NetworkPolicy", "kind: StagedKubernetesNetworkPolicy", 1)
    staged = engine.template(unchecked_chart, merge(COMPILED, STAGED))
    assert staged == changed.replace("spec:", "spec:\n  stagedAction: Set", 1)


def test_policies_of_a_namespace_and_its_opt_ins_are_staged(engine: Engine) -> None:
    chart, release = ROOT / "namespace-policy", {"release": "namespace-policy", "namespace": "shop"}
    staged = documents(engine.template(chart, merge(NAMESPACE, STAGED), **release))
    assert len(staged) == 2
    assert [plain(it) for it in staged] == documents(engine.template(chart, NAMESPACE, **release))


def test_the_notes_say_that_nothing_is_enforced(unchecked_chart: Path, tmp_path: Path) -> None:
    said = notes(unchecked_chart, merge(BOTH, STAGED), tmp_path)
    assert "StagedKubernetesNetworkPolicy shop-web is not enforced. It would isolate the " in said
    assert "This policy would allow them only" in said
    assert "This policy would let in only" in said
    assert "Nothing is enforced: this release limits no pod" in said
    assert "kubectl describe stagedkubernetesnetworkpolicies.projectcalico.org shop-web --namespace ns" in said
    assert " isolates " not in said


def test_notes_of_an_enforced_policy_are_as_before(unchecked_chart: Path, tmp_path: Path) -> None:
    said = notes(unchecked_chart, BOTH, tmp_path)
    assert said.lstrip().startswith("NetworkPolicy shop-web isolates the ")
    assert "This policy allows them only" in said
    assert "This policy lets in only" in said
