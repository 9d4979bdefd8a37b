"""Where reports go, and in which form."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import click
import pytest

from egressc.cli import ERRORS, OK, OUT_OF_DATE, USAGE, run_command
from egressc.cli.releases import agrees
from egressc.cli.reporting import shows_colour
from egressc.renderers.formats import Format
from support.code_quality import read_code_quality
from support.command import run
from support.junit_xml.official import read_junit


@pytest.fixture(scope="module")
def scaffold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `egressc init` writes, to copy."""
    folder = tmp_path_factory.mktemp("scaffold")
    assert run(["init"], folder).exit_code == OK
    return folder


@pytest.fixture
def broken(scaffold: Path, tmp_path: Path) -> Path:
    """A project whose table names something that nothing defines."""
    project = tmp_path / "project"
    shutil.copytree(scaffold, project)
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
    for form in get_args(Format):
        result = run(["compile", "--format", form, "--output", f"report.{form}"], broken)
        assert (result.exit_code, result.stdout) == (ERRORS, "")
        # A form for programs leaves the text to the log.
        assert result.stderr.startswith("error[EG301]") == (form != "text"), form
    assert (broken / "report.text").read_text("utf-8").startswith("error[EG301]")
    assert json.loads((broken / "report.sarif").read_text("utf-8"))["version"] == "2.1.0"
    (violation,) = read_code_quality((broken / "report.gitlab").read_text("utf-8"))
    assert violation["check_name"] == "EG301 unknown-destination"
    (suite,) = read_junit((broken / "report.junit").read_text("utf-8"))
    assert suite.get("failures") == "1"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "report", "read", "verify", "compile"])
@pytest.mark.parametrize("name", ["services.md", "link.md", "catalog.yaml", "egressc.yaml", "values/orders.yaml"])
def test_a_report_replaces_no_file_that_people_write(tmp_path: Path, command: str, name: str) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    assert run(["compile"], tmp_path).exit_code == OK
    (tmp_path / "link.md").symlink_to("services.md")
    before = (tmp_path / name).read_bytes()
    result = run([command, "--output", name], tmp_path)
    assert "write another" in result.stderr
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


def test_code_quality_and_junit_start_there_too(broken: Path) -> None:
    subprocess.run(["/usr/bin/git", "init", "-q", str(broken.parent)], check=True)
    (violation,) = read_code_quality(run(["check", "--format", "gitlab"], broken).stdout)
    assert violation["location"]["path"] == f"{broken.name}/services.md"
    (suite,) = read_junit(run(["check", "--format", "junit"], broken).stdout)
    assert suite.get("file") == f"{broken.name}/services.md"


def test_two_things_never_go_to_standard_output_at_once(broken: Path) -> None:
    assert run(["render", "--format", "json"], broken).exit_code == 2
    assert run(["show", "--format", "sarif"], broken).exit_code == 2


COLOURS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CI", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE")


@pytest.mark.parametrize(
    ("variables", "on_error", "on_output"),
    [
        ("", False, False),
        ("CI=true GITHUB_ACTIONS=true", True, False),
        ("CI=true GITLAB_CI=true TERM=dumb", True, False),
        ("CI=true", False, False),
        ("GITHUB_ACTIONS=true", False, False),
        ("FORCE_COLOR=1", True, True),
        ("FORCE_COLOR=", True, True),
        ("CLICOLOR_FORCE=1", True, True),
        ("FORCE_COLOR=0 CI=true GITHUB_ACTIONS=true", False, False),
        ("CLICOLOR_FORCE=0", False, False),
        ("NO_COLOR=1 FORCE_COLOR=1 CI=true GITHUB_ACTIONS=true", False, False),
        ("NO_COLOR= FORCE_COLOR=1", True, True),
    ],
)
def test_colours(variables: str, on_error: bool, on_output: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COLOURS:
        monkeypatch.delenv(name, raising=False)
    for name, _, value in (it.partition("=") for it in variables.split()):
        monkeypatch.setenv(name, value)
    assert (shows_colour(sys.stderr), shows_colour(sys.stdout)) == (on_error, on_output)


@pytest.fixture
def warned(scaffold: Path, tmp_path: Path) -> Path:
    """A project that compiles with a warning."""
    shutil.copytree(scaffold, tmp_path, dirs_exist_ok=True)
    assert run(["compile"], tmp_path).exit_code == OK
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text(catalog.read_text("utf-8") + "  Unused: {addresses: [192.0.2.1]}\n", "utf-8")
    assert "warning[" in run(["check"], tmp_path).stderr
    return tmp_path


@pytest.mark.parametrize("arguments", [["-q", "check"], ["check", "--quiet"], ["--quiet", "compile"]])
def test_quiet_leaves_nothing_but_results_and_errors(arguments: list[str], warned: Path) -> None:
    assert run(arguments, warned).output == ""


@pytest.mark.parametrize("command", ["check", "compile", "render", "verify"])
def test_strict_fails_for_a_warning_of_the_sources(command: str, warned: Path) -> None:
    assert run([command], warned).exit_code == OK
    result = run([command, "--strict"], warned)
    assert result.exit_code == ERRORS
    assert result.stderr.count("warning[EG413]") == 1


def test_a_test_of_junit_fails_with_the_exit_status(warned: Path) -> None:
    def tested(*more: str) -> tuple[int, list[str | None]]:
        result = run(["check", "--format", "junit", *more], warned)
        return result.exit_code, [suite.get("failures") for suite in read_junit(result.stdout)]

    assert tested() == (OK, ["0"])
    assert tested("--strict") == (ERRORS, ["1"])
    (warned / "values" / "orders.yaml").unlink()
    assert tested() == (OUT_OF_DATE, ["0", "1"])


def test_a_report_to_a_file_of_another_kind_is_refused(warned: Path) -> None:
    result = run(["report", "-o", "flows.pdf"], warned)
    assert result.exit_code == USAGE
    assert 'no format for ".pdf"; write another suffix (.csv, .md' in result.stderr
    assert not (warned / "flows.pdf").exists()
    for name, more in (("flows.txt", []), ("flows", []), ("flows.pdf", ["--format", "text"])):
        assert run(["report", "-o", name, *more], warned).exit_code == OK
        assert (warned / name).exists()


def test_quiet_shows_what_decides_the_exit_status(broken: Path, warned: Path) -> None:
    assert "error[EG301]" in run(["compile", "--quiet"], broken).stderr
    strict = run(["check", "--quiet", "--strict"], warned)
    assert strict.exit_code == ERRORS
    assert "warning[" in strict.stderr


def test_results_leave_out_warnings_about_sources(warned: Path) -> None:
    for command in ("render", "show"):
        result = run([command], warned)
        assert result.exit_code == OK
        assert result.stdout
        assert result.stderr == ""


def test_quiet_asks_nobody_about_what_it_does_not_show() -> None:
    with click.Context(run_command) as context:
        context.meta["egressc.quiet"] = True
        assert agrees("Change them?", yes=True)
        with pytest.raises(click.UsageError, match="add --yes"):
            agrees("Change them?", yes=False)


def test_quiet_says_why_the_exit_status_is_three(tmp_path: Path) -> None:
    assert run(["init", "shop"], tmp_path).exit_code == OK
    checked = run(["-q", "check"], tmp_path / "shop")
    assert checked.exit_code == OUT_OF_DATE
    assert "warning[EG508]" in checked.stderr
