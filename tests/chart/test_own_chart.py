"""examples/own-chart: the library in an application's chart, as others use it."""

import shutil
from pathlib import Path

import helm_python
import pytest
import yaml

from egressc.diagnostics.core import Report
from egressc.emit.values import emit_values
from egressc.model.label_classes import matches
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.chart_samples import BOTH, COMPILED
from support.compiled import compile_text, services
from support.helm_engines import ROOT, Binary, Engine


@pytest.fixture(scope="module")
def own_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example after `helm dependency build`, in a copy: the build writes into the chart."""
    return copy_example(tmp_path_factory.mktemp("repository"), build=True)


def copy_example(repository: Path, *, build: bool) -> Path:
    chart = repository / "examples" / "own-chart"
    shutil.copytree(ROOT / "examples" / "own-chart", chart, ignore=shutil.ignore_patterns("charts"))
    shutil.copytree(ROOT / "charts" / "network-policy", repository / "charts" / "network-policy")
    if build:
        helm_python.dependency_build(chart)
    return chart


def test_builds_offline_and_lints(helm: Binary, tmp_path: Path) -> None:
    chart = copy_example(tmp_path / "repository", build=False)
    helm.run("dependency", "build", chart)
    assert [path.name for path in (chart / "charts").iterdir()] == ["network-policy-0.1.0.tgz"]
    assert "0 chart(s) failed" in helm.run("lint", "--strict", chart)
    assert "0 chart(s) failed" in helm.run("lint", "--strict", chart, *helm.files(COMPILED))


def test_is_isolated_with_the_defaults_of_the_library(engine: Engine, own_chart: Path) -> None:
    policy, service, deployment = yaml.safe_load_all(in_order(engine.template(own_chart)))
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    assert policy["spec"]["policyTypes"] == ["Egress"]
    assert [rule["ports"][0]["port"] for rule in policy["spec"]["egress"]] == [53]
    assert service["spec"]["selector"].items() <= labels.items()


def test_takes_what_was_compiled(engine: Engine, own_chart: Path, plain_chart: Path) -> None:
    text = in_order(engine.template(own_chart, COMPILED, release="ai-service"))
    policy, _, deployment = yaml.safe_load_all(text)
    alone = yaml.safe_load(engine.template(plain_chart, COMPILED, release="ai-service"))
    assert policy["spec"] == alone["spec"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()


def test_takes_both_directions(engine: Engine, own_chart: Path, plain_chart: Path) -> None:
    here = {"networkPolicy": {"release": {"name": "ai-service", "namespace": "ns"}}}
    text = in_order(engine.template(own_chart, BOTH, here, release="ai-service"))
    policy, *_ = yaml.safe_load_all(text)
    alone = yaml.safe_load(engine.template(plain_chart, BOTH, here, release="ai-service"))
    assert policy["spec"] == alone["spec"]
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]


def test_takes_the_file_that_the_readme_names(engine: Engine, own_chart: Path) -> None:
    compiled = helm_python.values_from_yaml((ROOT / "values" / "ai-service.yaml").read_text(encoding="utf-8"))
    text = in_order(engine.template(own_chart, compiled, release="ai-service", namespace="matih-data-plane"))
    policy, _, deployment = yaml.safe_load_all(text)
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    assert len(policy["spec"]["egress"]) > 1


def test_its_labels_are_its_own(engine: Engine, own_chart: Path) -> None:
    policy, *_ = yaml.safe_load_all(in_order(engine.template(own_chart)))
    assert policy["metadata"]["labels"]["helm.sh/chart"] == "ai-service-1.4.0"
    assert policy["metadata"]["labels"]["app.kubernetes.io/version"] == "2.9.1"


def test_the_hook_has_a_policy_of_its_own_that_a_release_before_it_brings(
    engine: Engine, own_chart: Path, plain_chart: Path
) -> None:
    """The compiled values of a row for the migration; the policy of the chart itself leaves its pods alone."""
    policies, report = compile_text(
        services("AI migration | PostgreSQL"),
        "defaults: {namespace: ns, selector: {app.kubernetes.io/name: ai-service-migration}}\n"
        "destinations: {PostgreSQL: {ports: [5432], selector: {app: pg}}}\n",
    )
    assert policies is not None, report.sorted()
    (compiled,) = emit_values(policies, schema_path="schema.json")
    values = helm_python.values_from_yaml(compiled.new_text)
    first = engine.template(plain_chart, values, release="ai-migration")
    then = engine.template(own_chart, {"migration": {"enabled": True}}, release="ai-service")
    found = read_manifests([Source("first", first), Source("then", then)], Report(), default_namespace="ns")
    own, of_service = found.policies
    job, deployment = sorted(found.workloads, key=lambda it: not it.is_job)
    assert [matches(it.subject.pods, job.pod.labels) for it in (own, of_service)] == [True, False]
    assert [matches(it.subject.pods, deployment.pod.labels) for it in (own, of_service)] == [False, True]


def in_order(text: str) -> str:
    """Documents by kind, NetworkPolicy, Service, Deployment: the embedded engine gives templates by name."""
    documents = text.removeprefix("---\n").split("\n---\n")
    order = ["NetworkPolicy", "Service", "Deployment"]
    documents.sort(key=lambda document: order.index(yaml.safe_load(document)["kind"]))
    return "\n---\n".join(documents)
