"""Carry out a write plan: every file or none.

Each file is written beside its place under a temporary name, and only when all are there are they renamed; what fails
on the way is taken back. A process killed in between leaves whole files, old or new, and temporary files, which the
next run removes before it writes the rest. Files that do not change are not touched. Nothing waits for the disk: after
a loss of power a file may be an old one, as with any editor, and compiling again repairs it.
"""

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from egressc.files.folder import FILE_LIMIT, WritePlan
from egressc.files.reading import read_bounded

TEMPORARY_SUFFIX = ".egressc-new"

# A folder that can't be replaced as a whole: a mount point, or one in a folder that is not ours to write.
_NOT_AS_A_WHOLE = {errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTEMPTY, errno.EEXIST}


class FolderChangedError(OSError):
    """A file was changed by someone else between reading and writing; nothing was written."""


def apply(plan: WritePlan) -> None:
    """Make the folder what the plan says.

    Raises:
        OSError: the disk refuses. The folder is as it was, but for files named in a note of the exception.
        FolderChangedError: a file is no longer what the plan was made from.
    """
    if not (plan.new or plan.changed or plan.removed):
        return
    path = plan.folder.path
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        if plan.folder.is_empty and _create_folder(plan):
            return
        with suppress(FileExistsError):
            path.mkdir()
        _replace_files(plan)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One run at a time writes here: another one's temporary files look like leftovers."""
    descriptor = _open_folder(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _create_folder(plan: WritePlan) -> bool:
    """Write a new folder beside the place and rename it there; False where that is not possible, and nothing is left.

    One rename in place of one for each file: with 10,000 of them it costs a third less.
    """
    path = plan.folder.path
    beside = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    _remove_folder(beside)
    try:
        beside.mkdir()
        if plan.folder.exists:
            beside.chmod(path.stat().st_mode & 0o7777)
        descriptor = _open_folder(beside)
        try:
            for name in plan.new:
                _write_file(descriptor, name, plan.contents[name].encode())
        finally:
            os.close(descriptor)
        # Onto a folder that was filled in the meantime this fails; onto an empty one it does not.
        beside.rename(path)
    except BaseException as error:
        with suppress(OSError):
            _remove_folder(beside)
        if isinstance(error, OSError) and error.errno in _NOT_AS_A_WHOLE:
            return False
        raise
    return True


def _remove_folder(path: Path) -> None:
    """Remove a folder of files, if it is there. Folders in it are not ours, and stop this with an error."""
    if path.is_symlink():
        path.unlink()  # the link, and nothing that it leads to
    with suppress(FileNotFoundError):
        for entry in path.iterdir():
            entry.unlink()
        path.rmdir()


def _replace_files(plan: WritePlan) -> None:
    descriptor = _open_folder(plan.folder.path)
    try:
        for name in os.listdir(descriptor):  # noqa: PTH208  a path has no open folder
            if name.startswith(".") and name.endswith(TEMPORARY_SUFFIX):
                os.unlink(name, dir_fd=descriptor)
        written = (*plan.new, *plan.changed)
        done: list[str] = []
        try:
            for name in written:
                mode = _expect_as_planned(descriptor, name, plan)
                _write_file(descriptor, _temporary(name), plan.contents[name].encode(), mode)
            for name in plan.removed:
                _expect_as_planned(descriptor, name, plan)
            for name in written:
                os.rename(_temporary(name), name, src_dir_fd=descriptor, dst_dir_fd=descriptor)
                done.append(name)
            for name in plan.removed:
                os.unlink(name, dir_fd=descriptor)
                done.append(name)
        except BaseException as error:
            _take_back(descriptor, plan, done, error)
            for name in written:
                with suppress(OSError):
                    os.unlink(_temporary(name), dir_fd=descriptor)
            raise
    finally:
        os.close(descriptor)


def _expect_as_planned(folder: int, name: str, plan: WritePlan) -> int | None:
    """The mode of a file that still says what the plan was made from; None where there was and is none."""
    expected = plan.folder.files.get(name)
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode & 0o7777
    except FileNotFoundError:
        if expected is None:
            return None
        raise FolderChangedError(errno.EBUSY, "removed by someone else meanwhile", name) from None
    if expected is None or read_bounded(name, FILE_LIMIT, folder=folder, follow=False) != expected.text.encode():
        raise FolderChangedError(errno.EBUSY, "changed by someone else meanwhile", name)
    return mode


def _take_back(folder: int, plan: WritePlan, done: Iterable[str], error: BaseException) -> None:
    for name in done:
        try:
            original = plan.folder.files.get(name)
            if original is None:
                os.unlink(name, dir_fd=folder)
            else:
                with suppress(FileNotFoundError):
                    os.unlink(_temporary(name), dir_fd=folder)
                _write_file(folder, _temporary(name), original.text.encode())
                os.rename(_temporary(name), name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError as second:
            error.add_note(f"{plan.folder.name}/{name} could not be put back as it was: {second}")


def _write_file(folder: int, name: str, data: bytes, mode: int | None = None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o666, dir_fd=folder)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        written = os.write(descriptor, data)
        while written < len(data):
            written += os.write(descriptor, data[written:])
    finally:
        os.close(descriptor)


def _open_folder(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _temporary(name: str) -> str:
    return f".{name}{TEMPORARY_SUFFIX}"
