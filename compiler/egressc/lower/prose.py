"""Lines between the tables: what they connect with arrows, and the words in them that allow, deny or limit."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from egressc.lower.connections import ARROW
from egressc.lower.limits import is_limit, is_limiting_heading, limit_above
from egressc.lower.references import read_reference
from egressc.lower.verdicts import CellVerdict, heading_verdict, limiting_word, suspicious_word
from egressc.model.records import OF_FOOTNOTE, Footnote, Kind, ProseLine, TableAccount
from egressc.model.references import Reference, row_text
from egressc.model.texts import plain_phrase
from egressc.source import Located, Source, Span
from egressc.tables.footnotes import bare_mark, footnote_mark, is_item, marks_in
from egressc.tables.inline import Inline
from egressc.tables.table_lines import BULLET, Prose

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
_TABLE: Final = "a table"
_FOLLOWING: Final = re.compile("following|folgende|siguientes|suivant", re.IGNORECASE)
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


class LineReader:
    """Reads the lines of one source, whose tables have these records."""

    def __init__(self, source: Source, records: Sequence[TableAccount], phrases: Iterable[str]) -> None:
        """`phrases`: the texts whose meaning the project file gives."""
        self._source = source
        self._records = [record for record in records if record.kind is not None]
        self._starts = sorted(record.span.start for record in self._records)
        self._phrases = phrases

    def read(self, prose: Prose, judged: str) -> ProseLine:
        """What a line says; `judged` is the same with the words of other languages in English."""
        raw = prose.text[:_LONGEST]
        said = raw.strip()
        start = prose.start + raw.index(said)
        text, read = _plain(raw), _plain(judged[:_LONGEST] or raw)
        mark = footnote_mark(raw)
        about = above = _about(read, mark)
        if about is None and self._is_above(prose, len(raw)):
            above = _about(read, mark, is_above=True)
        tells = _TELLS.search(read)
        held = self._marked.get(bare_mark(mark), []) if mark and (above or tells) else []
        left = tuple(it for it in held if not any(plain_phrase(text) in self._settled for text in (it[0].value, it[1])))
        return ProseLine(
            Located(text, Span(self._source, start, start + len(said))),
            Span(self._source, prose.start, prose.start + len(prose.text.rstrip())),
            tuple(_ends(text)) if ARROW.search(raw) else (),
            tells[0] if tells else "",
            about,
            above,
            Footnote(mark, is_item(mark), bool(held), left) if mark else None,
            prose.is_code,
        )

    def _is_above(self, prose: Prose, length: int) -> bool:
        """Whether a line is in the paragraph right above a table."""
        at = bisect_left(self._starts, prose.start)
        if at == len(self._starts) or prose.is_code:
            return False
        between = self._source.text[prose.start + length : self._starts[at]]
        return len(between) <= _LONGEST and not _PARTED.search(between.rstrip())

    @cached_property
    def _settled(self) -> frozenset[str]:
        return frozenset(map(plain_phrase, self._phrases))

    @cached_property
    def _marked(self) -> dict[str, list[tuple[Located[str], str]]]:
        """The cells of rows that grant by their marks of footnotes, each with how the project file names its row."""
        held: dict[str, list[tuple[Located[str], str]]] = {}
        for record in self._records:
            for at, row in enumerate(record.rows):
                for index, cell in enumerate(row):
                    place = at * len(record.headers) + index if record.kind is Kind.GRID else at
                    span = Span(record.source, cell.start, cell.end)
                    for mark in marks_in(span.text) if place not in record.outcomes else ():
                        named = row_text(row)
                        held.setdefault(mark, []).append((Located(cell.text or named, span), named))
        return held


def _about(text: str, footnote: str, *, is_above: bool = False) -> tuple[str, str] | None:
    """The word of a line that denies or limits, and what it says that of where it names no service; None without."""
    if _OF_ALL.match(BULLET.sub("", text, count=1)) and (said := suspicious_word(text)):
        return said, _TABLE
    title = _TITLE_LEAD.sub("", text).rstrip(" .:")
    if len(text) <= _LONGEST_TITLE and heading_verdict(title) is not CellVerdict.BLANK:
        return text, _TABLE
    if footnote:
        note = _TITLE_LEAD.sub("", text)  # behind the mark, where a phrase such as "in staging" begins
        if (
            said := limiting_word(note)
            or suspicious_word(note)
            or (note if is_limit(note) and not is_item(footnote) else "")
        ):
            return said, OF_FOOTNOTE
    is_lead_in = text.rstrip(" *_").endswith(":") or "above" in text or "below" in text or _FOLLOWING.search(text)
    if _LETS_THROUGH.search(text) and not _NUMBERED.search(text):
        return None
    if is_lead_in and len(text) <= _LONGEST_LEAD_IN and (word := _DENIES.search(text)):
        return word[0], _TABLE
    if is_above and (said := text if is_limiting_heading(text) else limit_above(text.casefold())):
        return said, _TABLE
    if is_above or _OF_ROWS.search(text):
        word = _TELLS.search(text) or _LIMITS.search(text)
        if word is not None or (said := suspicious_word(text)):
            return word[0] if word else said, _TABLE
    return None


def _ends(text: str) -> Iterator[tuple[Reference, ...]]:
    """What stands between the arrows of a line: the names that each end may be, the likeliest first."""
    for part in ARROW.split(BULLET.sub("", text, count=1)):
        part = _EDGE_LABEL.sub("", part)
        node = _NODE.fullmatch(part.strip())
        names = (part.strip(" .`*"), _TAIL.sub("", part).strip(" .`*"), node[1] if node else "")
        yield tuple(read_reference(name) for name in names if name)


def _plain(text: str) -> str:
    """A line as a person reads it."""
    return Inline(text.strip(), ()).text.replace("\n", " ")
