"""A folder of ours in which files wait for their place: `.values.egressc-1a2b3c4d/new`, beside a list of what is in it.

A killed run leaves it, and the next one removes it. The list is how that run knows what is ours: nothing else is
removed, wherever a person put it.
"""

import errno
import os
import re
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from egressc.files.folder import link_between, remove_empty
from egressc.files.reading import read_bounded

_LIST = "files"
_HEADER = "# egressc removes this folder, and of the files in new/ those that are listed here.\n"
_SUFFIX = re.compile(r"[a-z0-9_]{8}")  # what tempfile gives
_LONGEST_LIST = 2**26


class Staging:
    """One such folder, made in `parent` for files of these names. Raises OSError.

    `name`: of the folder that it is to replace; without one it serves the files of `parent` itself.
    """

    def __init__(self, parent: Path, files: Collection[str], *, name: str = "") -> None:
        if any("\n" in file for file in files):
            raise OSError(errno.EINVAL, "a file has a line break in its name", str(parent))
        self._folder = Path(tempfile.mkdtemp(prefix=_prefix(name), dir=parent))
        self.new = self._folder / "new"
        try:
            listed = _HEADER + "".join(f"{file}\n" for file in files)
            (self._folder / _LIST).write_text(listed, "utf-8", "surrogateescape")
            self.new.mkdir()
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove the files that are listed, and the folder, if nothing else is in it."""
        remove_leftover(self._folder)


def find_leftovers(parent: Path, *, name: str = "") -> list[Path]:
    """What killed runs may have left in `parent`, for `name` as above."""
    prefix = _prefix(name)
    entries = os.listdir(parent) if parent.is_dir() else ()  # noqa: PTH208  names are enough
    return [parent / it for it in entries if it.startswith(prefix) and _SUFFIX.fullmatch(it.removeprefix(prefix))]


def remove_leftover(folder: Path) -> None:
    """Remove a folder of ours, but for what is not on its list; what the system keeps, the next run tries again."""
    with suppress(OSError):
        _remove(folder)


def _prefix(name: str) -> str:
    return f".{name}.egressc-" if name else ".egressc-"


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        return
    try:
        listed = read_bounded(folder / _LIST, _LONGEST_LIST, follow=False).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        listed = ""
    if not listed.startswith(_HEADER[: len(listed)]):
        return
    new = folder / "new"
    if new.is_dir() and not new.is_symlink():
        names = listed.split("\n")[1:-1]
        for name in names:
            # A name that is cut off, or leads elsewhere, is none of ours.
            if not name.startswith("/") and ".." not in name.split("/") and link_between(new, new / name) is None:
                with suppress(FileNotFoundError, NotADirectoryError):
                    (new / name).unlink()
        remove_empty(new, names)
        new.rmdir()
    with suppress(FileNotFoundError):
        (folder / _LIST).unlink()
    folder.rmdir()
