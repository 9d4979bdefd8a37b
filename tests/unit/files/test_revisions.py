"""Files of a commit: exactly as committed, and nothing outside the target."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from egressc.files.revisions import copy_files, describe_checkout, find_commit, list_files, place_in_repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on PATH: revisions cannot be read")


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    who = {
        f"GIT_{role}_{what}": "someone@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607  the git of whoever runs the tests
        cwd=folder, check=True, capture_output=True, input=given, env=environment,
    )  # fmt: skip
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "in side").mkdir(parents=True)
    (folder / "in side" / "größe.md").write_bytes(b"one\r\ntwo\xff\n")
    (folder / "link.md").symlink_to("in side/größe.md")
    (folder / "dangling.md").symlink_to("nonesuch")
    (folder / "out.md").symlink_to("../../etc/passwd")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "one")
    return folder


def test_every_file_as_it_was_committed(repository: Path, tmp_path: Path) -> None:
    commit = find_commit(repository, "main")
    assert commit is not None
    shutil.rmtree(repository / "in side")
    listed = list_files(repository, commit)
    assert listed == ["dangling.md", "in side/größe.md", "link.md", "out.md"]
    copy_files(repository, commit, [*listed, "not there.md"], tmp_path / "copy")
    copied = {
        path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*") if path.is_file()
    }
    assert copied == {"in side/größe.md", "link.md"}
    assert (tmp_path / "copy" / "link.md").read_bytes() == b"one\r\ntwo\xff\n"


def test_a_path_that_leads_out_is_not_followed(repository: Path, tmp_path: Path) -> None:
    copy_files(repository, "HEAD", ["../escaped.md", "/escaped.md"], tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("name", ["nonesuch", "--help", "-h", "", "main:link.md", "a\0b"])
def test_what_is_no_revision(name: str, repository: Path) -> None:
    assert find_commit(repository, name) is None


def test_no_repository_has_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "inner").mkdir()
    assert find_commit(tmp_path / "inner", "main") is None


def test_the_place_of_a_folder(repository: Path) -> None:
    assert place_in_repository(repository) == ""
    assert place_in_repository(repository / "in side") == "in side/"


def test_a_checkout_is_named_after_its_origin_and_revision(repository: Path, tmp_path: Path) -> None:
    commit = git(repository, "rev-parse", "--short", "HEAD")
    assert describe_checkout(repository) == f"repository at {commit}"
    git(repository, "remote", "add", "origin", "git@git.example.com:team/shop.git")
    git(repository, "tag", "v1.2")
    assert describe_checkout(repository / "in side") == "shop/in side at v1.2"
    (repository / "in side" / "größe.md").write_text("changed")
    assert describe_checkout(repository) == "shop at v1.2, with changes"
    git(tmp_path, "init", "--quiet")
    assert describe_checkout(tmp_path) == ""  # nothing is committed


def test_no_name_without_a_repository(tmp_path: Path) -> None:
    assert describe_checkout(tmp_path) == ""
