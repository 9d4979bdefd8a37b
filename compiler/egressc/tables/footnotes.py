"""Footnotes below tables: the mark that a line begins with, and the lines that go on below it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from egressc.tables.table_lines import Prose

_SAID: Final = "(?:footnote|note|anmerkung|fu(?:\u00df|ss)note|hinweis|nota|remarque) "
_BEGINS: Final = re.compile(
    r"\s*(?:\*\*)?(?P<mark>\[\^?[\w*-]{1,40}\](?=:)|[\[(][\w*]{1,3}[\])](?=\s|\*\*)|\d{1,2}[.)](?=\s)"
    rf"|{_SAID}\w{{1,3}}(?=:)"
    r"|[\u00a7\u00b9\u00b2\u00b3\u2020\u2021\u2070-\u2079]+|\\?\*+(?=\s|\\)|<sup>[^<>]{1,10}</sup>):?\s*\S",
    re.IGNORECASE,
)
# Marks in cells, each as a whole; a star stands behind what it marks.
_MARKS: Final = re.compile(
    r"\[\^?[\w*-]{1,40}\]|\([\w*]{1,3}\)|[\u00b9\u00b2\u00b3\u2070-\u2079]++|[\u00a7\u2020\u2021]++|<sup>[^<>]{1,10}</sup>"
    rf"|(?:\\\*)++|(?<=\w)\*+(?=\s*$)|\b{_SAID}\w{{1,3}}\b|(?<!\S)\d{{1,2}}\)",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"(?:\d{1,2}[.)]|(?<!\S)\*)[ \t]+$")
_ARROW: Final = re.compile(r"[-=\u2013\u2014]>|[\u2192\u21d2\u27f6\u279c\u2794]")
_LONGEST: Final = 1_000  # of what goes on
_NOTE: Final = re.compile(_SAID, re.IGNORECASE)


def footnote_mark(text: str) -> str:
    """The mark of the footnote that a line is, as it stands; empty where it is none."""
    found = _BEGINS.match(text)
    return found["mark"] if found else ""


def marks_in(text: str) -> set[str]:
    """The bare marks of footnotes that a text has."""
    return {bare_mark(found) for found in _MARKS.findall(text)}


def is_item(mark: str) -> bool:
    """Whether a mark may be that of an item of a list: `1.`, `2)`, `*`."""
    return mark[-1:] in (".", ")", "*") and mark[:1] not in ("(", "\\")


def bare_mark(mark: str) -> str:
    """A mark without brackets: `[1]`, `(1)`, `note 1` and a raised 1 are one."""
    bare = _NOTE.sub("", re.sub(r"</?sup>", "", mark)).strip("[]().^\\").replace("\\", "")
    return unicodedata.normalize("NFKC", bare).casefold()


def join_footnotes(lines: Iterable[Prose], text: str) -> Iterator[Prose]:
    """The lines of a document, each footnote with those that go on below it; `text` is all of the document."""
    held: Prose | None = None
    for line in lines:
        line = _with_number(line, text)
        if held is not None and _goes_on(held, line, text):
            held = held._replace(text=text[held.start : line.start + len(line.text)])
            continue
        if held is not None:
            yield held
        held = line if not line.is_code and footnote_mark(line.text) else None
        if held is None:
            yield line
    if held is not None:
        yield held


def _with_number(line: Prose, text: str) -> Prose:
    """A line with the number or the star that makes it an item of a list."""
    before = text[text.rfind("\n", 0, line.start) + 1 : line.start]
    item = None if line.is_code else _ITEM.search(before)
    return line._replace(start=line.start - len(item[0]), text=item[0] + line.text) if item else line


def _goes_on(footnote: Prose, line: Prose, text: str) -> bool:
    """Whether a line belongs to a footnote above it: directly below, or indented behind an empty line.

    A connection says something of its own.
    """
    between = text[footnote.start + len(footnote.text) : line.start]
    is_near = not between.strip() and (between.count("\n") == 1 or between.endswith(("    ", "\t")))
    goes_on = is_near and not line.is_code and not footnote_mark(line.text) and not _ARROW.search(line.text)
    return goes_on and len(footnote.text) < _LONGEST
