"""What the policy is called and labelled: within the limits of Kubernetes, and never like another release's."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.helm_engines import Embedded, Engine, Values


def metadata(text: str) -> dict[str, Any]:
    (policy,) = yaml.safe_load_all(text)
    found = policy["metadata"]
    assert isinstance(found, dict)
    return found


def name(chart: Path, release: str = "rel", **values: object) -> str:
    found = metadata(Embedded().template(chart, values, release=release))["name"]
    assert isinstance(found, str)
    return found


def name_in(probe: Path, release: str, chart: str, **context: object) -> str:
    """The name by a context of one's own: here a subchart."""
    argument = {"Values": {}, "Release": {"Name": release}, "Chart": {"Name": chart, "IsRoot": False}, **context}
    values = {"probe": {"define": "network-policy.policy.name", "argument": argument}}
    output = yaml.safe_load(Embedded().template(probe, values))["output"]
    assert isinstance(output, str)
    return output


def test_is_the_release(engine: Engine, plain_chart: Path) -> None:
    assert metadata(engine.template(plain_chart, release="ai-service"))["name"] == "ai-service"


@pytest.mark.parametrize(("override", "expected"), [("shop", "shop"), ("shop-web", "shop-web"), ("", "rel")])
def test_an_override_replaces_the_release(plain_chart: Path, override: str, expected: str) -> None:
    assert name(plain_chart, fullnameOverride=override) == expected


def test_two_releases_never_share_a_name(plain_chart: Path) -> None:
    releases = ["a", "a-service-policy", "service-policy", "policy", "a" * 53, "a" * 52, "a-" * 26 + "b"]
    names = [name(plain_chart, release) for release in releases]
    assert len(set(names)) == len(names)


def test_subcharts_of_one_release_and_of_its_neighbours_stay_apart(probe_chart: Path) -> None:
    cases = [("a", "b-c"), ("a-b", "c"), ("a", "b"), ("a", "c"), ("a" * 53, "b" * 60), ("a" * 53, "b" * 61)]
    names = [name_in(probe_chart, release, chart) for release, chart in cases]
    assert len(set(names)) == len(names)
    assert all(len(found) <= 63 for found in names)
    assert names[2].startswith("a-b-")


def test_a_long_override_ends_with_a_hash_of_the_whole(plain_chart: Path, unchecked_chart: Path) -> None:
    first, second = (name(unchecked_chart, fullnameOverride="x" * 63 + last) for last in ("a", "b"))
    assert len(first) == len(second) == 63
    assert first != second


def test_labels_are_those_that_charts_have(engine: Engine, plain_chart: Path) -> None:
    assert metadata(engine.template(plain_chart))["labels"] == {
        "app.kubernetes.io/instance": "rel",
        "app.kubernetes.io/managed-by": "Helm",
        "app.kubernetes.io/name": "service-policy",
        "app.kubernetes.io/version": "0.1.0",
        "helm.sh/chart": "service-policy-0.1.0",
    }


def test_own_labels_and_annotations_come_along_and_win(engine: Engine, plain_chart: Path) -> None:
    own: Values = {
        "networkPolicy": {
            "commonLabels": {"team": "on", "app.kubernetes.io/name": "web"},
            "commonAnnotations": {"note": "1e3"},
        }
    }
    found = metadata(engine.template(plain_chart, own))
    assert found["labels"]["team"] == "on"
    assert found["labels"]["app.kubernetes.io/name"] == "web"
    assert found["annotations"] == {"note": "1e3"}


def test_a_version_that_is_no_label_value_becomes_one(probe_chart: Path) -> None:
    argument = {
        "Values": {},
        "Release": {"Name": "rel", "Service": "Helm"},
        "Chart": {"Name": "c" * 60, "Version": "1.0.0+build.5", "AppVersion": "2.0+" + "x" * 70},
    }
    values = {"probe": {"define": "network-policy.policy.labels", "argument": argument}}
    labels = yaml.safe_load(yaml.safe_load(Embedded().template(probe_chart, values))["output"])
    assert labels["helm.sh/chart"] == "c" * 60 + "-1"
    assert labels["app.kubernetes.io/version"] == "2.0_" + "x" * 59


def test_the_default_selector_is_what_helm_create_makes(engine: Engine, plain_chart: Path) -> None:
    text = engine.template(plain_chart, {"nameOverride": "shop"})
    assert yaml.safe_load(text)["spec"]["podSelector"] == {
        "matchLabels": {"app.kubernetes.io/name": "shop", "app.kubernetes.io/instance": "rel"}
    }


def test_two_charts_of_one_release_get_a_policy_each(engine: Engine, unchecked_chart: Path, tmp_path: Path) -> None:
    """An umbrella chart: its subcharts both take the library, and their releases are one."""
    umbrella = tmp_path / "umbrella"
    umbrella.mkdir()
    (umbrella / "Chart.yaml").write_text("apiVersion: v2\nname: umbrella\nversion: 0.1.0\n", encoding="utf-8")
    for part in ("web", "db"):
        shutil.copytree(unchecked_chart, umbrella / "charts" / part, ignore=shutil.ignore_patterns("Chart.lock"))
        description = umbrella / "charts" / part / "Chart.yaml"
        text = description.read_text(encoding="utf-8").replace("name: service-policy", f"name: {part}", 1)
        description.write_text(text, encoding="utf-8")
    policies = list(yaml.safe_load_all(engine.template(umbrella)))
    names = {policy["metadata"]["name"].rpartition("-")[0] for policy in policies}
    assert names == {"rel-web", "rel-db"}
    assert {policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for policy in policies} == {
        "web",
        "db",
    }


def test_a_chart_with_several_workloads_names_each_policy(
    engine: Engine, unchecked_chart: Path, tmp_path: Path
) -> None:
    """As the library's README says it."""
    readme = (unchecked_chart / "charts" / "network-policy" / "README.md").read_text(encoding="utf-8")
    chart = shutil.copytree(unchecked_chart, tmp_path / "chart")
    example = readme.partition("several workloads")[2].split("```")[1].removeprefix("yaml\n")
    (chart / "templates" / "networkpolicy.yaml").write_text(example, encoding="utf-8")
    settings = {"podSelector": {"matchLabels": {"app": "x"}}}
    values = {"workloads": {"api": {"networkPolicy": settings}, "worker": {"networkPolicy": settings}}}
    policies = list(yaml.safe_load_all(engine.template(chart, values)))
    assert [policy["metadata"]["name"] for policy in policies] == ["rel-api", "rel-worker"]
