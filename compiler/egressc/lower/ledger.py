"""The account of a reading: what became of each row and cell. Made when somebody asks; a compile counts rows alone."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from egressc.lower.kinds import NEEDS
from egressc.model.reading import ReadCell, Reading, ReadTable, ReadText, Tally, Use
from egressc.model.requirements import Kind, Line, Requirements, Role, Row, TableRecord, Written
from egressc.source import Located, Span

_LISTS: Final = NEEDS | {Role.CALLED_BY}
_ASKS: Final = frozenset(
    {Role.SOURCE, Role.DESTINATION, Role.CONNECTION, Role.SERVICE, Role.PORT, Role.PROTOCOL, *_LISTS}
)
_DENIES: Final = _ASKS | {Role.DECISION, Role.DENIAL, Role.STATUS}
_VERDICTS: Final = frozenset({Role.DECISION, Role.DENIAL, Role.STATUS, Role.DIRECTION})

Place = tuple[str, int]  # the name of a source, and an offset


class Effects(NamedTuple):
    """What resolving made of rows: which of destinations are asked for, and which of flows have no policy to go to."""

    owners: Mapping[int, str]
    idle: frozenset[Place]


NO_EFFECTS: Final = Effects({}, frozenset())


def account(requirements: Requirements, effects: Effects, lines: Iterable[Line] = ()) -> Reading:
    """What became of each cell of every table; `lines` are those between tables that speak of known names."""
    ledger = _Ledger(requirements, effects)
    tables = [*(ledger.table(it) for it in requirements.records), *ledger.documents()]
    texts = tuple(
        ReadText(Span(it.source, it.start, it.start + len(it.text.rstrip())), "no row of a table") for it in lines
    )
    return Reading(tuple(sorted(tables, key=lambda it: (it.source.name, it.span.start))), texts)


def count_rows(requirements: Requirements, effects: Effects) -> Tally:
    """The account in numbers."""
    ledger = _Ledger(requirements, effects)
    rows = dict.fromkeys(Use, 0)
    cells = dict.fromkeys(Use, 0)
    tables = ignored = 0
    for record in requirements.records:
        if record.kind is None:
            ignored += not record.is_refused
            continue
        tables += 1
        for at, row in enumerate(record.rows):
            rows[ledger.count(record, at, row, cells)] += 1
    for table in ledger.documents():
        tables += 1
        for read in table.rows:
            rows[table.row_use(read)] += 1
            for cell in read:
                cells[cell.use] += bool(cell.text)
    read_cells = sum(cells.values()) - cells[Use.IGNORED]
    numbers = (rows[Use.GRANTS], rows[Use.DENIES], rows[Use.DESCRIBES], rows[Use.IGNORED])
    return Tally(tables, ignored, *numbers, cells=read_cells, ignored_cells=cells[Use.IGNORED])


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
        asked = (requirements.destinations[at].row for at in effects.owners)
        self._owned = {(row.source.name, row.cells[0].start) for row in asked}

    def table(self, record: TableRecord) -> ReadTable:
        """A table of a document; what is not read says why."""
        name = str(record.kind or ("refused" if record.is_refused else "left out" if record.why else "not read"))
        why = record.why or ("" if record.kind else "its columns are not clear" if record.is_refused else _NO_KIND)
        rows = tuple(tuple(self._cells(record, at, row, why)) for at, row in enumerate(record.rows))
        headers = tuple(
            (header.text, str(role or "")) for header, role in zip(record.headers, record.roles, strict=True)
        )
        heading = record.headings[-1].value if record.headings else ""
        return ReadTable(record.source, heading, record.span, name, headers, rows, why)

    def count(self, record: TableRecord, at: int, row: tuple[Written, ...], cells: dict[Use, int]) -> Use:
        """Add the cells of a row that hold anything; what the row came to."""
        held = {Use.IGNORED}
        for cell in self._cells(record, at, row, ""):
            held.add(cell.use)
            if cell.text:
                cells[cell.use] += 1
        return next(use for use in (Use.DENIES, Use.GRANTS, Use.DESCRIBES, Use.IGNORED) if use in held)

    def _cells(self, record: TableRecord, at: int, row: tuple[Written, ...], why: str) -> Iterator[ReadCell]:
        use, reason = record.outcomes.get(at, (None, ""))
        place = (record.source.name, row[0].start)
        if use is None and place in self.effects.idle:
            use, reason = Use.IGNORED, "its source gets no policy"
        for index, (cell, role) in enumerate(zip(row, record.roles, strict=True)):
            if record.kind is Kind.GRID:
                yield _grid_cell(record, at, index, cell)
            elif why or (use is Use.IGNORED and role is not Role.SERVICE):
                yield ReadCell(cell.text, cell.start, cell.end, Use.IGNORED, why or reason)
            elif role is None:
                known = index in record.neutral
                yield ReadCell(cell.text, cell.start, cell.end, Use.IGNORED, "neutral" if known else "no role")
            elif use is Use.DENIES:
                held = Use.DENIES if role in _DENIES else Use.DESCRIBES
                yield ReadCell(cell.text, cell.start, cell.end, held, str(role))
            else:
                held = Use.GRANTS if self._grants(record, place, cell, role) else Use.DESCRIBES
                yield ReadCell(cell.text, cell.start, cell.end, held, str(role))

    def _grants(self, record: TableRecord, row: Place, cell: Written, role: Role) -> bool:
        match record.kind:
            case Kind.SERVICES:
                return role in _LISTS and (row[0], cell.start) in self._asking
            case Kind.FLOWS:
                return bool(cell.text) and role in _ASKS
            case Kind.DESTINATIONS:
                return row in self._owned and bool(cell.text) and role in _ASKS
            case _:
                return False

    def documents(self) -> Iterator[ReadTable]:
        """The lists of YAML documents, each with the keys that its entries have for columns."""
        lists: tuple[tuple[Kind, Iterable[Row]], ...] = (
            (Kind.SERVICES, (it.row for it in self.requirements.services)),
            (Kind.DESTINATIONS, (it.row for it in self.requirements.destinations)),
            (Kind.FLOWS, (it.row for it in self.requirements.flows)),
        )
        for kind, rows in lists:
            by_source: dict[str, list[Row]] = {}
            for row in rows:
                if row.source.name.lower().endswith((".yaml", ".yml")):
                    by_source.setdefault(row.source.name, []).append(row)
            for held in by_source.values():
                roles = list(dict.fromkeys(role for row in held for role in row.columns if role is not Role.LISTENS_ON))
                cells = tuple(tuple(self._entry_cell(row, role, kind) for role in roles) for row in held)
                headers = tuple((str(role), str(role)) for role in roles)
                yield ReadTable(held[0].source, str(kind), held[0].span, str(kind), headers, cells)

    def _entry_cell(self, row: Row, role: Role, kind: Kind) -> ReadCell:
        """The values of one key as one cell."""
        held = [row.cells[at] for at in row.columns.get(role, ())]
        if not held:
            return ReadCell("", row.span.end, row.span.end, Use.DESCRIBES, str(role))
        whole = Located(", ".join(it.text for it in held), Span(row.source, held[0].start, held[-1].end))
        name = row.source.name
        grants = bool(whole.value) and role in _ASKS
        if kind is Kind.SERVICES:
            grants = role in _LISTS and any((name, it.start) in self._asking for it in held)
        elif kind is Kind.DESTINATIONS:
            grants = grants and (name, row.cells[0].start) in self._owned
        elif (name, row.cells[0].start) in self.effects.idle:
            return ReadCell(whole.value, whole.span.start, whole.span.end, Use.IGNORED, "its source gets no policy")
        return ReadCell(
            whole.value, whole.span.start, whole.span.end, Use.GRANTS if grants else Use.DESCRIBES, str(role)
        )


def _grid_cell(record: TableRecord, at: int, index: int, cell: Written) -> ReadCell:
    """A cell of a grid is a row of its own: the outcome is filed under its place in the grid."""
    use, why = record.outcomes.get(at * len(record.headers) + index, (None, ""))
    if use is None:
        use = Use.DESCRIBES if index == 0 or not cell.text else Use.GRANTS
    return ReadCell(cell.text, cell.start, cell.end, use, why or ("name" if index == 0 else "connection"))


_NO_KIND: Final = "no columns of a known kind of table"
