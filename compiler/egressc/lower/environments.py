"""Environments: which of them a row, a heading or a file is about."""

import difflib
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from egressc.diagnostics.columns import denying_row
from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import blank_environment, unknown_environment
from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.words import ANY
from egressc.model.environments import Environments
from egressc.model.records import Role
from egressc.model.requirements import Row
from egressc.model.texts import plain_phrase, split_list
from egressc.model.vocabulary import ENGLISH, HEADERS
from egressc.source import Located, Source, Span
from egressc.tables.core import Table

_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_PART: Final = re.compile(r"(?:pre|post|non|no|not)[-_]?[^\W_]+|[^\W_]+")
_SIGN: Final = re.compile(r"[^\w\s._-]")
_IN_PARENTHESES: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_PRODUCTION: Final = ENGLISH["production"]
_USUAL: Final = ENGLISH["environments"] | _PRODUCTION
_SAME: Final = {"stg": "stag", "tst": "test", "dev": "deve"}  # all others are told apart by four letters
_AROUND: Final = frozenset((*HEADERS["en"]["environment"], *ENGLISH["aroundEnvironments"]))
_NEGATIONS: Final = ENGLISH["exceptEnvironments"]
EVERY: Final = frozenset({*ANY, "all environments", "any environment", "every environment", "every", "everywhere"})
# Cells under these say something about their row, in words of their own; all others name things.
_REMARKS: Final = frozenset({Role.NOTES, Role.PURPOSE, Role.STATUS, Role.CONDITION})


def read_environments(
    cell: Located[str], header: str, heading: str, names: Sequence[str], report: Report
) -> frozenset[str] | None:
    """The environments that a cell names, of all that the project has; None once EG260 or EG261 is reported.

    `heading`: the nearest above the table, or its file.
    """
    known = {plain_phrase(it): it for it in names}
    items = split_list(cell.value.replace("/", ", ").replace(" and ", ", ")) if split_list(cell.value) else ()
    if not items:
        says_none = unknown_environment(cell, cell.value, names, "") if cell.value else None  # "-", "n/a"
        report.add(says_none or blank_environment(cell, header, heading))
        return None
    found: set[str] = set()
    for item in items:
        plain = plain_phrase(item)
        if plain in EVERY and len(items) == 1:
            found.update(names)
        elif plain in known:
            found.add(known[plain])
        else:
            report.add(unknown_environment(cell, item, names, _near(item, known)))
            return None
    return frozenset(found)


def _near(item: str, known: Mapping[str, str]) -> str:
    """The one environment that an item may stand for; empty where signs or more words may say something else."""
    plain = plain_phrase(item)
    near = difflib.get_close_matches(plain, known, 1) or [it for it in known if plain.startswith(it)]
    if not near or _SIGN.search(item) or len(environments_named(item, tuple(known.values()))) > 1:
        return ""
    more = re.sub(rf"\b{re.escape(near[0])}[^\W_]*", "", plain)  # all of "preprod", "ex" of "ex-prod"
    is_plain = near[0] not in plain or all(it in _AROUND or it.isdigit() for it in _WORD.findall(more))
    return known[near[0]] if is_plain and _NEGATIONS.isdisjoint(_WORD.findall(more)) else ""


@lru_cache(maxsize=1 << 12)
def environments_named(text: str, names: tuple[str, ...]) -> frozenset[str]:
    """The environments that words of a text stand for: "production" for prod, "Prod EU" for prod-eu alone."""
    said = frozenset(part for word in _WORD.findall(text.casefold()) for part in _parts(word))
    met = {name: _parts(name) & said for name in names}
    return frozenset(
        name
        for name, own in met.items()
        if own and not any(own < other or (own == other == _parts(it) != _parts(name)) for it, other in met.items())
    )


@lru_cache(maxsize=1 << 12)
def _parts(word: str) -> frozenset[str]:
    """What a word, or the name of an environment, is made of, with one spelling for words that mean the same."""
    return frozenset({_spelling(it) for it in ([word] if word in _USUAL else _PART.findall(word))})


def _spelling(word: str) -> str:
    if word in _PRODUCTION:
        return "prod"
    return _SAME.get(word, word[:4]) if word in _USUAL else word


def is_of_environments(text: str, names: tuple[str, ...], *, others: bool = False) -> bool:
    """Whether a text names environments and says nothing else: "prod", "only in dev and staging", "not in dev".

    Args:
        others: usual names of environments that the project does not have count too.
    """
    words = _WORD.findall(text.casefold())
    known = {part for name in names for part in _parts(name)}
    about = [it for it in words if _parts(it) <= known or (others and it in _USUAL)]
    return bool(about) and all(it in _AROUND or it in _NEGATIONS or it in about or it.isdigit() for it in words)


def holds_elsewhere(text: str, environments: Environments) -> bool:
    """Whether a text is about environments alone, and not plainly about the current one."""
    names = environments.names
    if not environments.current or not is_of_environments(text, names):
        return False
    is_negated = not _NEGATIONS.isdisjoint(_WORD.findall(text.casefold()))
    return is_negated or environments.current not in environments_named(text, names)


def holds_here(text: str, environments: Environments) -> bool:
    """Whether a text is about environments alone, and plainly about the current one: it limits nothing here."""
    is_about = bool(environments.current) and is_of_environments(text, environments.names)
    return is_about and not holds_elsewhere(text, environments)


def environment_columns(table: Table, roles: Sequence[Role | None], words: HeaderBook) -> set[int]:
    """Columns that limit no row, but are about the environments of the project, by their headers or by all cells."""
    found: set[int] = set()
    for index, header in enumerate(table.headers if words.environments else ()):
        said = [text for row in table.rows if (text := row[index].text)]
        some = [it for it in said if plain_phrase(it) not in EVERY]
        cells = bool(some) and all(is_of_environments(it, words.environments) for it in some)
        names = {words.roles.get(it) for it in _WORD.findall(plain_header(header.text))}
        if roles[index] in (None, Role.CONDITION) and (cells or (roles[index] is None and Role.ENVIRONMENT in names)):
            found.add(index)
    return found


def other_environment(
    headings: Sequence[Located[str]], source: Source, span: Span, environments: Environments
) -> Iterator[Located[str]]:
    """The headings above a table that name environments, and not the current one; its file, where it has none."""
    names, current = environments.names, environments.current
    if not current:
        return
    for heading in headings:
        named = environments_named(heading.value, names)
        if (named or is_of_environments(heading.value, names, others=True)) and current not in named:
            yield heading
    if not headings and holds_elsewhere(posixpath.splitext(posixpath.basename(source.name))[0], environments):
        yield Located(source.name, span)


def elsewhere(
    row: Row,
    headers: Sequence[str],
    heading: str,
    environments: Environments,
    report: Report,
    *,
    absent: list[Located[str]],
    ignored: Collection[int] = (),
) -> str:
    """Why a row grants nothing in the current environment; empty where it holds in it. EG218, EG260, EG261.

    Args:
        headers: of its columns, of which the project file has settled the `ignored` ones.
        heading: the nearest above its table, or its file.
        absent: receives the service of a row that holds in other environments alone.
    """
    if not environments.current and Role.ENVIRONMENT not in row.columns:
        return ""
    for at in _telling(row, ignored):
        cell = row.cells[at]
        ports = _IN_PARENTHESES.findall(cell.text) if at in row.columns.get(Role.PORT, ()) else [cell.text]
        if any(holds_elsewhere(it, environments) for it in ports):
            said = Located(cell.text, Span(row.source, cell.start, cell.end))
            report.add(denying_row(said, headers[at], heading, is_verdict=False))
            return "refused"
    for at in row.columns.get(Role.ENVIRONMENT, ()):
        cell = row.cells[at]
        held = read_environments(
            Located(cell.text, Span(row.source, cell.start, cell.end)), headers[at], heading, environments.names, report
        )
        if held is None:
            return "refused"
        if environments.current and environments.current not in held:
            role = Role.SERVICE if Role.SERVICE in row.columns else Role.SOURCE
            absent.append(Located(row.text(role), row.span_of(role)))
            return f"for {', '.join(it for it in environments.names if it in held)}"
    return ""


def _telling(row: Row, ignored: Collection[int]) -> Iterator[int]:
    """The columns whose cells may say in which environments a row holds, without a header that says so."""
    things = {at for role, its in row.columns.items() if role not in _REMARKS for at in its}
    filled = [at for at, cell in enumerate(row.cells) if cell.text]
    for at in filled:
        is_alone = len(filled) == 1 < len(row.cells)  # over the rows below it
        if at in row.columns.get(Role.PORT, ()) or is_alone or (at not in things and at not in ignored):
            yield at
