"""A plan is carried out whole, or not at all, and a killed run is finished by the next one."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.files import writing
from egressc.files.folder import WritePlan, plan_write, read_folder
from egressc.files.writing import FolderChangedError, apply

NAMES = tuple(f"{letter}.yaml" for letter in "abcdef")
OLD = {name: f"old {name}\n" for name in NAMES}
NEW = {**{name: f"new {name}\n" for name in NAMES[:4]}, "x.yaml": "new x", "y.yaml": "new y"}
REMOVED = NAMES[4:]


def plan(path: Path, contents: Mapping[str, str], removals: tuple[str, ...] = ()) -> WritePlan:
    report = Report()
    folder = read_folder(path, "values", whole_file("egressc.yaml"), report)
    assert folder is not None
    planned = plan_write(folder, contents, report, removals=removals)
    assert not report.diagnostics
    return planned


def state(path: Path) -> dict[str, str]:
    """Every entry of a folder, hidden ones too."""
    return {entry.name: entry.read_text() for entry in path.iterdir()}


def identity(path: Path) -> tuple[int, int, int]:
    """What changes when somebody writes: unlike `stat()` whole, whose access time changes when somebody reads."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns


@pytest.fixture
def values(tmp_path: Path) -> Path:
    folder = tmp_path / "values"
    folder.mkdir()
    for name, text in OLD.items():
        (folder / name).write_text(text)
    return folder


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


def fail_at(monkeypatch: pytest.MonkeyPatch, function: str, call: int, error: BaseException) -> None:
    """Let one call of a function of `os` fail, once."""
    real: Callable[..., Any] = getattr(os, function)
    calls = 0

    def failing(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise error
        return real(*args, **options)

    monkeypatch.setattr(os, function, failing)


FULL = OSError(28, "No space left on device")


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("function", "call"),
    [("write", 1), ("write", 4), ("write", 6), ("rename", 1), ("rename", 4), ("rename", 6), ("unlink", 2)],
)
def test_what_fails_on_the_way_is_taken_back(
    values: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int, error: BaseException
) -> None:
    planned = plan(values, NEW, REMOVED)
    fail_at(monkeypatch, function, call, error)
    with pytest.raises(type(error)):
        apply(planned)
    assert state(values) == OLD
    monkeypatch.undo()
    apply(plan(values, NEW, REMOVED))
    assert state(values) == NEW


@pytest.mark.parametrize(("function", "call"), [("write", 3), ("open", 5)])
def test_a_new_folder_that_fails_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    planned = plan(tmp_path / "values", NEW)
    fail_at(monkeypatch, function, call, FULL)
    with pytest.raises(OSError, match="No space left"):
        apply(planned)
    assert list(tmp_path.iterdir()) == []


def test_what_can_not_be_put_back_is_named(values: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan(values, {"a.yaml": "new", "b.yaml": "new", "c.yaml": "new"})
    real = os.rename
    calls = 0

    def failing(*args: Any, **options: Any) -> None:
        nonlocal calls
        calls += 1
        if calls in (3, 4):  # the third file, then the first one on its way back
            raise FULL
        real(*args, **options)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(OSError, match="No space left") as caught:
        apply(planned)
    assert caught.value.__notes__ == [f"values/a.yaml could not be put back as it was: {FULL}"]


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


KILLED = """
import os, signal, sys
from pathlib import Path
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.files.folder import plan_write, read_folder
from egressc.files.writing import apply

path, function, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
contents, removals = eval(sys.argv[4]), eval(sys.argv[5])
real = getattr(os, function)

def deadly(*args, **options):
    global calls
    calls -= 1
    if calls == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **options)

setattr(os, function, deadly)
folder = read_folder(Path(path), "values", whole_file("egressc.yaml"), Report())
apply(plan_write(folder, contents, Report(), removals=removals))
"""


def kill(path: Path, function: str, call: int) -> None:
    command = [sys.executable, "-c", KILLED, str(path), function, str(call), repr(NEW), repr(REMOVED)]
    environment = {**os.environ, "PYTHONPATH": str(Path(writing.__file__).parents[2])}
    assert subprocess.run(command, env=environment, check=False).returncode == -9


@pytest.mark.parametrize(("function", "call"), [("write", 3), ("rename", 1), ("rename", 4), ("unlink", 2)])
def test_a_killed_run_leaves_whole_files_and_the_next_one_finishes(values: Path, function: str, call: int) -> None:
    kill(values, function, call)
    for name, text in state(values).items():
        if not name.startswith("."):
            assert text in (OLD.get(name), NEW.get(name))
    planned = plan(values, NEW, tuple(name for name in REMOVED if (values / name).exists()))
    assert not planned.is_fresh
    apply(planned)
    assert state(values) == NEW


def test_a_killed_run_leaves_no_half_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "values"
    kill(folder, "write", 3)
    assert not folder.exists()
    apply(plan(folder, NEW))
    assert state(folder) == NEW
    assert [entry.name for entry in tmp_path.iterdir()] == ["values"]
