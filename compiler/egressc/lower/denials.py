"""Words that say of rows that they do not hold: in a column of states, or in the heading above a table."""

import re
from collections.abc import Iterable
from typing import Final

from egressc.lower.words import without_mark

_PAST: Final = frozenset(
    {
        *("denied", "disallowed", "forbidden", "prohibited", "blocked", "rejected", "declined", "refused", "revoked"),
        *(
            "deprecated",
            "removed",
            "deleted",
            "retired",
            "decommissioned",
            "expired",
            "obsolete",
            "superseded",
            "former",
        ),
    }
)
# Words of a status that say that something is not, not yet or no longer there.
DENIALS: Final = _PAST | {
    *("not", "no", "never", "deny", "denies", "unapproved", "planned", "plan", "proposed", "proposal", "requested"),
    *("request", "pending", "draft", "awaiting", "waiting", "future", "todo", "tbd", "wip", "disabled", "inactive"),
    *("suspended", "cancelled", "canceled", "eol", "sunset", "formerly", "review"),
    *("\u2717", "\u2718", "\u274c", "\u2716", "\U0001f6ab", ":x:"),
}
# A heading may also say that its rows are about what is past, or about others than the one that it names.
_IN_HEADINGS: Final = DENIALS | {
    *("changes", "changed", "changelog", "history", "old", "outdated"),
    *("except", "excluding", "excluded", "without", "but", "other", "others"),
}
_WORD: Final = re.compile(r"[^\s,;:.!?/()\u2013\u2014]+")
# Postures of a whole platform: what is listed below them is what they let through.
_POSTURE: Final = re.compile(r"default[- ]deny|deny[- ]by[- ]default|deny[- ]all|no[- ]trust", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; a variation selector (U+FE0F) only chooses how a sign looks."""
    return re.findall(r"[^\s,;.!/()]+", without_mark(text).replace("\ufe0f", "").casefold())


def denying_word(heading: str, names: Iterable[str] = ()) -> str:
    """The word of the heading right above a table that makes its rows doubtful; empty without one.

    `names`: what it names, which may hold such a word.
    """
    for name in names:
        heading = heading.replace(name, " ")
    return next((it for it in _WORD.findall(_POSTURE.sub(" ", heading)) if it.casefold() in _IN_HEADINGS), "")


def outer_denying_word(heading: str) -> str:
    """The same of a heading further up, which may be the title of the whole document: only what is clear."""
    return next((it for it in _WORD.findall(heading) if it.casefold() in _PAST), "")
