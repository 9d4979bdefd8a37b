"""What fails on the way leaves nothing half done, and a killed run is finished by the next one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from egressc.files import writing
from egressc.files.writing import apply
from unit.files.written import NEW, OLD, REMOVED, plan, state, write_old


@pytest.fixture
def values(tmp_path: Path) -> Path:
    return write_old(tmp_path)


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
