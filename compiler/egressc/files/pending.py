"""What is left to do of a write plan, and whether someone else changed a file since the plan was made."""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from egressc.files.folder import FILE_LIMIT, WritePlan, list_names
from egressc.files.reading import read_bounded


class FolderChangedError(OSError):
    """A file was changed by someone else between reading and writing; nothing was written."""


class Pending(NamedTuple):
    """What is left to do: contents by name, with the mode of the file that was there; names to remove."""

    written: Sequence[tuple[str, int | None]]
    removed: Sequence[str]

    @property
    def names(self) -> list[str]:
        return [*(name for name, _ in self.written), *self.removed]


def find_pending(plan: WritePlan) -> Pending:
    """What is not done yet; another run may have done the same. Raises FolderChangedError."""
    written: list[tuple[str, int | None]] = []
    removed: list[str] = []
    with _reading(plan.folder.path) as read:
        for name in (*plan.new, *plan.changed):
            found = read(name)
            if found is None or found.data != plan.contents[name].encode():
                _expect_as_planned(found, name, plan)
                written.append((name, found and found.mode))
        for name in plan.removed:
            if (found := read(name)) is not None:
                _expect_as_planned(found, name, plan)
                removed.append(name)
    return Pending(written, removed)


class _Found(NamedTuple):
    """A file; None in the place of its data where it is something else, which nobody planned for."""

    data: bytes | None
    mode: int


@contextmanager
def _reading(path: Path) -> Iterator[Callable[[str], _Found | None]]:
    """A way to read files of a folder by name, None for one that is not there, as in a folder that is not there."""
    if not path.is_dir():
        yield lambda _: None
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def read(name: str) -> _Found | None:
        try:
            mode = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return None
        is_file = stat.S_ISREG(mode)
        data = read_bounded(name, FILE_LIMIT, folder=descriptor, follow=False) if is_file else None
        return _Found(data, stat.S_IMODE(mode))

    try:
        yield read
    finally:
        os.close(descriptor)


def _expect_as_planned(found: _Found | None, name: str, plan: WritePlan) -> None:
    expected = plan.folder.files.get(name)
    is_there, should_be = found is not None, expected is not None
    if is_there is not should_be or (found and expected and found.data != expected.text.encode()):
        raise FolderChangedError(errno.EBUSY, "something else changed it in the meantime", f"{plan.folder.name}/{name}")


def expect_untouched(old: Path, plan: WritePlan, kept: Sequence[str]) -> None:
    """Whether someone changed the old folder before it left its place; the new one then lacks it."""
    names = set(list_names(old, plan.folder.subfolders))
    with _reading(old) as read:
        for name in names.difference(kept):
            _expect_as_planned(read(name), name, plan)
    for name in kept:
        if name not in names or not (old / name).lstat().st_ino == (plan.folder.path / name).lstat().st_ino:
            raise FolderChangedError(
                errno.EBUSY, "something else changed it in the meantime", f"{plan.folder.name}/{name}"
            )
