"""Lines between the tables that say what rows should say: connections with arrows, words that allow or deny."""

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import limiting_footnote, unread_connections, unread_text
from egressc.lower.asks import read_ask
from egressc.lower.connections import ARROW
from egressc.lower.headings import row_text
from egressc.lower.verdicts import Verdict, heading_verdict, limiting_word, suspicious_word
from egressc.lower.wording import plain_phrase
from egressc.model.requirements import Kind, Line, Requirements
from egressc.model.things import Thing
from egressc.resolve.names import Headings
from egressc.resolve.resolution import Resolution
from egressc.source import Located, Span
from egressc.tables.footnotes import bare_mark, footnote_mark, is_item, marks_in
from egressc.tables.inline import Inline
from egressc.tables.table_lines import BULLET

# Words that allow, deny or limit; with the name of a service the line says something that no row may say.
_TELLS: Final = re.compile(
    r"(?<![\w-])(?:except|excluding|only|not allowed|not permitted|must not|cannot|never|denied|blocked|forbidden"
    r"|needs? nothing|(?:needs?|sends?|gets?|has|have|makes?|uses?) no|also needs?|also calls?|in addition"
    r"|additionally|allowed to|permitted to|may reach"
    r"|may call|may connect|may use|also uses?"
    r"|(?:does|do|did|is|are|can|may|shall|should|must|will) not|\w+n['\u2019]t"
    r"|not (?:for|from|to|by|via|in|on|at|through|directly|needed|required|used)|all but|apart from|other than|but not"
    r"|excluded|without|no longer|any more|any longer|closed"
    r"|no (?:direct )?access"
    r"|planned|pending|deprecated|until|revoked|denies|deny|drops?|rejected|refused|prohibited)(?![\w-])",
    re.IGNORECASE,
)
# What a sentence about a whole table begins with.
_OF_ALL: Final = re.compile(
    r"\W*(?:(?:all|the|these|those|every|none)(?: of)?(?: the| these)? (?:rows?|rules?|flows?|entries|connections?)"
    r"|status|rejected|denied|blocked|not allowed|not approved|deny rules)\b",
    re.IGNORECASE,
)
# What follows the name on the right of an arrow: ports, a remark.
_TAIL: Final = re.compile(r"(?:(?<!\s)\s+)?(?:,|:(?=\s)|\(|\s-\s|\bon\b|\bover\b|\bvia\b).*$", re.DOTALL)
# Of diagrams: `-->|TCP 5432| orders`, `db[(Orders DB)]`.
_EDGE_LABEL: Final = re.compile(r"^\s*\|[^|]*\|")
_NODE: Final = re.compile(r"\w+\s*[\[({]{1,2}\"?([^\[\](){}\"]+)\"?[\])}]{1,2}")
# A line above or below a table that takes its rows back, and a footnote that limits one.
_DENIES: Final = re.compile(
    r"(?<![\w-])(?:denied|not (?:allowed|permitted|approved|open|in production)|blocked|forbidden|prohibited|rejected"
    r"|planned)"
    r"(?![\w-])",
    re.IGNORECASE,
)
# Of a sentence about rows of a table, wherever it stands, and of the paragraph right above one.
_OF_ROWS: Final = re.compile(
    r"(?<![\w-])(?:rows?|lines?|entry|entries|zeilen?|eintr\u00e4ge|filas?|lignes?)(?![\w-])", re.IGNORECASE
)
_LIMITS: Final = re.compile(
    r"(?<![\w-])(?:exceptions?|without|ohne|sin|sans|sauf|au\u00dfer|salvo|excepto|must|not|retired|removed|withdrawn"
    r"|ausnahmen?|excepciones)(?![\w-])",
    re.IGNORECASE,
)
# A posture: the rows that follow are what it lets through.
_LETS_THROUGH: Final = re.compile(
    r"(?<![\w-])(?:only|except|other than|apart from|besides|but|unless)(?: for)?"
    r"(?: what| those| these| the| this| as| is| are)*"
    r" (?:following|below|listed|rows?|table|connections?|flows?|traffic)(?![\w-])"
    r"|default[- ]?(?:deny|drop|block|policy)|by default|everything else|anything else|all other",
    re.IGNORECASE,
)
# Rows by their numbers: whatever else such a sentence says, it is about these.
_NUMBERED: Final = re.compile(r"(?<![\w-])(?:rows?|lines?|zeilen?|filas?|lignes?)\s+(?:no\.?\s*)?\d", re.IGNORECASE)
_FOOTNOTE: Final = "a footnote"
_FOLLOWING: Final = re.compile("following|folgende|siguientes|suivant", re.IGNORECASE)
_MOST_LINES: Final = 20_000
_LONGEST: Final = 2_000
_PARTED: Final = re.compile(r"\n[>\s]*(?:\n|#)")  # an empty line, or a heading
_LONGEST_LEAD_IN: Final = 160
_LONGEST_TITLE: Final = 80
# What is in front of the words of a title: an item of a list, "Table 1:", "The following".
_TITLE_LEAD: Final = re.compile(
    r"^[\W\d_]*(?:(?:table|tabelle|tabla|tableau)\s+\d+\W*)?"
    r"(?:(?:the |all )?(?:following|folgende|siguientes|suivantes)\s+)?",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """A line that connects two known names with an arrow."""

    line: Line
    source: str
    target: str


def check_prose(requirements: Requirements, resolution: Resolution, phrases: Iterable[str], report: Report) -> None:
    """EG431 for lines whose arrows say what no row grants, EG432 for sentences that may allow, deny or limit.

    EG438 for footnotes that may limit rows.

    Args:
        phrases: the texts whose meaning the project file gives.
    """
    find = resolution.find
    lines = list(dict.fromkeys(requirements.prose))[:_MOST_LINES]
    if not lines:
        return
    book = Headings(name for name in resolution.names if len(name) > 1)
    services = resolution.policies.services
    granted = {(service.name, it.destination.name) for service in services for it in service.grants}
    settled = {plain_phrase(it) for it in phrases}
    rows = _MarkedRows(requirements)
    above = _table_starts(requirements)
    lost: dict[int, list[Told]] = {}
    for line in lines:
        line = line._replace(text=line.text[:_LONGEST], said=line.said[:_LONGEST])
        arrows = list(_connections(line, find))
        if arrows:
            missing = [it for it in arrows if not _is_granted(it, find, granted)]
            denied = None if missing or line.is_code else _telling(line, book)
            if denied is not None:
                report.add(unread_text(Located(_text(line), _span(line)), *denied))
            elif missing and line.is_code:
                report.add(unread_text(Located(_text(line), _span(line)), f"-> {missing[0].target}", missing[0].source))
            elif missing:
                lost.setdefault(id(line.source), []).append(missing[0])
        elif not line.is_code and (
            found := _telling(line, book, is_above=_is_above(line, above.get(line.source.name, ())))
        ):
            footnote = footnote_mark(line.text)
            if marked := rows.marked(line, footnote) if footnote else []:
                if left := [it for it in marked if not _is_settled(*it, settled)]:
                    report.add(limiting_footnote(Located(_text(line), _span(line)), found[0], footnote, left))
                continue
            if found[1] == _FOOTNOTE and is_item(footnote):
                continue  # of a list
            report.add(unread_text(Located(_text(line), _span(line)), *found))
    for told in lost.values():
        places = [_span(it.line) for it in told]
        report.add(unread_connections(Located(_text(told[0].line), places[0]), places[1:]))


def _telling(line: Line, book: Headings, *, is_above: bool = False) -> tuple[str, str] | None:
    """The word of a line that allows, denies or limits, and what it says that of; None where it says no such thing."""
    text = _text(line, line.said)
    if (word := _TELLS.search(text)) and (held := book.names_in(_text(line))):
        return word[0], held[0]
    if _OF_ALL.match(BULLET.sub("", text, count=1)) and (said := suspicious_word(text)):
        return said, "a table"
    if len(text) <= _LONGEST_TITLE and heading_verdict(_TITLE_LEAD.sub("", text).rstrip(" .:")) is not Verdict.BLANK:
        return text, "a table"
    if footnote_mark(line.text) and (said := limiting_word(text) or suspicious_word(text)):
        return said, _FOOTNOTE
    is_lead_in = text.rstrip(" *_").endswith(":") or "above" in text or "below" in text or _FOLLOWING.search(text)
    if _LETS_THROUGH.search(text) and not _NUMBERED.search(text):
        return None
    if is_lead_in and len(text) <= _LONGEST_LEAD_IN and (word := _DENIES.search(text)):
        return word[0], "a table"
    if is_above or _OF_ROWS.search(text):
        word = _TELLS.search(text) or _LIMITS.search(text)
        if word is not None or (said := suspicious_word(text)):
            return word[0] if word else said, "a table"
    return None


def _table_starts(requirements: Requirements) -> dict[str, list[int]]:
    """Where the tables that are read begin, by source, in order."""
    starts: dict[str, list[int]] = {}
    for record in requirements.records:
        if record.kind is not None:
            starts.setdefault(record.source.name, []).append(record.span.start)
    return {name: sorted(held) for name, held in starts.items()}


def _is_above(line: Line, starts: Sequence[int]) -> bool:
    """Whether a line is in the paragraph right above a table, by the offsets where those of its source begin."""
    at = bisect_left(starts, line.start)
    if at == len(starts) or line.is_code:
        return False
    between = line.source.text[line.start + len(line.text) : starts[at]]
    return len(between) <= _LONGEST and not _PARTED.search(between.rstrip())


class _MarkedRows:
    """The cells with marks of footnotes in rows that grant; looked for once, where any footnote tells."""

    def __init__(self, requirements: Requirements) -> None:
        self._requirements = requirements

    def marked(self, line: Line, mark: str) -> list[tuple[Located[str], str]]:
        """The marked cells of the document of a line, each with how the project file names its row."""
        return self._held.get((line.source.name, bare_mark(mark)), [])

    @cached_property
    def _held(self) -> dict[tuple[str, str], list[tuple[Located[str], str]]]:
        held: dict[tuple[str, str], list[tuple[Located[str], str]]] = {}
        for record in self._requirements.records:
            for at, row in enumerate(record.rows) if record.kind is not None else ():
                for index, cell in enumerate(row):
                    place = at * len(record.headers) + index if record.kind is Kind.GRID else at
                    span = Span(record.source, cell.start, cell.end)
                    for mark in marks_in(span.text) if place not in record.outcomes else ():
                        named = row_text(row)
                        marked = Located(cell.text or named, span), named
                        held.setdefault((record.source.name, mark), []).append(marked)
        return held


def _is_settled(cell: Located[str], row: str, settled: Container[str]) -> bool:
    return plain_phrase(cell.value) in settled or plain_phrase(row) in settled


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
    part = _EDGE_LABEL.sub("", part)
    node = _NODE.fullmatch(part.strip())
    for text in (part.strip(" .`*"), _TAIL.sub("", part).strip(" .`*"), node[1] if node else ""):
        name = read_ask(text).name
        if text and (find(text) or find(name)):
            return text if find(text) else name
    return ""


def _is_granted(told: Told, find: Callable[[str], tuple[Thing, ...]], granted: set[tuple[str, str]]) -> bool:
    return any((one.name, other.name) in granted for one in find(told.source) for other in find(told.target))


def _text(line: Line, said: str = "") -> str:
    """A line as a person reads it; `said` in place of its own text."""
    return Inline((said or line.text).strip(), ()).text.replace("\n", " ")


def _span(line: Line) -> Span:
    said = line.text.strip()
    start = line.start + line.text.index(said)
    return Span(line.source, start, start + len(said))
