"""Words that cells use in place of names and numbers."""

import re
from typing import Final

from egressc.model.vocabulary import ENGLISH

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
