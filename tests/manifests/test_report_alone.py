"""`egressc report --manifests`: connections between workloads and their exposure, in every form."""

import json
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import ERRORS, OK, USAGE
from manifests.alone import EXPECTED, SHOP, copied, edited
from support.command import run
from support.screens import hold, without_style
from support.tables import each

FORMS = [f"connections.{ending}" for ending in ("txt", "csv", "md", "json", "dot", "mmd", "html")]


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    result = run(["report", "--format", "json", *arguments], folder)
    assert result.exit_code == OK, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("name", FORMS)
def test_every_form(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    copied(tmp_path / "shop")
    result = run(["report", "--manifests", "shop", "--exclude", "values.yaml", "-o", name], tmp_path)
    assert (result.exit_code, result.output) == (OK, "")
    text = (tmp_path / name).read_bytes().decode()
    hold(EXPECTED / name, without_style(text) if name.endswith(".html") else text, request)


def test_the_project_around_has_no_part_in_it() -> None:
    around = ["--manifests", "workloads.yaml", "--manifests", "policies.yaml"]
    assert report(SHOP, *around)["connections"]
    result = run(["report", *around, "--project", "../../../egressc.yaml"], SHOP)
    assert result.exit_code == USAGE
    assert "--project has no effect" in result.stderr


@each("option", [["--exclude", "x"], ["--namespace", "x"]])
def test_options_of_manifests_are_refused_without_any(option: list[str]) -> None:
    result = run(["report", *option], SHOP)
    assert result.exit_code == USAGE
    assert f"{option[0]} is for --manifests" in result.stderr


def test_files_that_are_no_manifests_are_errors_unless_left_out() -> None:
    result = run(["report", "--manifests", "."], SHOP)
    assert (result.exit_code, result.stdout) == (ERRORS, "")
    assert "values.yaml" in result.stderr
    assert report(SHOP, "--manifests", ".", "--exclude", "values.yaml")["workloads"]


def test_manifests_come_from_the_standard_input_too(tmp_path: Path) -> None:
    text = (SHOP / "workloads.yaml").read_text("utf-8") + "---\n" + (SHOP / "policies.yaml").read_text("utf-8")
    result = run(["report", "--manifests", "-", "--format", "json"], tmp_path, text)
    known = report(SHOP, "--manifests", ".", "--exclude", "values.yaml")
    assert {**json.loads(result.stdout), "title": ""} == {**known, "title": ""}


def test_a_policy_with_a_typo_is_warned_of(tmp_path: Path) -> None:
    edited(tmp_path, "kind: NetworkPolicy", "kind: Networkpolicy")
    result = run(["report", "--manifests", "policies.yaml", "--manifests", "workloads.yaml"], tmp_path)
    assert result.exit_code == OK
    assert "warning[EG613]: networking.k8s.io/v1 Networkpolicy" in result.stderr
    assert "0 for egress, 0 for ingress" in result.stdout


def test_what_has_no_workloads_says_so() -> None:
    result = run(["report", "--manifests", "policies.yaml"], SHOP)
    assert (result.exit_code, result.stderr) == (OK, "")
    assert "none of these manifests is of a workload" in result.stdout


def test_namespaces_that_no_manifest_shows_are_noted(tmp_path: Path) -> None:
    edited(tmp_path, "kind: Namespace", "kind: ConfigMap")
    found = report(tmp_path, "--manifests", "policies.yaml", "--manifests", "workloads.yaml")
    assert found["notes"] == [
        f"no manifest shows the namespace {it}: taken to have no label but its name" for it in ("data", "shop")
    ]


CLOSED = """\
---
apiVersion: v1
kind: Pod
metadata: {name: vault, namespace: shop, labels: {app: vault}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: vault, namespace: shop}
spec: {podSelector: {matchLabels: {app: vault}}, policyTypes: [Ingress, Egress]}
"""


@pytest.mark.parametrize(("form", "sign"), [("text", "# no"), ("markdown", "No")])
def test_a_workload_without_connections_is_named_all_the_same(form: str, sign: str, tmp_path: Path) -> None:
    copied(tmp_path)
    (tmp_path / "values.yaml").write_text(CLOSED, "utf-8")
    result = run(["report", "--manifests", ".", "--format", form], tmp_path)
    assert result.exit_code == OK
    assert f"{sign} connection is open to or from Pod shop/vault" in result.stdout


def test_every_expected_file_is_used() -> None:
    found = {path.name for path in EXPECTED.iterdir() if path.name.startswith("connections.")}
    assert found == set(FORMS)
