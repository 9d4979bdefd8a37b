"""Carry out a write plan: every file or none.

More than one file is written into a folder beside the place, with links to the files that stay, and that folder takes
the place in one step: a process that is killed leaves the old files or the new ones. Where that cannot be (a mount
point, a file system without links or without an exchange, a folder that holds folders), files are renamed one by one;
what fails on the way is taken back, and a process that is killed leaves whole files, old and new. The next run finishes
either.

Files that do not change are not touched. Nothing waits for the disk: after a loss of power a file may be an old one, as
with any editor, and compiling again repairs it.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from egressc.files.exchange import exchange
from egressc.files.folder import WritePlan, list_names, remove_empty
from egressc.files.pending import FolderChangedError, Pending, expect_untouched, find_pending
from egressc.files.staging import Staging, find_leftovers, remove_leftover

# Why a folder cannot be replaced as a whole.
_NOT_AS_A_WHOLE = {
    *(errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTEMPTY, errno.EEXIST),
    *(errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EMLINK, errno.EISDIR),
}


def apply(plan: WritePlan, *, on_wait: Callable[[], None] = lambda: None) -> None:
    """Make the folder what the plan says; `on_wait` is called where another run is writing there, and is waited for.

    Raises:
        OSError: the disk refuses. The folder is as it was, but for files named in a note of the exception.
        FolderChangedError: a file is no longer what the plan was made from, nor what it is to be.
    """
    path = plan.folder.path
    if not (plan.new or plan.changed or plan.removed or find_leftovers(path.parent, name=path.name)):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent, on_wait), _naming(plan.folder.name):
        for leftover in (*find_leftovers(path.parent, name=path.name), *find_leftovers(path)):
            remove_leftover(leftover)
        pending = find_pending(plan)
        if not pending.names or (len(pending.names) > 1 and _replace_folder(plan, pending)):
            return
        path.mkdir(exist_ok=True)
        _replace_files(plan, pending)


@contextmanager
def _locked(folder: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """One run at a time writes here: another one's folders look like leftovers."""
    descriptor = _open_folder(folder)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _naming(folder: str) -> Iterator[None]:
    """What the system refuses without saying where is about the folder."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or folder
        raise


def _replace_folder(plan: WritePlan, pending: Pending) -> bool:
    """Make the whole folder anew beside its place; False where that is not possible, and nothing is left."""
    path = plan.folder.path
    exists = path.is_dir()
    kept = sorted(set(list_names(path, plan.folder.subfolders)) - set(pending.names)) if exists else []
    try:
        staging = Staging(path.parent, [*pending.names, *kept], name=path.name)
    except OSError as error:
        if error.errno in _NOT_AS_A_WHOLE:
            return False
        raise
    try:
        _fill(staging.new, plan, pending, kept)
        if exists:
            _expect_same_owner(staging.new, path)
            shutil.copystat(path, staging.new)
            exchange(staging.new, path)
            try:
                expect_untouched(staging.new, plan, kept)
            except BaseException:
                exchange(staging.new, path)
                raise
        else:
            staging.new.rename(path)
    except OSError as error:
        if error.errno in _NOT_AS_A_WHOLE and not isinstance(error, FolderChangedError):
            return False
        raise
    finally:
        staging.remove()
    return True


def _fill(new: Path, plan: WritePlan, pending: Pending, kept: Sequence[str]) -> None:
    _make_subfolders(new, [*kept, *(name for name, _ in pending.written)])
    descriptor = _open_folder(new)
    try:
        for name in kept:
            # A folder has no second link: EPERM.
            os.link(plan.folder.path / name, name, dst_dir_fd=descriptor, follow_symlinks=False)
        for name, mode in pending.written:
            _write_file(descriptor, name, plan.contents[name].encode(), mode)
    finally:
        os.close(descriptor)


def _expect_same_owner(new: Path, old: Path) -> None:
    ours, theirs = new.stat(), old.stat()
    if (ours.st_uid, ours.st_gid) != (theirs.st_uid, theirs.st_gid):
        raise PermissionError(errno.EPERM, "the folder belongs to another user or group", str(old))


def _replace_files(plan: WritePlan, pending: Pending) -> None:
    """Rename files into their place one by one: the last resort, and for one file as good as any."""
    path = plan.folder.path
    staging = Staging(path, pending.names)
    done: list[str] = []
    try:
        names = [name for name, _ in pending.written]
        _make_subfolders(path, names)
        _make_subfolders(staging.new, names)
        descriptor = _open_folder(staging.new)
        try:
            for name, mode in pending.written:
                _write_file(descriptor, name, plan.contents[name].encode(), mode)
        finally:
            os.close(descriptor)
        for name, _ in pending.written:
            (staging.new / name).rename(path / name)
            done.append(name)
        for name in pending.removed:
            (path / name).unlink()
            done.append(name)
        remove_empty(path, pending.removed)
    except BaseException as error:
        _take_back(staging, plan, done, error)
        raise
    finally:
        staging.remove()


def _make_subfolders(folder: Path, names: Sequence[str]) -> None:
    for within in {name.rpartition("/")[0] for name in names if "/" in name}:
        (folder / within).mkdir(parents=True, exist_ok=True)


def _take_back(staging: Staging, plan: WritePlan, done: Sequence[str], error: BaseException) -> None:
    path = plan.folder.path
    for name in done:
        try:
            original = plan.folder.files.get(name)
            if original is None:
                (path / name).unlink()
            else:
                with suppress(FileNotFoundError):
                    (staging.new / name).unlink()
                _make_subfolders(staging.new, [name])
                (staging.new / name).write_bytes(original.text.encode())
                (staging.new / name).rename(path / name)
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
