"""Find the files that a project names and read them, bounded.

A name in a report is the path from the project's folder, with forward slashes.
"""

import errno
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import outside_file, unreadable_file, whole_file
from egressc.diagnostics.reading import source_too_large
from egressc.files.listing import MOST_ENTRIES
from egressc.files.patterns import Bounds, Matches, match_files
from egressc.source import Located, Span

# Bytes of one file. A table of 131,107 rows takes 14.7 MB.
SOURCE_LIMIT = 32 * 2**20

# Less than what malloc takes from the system, and gives back, for each buffer alone (128 KiB): that costs thrice.
_CHUNK = 2**16
_REASONS = {
    errno.ENOENT: "no such file",
    errno.EACCES: "no permission",
    errno.EINVAL: "it is not a regular file",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "it is a symbolic link",
    errno.ENOTDIR: "a component of its path is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
}


# Device, inode and time of change of every file that was read.
_READ: Final[set[tuple[int, int, int]]] = set()


Opened = Mapping[str, bytes]
"""What an editor shows of files that may not be saved yet, by their paths without links: it is read in their place."""
NOTHING_OPENED: Final[Opened] = MappingProxyType({})


class FoundFile(NamedTuple):
    """A file that a pattern names: where it is, what reports call it, where it was named."""

    path: Path
    name: str
    named: Span


class RawFile(NamedTuple):
    """A file as it was read, its text not yet decoded."""

    name: str
    data: bytes


def find_files(
    root: Path, patterns: Sequence[Located[str]], report: Report, bounds: Bounds | None = None
) -> list[FoundFile]:
    """The files that paths and glob patterns (`*`, `**`) name, relative to the root; each once.

    In the order of the patterns, and sorted within one. A pattern that matches nothing is EG509, and so is one with
    more to look through than a repository holds; one that leads out of the `bounds`, which a person who names files
    on the command line has none of, is EG520.
    """
    found: dict[str, FoundFile] = {}
    for pattern, named in patterns:
        # A path with brackets or a star in its real name is that path.
        if "\0" in pattern or os.path.lexists(root / pattern):
            is_outside = bounds is not None and "\0" not in pattern and not bounds.hold(root / pattern)
            matches = Matches(() if is_outside else (pattern,), is_outside)
        else:
            matches = match_files(root, pattern, bounds or Bounds(Path("/")))
        if matches.is_outside:
            report.add(outside_file(named, pattern))
        elif matches.is_cut:
            report.add(unreadable_file(named, pattern, f"more than {MOST_ENTRIES} files and folders to search"))
        elif not matches.paths:
            report.add(unreadable_file(named, pattern, "no such file"))
        for match in matches.paths:
            name = shown_name(match, root)
            found.setdefault(name, FoundFile(root / match, name, named))
    return list(found.values())


def read_files(
    found: Sequence[FoundFile], report: Report, *, limit: int = SOURCE_LIMIT, opened: Opened = NOTHING_OPENED
) -> list[RawFile]:
    """The bytes of each file, in order; one that can't be read is reported (EG102, EG509) and left out."""
    files: list[RawFile] = []
    for path, name, named in found:
        try:
            held = opened.get(os.path.realpath(path)) if opened else None
            data = read_bounded(path, limit) if held is None else held
        except (OSError, ValueError) as error:
            report.add(unreadable_file(named, name, reason_of(error), is_folder=isinstance(error, IsADirectoryError)))
            continue
        if len(data) > limit:
            report.add(source_too_large(whole_file(name), f"{limit // 2**20} MiB"))
            continue
        files.append(RawFile(name, data))
    return files


def read_bounded(path: Path | str, limit: int, *, folder: int | None = None, follow: bool = True) -> bytes:
    """At most `limit` + 1 bytes of a regular file.

    Raises:
        OSError: it can't be opened or read, or is no regular file (EISDIR for a folder, EINVAL for the rest).

    Args:
        folder: descriptor of the open folder that the path starts from.
        follow: whether the last part of the path may be a symbolic link; ELOOP where not.
    """
    # Without O_NONBLOCK, opening a named pipe waits for a writer, for ever.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        mode = status.st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, "not a regular file")
        _READ.add((status.st_dev, status.st_ino, status.st_mtime_ns))
        # The size that a file system states may be wrong (zero in /proc) or outdated: what is read counts.
        data = os.read(descriptor, min(_CHUNK, limit + 1))
        if len(data) < min(_CHUNK, limit + 1):
            return data
        chunks = [data]
        left = limit + 1 - len(data)
        while left > 0 and (data := os.read(descriptor, min(_CHUNK, left))):
            chunks.append(data)
            left -= len(data)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def was_read(path: Path) -> bool:
    """Whether this process read a file, under whatever name: it's no place for what comes of it."""
    try:
        status = path.stat()
    except OSError:
        return False
    return (status.st_dev, status.st_ino, status.st_mtime_ns) in _READ


def reason_of(error: OSError | ValueError) -> str:
    """A few words for a report; the system's own where no better ones are known."""
    if isinstance(error, ValueError):
        return "no path has a null character"
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())


def shown_name(file: str, root: Path) -> str:
    """What reports and generated files call a file: its path from the root, the same on every machine.

    An absolute path that leads out of the root stays as it was given.
    """
    path = PurePath(os.path.normpath(file))
    absolute_root = os.path.abspath(root)  # noqa: PTH100  resolve() would follow links and show where they lead
    if path.is_absolute() and path.is_relative_to(absolute_root):
        path = path.relative_to(absolute_root)
    return path.as_posix()
