"""The account of a reading: what became of each row and cell. Made when somebody asks; a compile counts rows alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from egressc.model.reading import ReadCell, Reading, ReadTable, ReadText, Tally, Use, count_uses
from egressc.model.records import NEEDS, Kind, ProseLine, Role, TableAccount
from egressc.model.references import Written
from egressc.model.requirements import Requirements
from egressc.model.texts import says_nothing

_LISTS: Final = NEEDS | {Role.CALLED_BY}
_ASKS: Final = frozenset(
    {Role.SOURCE, Role.DESTINATION, Role.CONNECTION, Role.SERVICE, Role.PORT, Role.PROTOCOL, *_LISTS}
)
_DENIES: Final = _ASKS | {Role.DECISION, Role.DENIAL, Role.STATUS}
# The columns whose cells can grant.
_GRANTING: Final[Mapping[Kind | None, frozenset[Role]]] = {
    Kind.SERVICES: _LISTS | {Role.INGRESS},
    Kind.FLOWS: _ASKS,
    Kind.DESTINATIONS: _ASKS,
    Kind.NAMESPACES: _LISTS | {Role.INGRESS, Role.WITHIN, Role.OPT_IN},
}

Place = tuple[str, int]  # the name of a source, and an offset


class Effects(NamedTuple):
    """What resolving made of rows: which of destinations are asked for, and which of flows have no policy to go to.

    `admitting`: the cells that say whom a service lets in, and open its ingress.
    """

    owners: Mapping[int, str]
    idle: frozenset[Place]
    admitting: frozenset[Place]


NO_EFFECTS: Final = Effects({}, frozenset(), frozenset())


def account(requirements: Requirements, effects: Effects, lines: Iterable[ProseLine] = ()) -> Reading:
    """What became of each cell of every table; `lines` are those between tables that speak of known names."""
    ledger = _Ledger(requirements, effects)
    tables = [ledger.table(it) for it in requirements.records]
    texts = tuple(ReadText(it.span, "no row of a table") for it in lines)
    return Reading(tuple(sorted(tables, key=lambda it: (it.source.name, it.span.start))), texts)


def count_rows(requirements: Requirements, effects: Effects) -> Tally:
    """The account in numbers."""
    ledger = _Ledger(requirements, effects)
    rows: Counter[Use] = Counter()
    cells: Counter[Use] = Counter()
    tables = ignored = 0
    for record in requirements.records:
        if record.kind is None:
            ignored += not record.is_refused
            continue
        tables += 1
        read = ledger.rows(record)
        # Most rows of a table are judged alike, and filled alike.
        alike = Counter(
            (uses, tuple([bool(it.text) for it in row])) for uses, row in zip(read, record.rows, strict=True)
        )
        for (uses, filled), times in alike.items():
            _add(rows, count_uses([it.use for it in uses], is_grid=record.kind is Kind.GRID), times)
            _add(cells, Counter(it.use for it, is_filled in zip(uses, filled, strict=True) if is_filled), times)
    read_cells = sum(cells.values()) - cells[Use.IGNORED]
    numbers = (rows[Use.GRANTS], rows[Use.DENIES], rows[Use.DESCRIBES], rows[Use.IGNORED])
    return Tally(tables, ignored, *numbers, cells=read_cells, ignored_cells=cells[Use.IGNORED])


def _add(total: Counter[Use], found: Counter[Use], times: int) -> None:
    for use, count in found.items():
        total[use] += count * times


class Judged(NamedTuple):
    """What became of a cell, and why: its role, or the reason."""

    use: Use
    why: str


class _Ledger:
    """Judges rows by what was lowered from them."""

    def __init__(self, requirements: Requirements, effects: Effects) -> None:
        self.requirements = requirements
        self.effects = effects
        self._asking = {
            (row.row.source.name, listed.cell.start)
            for row in requirements.services
            for listed in (*row.needs, *row.callers)
        }
        self._asking |= {
            (row.row.source.name, row.row.cells[at].start)
            for row in requirements.namespaces
            for role in (*_LISTS, Role.INGRESS, Role.WITHIN, Role.OPT_IN)
            for at in row.row.columns.get(role, ())
            if not says_nothing(row.row.cells[at].text)
            and (role is not Role.WITHIN or (row.said.within is not None and row.said.within.value))
        }
        self._asking |= effects.admitting
        asked = (requirements.destinations[at].row for at in effects.owners)
        self._owned = {(row.source.name, row.cells[0].start) for row in asked}

    def table(self, record: TableAccount) -> ReadTable:
        """A table of a document; what is not read says why."""
        name = str(record.kind or ("refused" if record.is_refused else "left out" if record.why else "not read"))
        why = record.why or ("" if record.kind else "its columns are not clear" if record.is_refused else _NO_KIND)
        rows = tuple(
            tuple(ReadCell(cell.text, cell.start, cell.end, *it) for cell, it in zip(row, uses, strict=True))
            for row, uses in zip(record.rows, self.rows(record, why), strict=True)
        )
        headers = tuple(
            (header.text, str(role or "")) for header, role in zip(record.headers, record.roles, strict=True)
        )
        heading = record.headings[-1].value if record.headings else ""
        return ReadTable(record.source, heading, record.span, name, headers, rows, why)

    def rows(self, record: TableAccount, why: str = "") -> Iterator[tuple[Judged, ...]]:
        """What became of the cells of each row; `why` is the reason where the whole table is not read."""
        if record.kind is Kind.GRID:
            yield from (tuple(_grid_uses(record, at, row)) for at, row in enumerate(record.rows))
            return
        granting = [at for at, role in enumerate(record.roles) if role in _GRANTING.get(record.kind, ())]
        name, idle, known = record.source.name, self.effects.idle, dict[object, tuple[Judged, ...]]()
        for at, row in enumerate(record.rows):
            use, reason = (Use.IGNORED, why) if why else record.outcomes.get(at, (None, ""))
            if use is None and idle and (name, row[0].start) in idle:
                use, reason = Use.IGNORED, "its source gets no policy"
            grants = () if use else tuple([it for it in granting if self._grants(record.kind, row, row[it], name)])
            is_left_out = bool(why) or at in record.dropped
            key = use, reason, grants, is_left_out
            if key not in known:
                known[key] = tuple(
                    _judge(record, index, use, reason, is_granting=index in grants, is_left_out=is_left_out)
                    for index in range(len(row))
                )
            yield known[key]

    def _grants(self, kind: Kind | None, row: tuple[Written, ...], cell: Written, name: str) -> bool:
        if kind in (Kind.SERVICES, Kind.NAMESPACES):
            return (name, cell.start) in self._asking
        return bool(cell.text) and (kind is not Kind.DESTINATIONS or (name, row[0].start) in self._owned)


def _judge(
    record: TableAccount, index: int, use: Use | None, reason: str, *, is_granting: bool, is_left_out: bool
) -> Judged:
    role = record.roles[index]
    if is_left_out or (use is Use.IGNORED and role is not Role.SERVICE):
        return Judged(Use.IGNORED, reason)
    if role is None:
        return Judged(Use.IGNORED, "neutral" if index in record.neutral else "no role")
    if use is Use.DENIES:
        return Judged(Use.DENIES if role in _DENIES else Use.DESCRIBES, str(role))
    return Judged(Use.GRANTS if is_granting else Use.DESCRIBES, str(role))


def _grid_uses(record: TableAccount, at: int, row: tuple[Written, ...]) -> Iterator[Judged]:
    """A cell of a grid is a row of its own: the outcome is filed under its place in the grid."""
    for index, cell in enumerate(row):
        use, why = record.outcomes.get(at * len(record.headers) + index, (None, ""))
        if index in record.neutral:
            use, why = Use.IGNORED, "neutral"
        elif use is None:
            use = Use.DESCRIBES if index == 0 or not cell.text else Use.GRANTS
        yield Judged(use, why or ("name" if index == 0 else "connection"))


_NO_KIND: Final = "no columns of a known kind of table"
