"""`egressc show` is a view of the flows that `egressc report` lists."""

import json
from pathlib import Path

import pytest

from egressc.cli import OK
from support.command import run

ROOT = Path(__file__).parents[3]


@pytest.fixture
def flows() -> list[dict[str, object]]:
    reported: list[dict[str, object]] = json.loads(run(["report", "--format", "json"], ROOT).stdout)["flows"]
    return reported


def test_a_line_is_a_port_of_a_flow(flows: list[dict[str, object]]) -> None:
    shown = run(["show"], ROOT)
    assert shown.exit_code == OK
    assert shown.stdout.splitlines() == [
        f"{it['source']} -> {it['destination']} {port}/{it['protocol']}"
        for it in flows
        for port in it["ports"]  # type: ignore[attr-defined]
    ]
    assert "ai-service -> redis 6379/TCP\n" in shown.stdout


def test_json_is_that_of_the_report_for_the_services_asked_for(flows: list[dict[str, object]]) -> None:
    found = json.loads(run(["show", "ai-service", "--format", "json"], ROOT).stdout)
    assert found["flows"] == [it for it in flows if it["source"] == "ai-service"]
    assert {node["id"] for node in found["nodes"]} == {"ai-service", *(it["destination"] for it in found["flows"])}


def test_a_table_names_a_service_once_and_a_port_as_a_line_does() -> None:
    table = run(["show", "--table", "ai-service", "api-gateway"], ROOT).stdout
    assert table.count(" api-gateway ") == 1
    assert "6379/TCP" in table
    assert "platform/services.md:" in table


def test_a_service_that_may_reach_nothing_is_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "services.md").write_text("| Service | Dependencies |\n|---|---|\n| Shop | None |\n")
    (tmp_path / "catalog.yaml").write_text("destinations: {Shop: {namespace: web, selector: {app: shop}}}\n")
    (tmp_path / "egressc.yaml").write_text(
        "sources: [services.md]\ncatalog: catalog.yaml\nvalues: values\ncluster: {dns: {profile: none}}\n"
    )
    assert "nothing" in run(["show", "--table"], tmp_path).stdout
    assert run(["show"], tmp_path).stdout == ""


def test_policies_of_other_owners_are_said_to_be_left_out() -> None:
    project = ROOT / "tests/golden/policies-of-other-owners"
    shown = run(["show"], project)
    assert "without 3 policies of other owners, which `egressc explain` counts" in shown.stderr
    found = json.loads(run(["report", "--format", "json"], project).stdout)
    assert {"policy": "data/default-deny", "givenIn": "platform/data.yaml:3"} in found["otherPolicies"]
    for form in ("text", "markdown", "html"):
        assert "policies of other owners" in run(["report", "--format", form], project).stdout
