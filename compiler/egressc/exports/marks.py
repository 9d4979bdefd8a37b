"""The first lines of exported files, which say what command wrote them, and where these files are found again.

A digest of the rest tells an edit by hand from an older export. A chart has its mark in its Chart.yaml, with a digest
of all its files.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from egressc.emit.entries import DIGEST_PREFIX
from egressc.exports.project import CHARTS_FOLDER
from egressc.exports.tools import TOOLS
from egressc.files.listing import list_folder
from egressc.files.reading import read_bounded
from egressc.model.release_kinds import RELEASE_KINDS

CHART_FOLDERS: Final = tuple(f"{CHARTS_FOLDER}/{it.chart}" for it in RELEASE_KINDS)

_DIGITS: Final = 12
_HEAD: Final = re.compile(
    r"# Written by `egressc export(?: (?P<tool>[a-z -]+))?`; [^\n]*\n"
    + re.escape(DIGEST_PREFIX)
    + r"(?P<digest>[0-9a-f]+)\n"
)
# What remains of it after a merge, or behind what a formatter adds.
_TRACE: Final = re.compile(r"^\ufeff?# Written by `egressc export(?: (?P<tool>[a-z -]+))?`;", re.MULTILINE)
_CONFLICT: Final = re.compile(r"^<{7} ", re.MULTILINE)
_SAID: Final = "edit the sources or the project file, not this file."
# Bytes that hold it.
_HEAD_SIZE: Final = 1024
_ABOUT_CHART: Final = "Chart.yaml"


class Mark(NamedTuple):
    """What the first lines of a file say: the key of its tool, empty for a chart; and the text below them.

    `digest` is empty if these lines are no longer as an export wrote them.
    """

    tool: str
    digest: str
    text: str

    @property
    def is_intact(self) -> bool:
        return self.digest == _digest(self.text)


def find_tools(folder: Path) -> list[str]:
    """The tools that something was exported for."""
    roots = {root for tool in TOOLS.values() for root in tool.folders}
    found: set[str] = set()
    for path in held_files(folder, roots):
        with suppress(OSError):
            mark = mark_of(read_bounded(str(path), _HEAD_SIZE).decode("utf-8", "replace"))
            found.add("" if mark is None else mark.tool)
    return [it for it in TOOLS if it in found]


def find_left_behind(folder: Path, environments: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """What is exported for no environment, in a folder that has one for each: where, and the tools that it is for.

    Without environments, the folder is that of the export: what others in it have was exported for some.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    own = environments or {root.partition("/")[0] for tool in TOOLS.values() for root in tool.folders}
    inner = sorted(it.name for it in folder.iterdir() if it.is_dir() and it.name not in own)
    for name in ("", *inner) if environments else inner:
        if tools := find_tools(folder / name):
            yield name, tools


def held_files(folder: Path, roots: Collection[str]) -> list[Path]:
    """The files in a folder and below some folders in it, without hidden files and folders and symbolic links."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    below = [it for root in roots if not (folder / root).is_symlink() for it in list_folder(folder / root).files]
    found = [*(it for it in folder.iterdir() if it.is_file() and not it.is_symlink()), *below]
    return [it for it in found if not any(part.startswith(".") for part in it.relative_to(folder).parts)]


def mark_of(text: str) -> Mark | None:
    """The mark of a file; None for a file that no export wrote. Line ends do not count."""
    text = text.replace("\r\n", "\n")
    if (head := _HEAD.match(text)) is not None:
        return Mark(head["tool"] or "", head["digest"], text[head.end() :])
    trace = _TRACE.search(text, 0, _HEAD_SIZE)
    return None if trace is None else Mark(trace["tool"] or "", "", text)


def has_conflict(text: str) -> bool:
    """Whether Git left both sides of a merge in a text: nothing is lost if an export writes it anew."""
    return _CONFLICT.search(text) is not None


def with_mark(tool: str, text: str) -> str:
    """A text as the file of a tool."""
    return _marked(f" {tool}", _digest(text), text)


def with_chart_mark(files: Mapping[str, str]) -> dict[str, str]:
    """The files of a chart by their path in it, as an export writes them."""
    return {**files, _ABOUT_CHART: _marked("", _digest(_whole(files)), files[_ABOUT_CHART])}


def is_intact_chart(files: Mapping[str, str]) -> bool | None:
    """Whether a chart is as an export wrote it; None where no export did."""
    mark = mark_of(files.get(_ABOUT_CHART, ""))
    if mark is None or mark.tool:
        return None
    return mark.digest == _digest(_whole({**files, _ABOUT_CHART: mark.text}))


def _marked(words: str, digest: str, text: str) -> str:
    return f"# Written by `egressc export{words}`; {_SAID}\n{DIGEST_PREFIX}{digest}\n{text}"


def _whole(files: Mapping[str, str]) -> str:
    return "".join(f"{name}\n{files[name]}" for name in sorted(files)).replace("\r\n", "\n")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGITS]
