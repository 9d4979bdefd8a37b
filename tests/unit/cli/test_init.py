"""`egressc init`: a project that works, and never over what is there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from command import run
from egressc import __version__
from egressc.cli import OK, USAGE

PYPROJECT = (Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8")


def test_the_project_compiles_checks_and_renders_at_once(tmp_path: Path) -> None:
    assert run(["init", "shop"], tmp_path).exit_code == OK
    project = tmp_path / "shop"
    for command in (["compile", "--strict"], ["check", "--strict"], ["render", "-o", "manifests"]):
        result = run(command, project)
        assert result.exit_code == OK, result.output
        assert "error" not in result.output
        assert "warning" not in result.output
    assert sorted(path.name for path in (project / "manifests").iterdir()) == ["orders.yaml", "web-shop.yaml"]


def test_the_workflow_pins_this_version(tmp_path: Path) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    workflow = (tmp_path / ".github" / "workflows" / "egress.yaml").read_text("utf-8")
    assert f"egressc=={__version__}" in workflow


def test_the_workflow_pins_what_it_runs(tmp_path: Path) -> None:
    """Actions by commit; packages by hash, and all that egressc needs are among them."""
    assert run(["init"], tmp_path).exit_code == 0
    workflow = (tmp_path / ".github" / "workflows" / "egress.yaml").read_text("utf-8")
    assert re.findall(r"uses: \S+@(\S+)", workflow) == re.findall(r"uses: \S+@([0-9a-f]{40})\b", workflow)
    assert "persist-credentials: false" in workflow
    assert "pip install --require-hashes -r .github/egress-requirements.txt" in workflow
    pinned = (tmp_path / ".github" / "egress-requirements.txt").read_text("utf-8")
    names = re.findall(r"^([a-z0-9-]+)==", pinned, re.MULTILINE)
    assert len(re.findall(r"^\S+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", pinned, re.MULTILINE)) == len(names)
    needed = re.findall(
        r'^  "([a-z0-9-]+)[=<>]', PYPROJECT.partition("[project.optional-dependencies]")[0], re.MULTILINE
    )
    assert needed
    assert set(needed) <= set(names)


def test_the_workflow_runs_through_in_the_new_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    assert run(["compile"], tmp_path).exit_code == OK
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "First")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)  # noqa: S607  the git of whoever runs the tests
    workflow = (tmp_path / ".github" / "workflows" / "egress.yaml").read_text("utf-8")
    commands = re.findall(r"run: egressc (.*?)(?: >> .*)?$", workflow, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["check", "verify", "diff"]
    for command in commands:
        result = run(shlex.split(command.replace("origin/$GITHUB_BASE_REF", "HEAD")), tmp_path)
        assert result.exit_code == OK, result.output


def test_nothing_is_written_where_one_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text("mine: true\n", "utf-8")
    result = run(["init"], tmp_path)
    assert result.exit_code == USAGE
    assert "catalog.yaml" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.yaml"]


def test_a_dangling_link_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "services.md").symlink_to(tmp_path / "elsewhere.md")
    assert run(["init"], tmp_path).exit_code == USAGE
    assert not (tmp_path / "elsewhere.md").exists()


def test_says_where_the_workflow_belongs_inside_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    result = run(["init", "services/egress"], tmp_path)
    assert f"move .github to {tmp_path.resolve().as_posix()}" in result.stderr
    assert "move .github" not in run(["init", "other/.."], tmp_path).stderr
