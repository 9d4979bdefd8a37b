"""The headings around a place of a Markdown document, while its lines go by."""

from typing import Final

from egressc.source import Located, Source, Span
from egressc.tables.inline import Inline
from egressc.tables.links import link_definitions

# Characters of a heading that are read.
LONGEST_HEADING: Final = 10_000


class Outline:
    """The headings that are open, outermost first, as a person reads them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._open: list[tuple[int, Located[str]]] = []
        self._around: tuple[Located[str], ...] | None = None
        self._references: frozenset[str] | None = None

    @property
    def headings(self) -> tuple[Located[str], ...]:
        """The same tuple until the next heading: every row of a fleet refers to it."""
        if self._around is None:
            self._around = tuple(heading for _, heading in self._open)
        return self._around

    def add(self, level: int, start: int, end: int) -> None:
        """Open the heading between two offsets of the source; `level` is 1 for the outermost."""
        raw = self.source.text[start : min(end, start + LONGEST_HEADING)]
        if self._references is None and "[" in raw:
            self._references = link_definitions(self.source.text)
        text = Inline(raw, self._references or ()).text.replace("\n", " ")
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._around = None
        self._open.append((level, Located(text, Span(self.source, start, end))))
