"""The lines of one Markdown table, and how pipes split them.

Source: GFM 0.29, "Tables (extension)".
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from egressc.source import Located

_DELIMITERS: Final = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
# What a list item begins with.
BULLET: Final = re.compile(r"\s*+(?:[-*+]|[0-9]{1,9}[.)])(?:\s*+\[[ xX]\])?\s++|\s*+\[[ xX]\]\s++|\s*+")
_FRONT_MATTER_KEY: Final = re.compile(r"[A-Za-z_][\w.-]*[ \t]*:(?:[ \t]|$)")
_SEPARATOR: Final = re.compile(r"(?<!\\)\|")


class Line(NamedTuple):
    """A line without its end and without what belongs to the block quotes and lists around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Prose(NamedTuple):
    """A line of text between the tables, with the headings that it stands under."""

    start: int
    text: str
    headings: tuple[Located[str], ...]
    is_code: bool = False


@dataclass(slots=True)
class TableLines:
    """A table not yet split into cells. A broken one is no table by Markdown's rules and only looks like it."""

    headings: tuple[Located[str], ...]
    header: Line
    delimiters: Line
    is_broken: bool
    rows: list[tuple[int, str]] = field(default_factory=list)


def is_delimiter_row(text: str) -> bool:
    """Whether a line is what stands under a header; one that begins with a dash and a blank begins a list."""
    return not text.startswith(("- ", "-\t")) and _DELIMITERS.match(text) is not None


def split_row(text: str) -> list[tuple[int, int]]:
    """Start and end of each cell of a trimmed row, blanks included; outer pipes and escaped ones separate nothing."""
    bounds = [found.start() for found in _SEPARATOR.finditer(text)]
    starts = [0, *(bound + 1 for bound in bounds)]
    cells = list(zip(starts, [*bounds, len(text)], strict=True))
    if cells[0][0] == cells[0][1]:
        del cells[0]
    if cells and cells[-1][0] == cells[-1][1]:
        del cells[-1]
    return cells


def front_matter_lines(lines: list[str]) -> int:
    """Lines of a YAML front matter: a first line `---`, keys without empty lines between them, and a closing `---`."""
    if lines[0].rstrip() not in ("---", "\ufeff---") or len(lines) < 3 or not _FRONT_MATTER_KEY.match(lines[1]):
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in ("---", "..."):
            return number
        if not line.strip():
            break
    return 0


def front_matter(text: str) -> list[Prose]:
    """The keys of a YAML front matter, each with its value, which may go on over lines."""
    lines = text.split("\n")
    found: list[Prose] = []
    at = len(lines[0]) + 1
    for line in lines[1 : max(front_matter_lines(lines) - 1, 1)]:
        if _FRONT_MATTER_KEY.match(line) or not found:
            found.append(Prose(at, line, ()))
        else:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{line}")
        at += len(line) + 1
    return found
