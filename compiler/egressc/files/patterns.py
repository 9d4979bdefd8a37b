"""Paths and glob patterns to files, without leaving the folders that may be read, and without an end to the search."""

import fnmatch
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from egressc.files.listing import MOST_ENTRIES

_MAGIC: Final = frozenset("*?[")


class Bounds:
    """The folders that may be read: a repository, and what the project file names beside it. Links count by their ends.

    Without a repository around the project it is the project's own folder.
    """

    def __init__(self, project: Path, others: Sequence[str] = ()) -> None:
        self._folders = [repository_of(project), *(os.path.realpath(project / other) for other in others)]

    def hold(self, path: Path | str) -> bool:
        real = os.path.realpath(path)
        return any(real == folder or real.startswith(folder.rstrip("/") + "/") for folder in self._folders)


class Matches(NamedTuple):
    """Paths as the pattern names them, sorted. `is_outside`: it leads out of what may be read; `is_cut`: too far."""

    paths: tuple[str, ...] = ()
    is_outside: bool = False
    is_cut: bool = False


class _TooManyError(Exception):
    pass


def match_files(root: Path, pattern: str, bounds: Bounds) -> Matches:
    """The regular files that a path or pattern (`*`, `?`, `[...]`, `**`) names, relative to the root.

    As a shell reads them: hidden files and folders match only a part that names their dot, and `**` enters no link.
    """
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if parts[-1:] == ["**"]:
        parts.append("*")
    start = "/" if pattern.startswith("/") else ""
    fixed = next((at for at, part in enumerate(parts) if _MAGIC & set(part)), len(parts))
    if not bounds.hold(root / start / "/".join(parts[:fixed])):
        return Matches(is_outside=True)
    search = _Search(root, bounds.hold)
    try:
        found = {path for path in search.below(start, parts) if search.is_file(path)}
    except _TooManyError:
        return Matches(is_cut=True)
    return Matches(tuple(sorted(found)))


class _Search:
    def __init__(self, root: Path, is_inside: Callable[[Path], bool]) -> None:
        self._root = root
        self._is_inside = is_inside
        self._left = MOST_ENTRIES

    def is_file(self, path: str) -> bool:
        try:
            return stat.S_ISREG((self._root / path).stat().st_mode) and self._is_inside(self._root / path)
        except OSError:
            return False

    def below(self, folder: str, parts: Sequence[str]) -> Iterator[str]:
        if not parts:
            yield folder
            return
        part, rest = parts[0], parts[1:]
        if part == "**":
            for inner in self._tree(folder):
                yield from self.below(inner, rest)
        elif _MAGIC & set(part):
            for entry in self._entries(folder):
                if fnmatch.fnmatchcase(entry.name, part) and (part.startswith(".") or not entry.name.startswith(".")):
                    yield from self.below(os.path.join(folder, entry.name), rest)  # noqa: PTH118  names as given
        else:
            yield from self.below(os.path.join(folder, part), rest)  # noqa: PTH118

    def _tree(self, folder: str) -> Iterator[str]:
        """The folder and every one below it."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            yield here
            waiting += [
                os.path.join(here, entry.name)  # noqa: PTH118
                for entry in self._entries(here)
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            ]

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        here = self._root / folder
        if not self._is_inside(here):
            return []
        try:
            with os.scandir(here) as entries:
                found = []
                for entry in entries:
                    self._left -= 1
                    if self._left < 0:
                        raise _TooManyError
                    found.append(entry)
                return found
        except OSError:
            return []


def repository_of(folder: Path) -> str:
    """The nearest folder around a project that Git takes for a repository; the project's folder where there is none."""
    real = Path(os.path.realpath(folder))
    for around in (real, *real.parents):
        if os.path.lexists(around / ".git"):
            return str(around)
    return str(real)
