"""A folder of generated files: what it holds, and what has to change.

Its name in reports is the path as the project gives it.
"""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import unreadable_file, unusable_folder, whole_file
from egressc.files.reading import read_bounded, reason_of
from egressc.source import Source, Span

# Bytes of one generated file; a service with a thousand dependencies takes a fraction of it.
FILE_LIMIT = 8 * 2**20

# The one folder in it that can have generated files too; their names here begin with its name and a slash.
SUBFOLDER: Final = "namespaces"
# No part of a path is that of a hidden file or `..`.
_FILE_NAME = re.compile(rf"(?:{SUBFOLDER}/)?[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Folder:
    """What the folder holds of one kind of file, by file name; `unreadable` says of the others of the kind why not."""

    path: Path
    name: str
    exists: bool
    is_empty: bool
    files: Mapping[str, Source]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WritePlan:
    """File names, each group sorted. `stale`: generated files that nothing asks for any more, and that stay."""

    folder: Folder
    contents: Mapping[str, str]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def is_fresh(self) -> bool:
        """Nothing to write, to remove, or to look into."""
        return not (self.new or self.changed or self.removed or self.stale)


def read_folder(
    path: Path,
    name: str,
    named: Span,
    report: Report,
    *,
    suffix: str = ".yaml",
    expected: Mapping[str, str] = MappingProxyType({}),
    root: Path | None = None,
) -> Folder | None:
    """Read every file of the folder with this suffix; a folder that does not exist holds none.

    `expected` has texts that files probably hold, by file name: one that does shares it, so that the text of a fleet
    that is up to date is in memory once.

    None once it is reported (EG510) that no folder can be there: a file is, or a symbolic link, which would lead the
    files to a place that the project does not name. Nor may a link be on the way from `root`.
    """
    if root is not None and (link := link_between(root, path)) is not None:
        report.add(unusable_folder(named, name, f'"{link.relative_to(root).as_posix()}" is a symbolic link'))
        return None
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return Folder(path, name, exists=False, is_empty=True, files={}, unreadable={})
    except (OSError, ValueError) as error:
        report.add(unusable_folder(named, name, reason_of(error)))
        return None
    if not stat.S_ISDIR(mode):
        reason = "it is a symbolic link" if stat.S_ISLNK(mode) else "it is not a folder"
        report.add(unusable_folder(named, name, reason))
        return None
    files: dict[str, Source] = {}
    unreadable: dict[str, str] = {}
    try:
        entries = _read_files(path, "", name, suffix, expected, files, unreadable)
        if SUBFOLDER in entries and (not (within := path / SUBFOLDER).is_dir() or within.is_symlink()):
            if any("/" in it for it in expected):
                report.add(unusable_folder(named, f"{name}/{SUBFOLDER}", "it is not a folder, or a symbolic link"))
                return None
        elif SUBFOLDER in entries:
            _read_files(path / SUBFOLDER, f"{SUBFOLDER}/", name, suffix, expected, files, unreadable)
    except OSError as error:
        report.add(unusable_folder(named, name, reason_of(error)))
        return None
    return Folder(path, name, exists=True, is_empty=not entries, files=files, unreadable=unreadable)


def _read_files(
    path: Path,
    prefix: str,
    name: str,
    suffix: str,
    expected: Mapping[str, str],
    files: dict[str, Source],
    unreadable: dict[str, str],
) -> list[str]:
    """Read the files with a suffix of one folder, named with a prefix; all entries of the folder. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        entries = sorted(os.listdir(descriptor))  # noqa: PTH208  a path has no open folder
        for entry in entries:
            if entry.endswith(suffix) and not entry.startswith("."):
                file = prefix + entry
                try:
                    data = read_bounded(entry, FILE_LIMIT, folder=descriptor, follow=False)
                except OSError as error:
                    unreadable[file] = reason_of(error)
                    continue
                if len(data) > FILE_LIMIT:
                    unreadable[file] = f"larger than {FILE_LIMIT // 2**20} MiB"
                    continue
                text = expected.get(file, "")
                try:
                    files[file] = Source(f"{name}/{file}", text if data == text.encode() else data.decode())
                except UnicodeDecodeError as error:
                    line = data.count(b"\n", 0, error.start) + 1
                    unreadable[file] = f"line {line} is not UTF-8"
    finally:
        os.close(descriptor)
    return entries


def list_names(path: Path) -> list[str]:
    """The entries of a folder, those of its SUBFOLDER instead of itself."""
    entries = os.listdir(path)  # noqa: PTH208  names are enough
    within = path / SUBFOLDER
    if SUBFOLDER not in entries or within.is_symlink() or not within.is_dir():
        return entries
    entries.remove(SUBFOLDER)
    return entries + [f"{SUBFOLDER}/{it}" for it in os.listdir(within)]  # noqa: PTH208


def link_between(root: Path, path: Path) -> Path | None:
    """The first symbolic link on the way from a folder to a path below it; None for none."""
    ways = [way for way in reversed(path.parents) if way.is_relative_to(root) and way != root]
    return next((way for way in ways if way.is_symlink()), None)


def plan_write(
    folder: Folder,
    contents: Mapping[str, str],
    report: Report,
    *,
    removals: Sequence[str] = (),
    stale: Sequence[str] = (),
) -> WritePlan:
    """Compare what the folder should hold with what it holds. What stands in the way of a file is EG509.

    Removals are names among `folder.files`.
    """
    new: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    files = folder.files
    for file_name in sorted(contents):
        if not _FILE_NAME.fullmatch(file_name):
            raise ValueError(f"{file_name!r} is not the name of a generated file")
        reason = folder.unreadable.get(file_name)
        if reason is not None:
            path = f"{folder.name}/{file_name}"
            report.add(unreadable_file(whole_file(path), path, reason))
            continue
        file = files.get(file_name)
        if file is None:
            new.append(file_name)
        elif file.text == contents[file_name]:
            unchanged.append(file_name)
        else:
            changed.append(file_name)
    return WritePlan(
        folder,
        contents,
        tuple(new),
        tuple(changed),
        tuple(unchanged),
        tuple(sorted(set(removals) & files.keys())),
        tuple(sorted(stale)),
    )
