"""Where reports go, and in which form."""

import json
import subprocess
from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK
from support.command import run


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A project whose table names something that nothing defines."""
    project = tmp_path / "project"
    project.mkdir()
    assert run(["init"], project).exit_code == OK
    document = project / "services.md"
    document.write_text(document.read_text("utf-8").replace("Orders, Redis", "Orders, Rediss"), "utf-8")
    return project


def test_text_goes_to_the_standard_error(broken: Path) -> None:
    result = run(["compile"], broken)
    assert result.stdout == ""
    assert "error[EG301]" in result.stderr
    assert "\x1b" not in result.stderr


def test_other_forms_go_to_standard_output(broken: Path) -> None:
    result = run(["compile", "--format", "json"], broken)
    assert result.exit_code == ERRORS
    assert json.loads(result.stdout)["summary"]["errors"] == 1
    assert result.stderr == ""


def test_a_report_goes_to_a_file_when_asked(broken: Path) -> None:
    for form in ("text", "json", "sarif"):
        result = run(["compile", "--format", form, "--output", f"report.{form}"], broken)
        assert (result.exit_code, result.stdout, result.stderr) == (ERRORS, "", "")
    assert (broken / "report.text").read_text("utf-8").startswith("error[EG301]")
    assert json.loads((broken / "report.sarif").read_text("utf-8"))["version"] == "2.1.0"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "report", "read", "verify", "compile"])
@pytest.mark.parametrize("name", ["services.md", "link.md", "catalog.yaml", "egressc.yaml", "values/orders.yaml"])
def test_a_report_replaces_no_file_that_people_write(tmp_path: Path, command: str, name: str) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    assert run(["compile"], tmp_path).exit_code == OK
    (tmp_path / "link.md").symlink_to("services.md")
    before = (tmp_path / name).read_bytes()
    result = run([command, "--output", name], tmp_path)
    assert "name another" in result.stderr
    assert (tmp_path / name).read_bytes() == before
    for _ in range(2):
        run([command, "--output", "report.txt"], tmp_path)
        assert (tmp_path / "report.txt").exists()


def test_sarif_paths_start_at_the_root_of_the_repository(broken: Path) -> None:
    subprocess.run(["/usr/bin/git", "init", "-q", str(broken.parent)], check=True)
    result = run(["compile", "--format", "sarif"], broken)
    results = json.loads(result.stdout)["runs"][0]["results"]
    places = {found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for found in results}
    assert f"{broken.name}/services.md" in places
    assert all(place.startswith(f"{broken.name}/") for place in places)


def test_two_things_never_go_to_standard_output_at_once(broken: Path) -> None:
    assert run(["render", "--format", "json"], broken).exit_code == 2
    assert run(["show", "--format", "sarif"], broken).exit_code == 2
