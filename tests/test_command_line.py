"""The command as a whole: exit statuses, help at once, defects without a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

import egressc.cli
from egressc import __version__
from egressc.cli import DEFECT, ERRORS, OK, OUT_OF_DATE, USAGE
from support.command import run
from support.tables import each

HEAVY = ("pydantic", "jsonschema", "jsonschema_rs", "yaml", "rich", "helm_python", "pyhelm3", "asyncio")


def started(folder: Path, name: str = "new") -> Path:
    project = folder / name
    assert run(["init", name], folder).exit_code == OK
    return project


def test_exit_statuses(tmp_path: Path) -> None:
    project = started(tmp_path)
    document = project / "services.md"
    text = document.read_text("utf-8")
    assert run(["check"], project).exit_code == OUT_OF_DATE
    assert run(["compile"], project).exit_code == OK
    assert run(["check"], project).exit_code == OK
    document.write_text(
        text.replace("PostgreSQL |\n", "Postgres |\n").replace("| PostgreSQL |", "| Postgres9 |", 1), "utf-8"
    )
    assert run(["compile"], project).exit_code == ERRORS
    assert run(["check"], project).exit_code == ERRORS
    assert run(["compile", "--no-such-option"], project).exit_code == USAGE
    assert run(["no-such-command"], project).exit_code == USAGE


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_the_exit_status_does_not_depend_on_the_format(form: str, tmp_path: Path) -> None:
    project = started(tmp_path)
    assert run(["check", "--format", form], project).exit_code == OUT_OF_DATE
    (project / "catalog.yaml").write_text("destination: {}\n", "utf-8")
    assert run(["compile", "--format", form], project).exit_code == ERRORS


def test_strict_makes_warnings_count(tmp_path: Path) -> None:
    project = started(tmp_path)
    assert run(["compile"], project).exit_code == OK
    document = project / "services.md"
    document.write_text(document.read_text("utf-8").replace("Web Shop", "Front Shop"), "utf-8")
    result = run(["compile"], project)
    assert result.exit_code == OK
    assert "warning[EG505]" in result.stderr
    assert run(["compile", "--strict"], project).exit_code == ERRORS


def test_without_a_project_it_says_how_to_start_one(tmp_path: Path) -> None:
    result = run(["compile"], tmp_path)
    assert result.exit_code == USAGE
    assert "egressc init" in result.stderr


def test_a_defect_shows_version_and_input_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> dict[str, str]:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("egressc.cli.schema.plan_schemas", fail)
    result = run(["schema"], tmp_path)
    assert result.exit_code == DEFECT
    assert f"error[EG901]: egressc {__version__} failed in command, cli/schema.py:" in result.stderr
    assert "ZeroDivisionError: by nothing" in result.stderr
    assert "Traceback" not in result.stderr


@each("arguments", [["--help"], ["--version"]])
def test_the_list_of_commands_waits_for_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from egressc.cli import run_command\n"
        "try: run_command.main(sys.argv[1:])\n"
        f"except SystemExit: print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={"PYTHONPATH": str(Path(egressc.cli.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.endswith("HEAVY []\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("command", ["compile", "show", "render", "check", "compile --missing"])
def test_closed_streams_are_no_defect(command: str, closed: str, tmp_path: Path) -> None:
    project = started(tmp_path)
    assert run(["compile"], project).exit_code == OK
    script = f"exec {sys.executable} -m egressc {command} {closed}"
    done = subprocess.run(["/bin/sh", "-c", script], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == OK, done.stderr
    assert "EG901" not in done.stderr


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    project = started(tmp_path)
    assert run(["compile"], project).exit_code == OK
    script = f"{sys.executable} -m egressc render | true"
    environment = {"PYTHONPATH": str(Path(egressc.cli.__file__).parents[2]), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        ["/bin/sh", "-c", script], cwd=project, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stderr == ""
