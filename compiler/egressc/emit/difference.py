"""How the generated part of a file differs from what the sources give: the first place, and a unified diff to show."""

from dataclasses import dataclass
from difflib import unified_diff

from egressc.emit.entries import DIGEST_PREFIX
from egressc.source import Source, Span

_CONTEXT = 3
# A diff is there to recognise a change, not to replay it, and difflib's time grows with the square of what it compares.
_SHOWN = 40
_COMPARED = 400


@dataclass(frozen=True, slots=True)
class TextDifference:
    """`first`: the first line of the file that differs, or its last line; `text`: no more than a screen."""

    first: Span
    text: str


def compare(file: Source, end: int, new: str) -> TextDifference:
    """Compare a file up to an offset with the text that should stand there; digest lines and line ends do not count."""
    old_lines, starts = _lines(file.text[:end])
    new_lines, _ = _lines(new)
    shortest = min(len(old_lines), len(new_lines))
    before = 0
    while before < shortest and old_lines[before] == new_lines[before]:
        before += 1
    after = 0
    while after < shortest - before and old_lines[-1 - after] == new_lines[-1 - after]:
        after += 1
    at = min(before, len(old_lines) - 1)
    lines = _diff(_window(old_lines, before, after), _window(new_lines, before, after))
    if len(lines) > _SHOWN:
        lines = [*lines[:_SHOWN], "..."]
    return TextDifference(Span(file, starts[at], starts[at] + len(old_lines[at])), "\n".join(lines))


def _lines(text: str) -> tuple[list[str], list[int]]:
    """Lines without their ends and the offset of each, without empty and digest lines."""
    lines: list[str] = []
    starts: list[int] = []
    start = 0
    for line in text.removesuffix("\n").split("\n"):
        plain = line.removeprefix("\ufeff").removesuffix("\r")
        if plain and not plain.lstrip(" ").startswith(DIGEST_PREFIX):
            lines.append(plain)
            starts.append(start)
        start += len(line) + 1
    return lines or [""], starts or [0]


def _window(lines: list[str], before: int, after: int) -> list[str]:
    first = max(before - _CONTEXT, 0)
    last = min(len(lines) - after + _CONTEXT, len(lines))
    return lines[first : min(last, first + _COMPARED)]


def _diff(old: list[str], new: list[str]) -> list[str]:
    # Without the head, which names two files, and without numbers, which would count from the window's start.
    found = list(unified_diff(old, new, n=_CONTEXT, lineterm=""))[2:]
    return ["@@" if line.startswith("@@") else line for line in found]
