"""Each document that is read rightly (tests/documents), broken in one cell: what is intended then, or what is reported.

A mutant is killed where it is refused or warned of, or where the flows change in the way that it asks for. Each
document is broken twice: with policies that limit egress alone, and both directions, as far as it can be read so.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from egressc.diagnostics.core import Report, Severity
from egressc.model.policy import Direction, Port
from egressc.pipeline import compile_sources, read_project
from egressc.source import Source
from mutants.cells import CELL_OPERATORS, Mutant, rows_of
from mutants.verdict import Score
from reading.corpus import Document, read_documents
from reading.score import Result

Flow = tuple[str, str, Port, Direction]
_NOTHING = "nothing changes and nothing is reported"


class Compiled(NamedTuple):
    """The flows intended, None where nothing is written, and what is reported beyond notes."""

    flows: frozenset[Flow] | None
    reported: frozenset[tuple[str, str]]


def compile_files(files: Mapping[str, str], directions: str) -> Compiled:
    report = Report()
    project = read_project(Source("egressc.yaml", f"{files['egressc.yaml']}\ndirections: {directions}\n"), report)
    named = ([it.value for it in project.sources], [it.value for it in project.catalogs])
    sources, catalogs = ([Source(name, files[name]) for name in names] for names in named)
    compiled = None if report.has_errors else compile_sources(project, sources, catalogs, report)
    policies = compiled and compiled.policies
    reported = frozenset((it.code.id, it.message) for it in report.diagnostics if it.code.severity is not Severity.NOTE)
    if policies is None or report.has_errors:
        return Compiled(None, reported)
    flows = frozenset(
        (it.source.key, it.destination.key, port, direction)
        for service in policies.services
        for direction, grants in ((Direction.EGRESS, service.grants), (Direction.INGRESS, service.callers))
        for it in grants
        for port in it.ports
    )
    return Compiled(flows, reported)


class BrokenDocument:
    """One document with the files that read it rightly; `directions`: what its policies limit."""

    def __init__(self, document: Document, directions: str) -> None:
        self._document = document
        self._directions = directions
        self._files = document.files("facts" if document.result == Result.AT_ONCE else "keys")

    @cached_property
    def _before(self) -> Compiled:
        return compile_files(self._files, self._directions)

    @property
    def id(self) -> str:
        return f"{self._document.id} {self._directions}"

    @property
    def grants(self) -> bool:
        return bool(self._before.flows)

    def mutants(self, operator: str) -> Iterator[Mutant]:
        text = self._files[self._document.file.name]
        return CELL_OPERATORS[operator](text, rows_of(text))

    def score(self, mutants: Iterable[Mutant]) -> Score:
        """Mutants of cells that ask for nothing, such as a row of a person, are harmless where nothing changes."""
        found = Score()
        for mutant in mutants if self._before.flows is not None else ():
            wrong = self._judge(mutant, self._compile(mutant.text))
            if wrong == _NOTHING and self._compile(mutant.without).flows == self._before.flows:
                found += Score(harmless=1)
            else:
                title = f"{mutant.title}: {wrong}"
                found += Score(changing=1, killed=int(wrong is None), wrong=[title] if wrong else [])
        return found

    def _compile(self, text: str) -> Compiled:
        return compile_files({**self._files, self._document.file.name: text}, self._directions)

    def _judge(self, mutant: Mutant, after: Compiled) -> str | None:
        """What is wrong with the answer to a mutant; None for a right one."""
        before = self._before
        if after.flows is None or before.flows is None:
            return None
        added, dropped = after.flows - before.flows, before.flows - after.flows
        if added and not mutant.may_add:
            return f"it adds {_say(added)}"
        if after.reported - before.reported:
            return None
        if (dropped and not mutant.may_drop) or (mutant.is_slip and (added or dropped)):
            return f"nothing is reported; it changes {_say(added | dropped)}"
        return None if added or dropped else _NOTHING


def broken_documents() -> list[BrokenDocument]:
    """The documents of the corpus that are read rightly, by tests/documents/expected.tsv."""
    documents = [it for it in read_documents() if it.result and Result(it.result).is_good]
    return [BrokenDocument(it, directions) for it in documents for directions in ("egress", "both")]


def _say(flows: Iterable[Flow]) -> str:
    return ", ".join(
        f"{one} -> {other} {port.port}/{port.protocol} ({side})" for one, other, port, side in sorted(flows)
    )
