"""What fails on the way leaves nothing half done, and a killed run is finished by the next one."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.files import writing
from egressc.files.exchange import exchange
from egressc.files.folder import read_folder
from egressc.files.pending import FolderChangedError
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


def refuse_exchange(*_: object) -> None:
    raise OSError(errno.ENOSYS, "no such system call")


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("function", "call"),
    [("write", 1), ("write", 4), ("write", 6), ("mkdir", 3), ("link", 1)],
)
def test_what_fails_before_the_exchange_changes_nothing(
    values: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int, error: BaseException
) -> None:
    (values / "README.md").write_text("mine")
    planned = plan(values, NEW, REMOVED)
    with monkeypatch.context() as patch:
        fail_at(patch, function, call, error)
        with pytest.raises(type(error)):
            apply(planned)
    assert state(values) == {**OLD, "README.md": "mine"}
    assert [entry.name for entry in values.parent.iterdir()] == ["values"]
    apply(plan(values, NEW, REMOVED))
    assert state(values) == {**NEW, "README.md": "mine"}


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("function", "call"), [("write", 7), ("write", 12), ("rename", 1), ("rename", 4), ("rename", 6), ("unlink", 11)]
)
def test_what_fails_one_by_one_is_taken_back(
    values: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int, error: BaseException
) -> None:
    planned = plan(values, NEW, REMOVED)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "exchange", refuse_exchange)
        fail_at(patch, function, call, error)
        with pytest.raises(type(error)):
            apply(planned)
    assert state(values) == OLD
    assert [entry.name for entry in values.parent.iterdir()] == ["values"]
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


def test_a_refusal_without_a_place_is_about_the_folder(values: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan(values, NEW)
    fail_at(monkeypatch, "write", 1, OSError(28, "No space left on device"))
    with pytest.raises(OSError, match="No space left") as caught:
        apply(planned)
    assert caught.value.filename == "values"


def test_what_can_not_be_put_back_is_named(values: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan(values, {"a.yaml": "new", "b.yaml": "new", "c.yaml": "new"})
    monkeypatch.setattr(writing, "exchange", refuse_exchange)
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


def test_a_folder_in_the_folder_stays_where_it_is(values: Path) -> None:
    """It has no second link, so the files are renamed one by one."""
    (values / "notes").mkdir()
    (values / "notes" / "shop.yaml").write_text("mine")
    before = values.stat().st_ino
    apply(plan(values, NEW, REMOVED))
    assert values.stat().st_ino == before
    assert (values / "notes" / "shop.yaml").read_text() == "mine"
    assert {entry.name for entry in values.iterdir()} == {*NEW, "notes"}


def test_files_of_subfolders_take_their_place_with_all_others(values: Path) -> None:
    for name in ("namespaces/old.yaml", "flux/gone/last.yaml"):
        (values / name).parent.mkdir(parents=True)
        (values / name).write_text("old")
    (values / "namespaces" / "README.md").write_text("mine")
    before = values.stat().st_ino
    contents = {**NEW, "namespaces/shop.yaml": "new", "flux/shop/orders.yaml": "new"}
    apply(plan(values, contents, (*REMOVED, "namespaces/old.yaml", "flux/gone/last.yaml")))
    assert values.stat().st_ino != before, "the folder was not replaced as a whole"
    found = {it.relative_to(values).as_posix(): it.read_text() for it in values.rglob("*") if it.is_file()}
    assert found == {**contents, "namespaces/README.md": "mine"}
    assert not (values / "flux" / "gone").exists()
    assert [entry.name for entry in values.parent.iterdir()] == ["values"]


def test_a_subfolder_is_no_link(values: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "shop.yaml").write_text("theirs")
    (values / "namespaces").symlink_to(elsewhere)
    report = Report()
    expected = {"namespaces/shop.yaml": "new"}
    place, within = whole_file("egressc.yaml"), ["namespaces"]
    assert read_folder(values, "values", place, report, subfolders=within, expected=expected) is None
    assert [found.code.id for found in report.diagnostics] == ["EG510"]
    folder = read_folder(values, "values", place, Report(), subfolders=within)
    assert folder is not None
    assert "namespaces/shop.yaml" not in folder.files
    (elsewhere / "shop.yaml").unlink()


def test_files_of_subfolders_are_renamed_one_by_one_beside_folders_of_others(values: Path) -> None:
    (values / "notes").mkdir()
    for name in ("flux/gone/last.yaml", "flux/shop/orders.yaml"):
        (values / name).parent.mkdir(parents=True)
        (values / name).write_text("old")
    contents = {"flux/shop/orders.yaml": "new", "flux/shop/carts.yaml": "new"}
    apply(plan(values, contents, ("flux/gone/last.yaml",)))
    assert sorted(it.relative_to(values).as_posix() for it in (values / "flux").rglob("*")) == [
        *("flux/shop", "flux/shop/carts.yaml", "flux/shop/orders.yaml")
    ]
    assert {(values / name).read_text() for name in contents} == {"new"}


def test_an_editor_that_saves_before_the_exchange_wins(values: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file, one that the plan changes, and one that it leaves alone, all at the last moment."""
    (values / "README.md").write_text("mine")
    real = exchange
    for name in ("new.yaml", "a.yaml", "README.md"):
        saved = state(values)

        def save(one: Path, other: Path, name: str = name) -> None:
            (values.parent / "saved").write_text(f"saved {name}")
            (values.parent / "saved").rename(values / name)
            real(one, other)

        planned = plan(values, NEW, REMOVED)
        monkeypatch.setattr(writing, "exchange", once(save, real))
        with pytest.raises(FolderChangedError):
            apply(planned)
        assert state(values) == {**saved, name: f"saved {name}"}
        assert [entry.name for entry in values.parent.iterdir()] == ["values"]
        (values / name).write_text(saved[name]) if name in saved else (values / name).unlink()


def once(first: Callable[..., None], then: Callable[..., None]) -> Callable[..., None]:
    calls = iter([first])
    return lambda *args: next(calls, then)(*args)


KILLED = """
import os, signal, sys
from pathlib import Path
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.files.folder import plan_write, read_folder
from egressc.files import writing
from egressc.files.writing import apply

path, function, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
contents, removals = eval(sys.argv[4]), eval(sys.argv[5])
real = getattr(os, function, None)

def deadly(*args, **options):
    global calls
    calls -= 1
    if calls == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **options)

if len(sys.argv) > 6:
    def refuse(*_):
        raise OSError(38, "no such system call")
    writing.exchange = refuse
if function == "exchange":
    def deadly(*args):
        os.kill(os.getpid(), signal.SIGKILL) if calls == 1 else None
        real(*args)
        os.kill(os.getpid(), signal.SIGKILL)
    real, writing.exchange = writing.exchange, deadly
else:
    setattr(os, function, deadly)
folder = read_folder(Path(path), "values", whole_file("egressc.yaml"), Report())
apply(plan_write(folder, contents, Report(), removals=removals))
"""


def kill(path: Path, function: str, call: int, *way: str) -> None:
    """Kill a run before one call of a function of `os`; before the exchange (1), or behind it."""
    command = [sys.executable, "-c", KILLED, str(path), function, str(call), repr(NEW), repr(REMOVED), *way]
    environment = {**os.environ, "PYTHONPATH": str(Path(writing.__file__).parents[2])}
    assert subprocess.run(command, env=environment, check=False).returncode == -9


def whole(values: Path) -> dict[str, str]:
    """The files of a folder, without a folder of ours."""
    return {entry.name: entry.read_text() for entry in values.iterdir() if entry.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "call", "then"),
    [
        ("write", 1, OLD),
        ("write", 6, OLD),
        ("mkdir", 3, OLD),
        ("link", 1, OLD),
        ("exchange", 1, OLD),
        ("exchange", 2, NEW),
        ("unlink", 1, NEW),
        ("unlink", 7, NEW),
    ],
)
def test_a_killed_run_leaves_the_old_files_or_the_new(
    values: Path, function: str, call: int, then: dict[str, str]
) -> None:
    (values / "README.md").write_text("mine")
    kill(values, function, call)
    assert whole(values) == {**then, "README.md": "mine"}
    assert [entry.name for entry in values.parent.iterdir()] != ["values"]
    (values / "z.yaml").write_text("so that there is something to write")
    apply(plan(values, {**NEW, "z.yaml": "new"}, tuple(name for name in REMOVED if (values / name).exists())))
    assert state(values) == {**NEW, "z.yaml": "new", "README.md": "mine"}
    assert [entry.name for entry in values.parent.iterdir()] == ["values"]


@pytest.mark.slow
@pytest.mark.parametrize(("function", "call"), [("write", 10), ("rename", 1), ("rename", 4), ("unlink", 11)])
def test_one_by_one_a_killed_run_leaves_whole_files_and_the_next_one_finishes(
    values: Path, function: str, call: int
) -> None:
    kill(values, function, call, "one by one")
    for name, text in whole(values).items():
        assert text in (OLD.get(name), NEW.get(name))
    planned = plan(values, NEW, tuple(name for name in REMOVED if (values / name).exists()))
    assert not planned.is_fresh
    apply(planned)
    assert state(values) == NEW
    assert [entry.name for entry in values.parent.iterdir()] == ["values"]


def test_a_killed_run_leaves_no_half_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "values"
    kill(folder, "write", 3)
    assert not folder.exists()
    apply(plan(folder, NEW))
    assert state(folder) == NEW
    assert [entry.name for entry in tmp_path.iterdir()] == ["values"]
