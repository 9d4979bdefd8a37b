"""Words that say whether a row holds: verdicts of a column of their own, and words that deny or postpone elsewhere.

A cell is judged by its own words, whatever its header: a word that denies in a column of remarks denies all the same.
"""

import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from egressc.lower.limits import NOT_YET, limit_in
from egressc.lower.words import PLACEHOLDERS, without_mark
from egressc.model.texts import says_nothing
from egressc.model.vocabulary import AROUND, ENGLISH, LANGUAGE_WORDS

_YES: Final = ENGLISH["positive"]
_ALLOW: Final = ENGLISH["allow"]
NO: Final = ENGLISH["negative"]
DENIED: Final = ENGLISH["deny"]
_FOREIGN: Final = [
    word for words in LANGUAGE_WORDS.values() for it in ("deny", "pending") for word in words.get(it, ())
]
_FOREIGN_WORDS: Final = frozenset(_FOREIGN)
_FOREIGN_ALLOW: Final = {word for words in LANGUAGE_WORDS.values() for word in words["allow"]}
ORDERS: Final = ENGLISH["orders"]
PAST: Final = ENGLISH["past"]
PENDING: Final = PAST | ENGLISH["pending"]
_LIMITS: Final = ENGLISH["limits"]
LIMITING: Final = _LIMITS | PENDING | DENIED | ENGLISH["limiting"]
_NOT: Final = re.compile(
    r"(?:(?:is |are )?(?:no|not)|(?:is|are)n['\u2019]t)\s+(?:be\s+)?"
    r"(?:allowed|permitted|authori[sz]ed|granted|approved|accepted|yet|open|in use|used)\b"
)
_NO_ACCESS: Final = re.compile(
    r"no\s+(?:direct\s+)?(?:access|connections?|connectivity|egress|traffic|route)\b"
    r"|(?:must|shall|should|will|may|can|do|does)(?:\s+not|n['\u2019]t)\b|(?:won|can)['\u2019]t\b|cannot\b"
)
_BARE: Final = re.compile(r"(?:not (?:allowed|permitted|yet|approved)|no (?:access|egress|traffic|connections?))[.!]?")
# Where a word that denies or postpones is not the first of a cell: "rule removed", "FW drops this", "CISO: no".
_OF_ROW: Final = re.compile(
    r"(?:the |this )?"
    r"(?:(?:rule|flow|connection|traffic|port|firewall|fw)s?|(?:access|route|row)(?= (?:is|was|has|will)))"
    r"\s+(?:(?:is|was|are|has been|will be|gets|got|now)\s+){0,2}(?P<said>[\w-]+)\b"
    r"|(?P<who>\w[\w ]{0,40})[:=\u2013]\s*(?:no|nein|non)[.!]?$"
)
# "not approved" in any of the languages; the words that allow are those of all of them.
_NEGATED: Final = re.compile(
    r"(?:not|never|nicht|kein\w*|noch nicht|no|non|pas|pas encore|sin|sans|ohne|isn['\u2019]t|aren['\u2019]t)\s+"
    r"(?:\w+\s+)?(?:"
    + "|".join(sorted({re.escape(it) for it in _ALLOW if it.isalpha()} | {re.escape(it) for it in _FOREIGN_ALLOW}))
    + r"|aktiv|activ[eo]|actif|active|enabled|live|deployed|in use|zugriff|acceso|accès|access)\b"
)
_EVERYTHING: Final = re.compile(
    r"(?:(?:all|everything)(?: (?:outbound|outgoing|egress|network|internet))*(?: (?:connections?|traffic|access))?"
    r"(?: (?:is|are))? (?:denied|blocked|closed|forbidden|dropped)|(?:deny|block)[ -]all"
    r"|default[ -]deny|no egress(?: at all)?)\b"
)
# What may be in front of the words of a cell.
_OPENED: Final = re.compile(r"^[\s(\[*_>\"'\u2013\u2014-]+(?![\]\s]*\])")
# What makes "No" an answer and not the first word of a sentence.
_BREAK: Final = re.compile(r"\s*(?:[.,;:!?()\[\]/\u2013\u2014]|-\s|$)")
_WORD: Final = re.compile(r"[^\s,;:.!?/()\u2013\u2014]+")
_FIRST: Final = re.compile(r"[^\s,;:.!?/()\[\]\u2013\u2014]+|\[[ xX]?\]")
_UNTICKED: Final = re.compile(r"\[\s*\]\s*[^\s\[\]]*")
_CHECKED: Final = re.compile(r"\[[xX]\]\s*(?=[^\s\[\]])")

_BOXES: Final = str.maketrans(dict.fromkeys("\u2610\u2b1c\u25fb\u25a1\u25a2\U0001f532", "[ ]"))
_MARKS: Final = ENGLISH["marks"]
_BESIDE_TCP: Final = frozenset({"udp", "sctp", "quic", "h3", "dtls"})
_PROTOCOL_WORDS: Final = _BESIDE_TCP | ENGLISH["ofProtocols"]

SUSPICIOUS: Final = sorted(ENGLISH["suspicious"])
_SUSPICIOUS: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, SUSPICIOUS))})(?![\w-])")


# Postures of a whole platform: what is listed below them is what they let through.
POSTURE: Final = re.compile(r"default[- ]deny|deny[- ]by[- ]default|deny[- ]all|no[- ]trust", re.IGNORECASE)
_LEADING_ROWS: Final = re.compile(rf"^(?:(?:{'|'.join(map(re.escape, sorted(ENGLISH['rows'])))})\b[\s:\u2013-]*)+")
_HOLDING: Final = sorted(ENGLISH["inEffect"] | (_ALLOW - {"open", "opened"}) | _YES, key=lambda it: (-len(it), it))
_HELD: Final = rf"(?:{'|'.join(map(re.escape, _HOLDING))})"
# Words for what is in effect, and since when or by whom. Groups do not hold on to what they match: before Python 3.11.5
# a possessive group that has to go back within itself matches nothing (python/cpython#106052).
_IN_EFFECT: Final = re.compile(
    rf"{_HELD}(?:[\s,;/&+]+(?:and )?{_HELD})*(?:,?\s+(?:since|seit|by|durch|par|por)\s+[\w .@-]++)?"
    r"[\s(]*+[\d./-]*+\)?\.?"
)


class CellVerdict(Enum):
    """What a cell says of its row. BLANK: nothing at all. UNCLEAR: something else, or only in part."""

    ALLOW = auto()
    DENY = auto()
    PENDING = auto()
    BLANK = auto()
    UNCLEAR = auto()


@lru_cache(maxsize=1 << 12)
def read_verdict(text: str) -> CellVerdict:
    """What a cell in a column of verdicts says.

    An allowance with anything else beside it is unclear, for it may be a condition; a denial is one whatever its
    reason, unless it makes an exception.
    """
    plain = _plain(text)
    plain = _CHECKED.sub("", _UNTICKED.sub(" ", plain)).strip() if "[" in plain else plain
    words = _words(plain)
    if not words or (says_nothing(plain) and plain not in NO):
        return CellVerdict.BLANK
    if all(word in _YES or word in _ALLOW for word in words):
        return CellVerdict.ALLOW
    first, rest = words[0], words[1:]
    if NOT_YET.match(plain) or first in PENDING:
        return CellVerdict.PENDING
    if denial := _NOT.match(plain) or _NO_ACCESS.match(plain):
        rest = _words(plain[denial.end() :])
    is_no = first in NO and (not first.isalpha() or _BREAK.match(plain, plain.index(first) + len(first)) is not None)
    if denial or is_no or first in DENIED or first in ORDERS or _NEGATED.match(plain):
        return CellVerdict.UNCLEAR if _LIMITS.intersection(rest) or _ALLOW.intersection(rest) else CellVerdict.DENY
    return CellVerdict.UNCLEAR


@lru_cache(maxsize=1 << 12)
def is_verdict(text: str) -> bool:
    """Whether a cell is a verdict in words that say so under any header: "Allow", "BLOCKED", "denied by X"."""
    words = _words(_plain(text))
    return bool(words) and words[0] in _ALLOW | DENIED | ORDERS and read_verdict(text) is not CellVerdict.UNCLEAR


@lru_cache(maxsize=1 << 12)
def is_answer(text: str) -> bool:
    """Whether a cell is a bare yes or no, which says nothing without its question."""
    words = _words(_plain(text))
    return len(words) == 1 and (words[0] in _YES or words[0] in NO)


def begins_with_answer(text: str) -> bool:
    """Whether the first word of a cell is yes or no: "no, since May"."""
    words = _words(_plain(text))
    return bool(words) and (words[0] in _YES or words[0] in NO)


@lru_cache(maxsize=1 << 12)
def is_mark(text: str) -> bool:
    """The same, and marks that may be either: a cross, a digit of a truth value, a dot."""
    return is_answer(text) or is_verdict(text) or _plain(text) in _MARKS


def asks_for_denial(plain_header: str) -> bool:
    """Whether a header asks for what denies, so that "yes" below it does: "Disabled", "Not allowed", "Planned"."""
    words = _words(plain_header)
    if not _FOREIGN_WORDS.isdisjoint((plain_header, *words[:1])):
        return True
    return bool(words) and (
        words[0] in DENIED | ORDERS | PENDING | {"not", "restricted", "unused"}
        or plain_header.startswith("should fail")
    )


@lru_cache(maxsize=1 << 14)
def opening_verdict(text: str) -> CellVerdict:
    """What a cell of any other column says of its row: DENY or PENDING where it is, or opens with, such a word.

    UNCLEAR for a box without a tick.
    """
    if _UNTICKED.match(_plain(text)):
        return CellVerdict.UNCLEAR
    plain = _OPENED.sub("", _plain(text))
    if plain != "no" and says_nothing(plain):
        return CellVerdict.BLANK
    if (plain[:1] in NO and not plain[:1].isascii()) or plain.startswith((":x:", ":no_entry")):
        return CellVerdict.DENY
    plain = plain.replace("_", " ").replace("-", " ") if "_" in plain or "-" in plain else plain
    first = _FIRST.match(plain)
    if first is None:
        return CellVerdict.BLANK
    word = first[0]
    is_alone = _BREAK.match(plain, first.end()) is not None
    if NOT_YET.match(plain) or word in PENDING:
        return CellVerdict.PENDING
    if of_row := _OF_ROW.match(plain):
        said = of_row["said"]
        if said is None:
            return CellVerdict.BLANK if of_row["who"].strip() in AROUND["questions"] else CellVerdict.DENY
        if not (DENIED | ORDERS).isdisjoint((said, said.removesuffix("s"))):
            return CellVerdict.DENY
        if said in PENDING:
            return CellVerdict.PENDING
    if word in DENIED or _NOT.match(plain) or _NO_ACCESS.match(plain) or _NEGATED.match(plain):
        return CellVerdict.DENY
    if word in NO and (is_alone or not word.isascii()):
        return CellVerdict.DENY
    if word in ORDERS and _BREAK.match(plain, first.end()) is not None:
        return CellVerdict.DENY
    return CellVerdict.BLANK


@lru_cache(maxsize=1 << 12)
def is_bare(text: str) -> bool:
    """Whether a cell is such a word and nothing else: no name, where a name is expected."""
    plain = _plain(text).strip(" *_:")
    words = _words(plain)
    known = DENIED | PENDING | NO | ORDERS
    return bool(words) and (all(word in known for word in words) or _BARE.fullmatch(plain) is not None)


def denies_everything(text: str) -> bool:
    """Whether a cell that lists what a service needs says that nothing leaves it: "all denied", "deny all"."""
    return _EVERYTHING.match(_plain(text)) is not None


def limiting_word(text: str) -> str:
    """A word of a text in parentheses that limits what stands before it: `cache (planned)`; empty without one."""
    plain = _plain(text)
    words = [word.strip("?!") for word in _words(plain)]
    found = next((word for word in words if word in LIMITING), "")
    found = found or next((it for it in _FOREIGN if f" {it} " in f" {' '.join(words)} "), "")
    if plain in PLACEHOLDERS or says_nothing(plain):
        return text
    return found or limit_in(plain) or (text if opening_verdict(text) is not CellVerdict.BLANK else "")


@lru_cache(maxsize=1 << 14)
def suspicious_word(text: str) -> str:
    """A word that denies or postpones in the middle of a sentence; empty without one."""
    plain = _plain(text)
    found = _SUSPICIOUS.search(plain)
    return found[0] if found else limit_in(plain)


def is_in_effect(text: str) -> bool:
    """Whether a state says that a row holds and nothing else but since when or by whom: "live", "in use since May"."""
    plain = _plain(text)
    return _IN_EFFECT.fullmatch(plain) is not None and LIMITING.isdisjoint(_words(plain))


def heading_verdict(text: str) -> CellVerdict:
    """What a heading says of all rows below it: DENY or PENDING where it names them and such a word: "Denied flows"."""
    plain = _LEADING_ROWS.sub("", _plain(text))
    if POSTURE.search(plain):
        return CellVerdict.BLANK
    if NOT_YET.match(plain):
        return CellVerdict.PENDING
    phrase = _NOT.match(plain) or _NO_ACCESS.match(plain)
    words = _words(plain[phrase.end() :] if phrase else plain)
    said = [it for it in words if it not in ENGLISH["rows"] and not it.isdecimal()]
    # What must not be blocked is granted, and other sentences with both words are for people to judge.
    known = _ALLOW | ENGLISH["reaching"] if phrase else DENIED | PENDING
    if not known.issuperset(said) or not (said or phrase):
        return CellVerdict.BLANK
    return CellVerdict.PENDING if PENDING.intersection(said) else CellVerdict.DENY


def takes_rows_back(text: str) -> bool:
    """Whether a text alone in its row denies or postpones the rows below it: "Retired with the old pier"."""
    clear = DENIED | PAST | {"planned"}
    return (
        is_bare(text)
        or heading_verdict(text) is not CellVerdict.BLANK
        or opening_verdict(text) is not CellVerdict.BLANK
        or not clear.isdisjoint(_words(POSTURE.sub(" ", _plain(text))))
    )


def protocols_alone(text: str) -> str:
    """The text where it names protocols, one besides TCP among them, and nothing else; else empty."""
    words = set(_words(text.lower()))
    return text if words & _BESIDE_TCP and words <= _PROTOCOL_WORDS else ""


def may_hold_verdicts(words: str) -> bool:
    """Whether a text may hold a verdict, by its distinct words: one look at a table instead of one at each cell."""
    return any(word in words for word in _TELLING)


def _plain(text: str) -> str:
    """In lower case; a variation selector (U+FE0F) only chooses how a sign looks, and a box without a tick is "[ ]"."""
    plain = " ".join(without_mark(text).replace("\ufe0f", "").casefold().split())
    return plain if plain.isascii() else plain.translate(_BOXES)


def _words(plain: str) -> list[str]:
    return re.findall(r"\[x\]|[^\s,;.!/()]+", plain)


_TIED: Final = ENGLISH["environments"] | ENGLISH["production"] | ENGLISH["times"] | ENGLISH["events"]
# Every cell that is judged otherwise than BLANK holds one of these: short answers are looked up whole.
_TELLING: Final = (
    *sorted(DENIED | ORDERS | PENDING | {it for it in NO if not it.isalpha() or len(it) > 3}),
    *sorted(f" {it} " for it in ENGLISH["negations"] if it != "kein"),
    *sorted(ENGLISH["telling"]),
    *sorted({f" {it.split()[-1].split('-')[-1]} " for it in _TIED}),
    *sorted({f" {it.replace('-', '')} " for it in _TIED if "-" in it}),
)
