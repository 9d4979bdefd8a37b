"""Which `*`, `_` and `~` of a Markdown text decorate it, and so are no part of what a person reads.

Source: CommonMark 0.31.2, "Emphasis and strong emphasis" and the appendix's "process emphasis"; GFM, "Strikethrough".
"""

import unicodedata
from collections.abc import Sequence


class Run:
    """A stretch of the scanned text and what remains of it for a reader; equal lengths map character by character."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text


class Delimiter:
    """One run of equal marks: whether it can open or close, by the characters on both sides of it."""

    __slots__ = ("can_close", "can_open", "char", "length", "run")

    def __init__(self, run: Run, before: str, after: str) -> None:
        self.run = run
        self.char = run.text[0]
        self.length = len(run.text)
        opens = not after.isspace() and (not _is_punctuation(after) or before.isspace() or _is_punctuation(before))
        closes = not before.isspace() and (not _is_punctuation(before) or after.isspace() or _is_punctuation(after))
        inside_word = self.char == "_" and opens and closes
        self.can_open = opens and (not inside_word or _is_punctuation(before))
        self.can_close = closes and (not inside_word or _is_punctuation(after))

    @property
    def kind(self) -> tuple[str, bool, int]:
        """Closers of one kind accept the same openers, so what one of them did not find, the next need not look for."""
        return self.char, self.can_open, self.length if self.char == "~" else self.length % 3

    def closes(self, opener: "Delimiter") -> bool:
        if opener.char != self.char:
            return False
        if self.char == "~":
            return opener.length == self.length
        both = self.can_open or opener.can_close
        return not both or self.length % 3 == 0 or (opener.length + self.length) % 3 != 0


def pair_delimiters(delimiters: Sequence[Delimiter]) -> tuple[int, int] | None:
    """Take the marks that decorate out of their runs; the first stretch that is struck out, if any."""
    openers: list[Delimiter] = []
    bottoms: dict[tuple[str, bool, int], int] = {}
    struck: tuple[int, int] | None = None
    for delimiter in delimiters:
        if delimiter.can_close:
            while delimiter.run.text:
                bottom = bottoms.get(delimiter.kind, 0)
                found = len(openers) - 1
                while found >= bottom and not delimiter.closes(openers[found]):
                    found -= 1
                if found < bottom:
                    bottoms[delimiter.kind] = len(openers)
                    break
                opener = openers[found]
                if delimiter.char == "~" and (struck is None or opener.run.start < struck[0]):
                    struck = opener.run.start, delimiter.run.end
                _take_marks(opener.run, delimiter.run, whole=delimiter.char == "~")
                del openers[found + 1 if opener.run.text else found :]
                for kind, height in bottoms.items():
                    bottoms[kind] = min(height, len(openers))
        if delimiter.can_open and delimiter.run.text:
            openers.append(delimiter)
    return struck


def _take_marks(opener: Run, closer: Run, *, whole: bool) -> None:
    used = len(closer.text) if whole else 2 if len(opener.text) > 1 and len(closer.text) > 1 else 1
    opener.text = opener.text[: len(opener.text) - used]
    opener.end -= used
    closer.text = closer.text[used:]
    closer.start += used


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
