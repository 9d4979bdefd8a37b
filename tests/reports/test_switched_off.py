"""Every form of `egressc report`, and `egressc explain`, name a policy that is switched off."""

import csv
import io
import json
from pathlib import Path

import pytest

from support.command import run
from support.fleet_projects import FleetProject, rows_of

PLACE = "values/service-0001.yaml:70"
SAID = {
    "text": "service-0001 -> everything  any       SWITCHED OFF  - ",
    "markdown": f"## Service 0001\n\n**Switched off** in {PLACE}: nothing limits what it reaches.",
    "dot": 'label="Service 0001 (switched off)"',
    "mermaid": '"Service 0001 #40;switched off#41;"',
    "html": f"is switched off</strong> in {PLACE}: nothing limits what it reaches.",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    FleetProject(tmp_path, rows_of(2)).write()
    assert run(["compile"], tmp_path).exit_code == 0
    path = tmp_path / "values" / "service-0001.yaml"
    path.write_text(path.read_text("utf-8") + "  enabled: false\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("form", SAID)
def test_it_is_named(project: Path, form: str) -> None:
    result = run(["report", "--format", form], project)
    assert SAID[form] in result.stdout
    assert "1 policy is switched off" in result.stdout or form == "mermaid"
    assert "warning[EG515]" in result.stderr


def test_an_answer_that_nothing_isolates_has_the_reason_beside_it(project: Path) -> None:
    result = run(["explain", "service-0001", "203.0.113.7:443"], project)
    assert "no policy isolates the source: everything is allowed" in result.stdout
    assert "warning[EG515]" in result.stderr
    assert PLACE in result.stderr


def test_it_is_data(project: Path) -> None:
    found = json.loads(run(["report", "--format", "json"], project).stdout)
    assert found["switchedOff"] == [{"service": "service-0001", "offIn": PLACE}]
    *_, last = csv.DictReader(io.StringIO(run(["report", "--format", "csv"], project).stdout))
    assert (last["source"], last["destination"], last["class"]) == ("service-0001", "everything", "switched off")
    assert (last["internet"], last["asked for in"], None in last.values()) == ("yes", PLACE, False)


BOTH = {
    "text": (
        "service-0001 -> everything  any       SWITCHED OFF  - ",
        "everything -> service-0001  any       SWITCHED OFF  - ",
    ),
    "csv": (
        '"service-0001","shop","everything","","any","any","switched off","yes","",',
        '"everything","","service-0001","shop","any","any","switched off","yes","",',
    ),
    "markdown": ("nothing limits what it reaches and who reaches it.",),
    "html": ("nothing limits what it reaches and who reaches it.",),
}


@pytest.mark.parametrize("form", BOTH)
def test_every_direction_that_its_policy_would_limit_is_named(project: Path, form: str) -> None:
    (project / "egressc.yaml").write_text((project / "egressc.yaml").read_text("utf-8") + "directions: both\n", "utf-8")
    assert run(["compile"], project).exit_code == 0
    shown = run(["report", "--format", form], project).stdout
    assert [line for line in BOTH[form] if line not in shown] == []


def test_it_survives_a_compile_and_the_proof_does_not_hold(project: Path) -> None:
    before = (project / "values" / "service-0001.yaml").read_text("utf-8")
    (project / "catalog.yaml").write_text((project / "catalog.yaml").read_text("utf-8").replace("5007", "7007"))
    assert run(["compile"], project).exit_code == 0
    after = (project / "values" / "service-0001.yaml").read_text("utf-8")
    assert after != before
    assert after.endswith("  egress: []\n  enabled: false\n")
    result = run(["verify"], project)
    assert result.exit_code == 1
    assert "error[EG622]" in result.output
    assert "warning[EG515]" in result.output
    assert run(["check", "--strict"], project).exit_code == 1
