"""Words that people write above columns, and what the columns then say."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from egressc.lower.verdicts import asks_for_denial
from egressc.lower.words import without_mark
from egressc.model.records import Role
from egressc.model.vocabulary import AROUND, HEADERS
from egressc.source import Span

_BY_ROLE: Final = {
    language: {Role(role): tuple(words) for role, words in roles.items()} for language, roles in HEADERS.items()
}
# What headers say, by role; of English, and of the languages that a project file may name.
ENGLISH_HEADERS: Final[Mapping[Role, tuple[str, ...]]] = _BY_ROLE.pop("en")
LANGUAGE_HEADERS: Final[Mapping[str, Mapping[Role, tuple[str, ...]]]] = _BY_ROLE
NEUTRAL_HEADERS: Final = AROUND["neutral"]
# What columns ask of a service that "no" answers without denying anything.
QUESTIONS: Final = AROUND["questions"]
# Of the words for ports and places, those that say themselves which end of a connection is meant.
OF_DESTINATION: Final = re.compile("(?:destination|target|to) ")

_QUALIFIER: Final = re.compile(
    r"(?:(?<!\s)\s++)?+(?:\([^()]*\)|\[[^\[\]]*\]|(?:#\s*+)?(?<![0-9])[0-9]++|(?<!/)/.*|(?<![*:.])[*:.]++)$"
)
_SHORT: Final = {
    "dep": "dependency", "deps": "dependencies", "ext": "external", "ext.": "external", "int": "internal",
    "int.": "internal",
}  # fmt: skip
# Abbreviations that mean one thing alone.
_PLAIN_SHORT: Final = {
    "ns": "namespace",
    "src": "source",
    "dst": "destination",
    "dest": "destination",
    "svc": "service",
}
_OF_PORTS: Final = re.compile(r"(?<![\w-])ports?(?![\w-])")
_LONG_ENOUGH: Final = 6  # shorter words are near too many others
_LONGEST: Final = 64
_LONGEST_QUALIFIED: Final = 500
_NEARNESS: Final = 0.88
_PATIENCE: Final = 5000  # comparing with every word is for the slips of people


class HeaderBook:
    """What headers say; those of `ignored` say nothing, whatever they say elsewhere."""

    def __init__(
        self,
        extra: Mapping[Role, tuple[str, ...]],
        ignored: Iterable[str] = (),
        languages: Sequence[str] = (),
        *,
        environments: tuple[str, ...] = (),
    ) -> None:
        """All come from the project file: further words by role, whole headers, languages by name.

        Without environments, what names one is a condition that nothing can hold a row to.
        """
        self.roles = header_roles(extra, languages)
        self.environments = environments
        if not environments:
            unread = (word for word, role in self.roles.items() if role is Role.ENVIRONMENT)
            self.roles |= dict.fromkeys(unread, Role.CONDITION)
        self.ignored = frozenset(map(plain_header, ignored))
        self._all = dict(self.roles)
        self.met: set[str] = set()  # of the ignored ones, those that a table has
        self.spoken: dict[str, Span] = {}  # languages of tables that are not among `languages`, with the first table
        for header in self.ignored:
            self.roles.pop(header, None)
        self._long = [word for word in self.roles if len(word) >= _LONG_ENOUGH]
        self._near: dict[str, tuple[Role, str] | None] = {}
        self._patience = _PATIENCE

    def get(self, plain: str) -> Role | None:
        role = self.roles.get(plain)
        if role is None and plain not in self.ignored and asks_for_denial(plain):
            return Role.DENIAL
        return role

    def said(self, plain: str) -> Role | None:
        """What a header would say if the project file did not ignore it."""
        return self._all.get(plain) or (Role.DENIAL if asks_for_denial(plain) else None)

    def near(self, plain: str) -> tuple[Role, str] | None:
        """What a header that is no known word almost says, and that word: with more to it, cut short, or misspelt."""
        if plain not in self._near:
            known = not plain or plain in self.roles or plain in self.ignored
            self._near[plain] = None if known else self._find_near(plain)
        return self._near[plain]

    def _find_near(self, plain: str) -> tuple[Role, str] | None:
        base = plain if len(plain) <= _LONGEST_QUALIFIED else ""
        while (shorter := _QUALIFIER.sub("", base)) and shorter != base:
            base = shorter
        for said in (base, " ".join(_SHORT.get(it, it) for it in base.split())):
            if role := self.roles.get(said):
                return role, said
        if _OF_PORTS.search(base):
            return Role.PORT, "port"
        if len(base) < _LONG_ENOUGH or not self._patience:
            return None
        self._patience -= 1
        close = difflib.get_close_matches(base[:_LONGEST], self._long, 1, _NEARNESS)
        return (self.roles[close[0]], close[0]) if close else None


def header_roles(extra: Mapping[Role, tuple[str, ...]], languages: Sequence[str] = ()) -> dict[str, Role]:
    """Header words in lower case to what they say; `extra` comes from the project file, and goes before languages."""
    words = {word: role for role, listed in ENGLISH_HEADERS.items() for word in listed}
    for language in languages:
        for role, listed in LANGUAGE_HEADERS[language].items():
            for word in listed:
                words.setdefault(word, role)
    for role, listed in extra.items():
        words.update({plain_header(word): role for word in listed})
    return words


def plain_header(text: str) -> str:
    """A header in lower case, without what people put behind it: a colon, a question mark, a footnote mark."""
    words = without_mark(text).replace("_", " ").rstrip(":?").lower().split()
    plain = " ".join([_PLAIN_SHORT.get(it, it) for it in words])
    return plain.replace(" /", "/").replace("/ ", "/") if "/" in plain else plain
