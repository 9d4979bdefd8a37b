"""Phrases that limit rows: to an environment, to some of the time, to what is planned or over.

The name of an environment is also an ordinary word ("staging area"): it limits alone or with a word such as "only".
"""

import re
from collections.abc import Iterable
from typing import Final

from egressc.model.vocabulary import AROUND, ENGLISH


def _any_of(words: Iterable[str]) -> str:
    longest_first = sorted({it.casefold() for it in words}, key=lambda it: (-len(it), it))
    return "(?:" + "|".join(re.escape(it).replace(r"\-", "[- ]?") for it in longest_first) + ")"


_END: Final = r"(?=\s*(?:[.,;:!?()\[\]/\u2013\u2014]|-\s|$))"
_KIND: Final = (
    "(?:[ -](?:account|cluster|deployment|env|environment|instance|landscape|region|site|stage|system|umgebung)s?)?"
)
_ENVIRONMENT: Final = (
    rf"(?:the |our )?{_any_of(ENGLISH['environments'])}{_KIND}"
    r"(?![\w-])(?! (?:areas?|tables?|zones?|buckets?|databases?|schemas?|data|runners?|results?|reports?)\b)"
)
_PRODUCTION: Final = rf"(?:the |our )?{_any_of(ENGLISH['production'])}{_KIND}(?![\w-])"
_NAMED: Final = rf"(?:the |our )?{_any_of(ENGLISH['places'])}{_KIND}(?![\w-])"
_REGION: Final = rf"(?:the |our )?{_any_of(ENGLISH['regions'])}{_KIND}(?![\w-])"
_PLACE: Final = rf"(?:{_ENVIRONMENT}|{_PRODUCTION}|{_NAMED}|{_REGION})"
_PLACES: Final = rf"{_PLACE}(?:(?:\s*[,/&+]\s*| and | or ){_PLACE})*"
_ONLY: Final = _any_of(ENGLISH["only"])
_USED: Final = "(?:used|open|opened|needed|required|valid|active|available|enabled|allowed)"
_IN: Final = r"(?:in|on|at|for|auf|f\u00fcr|en|para|pour|dans|sur)"
_TIME: Final = rf"(?:the |an? )?{_any_of(ENGLISH['times'])}(?!\w)"
_TIMES: Final = rf"(?:the |an? )?{_any_of(ENGLISH['times'] | ENGLISH['events'])}(?!\w)"
_STEP: Final = r"(?:release|version|quarter|sprint|iteration|milestone)s?"
# Wherever they are in a text.
_ANYWHERE: Final = (
    rf"(?<!not ){_ONLY} (?:in|on) {_ENVIRONMENT}|(?<!not ){_ONLY} (?:{_USED} )?(?:{_IN} )?{_PLACE}{_END}"
    rf"|(?:{_IN} )?{_PLACES}[ -]{_ONLY}(?!\w)|network only\b"
    r"|only (?:if|when|while|until|from|during|via|through|within|inside)\b"
    rf"|(?:never|not|except|excluding) (?:in|on|for|used in) (?:{_PRODUCTION}|{_ENVIRONMENT}{_END})"
    rf"|only (?:at|on|in|for|during|outside(?: of)?|before|after) {_TIMES}|{_TIMES} only\b"
    rf"|(?:in|from|with|by|as of) (?:the )?next {_STEP}{_END}|should go away\b"
)
_EMERGENCY: Final = (
    r"in (?:the )?(?:case|event) of (?:an? |the )?(?:disaster|emergency|failover|failure|fire|incident|outage)\b"
)
# What a remark begins with.
NOT_YET: Final = re.compile(
    r"not\s+(?:yet|approved|in production)\b|(?:in|under) (?:review|discussion|development|construction)\b|on hold\b"
    r"|needs? (?:approval|sign[ -]?off|review)\b|unused\b|in progress\b|no (?:longer|more)\b|target state\b"
    r"|not (?:started|live|needed|required|in use|used)\b"
    r"|to be (?:removed|decided|confirmed|defined|approved|dropped|closed|deleted|decommissioned|retired|replaced"
    r"|revoked|disabled|agreed|clarified|reviewed|shut|switched off)\b"
    r"|phase \d|testing only\b|temporarily\b|from (?:q[1-4]|20\d\d)\b"
    r"|(?:switched|turned) off\b|phased out\b|end of life\b|to[ -]do\b|coming soon\b|out of (?:scope|service|use)\b"
    r"|not (?:\w+ )?(?:yet|anymore)\b|not (?:in (?:prod|production|scope|place)|there|there yet)\b"
    rf"|{_ANYWHERE}|(?:in|on|for) {_ENVIRONMENT}{_END}|(?:the )?next (?:{_STEP}|week|month|year){_END}"
    r"|(?:if|when|where) (?:it is )?(?:enabled|configured|activated|needed|required|necessary)\W*$|on demand\W*$"
    r"|(?:from|as of|starting (?:from|with)) (?:the )?"
    r"(?:(?:release|version) ?\d|\d[\w.]* (?:release|version)\b|[\w. ]{1,30}\bonwards?\b)"
    rf"|{_EMERGENCY}|during {_TIMES}{_END}"
    rf"|(?:before|after|during) (?:the )?(?:migration|go[- ]?live|cut[- ]?over|switch[- ]?over|roll[- ]?out){_END}"
    r"|was (?:only )?(?:needed|used|required|necessary)\b|used to be\b|replaced (?:by|with)\b|legacy(?=\s*[,;:])"
    rf"|{_TIME}\W*$|on request\W*$|temporary\W*$|break[- ]glass\b"
    r"|(?:after|requires?|upon|subject to) (?:\w+ )?approval\b"
    rf"|once [\w ]+ed\W*$|(?:gone|broken)(?: since\b|{_END})|dead code{_END}|please (?:do not|don['\u2019]t)\b"
    rf"|(?:behind (?:a |the )?)?feature[- ](?:flag|toggle){_END}"
    rf"|(?:it |they )?(?:calls?|connects? to|push(?:es)? to) us{_END}"
)
_LIMITS: Final = re.compile(rf"(?<![\w-])(?:{_ANYWHERE})")
_ABOVE: Final = re.compile(
    rf"(?<![\w-])(?:{_ANYWHERE}|(?:plan|intend)(?:s|ed|ning|ing)? to\b|next (?:{_STEP}|week|month|year)\b|used to be\b"
    rf"|{_EMERGENCY}|none of (?:these|them) (?:is|are|exists?|works?)\b|yet{_END})"
)
_ALONE: Final = re.compile(rf"(?:{_ENVIRONMENT}(?:(?:\s*[,/&+]\s*| and | or ){_ENVIRONMENT})*|legacy)\W*")
_OCCASION: Final = rf"(?:the |an? )?{_any_of(ENGLISH['occasions'])}(?!\w)"
_UNTIL: Final = (
    r"(?:(?:till?|'til|until|before|by|as of|from|since|after) )?(?:the )?(?:end of )?(?:q[1-4]|h[12])(?:[ /-]?20\d\d)?"
    r"|till? (?:the |end |next |go[- ]?live|further |\d).*"
)
_NARROWS: Final = re.compile(
    rf"(?:(?:.* )?(?:{_IN}|during|in der|w\u00e4hrend|env|environment|stage|umgebung|entorno|environnement) )?"
    rf"(?:{_ENVIRONMENT}|{_PRODUCTION}|{_NAMED}|{_TIME}|{_OCCASION})"
    rf"\W*|(?:{_UNTIL}|legacy)\W*"
)
_IN_REGION: Final = re.compile(rf"(?:{_IN} )?{_REGION}\W*")
# In a text whose blanks are single.
_APART: Final = re.compile(r"[,;:/|+&\u2013\u2014]| - | (?:and|or|und|oder|et|ou|y|o) ")
_ROWS: Final = _any_of(ENGLISH["rows"])
_HEADING: Final = re.compile(
    rf"(?:[\d.]+\s+)?(?:(?:{_ROWS}\s+)*{_ENVIRONMENT}(?:\s+{_ROWS})*|{_any_of(AROUND['limiting'])})"
    r"(?:\s+(?:for |in )?[\d./-]+)?\W*|how to (?:fill|complete)\b.*"
)


def limit_in(plain: str) -> str:
    """A phrase that limits what a text in lower case says; empty without one."""
    found = _LIMITS.search(plain)
    return found[0] if found else ""


def limit_above(plain: str) -> str:
    """The same of a sentence right above a table."""
    found = _ABOVE.search(plain)
    return found[0] if found else ""


def is_limit(text: str) -> bool:
    """Whether a remark is the name of an environment and nothing else, or "legacy"."""
    return _ALONE.fullmatch(text.strip(" *_()[]").casefold()) is not None


def narrows(text: str) -> bool:
    """Whether text next to a name limits it to a place or a time: `Orders (Staging)`, `Orders (metrics in prod)`.

    Production limits here too. A number may follow: `(QA 2)`.
    """
    parts = _parts(text)
    return any(_NARROWS.fullmatch(it) or _NARROWS.fullmatch(it.rstrip("0123456789 -")) for it in parts)


def narrows_port(text: str) -> bool:
    """The same of text next to a port, where a region limits too; next to a name it says which one is meant."""
    return narrows(text) or any(map(_IN_REGION.fullmatch, _parts(text)))


def _parts(text: str) -> list[str]:
    return [it.strip(" *_()[].!?") for it in _APART.split(" ".join(text.casefold().split()))]


def is_limiting_heading(text: str) -> bool:
    """Whether a heading, taken whole, makes its rows doubtful: "Staging", "Ideas for 2028"."""
    return _HEADING.fullmatch(" ".join(text.casefold().split()).strip("*_ ")) is not None
