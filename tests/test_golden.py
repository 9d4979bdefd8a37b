"""Golden cases: each folder of tests/golden is a project, and what egressc prints and writes for it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import egressc
from egressc.cli import reporting
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.registry import all_codes
from egressc.project.environments import environments_of
from egressc.renderers.findings import shown
from egressc.renderers.sarif import render_sarif
from support.command import run
from support.sarif.official import read_sarif
from support.tables import each

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/case.md"))
ABOUT_ONE_CODE = re.compile(r"EG[0-9]{3}-")


def lines_of(case: Path) -> list[str]:
    """The lines of the `sh` block in case.md; without a block, one compile."""
    block = re.search(r"^```sh\n(.*?)^```$", (case / "case.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return block[1].splitlines() if block else ["egressc compile"]


def perform(line: str, project: Path) -> str:
    """What a line prints: egressc runs in this process, anything else is a step between in a shell."""
    if line.startswith("egressc "):
        return run(shlex.split(line)[1:], project).output
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(egressc.__file__).parent.parent)}
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", line], cwd=project, check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout + done.stderr


def produce(case: Path, project: Path) -> dict[str, bytes]:
    """What the case gives now, by path below `expected/`."""
    shutil.copytree(case, project, ignore=shutil.ignore_patterns("expected", "case.md"))
    before = {path for path in (project / "values").rglob("*") if path.is_file()}
    lines = lines_of(case)
    printed = "".join((f"$ {line}\n" if len(lines) > 1 else "") + perform(line, project) for line in lines)
    given: dict[str, bytes] = {}
    if printed:
        given["diagnostics.txt"] = printed.encode()
    if ABOUT_ONE_CODE.match(case.name):
        return given
    for path in sorted((project / "values").rglob("*")):
        if path.is_file() and path not in before:
            given[path.relative_to(project).as_posix()] = path.read_bytes()
    options = [["--environment", it] for it in environments_of(project / "egressc.yaml")] or [[]]
    given["rendered.yaml"] = "".join(run(["render", *it], project).stdout for it in options).encode()
    given["flows.txt"] = run(["show"], project).stdout.encode()
    return given


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[list[Diagnostic]]:
    """What each command that a test runs reports."""
    held: list[list[Diagnostic]] = []

    def hold(report: Report) -> list[Diagnostic]:
        held.append(shown(report))
        return held[-1]

    monkeypatch.setattr(reporting, "shown", hold)
    return held


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Path, tmp_path: Path, request: pytest.FixtureRequest, reports: list[list[Diagnostic]]) -> None:
    """What a case gives is what is expected, byte for byte, and its findings make SARIF as the standard has it."""
    given = produce(case, tmp_path / "project")
    for diagnostics in reports:
        found = read_sarif(render_sarif(diagnostics, all_codes(), tool_version="1"))["results"]
        assert len(found) == len(diagnostics)
    expected = case / "expected"
    if request.config.getoption("--rewrite-golden"):
        shutil.rmtree(expected, ignore_errors=True)
        for name, content in given.items():
            path = expected / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return
    held = {path.relative_to(expected).as_posix() for path in expected.rglob("*") if path.is_file()}
    assert held == set(given), "run make golden, and read the difference"
    for name, content in given.items():
        assert content.decode() == (expected / name).read_text("utf-8"), name


def test_a_case_about_a_code_shows_that_code() -> None:
    shown = {case.name: (case / "expected" / "diagnostics.txt") for case in CASES if ABOUT_ONE_CODE.match(case.name)}
    assert [name for name, file in shown.items() if f"[{name[:5]}]" not in file.read_text("utf-8")] == []


def test_a_case_says_why_in_one_sentence() -> None:
    commands = re.compile(r"^```sh\n.*?^```$", re.DOTALL | re.MULTILINE)
    said = {case.name: commands.sub("", (case / "case.md").read_text("utf-8")).strip() for case in CASES}
    assert [name for name, text in said.items() if not text.endswith(".") or "\n\n" in text] == []


@each("file", ["rendered.yaml", "flows.txt"])
def test_three_spellings_of_one_project_mean_the_same(file: str) -> None:
    texts = {
        (GOLDEN / f"clinic-in-{form}" / "expected" / file).read_text("utf-8") for form in ("markdown", "csv", "yaml")
    }
    assert len(texts) == 1
