"""What a project says that its documents mean: words of its language, and phrases to be read as something else.

All of it is a change of the text of cells before anything reads them: there is no second grammar.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.phrases import unused_phrase
from egressc.lower.words import distinct_words
from egressc.model.project import ReadAs, TableRules
from egressc.model.references import Written, row_text
from egressc.model.texts import item_offsets, plain_phrase
from egressc.model.vocabulary import ENGLISH, LANGUAGE_WORDS
from egressc.source import Located

LEAVE_OUT: Final = "leave out"
IGNORE: Final = "ignore"
AS_ABOVE: Final = "as above"
DENY_ALL: Final = "deny all"
ALLOW: Final = "allow"
DENY: Final = "deny"
_SPECIAL: Final = frozenset({LEAVE_OUT, IGNORE, AS_ABOVE, DENY_ALL, ALLOW, DENY})
# What each list of words stands for, in the words that cells are read by.
_MEANINGS: Final[Mapping[str, str]] = {
    "none": "None",
    "positive": "yes",
    "negative": "no",
    "allow": "allowed",
    "deny": "denied",
    "pending": "planned",
    "all": "All services",
    "as above": AS_ABOVE,
    "outbound": "outbound",
    "inbound": "inbound",
}
_DENYING: Final = (("deny", "denied"), ("pending", "planned"), ("negative", "no"))
# Repeats the cell above in every language.
_DITTO: Final = ENGLISH["as above"]


class _Judging(NamedTuple):
    """Words that deny or postpone, with what they stand for in English.

    A text with one of `words` matches `pattern`, holds one of `stems`, and has one of `telling` among its words.
    """

    words: Mapping[str, str]
    pattern: re.Pattern[str]
    stems: Sequence[str]
    telling: Collection[str]


class Wording:
    """Phrases of all tables, or of one table on top of them; letter case and spaces make no difference."""

    def __init__(self, rules: TableRules) -> None:
        held: dict[str, str] = {}
        for meaning, said in _MEANINGS.items():
            listed = [it for language in rules.languages for it in LANGUAGE_WORDS[language].get(meaning, ())]
            held.update({plain_phrase(word): said for word in (*listed, *rules.words.get(meaning, ()))})
        self._words = held
        self._phrases: dict[str, ReadAs] = {}
        self._met: set[str] = set()
        self._listed: list[ReadAs] = []
        self._judging = _judging(frozenset(held.items()))
        self._add(rules.read_as)

    def _add(self, phrases: Iterable[ReadAs]) -> None:
        for it in phrases:
            self._phrases[plain_phrase(it.phrase.value)] = it
            self._listed.append(it)

    def with_phrases(self, phrases: tuple[ReadAs, ...]) -> "Wording":
        """The same with phrases of one table; what is met there counts as met."""
        if not phrases:
            return self
        other = Wording.__new__(Wording)
        other._words, other._judging = self._words, self._judging
        other._phrases, other._listed, other._met = dict(self._phrases), [], self._met
        other._add(phrases)
        self._listed += other._listed
        return other

    @property
    def is_empty(self) -> bool:
        return not self._phrases and not self._words

    @property
    def has_phrases(self) -> bool:
        return bool(self._phrases)

    def may_repeat(self, text: str) -> bool:
        """Whether a text holds a word for "as above" at all."""
        lowered = text.casefold()
        return any(word in lowered for word in _DITTO)

    def read(self, text: str, *, is_list: bool = False) -> str:
        """What to read in place of a cell: as a whole, or each item of a list."""
        if (found := self._find(text)) is not None:
            return found
        if is_list and any(sign in text for sign in ",;\n"):
            items = [text[start:end] for start, end in item_offsets(text)]
            if any(self._find(item) is not None for item in items):
                said = [item if (it := self._find(item)) is None else it for item in items]
                return ", ".join(it for it in said if it not in (LEAVE_OUT, IGNORE))
        return text

    def may_judge(self, words: str) -> bool:
        """Whether a text may hold a word that `judged` changes, by its distinct words."""
        return any(word in words for word in self._judging.telling)

    def judged(self, text: str) -> str:
        """A text with the words of the project's languages in English, to look for what denies or postpones."""
        lowered = text.casefold()
        words, pattern, stems, _ = self._judging
        if not any(stem in lowered for stem in stems):
            return text
        return pattern.sub(lambda it: words[plain_phrase(it[0])], text)

    def settles(self, text: str) -> bool:
        """Whether the project file says how to read a text."""
        return plain_phrase(text) in self._phrases

    def meaning_of(self, text: str) -> str:
        """What a phrase of the project file stands for; empty where it lists no such phrase."""
        found = self._phrases.get(plain_phrase(text))
        if found is None:
            return ""
        self._met.add(plain_phrase(text))
        return found.meaning

    def decision_on(self, cells: Sequence[Written]) -> str | tuple[str, ...]:
        """What the project file says of a whole row: leave out, allow, deny, or its cells; empty for nothing."""
        if not self._phrases or len(cells) < 2:
            return ""
        plain = plain_phrase(row_text(cells))
        found = self._phrases.get(plain)
        meaning = found.meaning.strip() if found else ""
        read = tuple(it.strip() for it in meaning.split("|"))
        if len(read) != len(cells) and meaning.casefold() not in (LEAVE_OUT, ALLOW, DENY):
            return ""
        self._met.add(plain)
        return read if len(read) == len(cells) else meaning.casefold()

    def unused(self) -> Iterator[Diagnostic]:
        """EG225 for phrases that stand nowhere."""
        for it in self._listed:
            if plain_phrase(it.phrase.value) not in self._met:
                yield unused_phrase(Located(it.phrase.value, it.phrase.span))

    def _find(self, text: str) -> str | None:
        plain = plain_phrase(text)
        if (found := self._phrases.get(plain)) is not None:
            self._met.add(plain)
            meaning = found.meaning
            lowered = meaning.strip().casefold()
            return lowered if lowered in _SPECIAL else meaning
        if plain in _DITTO:
            return AS_ABOVE
        return self._words.get(plain)


@lru_cache(maxsize=8)
def _judging(own: frozenset[tuple[str, str]]) -> _Judging:
    """`own` are the words of the project's languages; projects without any share what is most of a small compile."""
    # What denies in any language does so whatever language the project names.
    denying = ((said, words.get(it, ())) for it, said in _DENYING for words in LANGUAGE_WORDS.values())
    words = {plain_phrase(word): said for said, words in denying for word in words} | dict(own)
    # Of a phrase the longest word, which is seldom in other texts.
    telling = {f" {max(distinct_words(word).split(), key=len)} " for word in words}
    return _Judging(words, _pattern(words), _stems(words), telling)


def _stems(words: Iterable[str]) -> list[str]:
    """Words that every text with one of `words` holds: those that do not go on from another one."""
    stems: list[str] = []
    for word in sorted(words):
        if not stems or not word.startswith(stems[-1]):
            stems.append(word)
    return stems


def _pattern(words: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda it: (-len(it), it))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
