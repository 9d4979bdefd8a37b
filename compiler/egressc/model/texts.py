"""Texts of cells: how the items of lists are separated, and how phrases are compared."""

import re
from functools import lru_cache
from typing import Final

from egressc.model.vocabulary import ENGLISH
from egressc.source import Span

_NOTHING: Final = ENGLISH["none"]
# Everything between separators outside parentheses.
_ITEM: Final = re.compile(r"[^,;\n(]*(?:\((?:[^()]++|\([^()]*+\))*+\)[^,;\n(]*|\([^,;\n]*)*")


def says_nothing(text: str) -> bool:
    return text.lower() in _NOTHING


def split_list(text: str) -> list[str]:
    """The items of a list cell: by comma, semicolon or line break outside parentheses; none for "None".

    `[a, b]` is `a, b`.
    """
    if "(" not in text and ";" not in text and "\n" not in text and text[:1] != "[":
        if "," not in text:
            return [] if text.lower() in _NOTHING else [text]
        return [item for item in map(str.strip, text.split(",")) if item]
    return [text[start:end] for start, end in item_offsets(text)]


@lru_cache(maxsize=256)
def item_offsets(text: str) -> tuple[tuple[int, int], ...]:
    """Where the items of `split_list` stand in the text: start and end offsets, blanks around them left out."""
    if says_nothing(text):
        return ()
    found: list[tuple[int, int]] = []
    is_bracketed = text[:1] == "[" and text[-1:] == "]" and "[" not in text[1:]
    at, last = (1, len(text) - 1) if is_bracketed else (0, len(text))
    while at <= last:
        match = _ITEM.match(text, at, last)
        end = match.end() if match else last
        item = text[at:end]
        if stripped := item.strip():
            start = at + item.index(stripped)
            found.append((start, start + len(stripped)))
        at = end + 1
    return tuple(found)


def plain_phrase(text: str) -> str:
    """A phrase as phrases are compared: without the marks of Markdown, in one case, with single spaces."""
    text = text.replace("`", "").replace("**", "") if "`" in text or "**" in text else text
    return " ".join(text.casefold().split())


def place_of_name(name: str, cell: Span) -> Span:
    """Where the row of a cell says a name: the item that begins with it, the name alone, or else the cell itself.

    A row may say it in another cell than the one that asks, and by an alias.
    """
    text, words = cell.text, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for start, end in item_offsets(text):
        if words.match(text, start, end) and text[start + len(name) : end].lstrip()[:1] in ("", "(", ":"):
            return Span(cell.source, cell.start + start, cell.start + end)
    if found := words.search(text):
        return Span(cell.source, cell.start + found.start(), cell.start + found.end())
    line, column = cell.source.position(cell.start)
    first = cell.start - column + 1
    found = words.search(cell.source.line(line))
    return Span(cell.source, first + found.start(), first + found.end()) if found else cell
