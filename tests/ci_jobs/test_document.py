"""docs/ci.md: its commands work, in order, and its files are ones that the action and the hook accept."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import egressc
from egressc.cli import OK
from reports.test_diff_revisions import commit, git, needs_git
from support.ci_files import ACTION, ROOT, documented, documented_workflow, read
from support.command import run
from support.junit_xml.official import read_junit


@needs_git
@pytest.mark.slow
def test_every_command_works(tmp_path: Path) -> None:
    for words in (["init", "--ci", "none"], ["compile"]):
        assert run(words, tmp_path).exit_code == OK
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    lines = [line.partition("#")[0].split() for block in documented("sh") for line in block.splitlines()]
    for program, *words in lines:
        result = run(words, tmp_path)
        assert (program, result.exit_code) == ("egressc", OK), f"{words}\n{result.output}"
    assert (tmp_path / ".github" / "workflows" / "egress.yaml").exists()
    assert read_junit((tmp_path / "egressc.xml").read_text("utf-8"))
    first, *_ = (tmp_path / "comment.md").read_text("utf-8").splitlines()
    assert f"`{first}`" in (ROOT / "docs" / "ci.md").read_text("utf-8")


def test_the_inputs_of_the_action_are_all_documented() -> None:
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    inputs = read(ACTION)["inputs"]
    assert [
        name for name, it in inputs.items() if f"\n| `{name}` | " not in text or f"`{it['default']}` |" not in text
    ] == []
    steps = yaml.safe_load(documented_workflow())["jobs"]["check"]["steps"]
    assert [set(step["with"]) <= set(inputs) for step in steps if step["uses"] == "./"] == [True]


def test_the_versions_are_the_current_one() -> None:
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    assert text.count(f"v{egressc.__version__}\n") == 2


def test_the_configuration_for_pre_commit_is_valid_and_names_the_hook(tmp_path: Path) -> None:
    (shown,) = (it for it in documented("yaml") if it.startswith("repos:"))
    (tmp_path / "config.yaml").write_text(shown, "utf-8")
    for kind, path in (("config", tmp_path / "config.yaml"), ("manifest", ROOT / ".pre-commit-hooks.yaml")):
        command = [sys.executable, "-m", "pre_commit", f"validate-{kind}", str(path)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    (used,) = yaml.safe_load(shown)["repos"][0]["hooks"]
    assert used["id"] in [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))]
