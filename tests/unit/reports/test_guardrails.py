"""Guardrails in reports and in the difference of two projects."""

import json
from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK
from support.command import run
from support.tables import each

HEAD = """
sources: [services.md]
catalog: catalog.yaml
"""
METADATA = "guardrails:\n  metadata: {purpose: No credentials, denyTo: [169.254.169.254], pods: {app: web}}\n"
ENFORCED = "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2}}\n"
SAID = "pods app=web in any namespace: cannot reach 169.254.169.254/32 on any port"


def project(folder: Path, settings: str) -> Path:
    folder.mkdir()
    (folder / "egressc.yaml").write_text(HEAD + settings, "utf-8")
    (folder / "services.md").write_text("| Service | Depends on |\n|---|---|\n| Web | Orders |\n", "utf-8")
    (folder / "catalog.yaml").write_text(
        'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations: {Orders: {ports: [80]}}\n', "utf-8"
    )
    return folder


@each(
    ("before", "after", "expected"),
    [
        (METADATA, METADATA, []),
        (METADATA, METADATA.replace("No cred", "Cred"), []),
        ("", METADATA, ["+ guardrail metadata", SAID, "enforced by checks"]),
        (METADATA + ENFORCED, "", ["- guardrail metadata", SAID, "enforced by ClusterNetworkPolicy"]),
        (
            METADATA,
            METADATA + ENFORCED,
            ["~ guardrail metadata", "enforced by ClusterNetworkPolicy, and before by checks"],
        ),
        (
            METADATA,
            METADATA.replace("169.254.169.254", "169.254.0.0/16"),
            [
                "~ guardrail metadata",
                f"no longer: {SAID}",
                "now: pods app=web in any namespace: cannot reach 169.254.0.0/16 on any port",
            ],
        ),
    ],
)
def test_a_difference_names_guardrails(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, expected: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("sides")
    project(folder / "old", before)
    project(folder / "new", after)
    result = run(["diff", "old", "new"], folder)
    assert result.exit_code == OK, result.output
    assert [line.strip() for line in result.stdout.splitlines()[1:]] == expected


# No flow of a service changes: what a guardrail denies is no flow.
@each(
    ("before", "after", "widened"),
    [
        ("", METADATA, False),
        (METADATA, "", True),
        (METADATA, METADATA + ENFORCED, False),
        (METADATA + ENFORCED, METADATA, True),
        (METADATA, METADATA.replace("169.254.169.254", "169.254.0.0/16"), False),
        (METADATA, METADATA.replace("169.254.169.254", "169.254.169.128/26"), True),
        (METADATA, METADATA.replace("{app: web}", "{app: cart}"), True),
    ],
)
def test_less_that_is_denied_is_wider(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, widened: bool
) -> None:
    folder = tmp_path_factory.mktemp("sides")
    project(folder / "old", before)
    project(folder / "new", after)
    found = json.loads(run(["diff", "old", "new", "--format", "json"], folder).stdout)
    assert found["summary"]["widened"] is widened
    assert [it["widened"] for it in found["guardrails"]] == [widened]
    assert found["flows"] == []
    status = run(["diff", "old", "new", "--fail-on", "widened"], folder).exit_code
    assert status == (ERRORS if widened else OK)


def test_a_report_lists_what_guardrails_deny(tmp_path: Path) -> None:
    folder = project(tmp_path / "one", METADATA + ENFORCED)
    text = run(["report"], folder).stdout
    assert (
        "guardrail metadata: pods app=web in any namespace cannot reach 169.254.169.254/32 on any port; "
        "enforced by ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2 (egressc.yaml:5)\n"
    ) in text
    assert text.endswith("; 1 guardrail\n")
    (found,) = json.loads(run(["report", "--format", "json"], folder).stdout)["guardrails"]
    assert (found["name"], found["purpose"], found["denies"]) == (
        "metadata",
        "No credentials",
        ["cannot reach 169.254.169.254/32 on any port"],
    )
    assert "| metadata | pods app=web in any namespace |" in run(["report", "--format", "markdown"], folder).stdout
    assert "guardrail metadata: pods app=web" in run(["report", "--format", "html"], folder).stdout
