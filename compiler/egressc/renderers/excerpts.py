"""The line around a span as a terminal shows it: display widths, tabs, unprintable characters, clipping.

Nothing of a source reaches a terminal raw: control, format and surrogate characters are written as escapes, so a
document cannot move the cursor, change colours or reorder text.
"""

import unicodedata
from typing import NamedTuple

from egressc.source import Span

TAB_WIDTH = 4
# Characters of one line of a message: it quotes names as they stand, and a name may be megabytes of them.
PAGE = 4000

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ZERO_WIDTH = frozenset({"Mn", "Me"})


class Excerpt(NamedTuple):
    """One line, made safe, and where the marked part stands in it: columns from 0, in character cells."""

    text: str
    mark: int
    mark_width: int


def printable(text: str) -> str:
    """`text` with every character that a terminal would act on written as an escape; no more of it than a page."""
    if len(text) > PAGE:
        return printable(text[:PAGE]) + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_glyph(character)[0] for character in text)


def width_of(text: str) -> int:
    """How many character cells a text takes, made printable."""
    return sum(cell for _, cell in map(_glyph, text[:PAGE]))


def clipped(text: str, width: int) -> str:
    """`text` made printable in at most `width` character cells, the last of them an ellipsis where there is more."""
    shown: list[tuple[str, int]] = []
    used = 0
    for glyph, cell in map(_glyph, text[:PAGE]):
        if used + cell > width:
            while shown and used >= width:
                glyph, cell = shown.pop()
                used -= cell
            return "".join(glyph for glyph, _ in shown) + "…"
        shown.append((glyph, cell))
        used += cell
    return "".join(glyph for glyph, _ in shown)


def excerpt(span: Span, width: int) -> Excerpt:
    """The line where `span` starts, about `width` cells of it at most; a span that goes on is marked to the line's end.

    Works on a window around the span, so a line of many megabytes costs no more than a short one.
    """
    text = span.source.text
    _, column = span.source.position(span.start)
    line_start = span.start - column + 1
    window_start = max(line_start, span.start - width)
    window_end = text.find("\n", span.start, span.start + 2 * width)
    clipped_right = window_end == -1 and span.start + 2 * width < len(text)
    if window_end == -1:
        window_end = min(len(text), span.start + 2 * width)
    elif window_end > line_start and text[window_end - 1] == "\r":
        window_end -= 1

    cells = _lay_out(text[window_start:window_end])
    first = min(span.start - window_start, len(cells))
    last = max(first, min(span.end - window_start, len(cells)))
    start = 0
    if sum(cell for _, cell in cells) > width or window_start > line_start:
        start = _first_shown(cells, first, last, width)
    clipped_left = window_start > line_start or start > 0

    shown: list[str] = ["…"] if clipped_left else []
    used = mark = mark_end = len(shown)
    for index in range(start, len(cells)):
        glyph, cell = cells[index]
        if index < first:
            mark = used + cell
        if used + cell > width:
            clipped_right = True
            break
        shown.append(glyph)
        used += cell
        if index < last:
            mark_end = used
    if clipped_right:
        shown.append("…")
    return Excerpt("".join(shown).rstrip(), mark, max(1, mark_end - mark))


def _first_shown(cells: list[tuple[str, int]], first: int, last: int, width: int) -> int:
    """Index of the first cell to show, so that the span and what follows it get most of the room."""
    span_width = sum(cell for _, cell in cells[first:last])
    room = max(width // 4, min(width // 2, width - span_width - width // 4))
    start = first
    while start > 0 and room >= cells[start - 1][1]:
        start -= 1
        room -= cells[start][1]
    return start


def _lay_out(text: str) -> list[tuple[str, int]]:
    cells: list[tuple[str, int]] = []
    column = 0
    for character in text:
        if character == "\t":
            cell = TAB_WIDTH - column % TAB_WIDTH
            cells.append((" " * cell, cell))
        else:
            glyph, cell = _glyph(character)
            cells.append((glyph, cell))
        column += cell
    return cells


def _glyph(character: str) -> tuple[str, int]:
    if " " <= character <= "~":
        return character, 1
    category = unicodedata.category(character)
    if category in _ESCAPED:
        escape = character.encode("unicode_escape").decode("ascii")
        return escape, len(escape)
    if category in _ZERO_WIDTH:
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
