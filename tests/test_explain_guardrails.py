"""`egressc explain` where a guardrail says no: by checks alone, and by policies of the cluster."""

import json
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import ERRORS, OK
from support.command import run
from support.tables import each

PROJECT = {
    "catalog.yaml": """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Vault: {namespace: rival, ports: [8200]}
  Partner: {hosts: [api.partner.example], addresses: [203.0.113.0/24], ports: [443]}
  Other tenants:
    namespaces: {matchExpressions: [{key: tenant, operator: Exists}, {key: tenant, operator: NotIn, values: [a]}]}
    selector: any pod
""",
    "services.md": "| Service | Depends on |\n|---|---|\n| Web | Orders (8080) |\n| Orders | None |\n",
}
SETTINGS = """\
sources: [services.md]
catalog: catalog.yaml
directions: both
guardrails:
  metadata: {denyTo: [node metadata]}
  partner: {denyTo: [203.0.113.0/24]}
  tenant-a:
    namespaces: {tenant: a}
    denyTo: [Other tenants]
    denyFrom: [Other tenants]
cluster:
  namespaces: {shop: {labels: {tenant: a}}, rival: {labels: {tenant: b}}, kube-system: {labels: {}}}
"""
IN_FORCE = "  guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2}\n"


def write(folder: Path, settings: str) -> Path:
    for name, text in {**PROJECT, "egressc.yaml": settings}.items():
        (folder / name).write_text(text, "utf-8")
    assert run(["compile"], folder).exit_code == OK
    return folder


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        "checks": write(tmp_path_factory.mktemp("checks"), SETTINGS),
        "in force": write(tmp_path_factory.mktemp("force"), SETTINGS + IN_FORCE),
    }


def ask(project: Path, *asked: str) -> dict[str, Any]:
    result = run(["explain", *asked, "--format", "json"], project)
    (answer,) = json.loads(result.stdout)["answers"]
    assert result.exit_code == (OK if answer["allowed"] else ERRORS)
    found: dict[str, Any] = answer
    return found


# In force or not, the same is denied by the policy of a service: it has no row, and can have none.
@each(
    ("asked", "guardrail", "repair"),
    [
        (
            ("web", "vault:8200"),
            "tenant-a: denies egress to Other tenants on any port",
            'add "Vault" to exceptTo of the guardrail "tenant-a" (egressc.yaml:9:14); and add it to a row of web',
        ),
        (
            ("web", "pod:rival/app=z:99"),
            "tenant-a: denies egress to Other tenants on any port",
            'add it to exceptTo of the guardrail "tenant-a" (egressc.yaml:9:14); and add it to a row of web',
        ),
        (
            ("pod:rival/app=z", "web:8080"),
            "tenant-a: denies ingress from Other tenants on any port",
            'add it to exceptFrom of the guardrail "tenant-a" (egressc.yaml:10:16); and add it to a row of web',
        ),
        (
            ("web", "169.254.169.254:80"),
            "metadata: denies egress to node metadata on any port",
            'add "169.254.169.254" to exceptTo of the guardrail "metadata" (egressc.yaml:5:23); and if you',
        ),
        (
            ("web", "host:api.partner.example"),
            "partner: denies egress to 203.0.113.0/24 on any port",
            'add "203.0.113.0" to exceptTo of the guardrail "partner" (egressc.yaml:6:22); and add it to a row of web',
        ),
    ],
)
def test_a_guardrail_denies_it(projects: dict[str, Path], asked: tuple[str, str], guardrail: str, repair: str) -> None:
    for way, project in projects.items():
        answer = ask(project, *asked)
        assert not answer["allowed"]
        (step,) = (it for it in answer["chain"] if it["kind"] == "guardrail")
        assert step["text"] == guardrail
        assert step["location"]["path"] == "egressc.yaml"
        cause = answer["causes"][0]
        key = guardrail.partition(":")[0]
        assert cause["kind"] == "denied-by-guardrail"
        assert cause["text"].startswith(f'denied: the guardrail "{key}" says no (egressc.yaml:')
        assert answer["repair"].startswith(f"if you need the connection, {repair}")
        policies = [it["text"] for it in answer["chain"] if it["kind"] == "policy"]
        assert (f"guardrail-policy-{key}" in policies) is (way == "in force")


def test_the_repair_works(tmp_path: Path) -> None:
    settings = SETTINGS.replace("    denyFrom", "    exceptTo: [Vault]\n    denyFrom") + IN_FORCE
    project = write(tmp_path, settings)
    assert ask(project, "web", "vault:8200")["repair"] == "add it to a row of web (services.md:3)"
    path = project / "services.md"
    path.write_text(path.read_text("utf-8").replace("(8080)", "(8080), Vault"), "utf-8")
    assert run(["compile"], project).exit_code == OK
    assert ask(project, "web", "vault:8200")["allowed"]


# Pods without a policy of their own: checks deny nothing to them.
def test_pods_that_no_policy_isolates(projects: dict[str, Path]) -> None:
    asked = "pod:kube-system/app=x", "169.254.169.254:80"
    answer = ask(projects["checks"], *asked)
    assert (answer["allowed"], answer["causes"], answer["repair"]) == (True, [], "")
    assert answer["chain"][-1]["text"] == (
        "metadata: denies egress to node metadata on any port; "
        "only checks enforce it, and no policy denies this connection"
    )
    answer = ask(projects["in force"], *asked)
    assert not answer["allowed"]
    assert [it["kind"] for it in answer["chain"]] == ["policy", "rule", "guardrail"]
    assert [it["kind"] for it in answer["causes"]] == ["denied-by-guardrail"]
    assert answer["repair"] == (
        'if you need the connection, add "169.254.169.254" to exceptTo of the guardrail "metadata" (egressc.yaml:5:23)'
    )


def test_what_rows_deny_besides_leaves_the_repair_whole(tmp_path: Path) -> None:
    project = write(tmp_path, SETTINGS)
    path = project / "services.md"
    denials = "\n| From | To | Port | Allowed |\n|---|---|---|---|\n| Web | Vault | 8200 | no |\n"
    path.write_text(path.read_text("utf-8") + denials, "utf-8")
    assert run(["compile"], project).exit_code == OK
    answer = ask(project, "web", "vault:8200")
    assert answer["causes"][0]["kind"] == "denied-by-guardrail"
    assert answer["repair"].endswith("; and add it to a row of web (services.md:3)")


def test_guardrails_of_both_ends_are_named(projects: dict[str, Path], tmp_path: Path) -> None:
    both = SETTINGS.replace("cluster:", "  rivals: {namespaces: {tenant: b}, denyTo: [Web]}\ncluster:")
    answer = ask(write(tmp_path, both), "pod:rival/app=z", "web:8080")
    assert [it["kind"] for it in answer["causes"]] == ["denied-by-guardrail", "denied-by-guardrail"]
    assert 'add "Web" to exceptTo of the guardrail "rivals"' in answer["repair"]
    assert 'add it to exceptFrom of the guardrail "tenant-a"' in answer["repair"]


def test_what_rows_open_and_no_guardrail_denies_is_allowed(projects: dict[str, Path]) -> None:
    for project in projects.values():
        answer = ask(project, "web", "orders:8080")
        assert answer["allowed"]
        assert "guardrail" not in [it["kind"] for it in answer["chain"]]


def test_policies_that_are_older_than_the_project(projects: dict[str, Path], tmp_path: Path) -> None:
    project = projects["in force"]
    assert run(["render", "--output-dir", str(tmp_path / "rendered")], project).exit_code == OK
    asked = "pod:kube-system/app=x", "169.254.169.254:80"
    # The guardrail is gone from the project, and its policy is still there.
    without = tmp_path / "without"
    without.mkdir()
    write(without, (SETTINGS + IN_FORCE).replace("  metadata: {denyTo: [node metadata]}\n", ""))
    answer = ask(without, *asked, "--manifests", str(tmp_path / "rendered"))
    (cause,) = answer["causes"]
    assert cause["kind"] == "stale-policy"
    assert "guardrail-policy-metadata denies it, but no guardrail of the project file does" in cause["text"]
    assert answer["repair"].startswith("update these policies: ")
    # The policy is not there yet.
    (tmp_path / "rendered" / "cluster" / "guardrails.yaml").unlink()
    answer = ask(project, *asked, "--manifests", str(tmp_path / "rendered"))
    assert answer["allowed"]
    assert "the policies do not enforce it: update these policies" in answer["chain"][-1]["text"]
