"""Patterns name files as a shell reads them, inside what may be read, and the search has an end."""

import glob
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egressc.files import patterns
from egressc.files.patterns import Bounds, match_files


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "repository" / "project"
    for file in (
        "a.md",
        "b.md",
        "deep/er/c.md",
        "deep/d.csv",
        ".hidden/e.md",
        "deep/.f.md",
        "../beside.md",
        "../../out.md",
    ):
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "repository" / ".git").touch()
    (root / "away").symlink_to(tmp_path)
    (root / "away.md").symlink_to(tmp_path / "out.md")
    (root / "near.md").symlink_to("../beside.md")
    (root / "deep" / "loop").symlink_to(root)
    return root


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a.md", ("a.md",)),
        ("*.md", ("a.md", "b.md", "near.md")),
        ("**/*.md", ("a.md", "b.md", "deep/er/c.md", "near.md")),
        ("**/.*.md", ("deep/.f.md",)),
        ("./deep/**/*", ("deep/d.csv", "deep/er/c.md")),
        ("../*.md", ("../beside.md",)),
        ("deep/[a-d]*", ("deep/d.csv",)),
        ("de?p/*/c.md", ("deep/er/c.md",)),
        ("none/*.md", ()),
        ("deep/*/../../../../*.md", ()),
    ],
)
def test_patterns_find_files_inside(project: Path, pattern: str, found: tuple[str, ...]) -> None:
    assert match_files(project, pattern, Bounds(project)) == (found, False, False)


@pytest.mark.parametrize("pattern", ["/**/*.md", "../../*.md", "../../**", "away/*.md", "/etc/*", "away/**/*.md"])
def test_patterns_that_lead_out_are_not_searched(project: Path, pattern: str) -> None:
    assert match_files(project, pattern, Bounds(project)).is_outside


def test_a_folder_that_is_named_may_be_read(project: Path) -> None:
    assert match_files(project, "../../*.md", Bounds(project, ["../.."])).paths == ("../../out.md",)


def test_without_a_repository_the_project_folder_is_the_bound(project: Path) -> None:
    (project.parent / ".git").unlink()
    assert match_files(project, "../*.md", Bounds(project)).is_outside


def test_a_search_has_an_end(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_ENTRIES", 5)
    assert match_files(project, "**/*.md", Bounds(project)).is_cut


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    parts=st.lists(st.sampled_from(["*", "**", "deep", "*.md", "[ab].md", "?.md", "er", "d*"]), min_size=1, max_size=4)
)
def test_the_standard_library_finds_the_same(project: Path, parts: list[str]) -> None:
    for link in ("away", "deep/loop"):  # which it enters
        (project / link).unlink(missing_ok=True)
    pattern = "/".join(parts)
    theirs = {
        os.path.normpath(it)
        for it in glob.glob(pattern, root_dir=project, recursive=True)  # noqa: PTH207
        if (project / it).is_file() and it != "away.md"
    }
    assert {os.path.normpath(it) for it in match_files(project, pattern, Bounds(project)).paths} == theirs
