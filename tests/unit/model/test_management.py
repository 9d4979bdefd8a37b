"""Labels and annotations that take an object out of management: one list, which chart, schema and proof keep to."""

import json
import re
from pathlib import Path

import yaml

from egressc.contract.validation import is_valid
from egressc.diagnostics.core import Report
from egressc.model.management import UNMANAGED, find_unmanaged, management_problem
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

TEMPLATE = Path(__file__).parents[3] / "charts/network-policy/templates/internal/check/_unmanaged.tpl"
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: orders, namespace: shop, {}: {{{}: "{}"}}}}
spec: {{podSelector: {{matchLabels: {{app: orders}}}}, policyTypes: [Egress]}}
"""


def test_the_chart_has_the_same_list() -> None:
    listed = re.search(r"^\[.*\]$", TEMPLATE.read_text("utf-8"), re.MULTILINE)
    assert listed is not None
    assert json.loads(listed[0]) == sorted(UNMANAGED)


@each("key", ["helm.sh/hook-weight", "helm.sh/resource-policy", "argocd.argoproj.io/sync-wave"])
def test_keys_that_only_order_or_keep_are_no_matter(key: str) -> None:
    assert management_problem(key) is None
    assert is_valid({"networkPolicy": {"commonAnnotations": {key: "1"}}})


@each("field", ["annotations", "labels"])
@each("key", UNMANAGED)
@each("value", ["test", "disabled", "true", "no-such-event", ""])
def test_a_policy_out_of_management_counts_as_absent(field: str, key: str, value: str) -> None:
    report = Report()
    found = read_manifests([Source("m.yaml", POLICY.format(field, key, value))], report)
    assert [it.code.id for it in report.diagnostics] == ["EG619"]
    assert (found.policies, found.unmanaged) == ((), 1)


@each("key", UNMANAGED)
def test_what_a_list_is_annotated_with_counts_for_all_in_it(key: str) -> None:
    policy = json.dumps(yaml.safe_load(POLICY.format("labels", "app", "x")))
    listed = f'{{apiVersion: v1, kind: List, metadata: {{annotations: {{{key}: "true"}}}}, items: [{policy}]}}'
    beside = POLICY.format("labels", "app", "x").replace("name: ", "name: other-")
    report = Report()
    found = read_manifests([Source("m.yaml", f"{listed}\n---\n{beside}")], report)
    assert [it.code.id for it in report.diagnostics] == ["EG619"]
    assert report.diagnostics[0].primary.span.text.startswith(f"{{{key}")
    assert (len(found.policies), found.unmanaged) == (1, 1)


def test_a_policy_that_is_in_the_cluster_counts() -> None:
    report = Report()
    source = Source("live", POLICY.format("annotations", "kustomize.toolkit.fluxcd.io/reconcile", "disabled"))
    assert len(read_manifests([source], report, is_live=True).policies) == 1
    assert not report.diagnostics


def test_the_first_key_is_named() -> None:
    assert find_unmanaged(["z", "helm.sh/hook", "argocd.argoproj.io/hook"]) == "argocd.argoproj.io/hook"
    assert find_unmanaged(["helm.sh/Hook"]) is None
