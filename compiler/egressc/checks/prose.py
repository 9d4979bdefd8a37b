"""Lines between the tables that say what rows should say: connections with arrows, words that allow or deny."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import unread_connections, unread_text
from egressc.lower.asks import read_ask
from egressc.lower.connections import ARROW
from egressc.model.policy import PolicySet
from egressc.model.requirements import Line, Requirements
from egressc.model.things import Thing
from egressc.resolve.names import Headings
from egressc.source import Located, Span
from egressc.tables.inline import Inline
from egressc.tables.table_lines import BULLET

# Words that allow, deny or limit; with the name of a service the line says something that no row may say.
_TELLS: Final = re.compile(
    r"(?<![\w-])(?:except|excluding|only|not allowed|not permitted|must not|cannot|never|denied|blocked|forbidden"
    r"|needs? nothing|needs? no|also needs?|also calls?|in addition|additionally|allowed to|permitted to|may reach"
    r"|may call|may connect|may use|also uses?|(?:does|do|is|are) not|no longer|any more|any longer|closed"
    r"|no (?:direct )?access"
    r"|planned|pending|deprecated|until)(?![\w-])",
    re.IGNORECASE,
)
# What follows the name on the right of an arrow: ports, a remark.
_TAIL: Final = re.compile(r"(?:(?<!\s)\s+)?(?:,|:(?=\s)|\(|\s-\s|\bon\b|\bover\b|\bvia\b).*$", re.DOTALL)
# A line above or below a table that takes its rows back, and a footnote that limits one.
_DENIES: Final = re.compile(
    r"(?<![\w-])(?:denied|not (?:allowed|permitted|approved|in production)|blocked|forbidden|prohibited|rejected"
    r"|planned)"
    r"(?![\w-])",
    re.IGNORECASE,
)
_FOOTNOTE: Final = re.compile(r"\s*(?:\[\^?[\w*]{1,10}\]:|[\u00b9\u00b2\u00b3\u2020\u2021\u2070-\u2079]|\\\*)\s*\S")
_LIMITS: Final = re.compile(r"(?<![\w-])(?:only|read.only|dropped|removed|unless|if|when)(?![\w-])", re.IGNORECASE)
_MOST_LINES: Final = 20_000
_LONGEST: Final = 2_000
_LONGEST_LEAD_IN: Final = 160


class Told(NamedTuple):
    """A line that connects two known names with an arrow."""

    line: Line
    source: str
    target: str


def check_prose(
    requirements: Requirements,
    find: Callable[[str], tuple[Thing, ...]],
    names: Iterable[str],
    policies: PolicySet,
    report: Report,
) -> None:
    """EG431 for lines whose arrows say what no row grants, EG432 for sentences that may allow, deny or limit.

    Args:
        find: what a name stands for.
        names: every name that a line may hold.
    """
    lines = list(dict.fromkeys(requirements.prose))[:_MOST_LINES]
    if not lines:
        return
    book = Headings(name for name in names if len(name) > 1)
    granted = {(service.name, it.destination.name) for service in policies.services for it in service.dependencies}
    lost: dict[int, list[Told]] = {}
    for line in lines:
        if len(line.text) > _LONGEST:
            continue
        arrows = list(_connections(line, find))
        if arrows:
            if not all(_is_granted(it, find, granted) for it in arrows):
                lost.setdefault(id(line.source), []).append(arrows[0])
        elif found := _telling(line, book):
            report.add(unread_text(Located(_text(line), _span(line)), *found))
    for told in lost.values():
        places = [_span(it.line) for it in told]
        report.add(unread_connections(Located(_text(told[0].line), places[0]), places[1:]))


def _telling(line: Line, book: Headings) -> tuple[str, str] | None:
    """The word of a line that allows, denies or limits, and what it says that of; None where it says no such thing."""
    text = line.said
    if (word := _TELLS.search(text)) and (held := book.names_in(_text(line))):
        return word[0], held[0]
    if _FOOTNOTE.match(line.text) and (word := _DENIES.search(text) or _TELLS.search(text) or _LIMITS.search(text)):
        return word[0], "a footnote"
    is_lead_in = text.rstrip(" *_").endswith(":") or "above" in text or "below" in text or "following" in text
    if is_lead_in and len(text) <= _LONGEST_LEAD_IN and (word := _DENIES.search(text)):
        return word[0], "a table"
    return None


def telling_lines(
    requirements: Requirements, find: Callable[[str], tuple[Thing, ...]], names: Iterable[str]
) -> Iterator[Line]:
    """The lines that connect two known names, hold two of them, or one and a word that allows or denies."""
    book = Headings(name for name in names if len(name) > 1)
    for line in list(dict.fromkeys(requirements.prose))[:_MOST_LINES]:
        if len(line.text) <= _LONGEST:
            held = book.names_in(_text(line))
            if len(held) > 1 or _telling(line, book) or any(_connections(line, find)):
                yield line


def _connections(line: Line, find: Callable[[str], tuple[Thing, ...]]) -> Iterator[Told]:
    """The pairs of known names that arrows of a line connect."""
    if not ARROW.search(line.text):
        return
    parts = ARROW.split(BULLET.sub("", _text(line), count=1))
    ends = [_known(part, find) for part in parts]
    for source, target in pairwise(ends):
        if source and target:
            yield Told(line, source, target)


def _known(part: str, find: Callable[[str], tuple[Thing, ...]]) -> str:
    for text in (part.strip(" .`*"), _TAIL.sub("", part).strip(" .`*")):
        name = read_ask(text).name
        if text and (find(text) or find(name)):
            return text if find(text) else name
    return ""


def _is_granted(told: Told, find: Callable[[str], tuple[Thing, ...]], granted: set[tuple[str, str]]) -> bool:
    return any((one.name, other.name) in granted for one in find(told.source) for other in find(told.target))


def _text(line: Line) -> str:
    return Inline(line.text.strip(), ()).text.replace("\n", " ")


def _span(line: Line) -> Span:
    said = line.text.strip()
    start = line.start + line.text.index(said)
    return Span(line.source, start, start + len(said))
