"""Which files of a folder are read as manifests."""

from pathlib import Path

import pytest

from egressc.diagnostics.core import Report
from egressc.project.manifests import ManifestFiles, read_sources

FILES = ("a.yaml", "b.json", "notes.txt", "deep/a.yaml", "deep/er/values.yaml", "deep/er/more.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("globs", "left_out"),
    [
        ([], ""),
        (["values.yaml"], "deep/er/values.yaml"),
        (["val*"], "deep/er/values.yaml"),
        (["a.yaml"], "a.yaml deep/a.yaml"),
        (["deep/a.yaml"], "deep/a.yaml"),
        (["*.json", "notes.*"], "b.json notes.txt"),
        (["deep"], "deep/a.yaml deep/er/values.yaml deep/er/more.md"),
        (["deep/"], "deep/a.yaml deep/er/values.yaml deep/er/more.md"),
        (["er"], "deep/er/values.yaml deep/er/more.md"),
        (["d*/er"], "deep/er/values.yaml deep/er/more.md"),
        (["[!d]*"], "a.yaml b.json notes.txt deep/a.yaml deep/er/values.yaml deep/er/more.md"),
        (["A.YAML", "eep", "a", "nothing"], ""),
    ],
)
def test_globs_leave_out_files_and_folders(globs: list[str], left_out: str, folder: Path) -> None:
    report = Report()
    read = {
        Path(it.name).relative_to(folder).as_posix()
        for it in read_sources(ManifestFiles((folder,), tuple(globs)), report)
    }
    rest = set(FILES) - set(left_out.split())
    assert read == {name for name in rest if name.endswith((".yaml", ".json"))}
    unread = " ".join(it.message for it in report.sorted() if it.code.id == "EG634")
    assert {name for name in FILES if f'"{name}"' in unread} == (rest - read if read else set())


def test_a_file_that_is_named_itself_is_read(folder: Path) -> None:
    assert [it.name for it in read_sources(ManifestFiles((folder / "a.yaml",), ("*",)), Report())] == [
        str(folder / "a.yaml")
    ]
