"""Words that cells use in place of names and numbers, and how lists are separated."""

import re
from functools import lru_cache
from typing import Final

from egressc.lower.vocabulary import ENGLISH

NOTHING: Final = ENGLISH["none"]
PLACEHOLDERS: Final = ENGLISH["placeholders"]
ANY: Final = ENGLISH["any"]
ANY_POD: Final = ENGLISH["anyPod"]
ANY_NAMESPACE: Final = ENGLISH["anyNamespace"]
INTERNET: Final = ENGLISH["internet"]
OVER_TCP: Final = ENGLISH["overTcp"]
OVER_UDP: Final = ENGLISH["overUdp"]
VAGUE: Final = ENGLISH["vague"]

# Footnote marks at the end of a word: raised digits, signs, numbers in brackets. A star by itself means "any".
_SIGNS: Final = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2020\u2021\u00a7"
_MARKS: Final = rf"(?<=[\w)\]])(?:\s?(?:[{_SIGNS}]|\[[0-9*{_SIGNS}]{{1,3}}\])|\*){{1,16}}+"
_MARKED_END: Final = re.compile(rf"{_MARKS}$")
_MARKED_WORD: Final = re.compile(rf"{_MARKS}(?=$|[\s,;&+/)])")

_APART: Final = str.maketrans(dict.fromkeys("0123456789|-_/.,;()`", " "))
_AROUND_WORDS: Final = ":!?*'\"[]{}<>"

# Everything between separators outside parentheses.
_ITEM = re.compile(r"[^,;\n(]*(?:\((?:[^()]++|\([^()]*+\))*+\)[^,;\n(]*|\([^,;\n]*)*")


def without_mark(text: str) -> str:
    """A name as it reads without the footnote mark at its end."""
    last = text[-1:]
    # Every mark ends in one of these, and looking for one takes as long as the rest of reading a name.
    return text if last.isascii() and last not in "*]\n" else _MARKED_END.sub("", text)


def blank_marks(text: str) -> str:
    """Blanks in place of the footnote marks at the end of each word, so that nothing else changes its place."""
    if text.isascii() and "*" not in text and "[" not in text:
        return text
    return _MARKED_WORD.sub(lambda found: " " * len(found[0]), text)


def distinct_words(text: str) -> str:
    """Every word of a text once, in lower case, between spaces, with and without the signs around it.

    A table of a fleet says few words, and often.
    """
    words = set(text.casefold().translate(_APART).split())
    return f" {' '.join(words | {word.strip(_AROUND_WORDS) for word in words})} "


def says_nothing(text: str) -> bool:
    return text.lower() in NOTHING


def split_list(text: str) -> list[str]:
    """The items of a list cell: by comma, semicolon or line break outside parentheses; none for "None".

    `[a, b]` is `a, b`.
    """
    if "(" not in text and ";" not in text and "\n" not in text and text[:1] != "[":
        if "," not in text:
            return [] if text.lower() in NOTHING else [text]
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
