"""The files of an export: how each says which command wrote it, and where they are found again."""

import re
from collections.abc import Collection
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from egressc.emit.values import DIGEST_PREFIX
from egressc.files.listing import list_folder
from egressc.files.reading import read_bounded
from egressc.handover.tools import TOOLS

_DIGITS: Final = 12
_HEAD: Final = re.compile(
    r"# Written by `egressc export (?P<tool>[a-z -]+)`; [^\r\n]*\r?\n"
    + re.escape(DIGEST_PREFIX)
    + r"(?P<digest>[0-9a-f]+)\r?\n"
)
_SAID: Final = "edit the sources or the project file, not this file."
# Bytes that hold it.
_HEAD_SIZE: Final = 256


class Mark(NamedTuple):
    """What the first lines of a file say: the key of its tool, and whether nobody changed it since."""

    tool: str
    is_intact: bool


def find_tools(folder: Path) -> list[str]:
    """The tools that something was exported for."""
    roots = {root for tool in TOOLS.values() for root in tool.folders}
    found: set[str] = set()
    for path in held_files(folder, roots):
        with suppress(OSError):
            found.add(mark_of(read_bounded(str(path), _HEAD_SIZE).decode("utf-8", "replace")).tool)
    return [it for it in TOOLS if it in found]


def held_files(folder: Path, roots: Collection[str]) -> list[Path]:
    """The files at the top of a folder and below some folders in it, none of them hidden, by no link."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    below = [it for root in roots if not (folder / root).is_symlink() for it in list_folder(folder / root).files]
    found = [*(it for it in folder.iterdir() if it.is_file() and not it.is_symlink()), *below]
    return [it for it in found if not any(part.startswith(".") for part in it.relative_to(folder).parts)]


def mark_of(text: str) -> Mark:
    """The mark of a file; of one that no export wrote, with an empty key."""
    head = _HEAD.match(text)
    return (
        Mark("", is_intact=False) if head is None else Mark(head["tool"], head["digest"] == _digest(text[head.end() :]))
    )


def with_mark(tool: str, text: str) -> str:
    """A text as the file of a tool."""
    return f"# Written by `egressc export {tool}`; {_SAID}\n{DIGEST_PREFIX}{_digest(text)}\n{text}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGITS]
