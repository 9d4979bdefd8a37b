"""What a folder of generated files holds, and what has to change in it."""

import os
from pathlib import Path

import pytest

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.files.folder import FILE_LIMIT, Folder, WritePlan, plan_write, read_folder


def read(path: Path) -> tuple[Folder | None, list[str]]:
    report = Report()
    folder = read_folder(path, "values", whole_file("egressc.yaml"), report)
    return folder, [f"{each.code.id} {each.message}" for each in report.diagnostics]


def plan(path: Path, **contents: str) -> tuple[WritePlan, list[str]]:
    folder, _ = read(path)
    assert folder is not None
    report = Report()
    planned = plan_write(folder, {f"{name}.yaml": text for name, text in contents.items()}, report)
    return planned, [f"{each.code.id} {each.message}" for each in report.diagnostics]


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    folder, messages = read(tmp_path / "deep" / "values")
    assert folder is not None
    assert (folder.exists, folder.is_empty, folder.files, messages) == (False, True, {}, [])


def test_reads_its_files_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_bytes(b"\xef\xbb\xbfb\r\n")
    (tmp_path / "a.yaml").write_bytes("größe".encode())
    (tmp_path / "README.md").touch()
    (tmp_path / ".a.yaml.egressc-new").touch()
    (tmp_path / ".hidden.yaml").touch()
    folder, messages = read(tmp_path)
    assert folder is not None
    assert [(name, file.name, file.text) for name, file in folder.files.items()] == [
        ("a.yaml", "values/a.yaml", "größe"),
        ("b.yaml", "values/b.yaml", "\ufeffb\r\n"),
    ]
    assert (folder.unreadable, messages) == ({}, [])


def test_a_text_that_was_expected_is_held_once(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text("größe", "utf-8")
    (tmp_path / "other.yaml").write_text("old")
    expected = {"same.yaml": "größe", "other.yaml": "new", "absent.yaml": ""}
    folder = read_folder(tmp_path, "values", whole_file("egressc.yaml"), Report(), expected=expected)
    assert folder is not None
    assert {name: file.text for name, file in folder.files.items()} == {"other.yaml": "old", "same.yaml": "größe"}
    assert folder.files["same.yaml"].text is expected["same.yaml"]


def test_a_folder_may_not_be_a_link_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "file").touch()
    assert read(tmp_path / "link") == (None, ['EG510 "values" cannot hold generated files: it is a symbolic link'])
    assert read(tmp_path / "file") == (None, ['EG510 "values" cannot hold generated files: it is not a folder'])


def test_sorts_files_by_what_happens_to_them(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text("same")
    (tmp_path / "other.yaml").write_text("old")
    planned, messages = plan(tmp_path, same="same", other="new", fresh="new")
    assert (planned.new, planned.changed, planned.unchanged) == (("fresh.yaml",), ("other.yaml",), ("same.yaml",))
    assert (planned.is_fresh, messages) == (False, [])
    assert plan(tmp_path, same="same")[0].is_fresh


def test_a_stale_file_is_not_fresh(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text("same")
    folder, _ = read(tmp_path)
    assert folder is not None
    assert not plan_write(folder, {}, Report(), stale=["same.yaml"]).is_fresh
    assert not plan_write(folder, {}, Report(), removals=["same.yaml"]).is_fresh


def test_what_stands_in_the_way_is_reported_and_what_does_not_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    values = tmp_path / "values"
    values.mkdir()
    for name in ("a", "unrelated"):
        (values / f"{name}.yaml").symlink_to(target)
    (values / "b.yaml").mkdir()
    (values / "c.yaml").write_bytes(b"ok\n\xff")
    os.mkfifo(values / "d.yaml")
    (values / "e.yaml").write_bytes(bytes(FILE_LIMIT + 1))
    assert plan(values, a="", b="", c="", d="", e="")[1] == [
        'EG509 "values/a.yaml" cannot be read: it is a symbolic link',
        'EG509 "values/b.yaml" cannot be read: it is a folder',
        'EG509 "values/c.yaml" cannot be read: line 2 is not UTF-8',
        'EG509 "values/d.yaml" cannot be read: it is not a regular file',
        'EG509 "values/e.yaml" cannot be read: larger than 8 MiB',
    ]
    assert target.read_text() == "precious"


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "", "a\n", "/etc/x", "a\0"])
def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    folder, _ = read(tmp_path)
    assert folder is not None
    with pytest.raises(ValueError, match="is not the name of a generated file"):
        plan_write(folder, {name: ""}, Report())


def test_no_link_is_on_the_way_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    project = tmp_path / "project"
    (project / "real").mkdir(parents=True)
    (project / "link").symlink_to("../outside")
    (project / "dangling").symlink_to("nowhere")
    for way in ("link/values", "link/deep/values", "dangling/values"):
        report = Report()
        assert read_folder(project / way, way, whole_file("egressc.yaml"), report, root=project) is None
        link = way.partition("/")[0]
        assert [it.message for it in report.diagnostics] == [
            f'"{way}" cannot hold generated files: "{link}" is a symbolic link'
        ]
    report = Report()
    assert read_folder(project / "real" / "values", "real/values", whole_file("x"), report, root=project) is not None
    (tmp_path / "way").symlink_to("project")
    inside = tmp_path / "way" / "real" / "values"
    assert read_folder(inside, "real/values", whole_file("x"), report, root=tmp_path / "way") is not None
    assert not report.diagnostics
