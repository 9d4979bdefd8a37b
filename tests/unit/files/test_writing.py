"""A plan is carried out whole: what changes, what stays, and what somebody else did meanwhile."""

from pathlib import Path

import pytest

from egressc.files.writing import FolderChangedError, apply
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
    with pytest.raises(FolderChangedError, match="changed by someone else"):
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
    (values / ".y.yaml.egressc-new").symlink_to(target)
    with pytest.raises(FolderChangedError):
        apply(planned)
    assert target.read_text() == "precious"


def test_a_link_in_place_of_a_leftover_folder_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "a.yaml").write_text("mine")
    (tmp_path / ".values.egressc-new").symlink_to(precious)
    apply(plan(tmp_path / "values", NEW))
    assert state(tmp_path / "values") == NEW
    assert state(precious) == {"a.yaml": "mine"}
    assert not (tmp_path / ".values.egressc-new").is_symlink()


def test_a_folder_among_the_leftovers_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / ".values.egressc-new" / "deep").mkdir(parents=True)
    with pytest.raises(OSError, match="deep"):
        apply(plan(tmp_path / "values", NEW))
    assert not (tmp_path / "values").exists()
