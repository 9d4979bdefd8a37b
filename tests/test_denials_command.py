"""Rows that deny, through the commands: `verify` proves them, `explain` names them, `report` lists them."""

import json
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import ERRORS, OK
from support.command import run

PROJECT = {
    "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\n",
    "catalog.yaml": 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
    "destinations:\n  Redis: {ports: [6379]}\n  Users: {}\n  Partner: {addresses: [203.0.113.0/24], ports: [443]}\n",
    "services.md": "| From | To | Port | Allowed |\n|---|---|---|---|\n| Orders | Partner | 443 | yes |\n"
    "| Orders | Redis | 6379 | no |\n| Orders | Internet | any | no |\n| Users | any | any | no |\n",
}
EXTRA = "  egress: [{to: [{podSelector: {matchLabels: {app: redis}}}], ports: [{port: 6379, protocol: TCP}]}]"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK
    return tmp_path


def proof(project: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run([*arguments, "--format", "json"], project).stdout)["proof"]
    return found


def test_denials_are_counted_for_the_services_that_are_proven(project: Path) -> None:
    assert [proof(project, "verify", *it)["denials"] for it in ((), ("orders",), ("users",))] == [3, 2, 1]
    assert proof(project, "compile", "--verify")["denials"] == 3


def test_an_extra_rule_that_opens_what_is_denied_fails_the_proof(project: Path) -> None:
    for name, left in (("orders", 2), ("users", 2)):
        path = project / "values" / f"{name}.yaml"
        before = path.read_text("utf-8")
        path.write_text(before.replace("  egress: []", EXTRA), "utf-8")
        found = proof(project, "verify")
        assert (found["proven"], found["overPermissions"], found["denials"]) == (False, 1, left)
        path.write_text(before, "utf-8")


@pytest.mark.parametrize(
    ("asked", "row", "repair"),
    [
        ("orders -> redis:6379", 'row "Redis" says no (services.md:4:12)', "change this row, services.md:4:12"),
        (
            "orders -> 198.51.100.7:25",
            'row "Internet" says no (services.md:5:12)',
            "change this row, services.md:5:12",
        ),
        ("users -> redis:6379", 'row "any" says no (services.md:6:11)', "add it to a row of users"),
    ],
)
def test_a_denied_connection_names_the_row_that_says_no(asked: str, row: str, repair: str, project: Path) -> None:
    result = run(["explain", asked, "--format", "json"], project)
    assert result.exit_code == ERRORS
    (answer,) = json.loads(result.stdout)["answers"]
    cause = answer["causes"][0]
    assert (cause["kind"], cause["text"]) == ("denied-by-row", f"denied: {row}")
    assert answer["repair"].startswith(repair)


@pytest.mark.parametrize("asked", ["orders -> redis:6380", "orders -> 10.1.2.3:443"])
def test_a_connection_that_no_row_speaks_of_names_none(asked: str, project: Path) -> None:
    (answer,) = json.loads(run(["explain", asked, "--format", "json"], project).stdout)["answers"]
    assert not answer["allowed"]
    assert "denied-by-row" not in {cause["kind"] for cause in answer["causes"]}


def test_what_is_granted_out_of_a_denied_internet_is_allowed(project: Path) -> None:
    assert run(["explain", "orders -> 203.0.113.7:443"], project).exit_code == OK


def test_reports_list_what_rows_deny(project: Path) -> None:
    found = json.loads(run(["report", "--format", "json"], project).stdout)["denied"]
    assert [(it["source"], it["destination"], it["ports"], it["deniedIn"]) for it in found] == [
        ("orders", "Internet", "any port", "services.md:5"),
        ("orders", "Redis", "6379/TCP", "services.md:4"),
        ("users", "everything else", "any port", "services.md:6"),
    ]
