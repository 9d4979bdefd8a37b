"""What a folder holds, without following symbolic links, and never more than people keep in one."""

import os
from pathlib import Path
from typing import Final, NamedTuple

# Files and folders below one folder; a repository with more is no repository of ours.
MOST_ENTRIES: Final = 200_000


class Listing(NamedTuple):
    """Regular files, sorted; `others` are links to folders, devices and the like. `is_cut`: there is more."""

    files: tuple[Path, ...]
    others: tuple[Path, ...]
    is_cut: bool = False


def list_folder(folder: Path) -> Listing:
    """Everything below a folder; a link to a file in it counts as a file, links to folders are not entered.

    A folder that cannot be listed is among the others, and a link that leads out of the folder.
    """
    root = os.path.realpath(folder)
    files: list[Path] = []
    others: list[Path] = []
    waiting = [folder]
    seen = 0
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_ENTRIES:
                        return Listing(tuple(sorted(files)), tuple(sorted(others)), is_cut=True)
                    path = here / entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        (files if _is_file(entry, root) else others).append(path)
        except OSError:
            others.append(here)
    return Listing(tuple(sorted(files)), tuple(sorted(others)))


def _is_file(entry: os.DirEntry[str], root: str) -> bool:
    """Whether it is a file of the folder, or a link to one; a link that leads in a circle is none."""
    try:
        return entry.is_file() and (not entry.is_symlink() or os.path.realpath(entry.path).startswith(f"{root}/"))
    except OSError:
        return False
