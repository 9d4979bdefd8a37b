"""What headings say of the rows below them: that they are denied or postponed, or that they are doubtful."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from egressc.diagnostics.columns import denied_table, pending_table
from egressc.diagnostics.core import Report
from egressc.lower.judgements import GRANTS, Holds, Judgement
from egressc.lower.limits import is_limiting_heading
from egressc.lower.verdicts import DENIED, NO, ORDERS, PAST, PENDING, POSTURE, CellVerdict, heading_verdict
from egressc.lower.wording import ALLOW, DENY, LEAVE_OUT, Wording
from egressc.model.requirements import JudgedHeading
from egressc.model.vocabulary import AROUND
from egressc.source import Located

_WORD: Final = re.compile(r"[^\s,;:.!?/()\u2013\u2014]+")
_NEGATED: Final = re.compile(r"cannot|mustnt|shouldnt|wont|cant|unable|neither|[a-z]+n['\u2019]t", re.IGNORECASE)
_IN_HEADINGS: Final = (NO - {"n"}) | DENIED | ORDERS | PENDING | AROUND["doubtful"]


_SIDES: Final = {
    "in": frozenset(("called", "callers", "clients", "consumers", "incoming", "inbound", "ingress", "inward")),
    "out": frozenset(("dependencies", "destinations", "egress", "outbound", "outgoing", "outward")),
}
_OF_SIDES: Final = frozenset().union(*_SIDES.values()) | {
    *("access", "allow", "allowed", "by", "call", "calls", "can", "connections", "flows", "from", "is", "it", "may"),
    *("needs", "network", "permitted", "policy", "reach", "reaches", "rules", "the", "this", "to", "traffic", "what"),
    *("service", "who"),
}


@lru_cache(maxsize=1 << 10)
def read_heading(heading: str) -> JudgedHeading:
    """What a heading says of rows, in English."""
    text = POSTURE.sub(lambda it: " " * len(it[0]), heading)
    words = ((it.start(), it[0]) for it in _WORD.finditer(text))
    doubts = tuple((at, word) for at, word in words if word.casefold() in _IN_HEADINGS or _NEGATED.fullmatch(word))
    if not doubts and is_limiting_heading(text):
        doubts = ((len(text) - len(text.lstrip()), text.strip()),)
    decides = heading if heading_verdict(heading) is not CellVerdict.BLANK else ""
    return JudgedHeading(heading, doubts, outer_denying_word(heading) or decides)


def heading_side(heading: str) -> str:
    """What a heading that names nothing says: "in", "out", or "either", as "Network access"; "" for any other."""
    words = {word.casefold() for word in _WORD.findall(heading)}
    sides = [side for side, said in _SIDES.items() if words & said]
    if not words or not words <= _OF_SIDES or len(sides) > 1:
        return ""
    return sides[0] if sides else "either"


def denying_word(heading: str) -> str:
    """The word of the heading right above a table that makes its rows doubtful; empty without one."""
    return next((word for _, word in read_heading(heading).doubts), "")


def outer_denying_word(heading: str) -> str:
    """The same of a heading further up, which may be the title of the whole document: only what is clear."""
    clear = DENIED | PAST | {"planned"}
    found = next((it for it in _WORD.findall(heading) if it.casefold() in clear), "")
    return found or (heading if is_limiting_heading(heading) else "")


def judge_headings(headings: Sequence[Located[str]], wording: Wording, report: Report) -> Judgement | None:
    """What the nearest heading that decides on all rows of a table says; None where none does. EG258, EG259.

    The project file decides on a heading as it does on a row.
    """
    for heading in reversed(headings):
        verdict, meaning = heading_verdict(wording.judged(heading.value)), wording.meaning_of(heading.value).casefold()
        if meaning == ALLOW:
            return GRANTS
        if meaning == LEAVE_OUT:
            return Judgement(Holds.PENDING, "left out by the project file")
        if meaning != DENY and verdict is CellVerdict.BLANK:
            continue
        word = denying_word(wording.judged(heading.value)) or heading.value
        if meaning == DENY or verdict is CellVerdict.DENY:
            report.add(denied_table(heading, word))
            return Judgement(Holds.DENIES, f'the heading says "{word}"')
        report.add(pending_table(heading, word))
        return Judgement(Holds.PENDING, f'the heading says "{word}"')
    return None
