"""Words of headings that make the rows below them doubtful."""

import re
from typing import Final

from egressc.lower.verdicts import DENIED, NO, ORDERS, PAST, PENDING
from egressc.lower.vocabulary import AROUND

_WORD: Final = re.compile(r"[^\s,;:.!?/()\u2013\u2014]+")
# Postures of a whole platform: what is listed below them is what they let through.
_POSTURE: Final = re.compile(r"default[- ]deny|deny[- ]by[- ]default|deny[- ]all|no[- ]trust", re.IGNORECASE)
_IN_HEADINGS: Final = (NO - {"n"}) | DENIED | ORDERS | PENDING | AROUND["doubtful"]


def denying_word(heading: str, names: tuple[str, ...] = ()) -> str:
    """The word of the heading right above a table that makes its rows doubtful; empty without one.

    `names`: what it names, which may hold such a word.
    """
    for name in names:
        heading = heading.replace(name, " ")
    return next((it for it in _WORD.findall(_POSTURE.sub(" ", heading)) if it.casefold() in _IN_HEADINGS), "")


def outer_denying_word(heading: str) -> str:
    """The same of a heading further up, which may be the title of the whole document: only what is clear."""
    clear = DENIED | PAST
    return next((it for it in _WORD.findall(heading) if it.casefold() in clear), "")
