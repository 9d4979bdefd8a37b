"""docs: the catalog, the rules and the report of what leaves the cluster are of one project, with its output."""

import json
import re
from pathlib import Path

import pytest

from support.command import run

DOCS = Path(__file__).parent.parent / "docs"
SERVICES = """# Services

| Service | Depends on |
|---|---|
| Orders | CRM |
| Web | Internet (443), 203.0.113.77 (443) |
"""


def blocks(page: str, heading: str, language: str) -> list[str]:
    section = (DOCS / page).read_text("utf-8").partition(f"\n{heading}\n")[2]
    section = re.split(r"\n##+ ", section)[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (catalog,) = blocks("catalog.md", "### For audits", "yaml")
    (rules,) = blocks("project-file.md", "## `audit`", "yaml")
    (tmp_path / "services.md").write_text(SERVICES, "utf-8")
    defaults = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
    (tmp_path / "catalog.yaml").write_text(defaults + catalog, "utf-8")
    (tmp_path / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{rules}", "utf-8")
    return tmp_path


def test_every_command_works_and_the_output_is_the_real_one(project: Path) -> None:
    commands, *_ = blocks("reports.md", "## What leaves the cluster", "")
    lines = [line.partition("#")[0].split()[1:] for line in commands.splitlines()]
    results = [run(arguments, project) for arguments in lines]
    assert [it.exit_code for it in results] == [0, 0]
    (shown,) = blocks("reports.md", "## What leaves the cluster", "text")
    assert [line for line in shown.splitlines() if line not in results[0].stdout.splitlines()] == []
    assert (project / "audit.html").read_text("utf-8").count("<tr>") > len(shown.splitlines())


def test_the_json_is_the_real_one(project: Path) -> None:
    (shown,) = map(json.loads, blocks("reports.md", "## What leaves the cluster", "json"))
    real = json.loads(run(["report", "--audit", "--format", "json"], project).stdout)
    assert real["flows"][1:2] == shown.pop("flows")
    assert {key: groups[:1] for key, groups in real.pop("groups").items()} == shown.pop("groups")
    assert {**shown, "flows": real["flows"]} == real


def test_the_rules_hold_with_the_exception_that_is_shown(project: Path) -> None:
    result = run(["check"], project)
    assert 'error[EG474]: "Web" reaches "203.0.113.77/32", which states no "owner"' in result.output
    assert "EG416" not in result.output
    (project / "services.md").write_text(SERVICES.replace(", 203.0.113.77 (443)", ""), "utf-8")
    compiled = run(["compile"], project)
    assert (compiled.exit_code, "EG474" in compiled.output) == (0, False)
