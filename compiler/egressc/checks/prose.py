"""Lines between the tables that say what rows should say: connections with arrows, words that allow or deny."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import limiting_footnote, unread_connections, unread_text
from egressc.model.entities import Entity
from egressc.model.records import OF_FOOTNOTE, ProseLine
from egressc.model.references import Reference
from egressc.model.requirements import Requirements
from egressc.resolve.names import Headings
from egressc.resolve.resolution import Resolution

_LONGEST: Final = 2_000


class Told(NamedTuple):
    """A line that connects two known names with an arrow."""

    line: ProseLine
    source: str
    target: str


def check_prose(requirements: Requirements, resolution: Resolution, report: Report) -> None:
    """EG431 for lines whose arrows say what no row grants, EG432 for sentences that may allow, deny or limit.

    EG438 for footnotes that may limit rows.
    """
    find = resolution.find
    if not requirements.prose:
        return
    book = Headings(name for name in resolution.names if len(name) > 1)
    granted = {(it.source.name, it.destination.name) for it in resolution.policies.every_grant()}
    lost: dict[int, list[Told]] = {}
    for line in requirements.prose:
        arrows = list(_connections(line, find))
        if arrows:
            missing = [it for it in arrows if not _is_granted(it, find, granted)]
            denied = None if missing or line.is_code else _telling(line, book, line.about)
            if denied is not None:
                report.add(unread_text(line.read, *denied))
            elif missing and line.is_code:
                report.add(unread_text(line.read, f"-> {missing[0].target}", missing[0].source))
            elif missing:
                lost.setdefault(id(line.read.span.source), []).append(missing[0])
        elif not line.is_code and (found := _telling(line, book, line.above)):
            footnote = line.footnote
            if footnote and footnote.is_marked:
                if footnote.left:
                    report.add(limiting_footnote(line.read, found[0], footnote.mark, footnote.left))
            elif found[1] != OF_FOOTNOTE or not (footnote and footnote.is_item):  # of a list
                report.add(unread_text(line.read, *found))
    for told in lost.values():
        first, *others = (it.line.read for it in told)
        report.add(unread_connections(first, [it.span for it in others]))


def _telling(line: ProseLine, book: Headings, about: tuple[str, str] | None) -> tuple[str, str] | None:
    """The word of a line that allows, denies or limits, and what it says that of; None where it says no such entity."""
    if line.tells and (held := book.names_in(line.read.value)):
        return line.tells, held[0]
    return about


def telling_lines(
    requirements: Requirements, find: Callable[[str], tuple[Entity, ...]], names: Iterable[str]
) -> Iterator[ProseLine]:
    """The lines that connect two known names, hold two of them, or one and a word that allows or denies."""
    book = Headings(name for name in names if len(name) > 1)
    for line in requirements.prose:
        if line.span.end - line.span.start <= _LONGEST:
            held = book.names_in(line.read.value)
            if len(held) > 1 or _telling(line, book, line.about) or any(_connections(line, find)):
                yield line


def _connections(line: ProseLine, find: Callable[[str], tuple[Entity, ...]]) -> Iterator[Told]:
    """The pairs of known names that arrows of a line connect."""
    for source, target in pairwise(_known(refs, find) for refs in line.ends):
        if source and target:
            yield Told(line, source, target)


def _known(refs: Iterable[Reference], find: Callable[[str], tuple[Entity, ...]]) -> str:
    return next((name for it in refs for name in (it.text, it.name) if find(name)), "")


def _is_granted(told: Told, find: Callable[[str], tuple[Entity, ...]], granted: set[tuple[str, str]]) -> bool:
    return any((one.name, other.name) in granted for one in find(told.source) for other in find(told.target))
