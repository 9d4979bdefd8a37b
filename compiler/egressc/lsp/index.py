"""What a project says of names and of places in its files, to be looked up."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from egressc.model.entities import Entity
from egressc.model.policy import Direction, Grant, ServicePolicy
from egressc.model.reading import ReadCell, ReadTable
from egressc.model.release_kinds import NAMESPACES
from egressc.pipeline import Compilation
from egressc.reports.reading import say_grant
from egressc.resolve.names import Headings
from egressc.resolve.resolution import NameBook
from egressc.source import Source, Span
from egressc.tables.yaml import Path as YamlPath

_KEYS = {Direction.EGRESS: "dependencies", Direction.INGRESS: "callers"}


class Home(NamedTuple):
    """Where a values file says a rule: the name of the file, and the path in it."""

    file: str
    path: YamlPath


class KnownRule(NamedTuple):
    """A rule in words, and the values files that say it."""

    said: str
    grant: Grant
    homes: tuple[Home, ...]


class NamePlace(NamedTuple):
    """A name and the offsets of a text that say it."""

    name: str
    start: int
    end: int


class CellPlace(NamedTuple):
    """A cell of a table and the row around it."""

    table: ReadTable
    row: Sequence[ReadCell]
    cell: ReadCell

    @property
    def row_start(self) -> int:
        return self.row[0].start

    @property
    def row_end(self) -> int:
        return max(it.end for it in self.row)


class Index:
    """Names, cells and rules of one compilation. Rules are known only of sources without errors."""

    def __init__(self, compilation: Compilation, sources: Iterable[Source], *, has_errors: bool) -> None:
        self._compilation = compilation
        self._names = {it.name for it in sources}
        self._has_errors = has_errors
        self.entities = compilation.resolution.answers.entities
        self.book = NameBook(compilation.resolution)

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """What each name stands for, in a word; aliases and ids are names too."""
        presets = (name for it in self.entities.presets.values() for name in (it.name, *it.aliases))
        kinds = dict.fromkeys(presets, "known destination")
        kinds |= {it.policy_key: "opt-in" for it in self.opt_ins}
        for name, held in self.entities.by_name.items():
            for entity in held:
                kinds[entity.key] = kinds[name] = _kind(entity)
        kinds |= {alias: kinds.get(name, "destination") for alias, name in self.entities.canonical.items()}
        return kinds | dict.fromkeys(self.entities.groups, "group")

    @cached_property
    def _finder(self) -> Headings:
        return Headings(self.kinds)

    def name_at(self, line: str, offset: int) -> NamePlace | None:
        """The name at an offset of a line."""
        for start, name in self._finder.places_in(line):
            if start <= offset <= start + len(name):
                return NamePlace(name, start, start + len(name))
        return None

    def name_in(self, span: Span, wanted: AbstractSet[str]) -> Span | None:
        """Where a stretch of text says one of these names, or the name of one of these ids."""
        for start, name in self._finder.places_in(span.text):
            if wanted & {name, *(it.key for it in self.find(name))}:
                return Span(span.source, span.start + start, span.start + start + len(name))
        return None

    def find(self, name: str) -> tuple[Entity, ...]:
        """What a name, an alias or an id stands for; nothing for a group."""
        return () if name in self.entities.groups else self.entities.find(name) or self._by_key.get(name, ())

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[Entity, ...]]:
        return {it.key: (it,) for held in self.entities.by_name.values() for it in held}

    @cached_property
    def opt_ins(self) -> Sequence["NamedOptIn"]:
        held = (it for baseline in self._compilation.policies.baselines for it in baseline.opt_ins)
        return [NamedOptIn(it.id.rpartition("/")[2], it) for it in held]

    @cached_property
    def rules(self) -> Sequence[KnownRule]:
        """Every rule that a row asks for, or the project file."""
        if self._has_errors:
            return ()
        found: dict[str, tuple[Grant, list[Home]]] = {}
        for policy in self._compilation.policies.policies:
            file, before = _file_of(policy)
            for direction, grant, other in policy.halves:
                homes = found.setdefault(say_grant(grant), (grant, []))[1]
                homes.append(Home(file, ("networkPolicy", *before, _KEYS[direction], other.key)))
        return [KnownRule(said, grant, tuple(homes)) for said, (grant, homes) in found.items()]

    @cached_property
    def _starts(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        starts: dict[str, list[tuple[int, int]]] = {}
        for number, rule in enumerate(self.rules):
            for span in rule.grant.origins:
                starts.setdefault(span.source.name, []).append((span.start, number))
        return {name: sorted(held) for name, held in starts.items()}

    def rules_in(self, source: str, start: int, end: int) -> list[KnownRule]:
        """The rules for which a stretch of a source asks."""
        starts = self._starts.get(source, ())
        held = starts[bisect_left(starts, (start, -1)) : bisect_left(starts, (max(end, start + 1), -1))]
        return [self.rules[number] for number in dict.fromkeys(number for _, number in held)]

    @cached_property
    def _by_home(self) -> Mapping[Home, KnownRule]:
        return {home: rule for rule in self.rules for home in rule.homes}

    def rule_at_home(self, file: str, path: YamlPath) -> KnownRule | None:
        """The rule of a values file around a path."""
        ways = (path[:end] for end in range(len(path), 0, -1))
        return next((rule for way in ways if (rule := self._by_home.get(Home(file, way)))), None)

    def policy_of(self, file: str) -> ServicePolicy | None:
        """The policy that a values file is for."""
        return next((it for it in self._compilation.policies.policies if _file_of(it) == (file, ())), None)

    def cell_at(self, source: str, offset: int) -> CellPlace | None:
        """The cell around an offset, with the blanks beside it."""
        return cell_at((it for it in self._tables if it.source.name == source), offset)

    @cached_property
    def _tables(self) -> Sequence[ReadTable]:
        return self._compilation.reading.tables


class NamedOptIn(NamedTuple):
    """The policy of pods that opt in to more, and its key."""

    policy_key: str
    policy: ServicePolicy


def cell_at(tables: Iterable[ReadTable], offset: int) -> CellPlace | None:
    for table in tables:
        for row in table.rows:
            for cell in row:
                if cell.start <= offset <= cell.end or _is_beside(table.source.text, cell, offset):
                    return CellPlace(table, row, cell)
    return None


def _is_beside(text: str, cell: ReadCell, offset: int) -> bool:
    """Whether nothing but blanks of one line is between a cell and an offset."""
    first, last = (offset, cell.start) if offset < cell.start else (cell.end, offset)
    return last - first < 200 and not text[first:last].strip(" \t")


def _kind(entity: Entity) -> str:
    if entity.is_service:
        return "service"
    if entity.is_preset:
        return "known destination"
    facts = entity.facts
    is_outside = facts.addresses or facts.internet or facts.hosts or facts.is_external
    return "destination outside the cluster" if is_outside else "destination"


def _file_of(policy: ServicePolicy) -> tuple[str, YamlPath]:
    """The values file that has a policy, and the path to it below `networkPolicy`, which that of an opt-in has."""
    folder, *inner = policy.id.split("/")
    if folder == NAMESPACES.folder and len(inner) > 1:
        return f"{folder}/{inner[0]}.yaml", ("optIns", inner[1])
    return f"{policy.id}.yaml", ()
