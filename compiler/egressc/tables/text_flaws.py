"""Flaws of a whole text: characters that nobody sees, and that make two equal-looking names differ or a text read
backwards; line ends of old; an unfinished merge.
"""

import re
import unicodedata
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import invisible_character, lone_carriage_return, unmerged_source
from egressc.source import Source, Span

# Controls but for tab and line ends, soft hyphen, zero-width blanks, directions, line and paragraph separators, lone
# surrogates, byte order marks, tags, noncharacters. The joiners U+200C and U+200D are spelling in scripts and emoji.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Marks of a merge that nobody finished: both sides are in the text, and both would be read.
_OURS: Final = re.compile(r"^<{7} .*$", re.MULTILINE)
_THEIRS: Final = re.compile(r"^>{7} ", re.MULTILINE)


def report_invisible(place: Span, text: str, report: Report) -> bool:
    """EG103 for the first such character of a place, and whether there is one.

    `text` is what the place says for a reader, for an entity may name such a character too.
    """
    found = INVISIBLE.search(place.source.text, place.start, place.end)
    if found is not None:
        place = Span(place.source, found.start(), found.end())
    elif (found := INVISIBLE.search(text)) is None:
        return False
    report.add(invisible_character(place, found.group(), unicodedata.name(found.group(), "")))
    return True


def report_lone_carriage_return(source: Source, report: Report) -> None:
    """EG104 where a line ends in CR alone: what follows would silently belong to the line before."""
    text = source.text
    if text.count("\r") == text.count("\r\n"):
        return
    at = text.index("\r")
    while text.startswith("\r\n", at):
        at = text.index("\r", at + 1)
    report.add(lone_carriage_return(Span(source, at, at + 1)))


def report_merge_marks(source: Source, report: Report) -> bool:
    """EG108 at the first conflict of a text, and whether there is one."""
    if "<<<<<<< " not in source.text:
        return False
    ours = _OURS.search(source.text)
    if ours is None or _THEIRS.search(source.text, ours.end()) is None:
        return False
    report.add(unmerged_source(Span(source, ours.start(), ours.end())))
    return True
