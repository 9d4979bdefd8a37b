"""Block quotes and list items of Markdown: how much of a line belongs to them, and where the rest begins.

Source: CommonMark 0.31.2, "Container blocks" and "Tabs" (tab stops of four columns).
"""

import re
from typing import Final

_BLANKS: Final = re.compile(r"[ \t]*+")
_MARKER: Final = re.compile(r"[-+*]|([0-9]{1,9})[.)]")


class Cursor:
    """A place in one line, by offset and by column: a tab may be used up in part."""

    __slots__ = ("_text_at", "_text_column", "at", "column", "line")

    def __init__(self, line: str) -> None:
        self.line = line
        self.at = 0
        self.column = 0
        self._text_at = -1
        self._text_column = 0

    def indent(self) -> int:
        """Columns of blanks before the next character."""
        self.text_start()
        return self._text_column - self.column

    @property
    def rest(self) -> str:
        """From the next character that is no blank."""
        return self.line[self.text_start() :]

    def is_blank(self) -> bool:
        """Whether nothing but blanks is left."""
        return self.text_start() == len(self.line)

    def skip(self, columns: int) -> None:
        """Over this many columns of blanks, or all there are."""
        while columns > 0 and self.at < len(self.line) and self.line[self.at] in " \t":
            width = 1 if self.line[self.at] == " " else 4 - self.column % 4
            used = min(width, columns)
            self.column += used
            columns -= used
            if used == width:
                self.at += 1

    def skip_text(self, characters: int) -> None:
        """Over the blanks before the next text, and this many characters of it."""
        self.at = self.text_start() + characters
        self.column = self._text_column + characters

    def text_start(self) -> int:
        """Offset of the next character that is no blank; looked for once, however many containers ask."""
        if self._text_at < self.at:
            blanks = _BLANKS.match(self.line, self.at)
            assert blanks is not None
            column = self.column
            if "\t" in blanks[0]:
                for char in blanks[0]:
                    column += 1 if char == " " else 4 - column % 4
            else:
                column += len(blanks[0])
            self._text_at, self._text_column = blanks.end(), column
        return self._text_at


class Container:
    """A block quote (`indent` None), or a list item whose content stands `indent` columns to the right of the list."""

    __slots__ = ("has_content", "indent")

    def __init__(self, indent: int | None, *, has_content: bool) -> None:
        self.indent = indent
        self.has_content = has_content

    def continues(self, cursor: Cursor) -> bool:
        """Whether the line goes on inside; the cursor then stands behind what belongs to the container."""
        if self.indent is None:
            return enter_quote(cursor)
        if cursor.is_blank():
            return self.has_content
        if cursor.indent() < self.indent:
            return False
        cursor.skip(self.indent)
        return True


def enter_quote(cursor: Cursor) -> bool:
    """Past a `>` and the one blank that belongs to it."""
    if cursor.indent() > 3 or not cursor.rest.startswith(">"):
        return False
    cursor.skip_text(1)
    cursor.skip(1)
    return True


def enter_item(cursor: Cursor, *, in_paragraph: bool) -> Container | None:
    """Past a list marker. Directly under a paragraph only a filled item begins a list, and only 1 a numbered one."""
    rest = cursor.rest
    marker = _MARKER.match(rest)
    if marker is None or (len(rest) > marker.end() and rest[marker.end()] not in " \t"):
        return None
    is_empty = not rest[marker.end() :].strip(" \t")
    if in_paragraph and (is_empty or (marker[1] is not None and int(marker[1]) != 1)):
        return None
    before = cursor.indent()
    cursor.skip_text(marker.end())
    blanks = cursor.indent()
    # Five blanks and more: one belongs to the marker, the others begin indented code.
    width = 1 if is_empty or blanks > 4 else blanks
    cursor.skip(width)
    return Container(before + marker.end() + width, has_content=not is_empty)
