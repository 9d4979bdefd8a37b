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
FLOW = "pod app=web in other -> address 169.254.169.254 on 1/TCP"
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
        (
            METADATA + ENFORCED,
            "",
            ["- guardrail metadata", SAID, "was enforced by ClusterNetworkPolicy", f"now allowed: {FLOW}"],
        ),
        (
            METADATA,
            METADATA + ENFORCED,
            ["~ guardrail metadata", "enforced by ClusterNetworkPolicy, and before by checks", f"now denied: {FLOW}"],
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
    assert [bool(it["opens"]) for it in found["guardrails"]] == [widened]
    assert found["flows"] == []
    status = run(["diff", "old", "new", "--fail-on", "widened"], folder).exit_code
    assert status == (ERRORS if widened else OK)


MANY = ", ".join(f"198.51.100.{it}" for it in range(0, 40, 2))
TENANT = "guardrails: {tenant: {namespaces: {tenant: a}, denyTo: [203.0.113.0/24]}}\n"
SHOP = "cluster: {namespaces: {shop: {labels: {tenant: %s}}}}\n"


@each(
    ("before", "after", "expected"),
    [
        # Words name the first of many networks.
        (
            MANY,
            MANY.replace("198.51.100.38", "198.51.100.39"),
            [
                "no longer: pods app=web in any namespace: cannot reach 198.51.100.38/32 on any port",
                "now: pods app=web in any namespace: cannot reach 198.51.100.39/32 on any port",
            ],
        ),
        (MANY, ", ".join(reversed(MANY.split(", "))), []),
    ],
)
def test_what_words_leave_out_is_a_difference(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, expected: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("sides")
    for name, networks in (("old", before), ("new", after)):
        catalog = project(folder / name, METADATA.replace("169.254.169.254", "Many")) / "catalog.yaml"
        many = f"ports: [80]}}, Many: {{addresses: [{networks}]}}"
        catalog.write_text(catalog.read_text("utf-8").replace("ports: [80]}", many), "utf-8")
    result = run(["diff", "old", "new"], folder)
    assert result.exit_code == OK, result.stderr
    lines = result.stdout.splitlines()[2:]
    assert [line.strip() for line in lines] == expected


def test_labels_of_a_namespace_decide_whom_a_guardrail_guards(tmp_path: Path) -> None:
    project(tmp_path / "old", TENANT + SHOP % "a")
    project(tmp_path / "new", TENANT + SHOP % "b")
    (found,) = json.loads(run(["diff", "old", "new", "--format", "json"], tmp_path).stdout)["guardrails"]
    assert found["denied"] == found["denies"]
    assert (found["opens"], found["closes"]) == (["all pods in shop: cannot reach 203.0.113.0/24 on any port"], [])


def test_public_addresses_that_open_are_told_first(tmp_path: Path) -> None:
    project(tmp_path / "old", TENANT + ENFORCED)
    project(tmp_path / "new", "")
    lines = run(["diff", "old", "new"], tmp_path).stdout.splitlines()
    assert lines[0].endswith(": no flow of a service changes; 0 guardrails added, 1 removed, 0 changed")
    assert lines[1] == "! INTERNET all pods in namespaces tenant=a -> 203.0.113.0/24 any port"
    # A check alone kept nothing closed.
    project(tmp_path / "checked", TENANT)
    assert "INTERNET" not in run(["diff", "checked", "new"], tmp_path).stdout


def test_another_guardrail_that_denies_the_same_opens_nothing(tmp_path: Path) -> None:
    project(tmp_path / "old", TENANT + ENFORCED)
    project(tmp_path / "new", TENANT.replace("{tenant: {", "{other: {") + ENFORCED)
    result = run(["diff", "old", "new", "--fail-on", "widened"], tmp_path)
    assert result.exit_code == OK
    assert result.stdout.count("    other guardrails deny the same") == 2
    assert run(["diff", "old", "new", "--fail-on", "any"], tmp_path).exit_code == ERRORS


def test_markdown_has_a_row_for_each(tmp_path: Path) -> None:
    project(tmp_path / "old", TENANT)
    project(tmp_path / "new", METADATA)
    text = run(["diff", "old", "new", "--format", "markdown"], tmp_path).stdout
    assert "<details open><summary>2 changed guardrails</summary>" in text
    assert f"| metadata | added | **narrower** | {SAID}; enforced by checks |" in text
    assert "| tenant | removed | **wider** | all pods in namespaces tenant=a" in text


def test_manifests_are_compared_by_what_they_deny(tmp_path: Path) -> None:
    """Checks are none of manifests, and rendered policies say what the project does."""
    folder = project(tmp_path / "one", METADATA + ENFORCED)
    run(["compile"], folder)
    assert run(["render", "--output-dir", "rendered"], folder).exit_code == OK
    assert run(["diff", ".", "rendered", "--fail-on", "any"], folder).exit_code == OK
    path = folder / "rendered" / "cluster" / "guardrails.yaml"
    known = path.read_text("utf-8")
    path.write_text(known.replace("name: guardrail-policy-metadata", "name: deny-metadata"), "utf-8")
    assert run(["diff", ".", "rendered", "--fail-on", "any"], folder).stdout == ". -> rendered: no flow changes\n"
    path.write_text(known, "utf-8")
    project(tmp_path / "checked", METADATA)
    result = run(["diff", "one/rendered", "checked", "--fail-on", "widened"], tmp_path)
    assert result.exit_code == ERRORS
    assert [line.strip() for line in result.stdout.splitlines()[1:]] == [
        "- guardrail metadata",
        SAID,
        "was enforced by ClusterNetworkPolicy",
        f"now allowed: {FLOW}",
    ]
    path.unlink()
    assert run(["diff", "one/rendered", "checked", "--fail-on", "any"], tmp_path).exit_code == OK


def test_a_report_lists_what_guardrails_deny(tmp_path: Path) -> None:
    folder = project(tmp_path / "one", METADATA + ENFORCED)
    text = run(["report"], folder).stdout
    assert (
        "guardrail metadata: No credentials  "
        "(egressc.yaml:5, enforced by ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2)\n"
        f"    {SAID}\n"
    ) in text
    assert text.endswith("; 1 guardrail\n")
    (found,) = json.loads(run(["report", "--format", "json"], folder).stdout)["guardrails"]
    assert found == {
        "name": "metadata",
        "purpose": "No credentials",
        "pods": "pods app=web in any namespace",
        "denies": [
            {
                "direction": "egress",
                "name": "169.254.169.254/32",
                "peers": "169.254.169.254/32",
                "ports": "any port",
            }
        ],
        "givenIn": "egressc.yaml:5",
        "enforcedBy": "ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2",
    }
    assert "| metadata | pods app=web in any namespace |" in run(["report", "--format", "markdown"], folder).stdout
    assert "<strong>metadata</strong>: No credentials" in run(["report", "--format", "html"], folder).stdout
