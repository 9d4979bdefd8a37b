"""Footnotes below tables: the mark that a line begins with, and the lines that go on below it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from egressc.tables.table_lines import Prose

_MARK: Final = re.compile(
    r"\s*(?P<mark>\[\^[\w-]{1,40}\](?=:)|\[[\w*]{1,10}\](?=:)|[\u00a7\u00b9\u00b2\u00b3\u2020\u2021\u2070-\u2079]|\\\*+|<sup>[^<>]{1,10}</sup>):?\s*\S"
)


def footnote_mark(text: str) -> str:
    """The mark of the footnote that a line is; empty where it is none."""
    found = _MARK.match(text)
    return found["mark"] if found else ""


def join_footnotes(lines: Iterable[Prose], text: str) -> Iterator[Prose]:
    """The lines of a document, each footnote with those that go on below it; `text` is all of the document."""
    held: Prose | None = None
    for line in lines:
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


def _goes_on(footnote: Prose, line: Prose, text: str) -> bool:
    """Whether a line belongs to a footnote above it: directly below, or indented behind an empty line."""
    between = text[footnote.start + len(footnote.text) : line.start]
    is_near = not between.strip() and (between.count("\n") == 1 or between.endswith(("    ", "\t")))
    return is_near and not line.is_code and not footnote_mark(line.text)
