"""The account of a reading: what became of each row and cell. Made when somebody asks; a compile counts rows alone."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.lower.asks import read_asks
from egressc.lower.documents import lower_document
from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.headers import kind_of_headers, shape_table
from egressc.lower.headings import LeftOut
from egressc.model.project import Project
from egressc.model.reading import ReadCell, Reading, ReadTable, ReadText, Tally, Use
from egressc.model.requirements import DestinationRow, FlowRow, Kind, Requirements, Role, Row, ServiceRow, Written
from egressc.source import Located, Source, Span
from egressc.tables.core import Table
from egressc.tables.csv import read_csv
from egressc.tables.markdown import read_markdown
from egressc.tables.strays import Stray

_LISTS: Final = frozenset({Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY})
_ASKS: Final = frozenset({Role.DESTINATION, Role.PORT, Role.PROTOCOL})
_GRANTS: Final = {Kind.SERVICES: _LISTS, Kind.FLOWS: _ASKS | {Role.SOURCE}, Kind.DESTINATIONS: _ASKS}
_CSV: Final = (".csv", ".tsv")
_MARKDOWN: Final = (".md", ".markdown")
_YAML: Final = (".yaml", ".yml")
_TEXT: Final = attrgetter("text")


def count_rows(requirements: Requirements, owners: Mapping[int, str]) -> Tally:
    """The account in numbers, from what was lowered: cheap enough for every compile."""
    granting = sum(bool(row.needs or row.callers) for row in requirements.services)
    granting += len(requirements.flows) + len(owners)
    rows = len(requirements.services) + len(requirements.destinations) + len(requirements.flows)
    read = ignored = 0
    lowered: tuple[Sequence[ServiceRow | DestinationRow | FlowRow], ...]
    lowered = requirements.services, requirements.destinations, requirements.flows
    skipped: dict[int, tuple[int, ...]] = {}  # columns that are not read; the rows of a table share theirs
    for rows_of_kind in lowered:
        for it in rows_of_kind:
            row = it[0]
            columns, cells = row.columns, row.cells
            held = skipped.get(id(columns))
            if held is None:
                if row.source.name.endswith(_YAML):
                    read += len(columns.keys() - {Role.LISTENS_ON})  # a list has a cell for each item
                    continue
                known = set(chain.from_iterable(columns.values()))
                held = skipped[id(columns)] = tuple(at for at in range(len(cells)) if at not in known)
            read += len(cells) - list(map(_TEXT, cells)).count("")
            if held:
                unread = sum(cells[at].text != "" for at in held)
                read -= unread
                ignored += unread
    return Tally(
        requirements.tables,
        requirements.ignored_tables,
        granting,
        0,
        rows - granting,
        cells=read,
        ignored_cells=ignored,
    )


def account(
    project: Project, sources: Sequence[Source], requirements: Requirements, owners: Mapping[int, str]
) -> Reading:
    """What became of each cell: reads the sources again. `owners` as for `Resolution`, of the destination rows."""
    asked = [requirements.destinations[at].row for at in owners]
    asking = {(row.source.name, row.cells[0].start) for row in asked}
    books = _Books(
        HeaderBook(project.headers, [it.value for it in project.ignored_columns]), LeftOut(project.leave_out)
    )
    tables: list[ReadTable] = []
    texts: list[ReadText] = []
    for source in sorted(sources, key=lambda it: it.name):
        name = source.name.lower()
        if name.endswith(_YAML):
            tables += _document(source, asking)
        elif name.endswith(_CSV):
            tables += [_table(table, books, asking) for table in read_csv(source, Report())]
        elif name.endswith(_MARKDOWN):
            strays: list[Stray] = []
            tables += [_table(table, books, asking) for table in read_markdown(source, Report(), strays=strays)]
            texts += [
                ReadText(Span(source, it.cells[0].start, it.cells[-1].end), it.cause) for it in strays if it.cells
            ]
    return Reading(tuple(tables), tuple(texts))


_Asking = set[tuple[str, int]]


class _Books(NamedTuple):
    words: HeaderBook
    left_out: LeftOut


def _table(table: Table, books: _Books, asking: _Asking) -> ReadTable:
    kind = kind_of_headers(table.headers, books.words)
    shape = None
    if books.left_out.holds(table.headings):
        name, why = "left out", "the project file leaves the heading out"
    elif kind is None:
        name, why = "not read", "no columns of a known kind of table"
    elif shape := shape_table(table, books.words, Report()):
        name, why = str(kind), ""
    else:
        name, why = "refused", f"a table of {kind} whose columns are not clear"
    roles: dict[int, Role] = {}
    for role, columns in (shape.columns if shape else {}).items():
        for at in columns:
            roles.setdefault(at, role)
    unread = [
        why or ("the project file ignores the column" if plain_header(it.text) in books.words.ignored else "no role")
        for it in table.headers
    ]
    rows = tuple(
        tuple(_cell(cell, kind, roles.get(at), unread[at], is_asking) for at, cell in enumerate(row))
        for row in table.rows
        for is_asking in [(table.source.name, row[0].start) in asking]
    )
    headers = tuple((it.text, str(roles.get(at, ""))) for at, it in enumerate(table.headers))
    heading = table.heading.value if table.heading else ""
    return ReadTable(table.source, heading, table.span, name, headers, rows, why)


def _cell(cell: Written, kind: Kind | None, role: Role | None, unread: str, is_asking: bool) -> ReadCell:
    if role is None or kind is None:
        return ReadCell(cell.text, cell.start, cell.end, Use.IGNORED, unread)
    grants = role in _GRANTS[kind] and (is_asking or kind is not Kind.DESTINATIONS)
    grants = grants and bool(read_asks(cell.text) if role in _LISTS else cell.text)
    return ReadCell(cell.text, cell.start, cell.end, Use.GRANTS if grants else Use.DESCRIBES, role)


def _document(source: Source, asking: _Asking) -> Iterator[ReadTable]:
    """The lists of a YAML document, each with the keys that its entries have for columns."""
    document = lower_document(source, Report())
    for kind, lowered in (
        (Kind.SERVICES, document.services),
        (Kind.DESTINATIONS, document.destinations),
        (Kind.FLOWS, document.flows),
    ):
        rows = [it.row for it in lowered]
        roles = list(dict.fromkeys(role for row in rows for role in row.columns if role is not Role.LISTENS_ON))
        if rows:
            cells = tuple(tuple(_entry_cell(row, role, kind, asking) for role in roles) for row in rows)
            headers = tuple((str(role), str(role)) for role in roles)
            yield ReadTable(source, str(kind), rows[0].span, str(kind), headers, cells)


def _entry_cell(row: Row, role: Role, kind: Kind, asking: _Asking) -> ReadCell:
    """The values of one key as one cell."""
    held = [row.cells[at] for at in row.columns.get(role, ())]
    if not held:
        return ReadCell("", row.span.end, row.span.end, Use.DESCRIBES, role)
    whole = Located(", ".join(it.text for it in held), Span(row.source, held[0].start, held[-1].end))
    cell = ReadCell(whole.value, whole.span.start, whole.span.end, Use.DESCRIBES, role)
    return _cell(cell, kind, role, "", (row.source.name, row.cells[0].start) in asking)
