"""A plan is carried out whole: what changes, what stays, and what somebody else did meanwhile."""

import fcntl
import os
from pathlib import Path

import pytest

from egressc.files.pending import FolderChangedError
from egressc.files.staging import Staging
from egressc.files.writing import apply
from unit.files.written import NAMES, NEW, OLD, REMOVED, identity, plan, state, write_old


@pytest.fixture
def values(tmp_path: Path) -> Path:
    return write_old(tmp_path)


def test_makes_a_folder_and_those_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er" / "values"
    apply(plan(folder, NEW))
    assert state(folder) == NEW
    assert [entry.name for entry in folder.parent.iterdir()] == ["values"]


def test_fills_an_empty_folder_and_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "values"
    folder.mkdir(mode=0o700)
    apply(plan(folder, NEW))
    assert state(folder) == NEW
    assert folder.stat().st_mode & 0o7777 == 0o700


def test_changes_adds_and_removes(values: Path) -> None:
    (values / "README.md").write_text("ours")
    apply(plan(values, NEW, REMOVED))
    assert state(values) == {**NEW, "README.md": "ours"}
    assert plan(values, NEW).is_fresh


def test_does_not_touch_what_does_not_change(values: Path) -> None:
    before = {name: identity(values / name) for name in NAMES}
    folder_before = identity(values)
    apply(plan(values, OLD))
    assert identity(values) == folder_before
    apply(plan(values, {**OLD, "a.yaml": "new"}))
    for name in NAMES[1:]:
        assert identity(values / name) == before[name]


def test_a_changed_file_keeps_its_mode(values: Path) -> None:
    (values / "a.yaml").chmod(0o640)
    apply(plan(values, NEW))
    assert (values / "a.yaml").stat().st_mode & 0o7777 == 0o640


def test_large_text_is_written_whole(values: Path) -> None:
    large = {"a.yaml": "größe\n" * 1_000_000}
    apply(plan(values, large))
    assert (values / "a.yaml").read_text() == large["a.yaml"]


def test_someone_elses_change_is_not_overwritten(values: Path) -> None:
    planned = plan(values, NEW, REMOVED)
    (values / "d.yaml").write_text("saved by an editor meanwhile")
    with pytest.raises(FolderChangedError, match="something else changed"):
        apply(planned)
    assert state(values) == {**OLD, "d.yaml": "saved by an editor meanwhile"}


def test_a_file_that_appeared_is_not_overwritten(values: Path) -> None:
    planned = plan(values, NEW)
    (values / "x.yaml").write_text("mine")
    with pytest.raises(FolderChangedError):
        apply(planned)
    assert state(values) == {**OLD, "x.yaml": "mine"}


def test_a_folder_that_filled_up_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "values"
    planned = plan(folder, NEW)
    folder.mkdir()
    (folder / "README.md").write_text("mine")
    apply(planned)
    assert state(folder) == {**NEW, "README.md": "mine"}


def test_a_link_in_place_of_a_file_is_not_followed(values: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    planned = plan(values, NEW)
    (values / "x.yaml").symlink_to(target)
    with pytest.raises(FolderChangedError):
        apply(planned)
    assert target.read_text() == "precious"


def test_what_a_person_put_beside_the_folder_stays(values: Path) -> None:
    """Whatever its name: only what is on our own list is ours."""
    mine = {
        values.parent / ".values.egressc-new" / "a.yaml": "mine",
        values.parent / ".values.egressc-new" / "deep" / "b.yaml": "mine too",
        values.parent / ".values.egressc-abcdefgh" / "new" / "a.yaml": "without a list",
        values.parent / ".values.egressc-12345678" / "files": "a list of somebody else\na.yaml\n",
        values / ".egressc-abcdefgh" / "new" / "a.yaml": "in the folder",
        values / ".notes.egressc-new": "and a file",
    }
    for path, text in mine.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    apply(plan(values, NEW, REMOVED))
    assert {path: path.read_text() for path in mine} == mine
    assert {path.name for path in values.iterdir() if path.name.endswith(".yaml")} == set(NEW)


def test_a_leftover_goes_but_for_what_is_not_on_its_list(values: Path) -> None:
    leftover = Staging(values.parent, ["a.yaml", "b.yaml"], name="values")
    for name in ("a.yaml", "notes.md"):
        (leftover.new / name).write_text(name)
    other = Staging(values.parent, ["a.yaml"], name="values-of-others")
    apply(plan(values, {"a.yaml": "new", "b.yaml": "new"}))
    assert state(leftover.new) == {"notes.md": "notes.md"}
    assert other.new.is_dir()


def test_a_link_in_place_of_a_leftover_is_not_followed(values: Path, tmp_path: Path) -> None:
    leftover = Staging(tmp_path, ["a.yaml"], name="precious")
    (leftover.new / "a.yaml").write_text("mine")
    (tmp_path / ".values.egressc-abcdefgh").symlink_to(leftover.new.parent)
    apply(plan(values, NEW))
    assert state(leftover.new) == {"a.yaml": "mine"}


def test_what_another_run_wrote_alike_is_done(tmp_path: Path) -> None:
    plans = [plan(tmp_path / "values", NEW) for _ in range(4)]
    for planned in plans:
        apply(planned)
    assert state(tmp_path / "values") == NEW


def test_a_lock_that_another_run_holds_is_told_and_waited_for(values: Path) -> None:
    holder = os.open(values.parent, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    told: list[bool] = []

    def let_go() -> None:
        told.append(True)
        os.close(holder)

    apply(plan(values, NEW), on_wait=let_go)
    assert told == [True]
    assert plan(values, NEW).is_fresh
    apply(plan(values, OLD), on_wait=let_go)
    assert told == [True]
