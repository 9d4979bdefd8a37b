"""Where text came from: sources, spans in them, and values that remember their span.

Offsets count Unicode code points from 0, end exclusive; lines and columns (from 1) exist only in reports.
"""

from bisect import bisect_right
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Source:
    """One text that was read: its name as reports show it, and its whole content.

    The name is the path as the user gave it, relative to the project where possible, with forward slashes.
    """

    __slots__ = ("_line_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._line_starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset; a line ends with LF, and a CR before it belongs to the line."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line end; empty past the last line."""
        starts = self._starts()
        if number > len(starts):
            return ""
        start = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def _starts(self) -> list[int]:
        # Lazy: a compile without diagnostics asks only for the lines that go into comments.
        if self._line_starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at != -1:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._line_starts = starts
        return self._line_starts


class Span(NamedTuple):
    """A stretch of one source: offsets from 0 in code points, end exclusive. Empty spans mark a place."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.source.position(self.start)[0]

    @property
    def order(self) -> tuple[str, int, int]:
        """What sorts places: by source, then from its beginning."""
        return self.source.name, self.start, self.end

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"


NOWHERE: Final = Span(Source("nowhere", ""), 0, 0)
"""For what no source says."""


class Located(NamedTuple, Generic[T]):
    """A value and the stretch of source that says it."""

    value: T
    span: Span
