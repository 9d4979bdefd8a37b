"""The book of names: what every name stands for, and which names are near one that stands for nothing."""

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from egressc.model.vocabulary import ENGLISH

_WORD = re.compile(r"\w+")
_RAISED = dict.fromkeys(map(ord, "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"), " ")
# What denies a name without a word: all but what joins words.
_SIGN = re.compile(r"""[^\w\s/.,()\[\]:'"&+@-]""")
_SEPARATORS = re.compile(r"[\s_/.-]+")
_SMALL = 500
_LONG = 64
_SOME = 50
_TELLING = 6
_WORDS = re.compile(r"[\w-]+")
_MOST_WORDS = 50
_LONGEST_RUN = 4


class Headings:
    """Finds names of services in headings, as whole words, the longest first; case counts."""

    def __init__(self, names: Iterable[str]) -> None:
        names = list(names)
        self._near = NearNames(names)
        self._by_first: dict[str, list[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for name in sorted(names, key=lambda it: (-len(it), it)):
            if first := _WORD.match(name):
                self._by_first.setdefault(first[0], []).append(name)

    def names_in(self, heading: str) -> tuple[str, ...]:
        """The names that a heading holds, each once, in order."""
        known = self._known.get(heading)
        if known is None:
            # A raised digit is a footnote mark and no part of a word.
            known = self._known[heading] = tuple(dict.fromkeys(name for _, name in self.places_in(heading)))
        return known

    def places_in(self, text: str) -> Iterator[tuple[int, str]]:
        """Every name that a text holds, with the offset where it begins."""
        return self._find(text.translate(_RAISED))

    def near_in(self, heading: str) -> tuple[str, str] | None:
        """What a heading that holds no name writes in place of one, and that name."""
        words = _WORDS.findall(heading)[:_MOST_WORDS]
        for length in range(_LONGEST_RUN, 0, -1):
            for at in range(len(words) - length + 1):
                written = " ".join(words[at : at + length])
                if found := self._near.slips(written):
                    return written, found[0]
        return None

    def _find(self, heading: str) -> Iterator[tuple[int, str]]:
        at = 0
        while word := _WORD.search(heading, at):
            at = word.end()
            if heading[word.start() - 1 : word.start()] in ("-", ".", "/"):
                continue
            for name in self._by_first.get(word[0], ()):
                end = word.start() + len(name)
                if heading.startswith(name, word.start()) and _ends_word(heading, end):
                    yield word.start(), name
                    at = end
                    break


def _ends_word(text: str, end: int) -> bool:
    """Whether a word ends here: `api` does not in `api-gateway`, and does in `api: rules`, `api.` and `api's`."""
    after = text[end : end + 2]
    return not after or not (after[0].isalnum() or after[0] == "_" or (after[0] in "-./" and after[1:].isalnum()))


class NearNames:
    """Names near a given one: equal but for case and separators, or one edit away; built when first asked.

    Every name is filed under its plain spelling and each spelling with one letter less: two names one edit apart
    share such a spelling. So a look-up does not compare with every name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._index: dict[str, set[str]] | None = None
        self._plain: dict[str, list[str]] = {}
        self._patience = 50  # looking at every name is for the few slips of a person

    def slips(self, written: str) -> list[str]:
        """Names that differ in case and separators alone or, among few and long enough to tell, in one letter."""
        if not self._plain:
            for known in self._names:
                self._plain.setdefault(_plain(known), []).append(known)
        plain = _plain(written)
        same = self._plain.get(plain, [])
        if same or len(plain) < _TELLING or len(self._names) > _SMALL:
            return same
        return sorted({it for spelling in _spellings(written) for it in self._indexed().get(spelling, ())})

    def _indexed(self) -> dict[str, set[str]]:
        if self._index is None:
            self._index = {}
            for known in self._names:
                for spelling in _spellings(known):
                    self._index.setdefault(spelling, set()).add(known)
        return self._index

    def near(self, name: str) -> list[str]:
        """At most three, the nearest first; none that more words turn into something else: "no Redis"."""
        return [it for it in self._find_near(name) if not turns(name, it)]

    def _find_near(self, name: str) -> list[str]:
        index = self._indexed()
        found = {it for spelling in _spellings(name) for it in index.get(spelling, ())} - {name}
        if not found and len(self._names) <= _SMALL and self._patience:
            self._patience -= 1
            near = difflib.get_close_matches(name[:_LONG], self._names, cutoff=0.7)
            # An intranet is no slip for all of the Internet.
            return [it for it in near if it.casefold() not in ENGLISH["internet"]]
        plain = _plain(name)
        return sorted(found, key=lambda it: (_plain(it) != plain, -_shared(it, name), it))[:3]


def runs_of_words(name: str) -> list[str]:
    """The shorter texts that a name holds, some fifty at most: "PostgreSQL database" holds "PostgreSQL"."""
    words = name.replace("/", " ").split()
    runs = (" ".join(words[at:end]) for at in range(len(words)) for end in range(len(words), at, -1))
    return [run for run in islice(runs, _SOME) if run != name]


def turns(written: str, name: str) -> bool:
    """Whether a text holds a name, and words or signs beside it that may deny it: all but a few that say its kind."""
    said, words = _WORD.findall(written.casefold()), _WORD.findall(name.casefold())
    at = next((at for at in range(len(said)) if words and said[at : at + len(words)] == words), None)
    if at is None or len(written) == len(name):
        return False
    rest = [*said[:at], *said[at + len(words) :]]
    if "/" in written and len(rest) == 1 and rest[0] not in ENGLISH["negations"]:
        return False  # two names of one thing: "PG / PostgreSQL"
    is_kind = all(it in ENGLISH["kindsOfThing"] or it.isdigit() for it in rest)
    return not is_kind or _SIGN.search(written.replace(name, "")) is not None


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name.casefold())


def _shared(one: str, other: str) -> int:
    """How many characters two names have in common at their start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _spellings(name: str) -> Iterable[str]:
    plain = _plain(name)[:_LONG]
    yield plain
    for at in range(len(plain)):
        yield plain[:at] + plain[at + 1 :]
