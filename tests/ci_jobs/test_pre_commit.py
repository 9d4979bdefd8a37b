"""The hook for pre-commit, run by pre-commit itself from a Git repository with this tree's package and hook.

pre-commit builds the package and installs it into an environment of its own, as it does for users. Without an index:
the build backend and the dependencies are those that run the tests, by PYTHONPATH.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
import yaml

from egressc.cli import OK
from reports.comparing import edit
from reports.test_diff_revisions import commit, git, needs_git
from support.command import run

pytestmark = [pytest.mark.slow, needs_git]

ROOT = Path(__file__).parents[2]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what this one publishes: the hook, and all that a build of the package reads."""
    folder = tmp_path_factory.mktemp("egressc")
    about = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md")
    for name in {*about, *BUILD["packages"], *BUILD["force-include"]}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of pip without an index; the packages of the tests without egressc, which pre-commit installs."""
    packages = tmp_path_factory.mktemp("packages")
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(("egressc", "_egressc", "pip")):
            (packages / path.name).symlink_to(path)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "PYTHONPATH": str(packages),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # its words are the wrong way round: it is off
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


def use(hooks: Path, root: Path, **more: object) -> None:
    """Make a repository that uses the hook."""
    hook = {"id": "egressc-check", **more}
    used = {"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD").strip(), "hooks": [hook]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [used]}), "utf-8")
    git(root, "init", "--quiet")
    git(root, "add", "--all")


def start(folder: Path) -> None:
    for words in (["init", "--ci", "none"], ["compile"]):
        assert run(words, folder).exit_code == OK


@pytest.fixture
def project(hooks: Path, tmp_path: Path) -> Path:
    start(tmp_path)
    use(hooks, tmp_path)
    return tmp_path


def pre_commit(project: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", "run", "--color", "never", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_a_clean_project_passes_and_a_broken_row_does_not(project: Path, environment: dict[str, str]) -> None:
    clean = pre_commit(project, environment)
    assert (clean.returncode, clean.stdout.count("Passed")) == (0, 1), clean.stdout + clean.stderr
    edit(project, "Orders, Redis", "Orders, Rediss", "services.md")
    git(project, "add", "services.md")
    broken = pre_commit(project, environment)
    assert broken.returncode == 1
    assert 'error[EG301]: destination "Rediss" is not defined' in broken.stdout
    assert "--> services.md:9:29\n" in broken.stdout
    assert '= help: write "Redis"' in broken.stdout


def test_values_that_are_out_of_date_do_not_pass(project: Path, environment: dict[str, str]) -> None:
    edit(project, "Orders, Redis", "Orders", "services.md")
    git(project, "add", "services.md")
    late = pre_commit(project, environment)
    assert (late.returncode, "warning[EG507]" in late.stdout) == (1, True), late.stdout + late.stderr


def test_a_commit_without_sources_is_not_checked(project: Path, environment: dict[str, str]) -> None:
    commit(project)
    (project / "main.py").write_text("", "utf-8")
    git(project, "add", "main.py")
    assert "(no files to check)Skipped" in pre_commit(project, environment).stdout


def test_a_project_below_the_root_is_named(hooks: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """As docs/ci.md has it."""
    (tmp_path / "services").mkdir()
    start(tmp_path / "services")
    use(hooks, tmp_path, args=["--project", "services/egressc.yaml"])
    assert "`args: [--project, services/egressc.yaml]`" in (ROOT / "docs" / "ci.md").read_text("utf-8")
    named = pre_commit(tmp_path, environment)
    assert (named.returncode, named.stdout.count("Passed")) == (0, 1), named.stdout + named.stderr
