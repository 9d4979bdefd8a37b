"""`egressc diff` between revisions of Git, and of one with the working tree."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.comparing import ROW, compared, edit, told
from reports.test_expected import platform
from support.command import run

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not on PATH: revisions cannot be compared")


def git(folder: Path, *arguments: str) -> str:
    """Git as a stranger to this machine's settings."""
    assert GIT is not None
    who = {
        f"GIT_{role}_{what}": "someone@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run([GIT, *arguments], cwd=folder, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def commit(folder: Path, message: str = "a change") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The example platform as a repository with one commit and a tag."""
    folder = platform(tmp_path / "repository")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    git(folder, "tag", "v1")
    return folder


@needs_git
def test_a_revision_against_the_working_tree(repository: Path) -> None:
    assert compared(repository, "v1")["flows"] == []
    edit(repository, ROW, ROW.replace("6379", "6379, 6380"))
    document = compared(repository, "HEAD")
    assert told(document) == ["changed ai-service Redis"]
    (flow,) = document["flows"]
    assert (flow["was"], flow["opens"], flow["closes"]) == ("6379/TCP", ["6380/TCP"], [])
    assert "app.kubernetes.io/name=redis in matih-data-plane on 6380/TCP" in flow["nowAllowed"]
    assert flow["askedIn"] == ["platform/services.md:11", "platform/services.md:22"]
    assert document["summary"]["widened"]


@needs_git
def test_two_revisions_leave_the_checkout_alone(repository: Path) -> None:
    edit(repository, f"{ROW}\n", "")
    commit(repository)
    edit(repository, "# MATIH platform", "# Not yet committed")
    before = git(repository, "status", "--porcelain")
    document = compared(repository, "v1", "main")
    assert git(repository, "status", "--porcelain") == before
    # The matrix still asks for Redis, on the port of the catalog: nothing changes.
    assert document["flows"] == []


@needs_git
def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    project = platform(tmp_path / "team")
    (tmp_path / "shared").mkdir()
    (project / "platform" / "catalog.yaml").rename(tmp_path / "shared" / "catalog.yaml")
    edit(project, "platform/catalog.yaml", "../shared/catalog.yaml", "egressc.yaml")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    assert compared(project, "HEAD")["flows"] == []
    edit(project, "| Kafka | matih-data-plane | 9092 |", "| Kafka | matih-data-plane | 9093 |")
    document = compared(tmp_path, "HEAD", "--project", "team/egressc.yaml")
    assert told(document) == ["changed ai-service Kafka"]


@needs_git
def test_what_git_attributes_leave_out_of_archives_counts(repository: Path) -> None:
    (repository / ".gitattributes").write_text("platform export-ignore\n", "utf-8")
    commit(repository)
    assert compared(repository, "HEAD")["flows"] == []


@needs_git
def test_a_committed_link_is_followed(repository: Path) -> None:
    (repository / "platform" / "services.md").rename(repository / "services.md")
    (repository / "platform" / "services.md").symlink_to("../services.md")
    commit(repository)
    assert compared(repository, "v1", "HEAD")["flows"] == []


@needs_git
def test_a_revision_before_the_project_began(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "empty")
    git(repository, "rm", "-r", "--quiet", "--cached", ".")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    document = compared(repository, "empty")
    assert (document["flows"], document["summary"]["newServices"]) == ([], 5)


@needs_git
def test_a_broken_revision_says_which_side(repository: Path) -> None:
    edit(repository, "| Kafka |", "| Kafak |")
    commit(repository)
    edit(repository, "| Kafak |", "| Kafka |")
    edit(
        repository,
        "| AI Service | PostgreSQL, Redis, Qdrant, Kafka,",
        "| AI Service | PostgreSQL, Redis, Qdrant, Kafak,",
    )
    result = run(["diff", "v1"], repository)
    assert result.exit_code == 1
    assert result.stderr.startswith("the project as it stands can't be read:")
    assert result.stdout == ""


@needs_git
def test_a_name_that_is_a_path_and_a_revision_is_refused(repository: Path) -> None:
    git(repository, "branch", "values")
    result = run(["diff", "values"], repository)
    assert result.exit_code == 2
    assert 'write "./values" for the path, "values^0" for the revision' in result.stderr
    assert compared(repository, "values^0")["flows"] == []


def test_a_name_that_is_neither_is_refused(tmp_path: Path) -> None:
    result = run(["diff", "nonesuch"], platform(tmp_path / "platform"))
    assert result.exit_code == 2
    assert '"nonesuch" is neither a path nor a revision of Git' in result.stderr
