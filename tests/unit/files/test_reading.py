"""Sources are found by name and pattern and read whole, or a report says why not."""

import os
from pathlib import Path

import pytest

from egressc.diagnostics.core import Report
from egressc.files.reading import find_files, read_files, shown_name
from egressc.source import Located, Source, Span


def named(text: str) -> Located[str]:
    return Located(text, Span(Source("egressc.yaml", text), 0, len(text)))


def find(root: Path, *patterns: str) -> tuple[list[str], list[str]]:
    """Names found, and messages."""
    report = Report()
    found = find_files(root, [named(pattern) for pattern in patterns], report)
    return [each.name for each in found], [diagnostic.message for diagnostic in report.diagnostics]


def read(root: Path, pattern: str, limit: int = 1000) -> tuple[list[tuple[str, bytes]], list[str]]:
    report = Report()
    found = find_files(root, [named(pattern)], report)
    files = read_files(found, report, limit=limit)
    return [(each.name, each.data) for each in files], [f"{each.code.id} {each.message}" for each in report.diagnostics]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for file in ("b.md", "a.md", "deep/er/c.md", "deep/d.csv", ".hidden/e.md", "odd[1].md"):
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.encode())
    (tmp_path / "beside.md").write_bytes(b"beside")
    return root


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["b.md", "a.md"], ["b.md", "a.md"]),
        (["[ab].md"], ["a.md", "b.md"]),
        (["b.md", "*.md"], ["b.md", "a.md", "odd[1].md"]),
        (["./a.md", "deep/../a.md"], ["a.md"]),
        (["**/*.md"], ["a.md", "b.md", "deep/er/c.md", "odd[1].md"]),
        (["odd[1].md"], ["odd[1].md"]),
        (["../beside.md"], ["../beside.md"]),
    ],
)
def test_finds_files(project: Path, patterns: list[str], names: list[str]) -> None:
    assert find(project, *patterns) == (names, [])


def test_a_name_does_not_show_where_the_project_lies(project: Path) -> None:
    assert find(project, str(project / "deep" / "d.csv")) == (["deep/d.csv"], [])
    assert shown_name("/elsewhere/x.md", project) == "/elsewhere/x.md"


@pytest.mark.parametrize("pattern", ["missing.md", "*.yaml", "deep/*.md"])
def test_a_pattern_without_a_file_is_reported(project: Path, pattern: str) -> None:
    assert find(project, pattern) == ([], [f'"{pattern}" cannot be read: no such file'])


def test_reads_bytes_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf\xff\r\n")
    assert read(tmp_path, "a.md") == ([("a.md", b"\xef\xbb\xbf\xff\r\n")], [])


def test_a_file_at_the_limit_is_read_and_one_past_it_is_not(tmp_path: Path) -> None:
    for size in (2**20, 2**20 + 1):
        (tmp_path / f"{size}.md").write_bytes(bytes(size))
    assert [name for name, _ in read(tmp_path, "*.md", 2**20)[0]] == ["1048576.md"]
    assert read(tmp_path, "*.md", 2**20)[1] == ["EG102 source exceeds 1 MiB"]
    assert len(read(tmp_path, "1048577.md", 2**22)[0][0][1]) == 2**20 + 1


def test_a_file_without_a_stated_size_is_bounded_too(tmp_path: Path) -> None:
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    assert read(tmp_path, "zero.md") == ([], ['EG509 "zero.md" cannot be read: it is not a regular file'])


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert read(tmp_path, "pipe.md") == ([], ['EG509 "pipe.md" cannot be read: it is not a regular file'])


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "platform").mkdir()
    report = Report()
    assert read_files(find_files(tmp_path, [named("platform")], report), report) == []
    (diagnostic,) = report.diagnostics
    assert diagnostic.message == '"platform" cannot be read: it is a folder'
    assert diagnostic.help == "write the files in it, such as `platform/*.md`"


@pytest.mark.parametrize("pattern", ["a\0b", "x" * 300, "a.md/b"])
def test_an_impossible_path_is_reported(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "a.md").touch()
    files, messages = read(tmp_path, pattern)
    assert (files, len(messages)) == ([], 1)


def test_a_link_that_leads_nowhere_or_to_itself_is_reported(tmp_path: Path) -> None:
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "gone.md").symlink_to("nothing")
    assert len(read(tmp_path, "loop.md")[1]) == 1
    assert read(tmp_path, "gone.md")[1] == ['EG509 "gone.md" cannot be read: no such file']


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch(mode=0)
    assert read(tmp_path, "a.md")[1] == ['EG509 "a.md" cannot be read: no permission']
