"""A folder of generated files: what it holds, and what has to change.

Its name in reports is the path as the project gives it.
"""

import os
import re
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import unreadable_file, unusable_folder, whole_file
from egressc.files.reading import NOTHING_OPENED, Opened, read_bounded, reason_of
from egressc.source import Source, Span

# Bytes of one generated file; a service with a thousand dependencies takes a fraction of it.
FILE_LIMIT = 8 * 2**20

# No part of a path is that of a hidden file or `..`.
_FILE_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Folder:
    """What the folder holds of one kind of file, by file name; `unreadable` says of the others of the kind why not.

    `subfolders`: the folders in it that can have generated files too, an outer one before its inner ones; the names of
    files there begin with their path and a slash.
    """

    path: Path
    name: str
    exists: bool
    is_empty: bool
    files: Mapping[str, Source]
    unreadable: Mapping[str, str]
    subfolders: tuple[str, ...] = ()


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

    def say(self) -> str:
        """How many files there are of each kind, as "1 new, 3 unchanged"; empty for none."""
        words = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged, "removed": self.removed}
        return ", ".join(f"{len(names)} {word}" for word, names in words.items() if names)


def read_folder(
    path: Path,
    name: str,
    named: Span,
    report: Report,
    *,
    suffix: str = ".yaml",
    subfolders: Collection[str] = (),
    expected: Mapping[str, str] = MappingProxyType({}),
    root: Path | None = None,
    opened: Opened = NOTHING_OPENED,
) -> Folder | None:
    """Read every file of the folder with this suffix; a folder that does not exist holds none.

    `subfolders` are read as well, each with those around it.

    `expected` has texts that files probably hold, by file name: one that does shares it, so that the text of a fleet
    that is up to date is in memory once.

    None once it is reported (EG510) that no folder can be there: a file is, or a symbolic link, which would lead the
    files to a place that the project does not name. Nor may a link be on the way from `root`.
    """
    if root is not None and (link := link_between(root, path)) is not None:
        report.add(unusable_folder(named, name, f'"{link.relative_to(root).as_posix()}" is a symbolic link'))
        return None
    inner = tuple(sorted({it.as_posix() for way in subfolders for it in (PurePath(way), *PurePath(way).parents[:-1])}))
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return Folder(path, name, exists=False, is_empty=True, files={}, unreadable={}, subfolders=inner)
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
        entries = _read_files(path, "", name, suffix, expected, files, unreadable, opened)
        for folder in inner:
            if _is_folder_within(path, path / folder):
                _read_files(path / folder, f"{folder}/", name, suffix, expected, files, unreadable, opened)
            elif os.path.lexists(path / folder) and any(it.startswith(f"{folder}/") for it in expected):
                report.add(unusable_folder(named, f"{name}/{folder}", "it is not a folder, or a symbolic link"))
                return None
    except OSError as error:
        report.add(unusable_folder(named, name, reason_of(error)))
        return None
    return Folder(path, name, exists=True, is_empty=not entries, files=files, unreadable=unreadable, subfolders=inner)


def _read_files(
    path: Path,
    prefix: str,
    name: str,
    suffix: str,
    expected: Mapping[str, str],
    files: dict[str, Source],
    unreadable: dict[str, str],
    opened: Opened,
) -> list[str]:
    """Read the files with a suffix of one folder, named with a prefix; all entries of the folder. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    real = os.path.realpath(path) if opened else ""
    try:
        entries = sorted(os.listdir(descriptor))  # noqa: PTH208  a path has no open folder
        for entry in entries:
            if entry.endswith(suffix) and not entry.startswith("."):
                file = prefix + entry
                try:
                    held = opened.get(f"{real}/{entry}") if opened else None
                    data = read_bounded(entry, FILE_LIMIT, folder=descriptor, follow=False) if held is None else held
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


def list_names(path: Path, subfolders: Sequence[str]) -> list[str]:
    """The entries of a folder, those of its subfolders instead of these; an outer one comes before its inner ones."""
    entries = set(os.listdir(path))  # noqa: PTH208  names are enough
    for folder in subfolders:
        within = path / folder
        if folder in entries and within.is_dir() and not within.is_symlink():
            entries.remove(folder)
            entries.update(f"{folder}/{it}" for it in os.listdir(within))  # noqa: PTH208
    return sorted(entries)


def remove_empty(folder: Path, names: Iterable[str]) -> None:
    """Remove the subfolders that the files of these names were in, where nothing is in them any more."""
    folders = {parent for name in names for parent in PurePath(name).parents[:-1] if ".." not in parent.parts}
    for within in sorted(folders, key=lambda it: len(it.parts), reverse=True):
        with suppress(OSError):
            (folder / within).rmdir()


def _is_folder_within(root: Path, path: Path) -> bool:
    """Whether a path is a folder and no symbolic link, nor one on the way from the root."""
    return path.is_dir() and not path.is_symlink() and link_between(root, path) is None


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
        within = file_name.rpartition("/")[0]
        if not _FILE_NAME.fullmatch(file_name) or (within and within not in folder.subfolders):
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
