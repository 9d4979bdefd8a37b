"""A diagnostic as a value, the code behind it, and the report that collects them.

Nobody raises for a user's mistake and nobody formats text here: renderers lay reports out.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Concatenate, Final, Generic, NamedTuple, ParamSpec

from egressc.source import Span

P = ParamSpec("P")


# Characters of a message and of a line of help: they quote names as they stand, past this length nobody reads on, and
# the place shows the text anyway.
LONGEST_LINE: Final = 600
# Texts that are themselves in a cell of Markdown or CSV, and as a scalar of YAML; and those that are in quotes.
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w ./-]*\w)?")
_QUOTABLE: Final = re.compile(r"[^\"'\\\x00-\x1f]+")
_QUOTES: Final = ("", '"', "'")
_NO_STRINGS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
# How many warnings or notes of one code a report holds: allowances have enough to choose from, and memory is bounded.
MOST_HELD: Final = 10_000


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Family(StrEnum):
    """What a code is about, as its hundred says: the text of sources, single values, names, and so on."""

    TEXT = "EG1"
    VALUE = "EG2"
    NAME = "EG3"
    WHOLE = "EG4"
    FILE = "EG5"
    RESULT = "EG6"
    DEFECT = "EG9"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of diagnostic: `id` (EG and three digits, never reused), its name in words, one sentence."""

    id: str
    slug: str
    severity: Severity
    summary: str

    @property
    def family(self) -> Family:
        return Family(self.id[:3])


class Lack(StrEnum):
    """What the catalog or the project file does not say yet, by the key that would say it."""

    DESTINATION = "destination"
    SOURCE = "source"
    GROUP = "group"
    NAMESPACE = "namespace"
    SELECTOR = "selector"
    ADDRESSES = "addresses"
    PORTS = "ports"
    ID = "id"
    ALIAS = "alias"
    API_SERVER = "apiServer"
    READ_AS = "readAs"
    BLANK = "blank"
    COLUMNS = "columns"
    HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing to settle a finding, as data: `egressc compile --missing` writes it as YAML to complete.

    `name` is what the key is about: a service or destination, a text, a header, a language. `heading` is the one of
    the table, for keys of `tables.at`. `near` are known names like it, `choices` values that the key can have. `places`
    counts where it is needed. `supposed` is the value with which the rest of the sources is looked through.
    """

    lack: Lack
    name: str
    heading: str = ""
    near: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    places: int = 1
    supposed: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A place and a few words about it; the words may be empty."""

    span: Span
    text: str = ""


class Repair(NamedTuple):
    """A repair that is nothing but other text, in each of its places. `title` is what help says of it."""

    title: str
    edits: tuple[tuple[Span, str], ...]


def rewrite(written: str, places: Iterable[Span], offered: Iterable[str]) -> tuple[Repair, ...]:
    """A repair for each text that is offered in place of what is `written`, plain or in quotes, in all the places.

    None where a place writes it otherwise, with marks or escapes, or where an offered text would need such itself.
    """
    spans = tuple(dict.fromkeys(places))
    quotes = [span.text[: len(span.text) - len(written) >> 1] for span in spans]
    if any(
        quote not in _QUOTES or span.text != quote + written + quote for quote, span in zip(quotes, spans, strict=True)
    ):
        return ()
    needed = _PLAIN if "" in quotes else _QUOTABLE
    return tuple(
        Repair(
            f'write "{text}"', tuple((span, quote + text + quote) for quote, span in zip(quotes, spans, strict=True))
        )
        for text in offered
        if text != written and needed.fullmatch(text) and text.lower() not in _NO_STRINGS
    )


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: exactly one primary place, any number of related ones, and the repair where it is known.

    `service` and `destination` are ids (or empty): with the code they make a fingerprint that survives inserted lines.
    `missing` is the repair as data, where a key of the catalog or the project file is one; `repairs` are those that are
    other text in its place.
    """

    code: Code
    message: str
    primary: Label
    related: tuple[Label, ...] = ()
    help: str = ""
    service: str = ""
    destination: str = ""
    missing: tuple[Missing, ...] = ()
    repairs: tuple[Repair, ...] = ()


class Builder(Generic[P]):
    """A function that builds the diagnostics of one code; made by `code`."""

    __slots__ = ("_build", "code")

    def __init__(self, code: Code, build: Callable[Concatenate[Code, P], Diagnostic]) -> None:
        self.code = code
        self._build = build

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Diagnostic:
        return _shortened(self._build(self.code, *args, **kwargs))


def _shortened(found: Diagnostic) -> Diagnostic:
    labels = (found.primary, *found.related)
    if len(found.message) + len(found.help) + sum(len(label.text) for label in labels) <= LONGEST_LINE:
        return found
    primary, *related = (Label(label.span, _clip(label.text)) for label in labels)
    help = "\n".join(map(_clip, found.help.split("\n")))
    return replace(found, message=_clip(found.message), help=help, primary=primary, related=tuple(related))


def _clip(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "\u2026"


def code(
    identifier: str, severity: Severity, summary: str
) -> Callable[[Callable[Concatenate[Code, P], Diagnostic]], Builder[P]]:
    """Turn a function into the builder of one code; its name with hyphens is the slug."""

    def decorate(build: Callable[Concatenate[Code, P], Diagnostic]) -> Builder[P]:
        return Builder(Code(identifier, build.__name__.replace("_", "-"), severity, summary), build)

    return decorate


class TooManyErrorsError(Exception):
    """A report is full: whatever is wrong with this input, more of the same says it no better."""


@dataclass(slots=True)
class Report:
    """Collects diagnostics; the one mutable thing that functions of the core receive.

    `room`: how many errors may still be added; None is no limit. The one that fills it raises TooManyErrorsError.
    `surplus`: how many warnings and notes of a code, by its id, came after the MOST_HELD ones and are not held.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    room: int | None = None
    surplus: dict[str, int] = field(default_factory=dict)
    _held: dict[str, int] = field(default_factory=dict)

    def add(self, diagnostic: Diagnostic) -> None:
        code = diagnostic.code
        if code.severity is not Severity.ERROR:
            held = self._held.get(code.id, 0)
            if held == MOST_HELD:
                self.surplus[code.id] = self.surplus.get(code.id, 0) + 1
                return
            self._held[code.id] = held + 1
        self.diagnostics.append(diagnostic)
        if self.room is not None and code.severity is Severity.ERROR:
            self.room -= 1
            if self.room <= 0:
                raise TooManyErrorsError

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def absorb(self, other: "Report") -> None:
        """Take over what another report holds, and what came after that."""
        self.extend(other.diagnostics)
        for code, count in other.surplus.items():
            self.surplus[code] = self.surplus.get(code, 0) + count

    @property
    def has_errors(self) -> bool:
        return any(d.code.severity is Severity.ERROR for d in self.diagnostics)

    def sorted(self) -> list[Diagnostic]:
        """By file, line, column, code, message: the order of every output."""
        return sorted(
            self.diagnostics,
            key=lambda d: (d.primary.span.source.name, d.primary.span.start, d.code.id, d.message),
        )
