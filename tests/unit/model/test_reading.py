"""The account of a reading: how cells, rows and tables are counted."""

from collections import Counter

from egressc.model.reading import ReadCell, Reading, ReadTable, Tally, Use
from egressc.source import Source, Span

SOURCE = Source("services.md", "")


def table(kind: str, *rows: list[Use]) -> ReadTable:
    cells = tuple(tuple(ReadCell("", 0, 0, use) for use in row) for row in rows)
    return ReadTable(SOURCE, "", Span(SOURCE, 0, 0), kind, (("a", ""), ("b", "")), cells)


NEEDS = table("needs", [Use.DESCRIBES, Use.GRANTS], [Use.DESCRIBES, Use.DENIES], [Use.IGNORED, Use.IGNORED])
GRID = table("grid", [Use.DESCRIBES, Use.GRANTS, Use.GRANTS])
LEFT_OUT = table("left out", [Use.IGNORED, Use.IGNORED])


def test_cells_are_counted_by_their_use() -> None:
    assert NEEDS.uses() == Counter({Use.DESCRIBES: 2, Use.GRANTS: 1, Use.DENIES: 1, Use.IGNORED: 2})


def test_a_row_counts_once_and_in_a_grid_once_for_each_cell_that_connects() -> None:
    reading = Reading((NEEDS, GRID, LEFT_OUT))
    assert reading.rows(Use.GRANTS) == 3
    assert reading.rows(Use.GRANTS, Use.DENIES) == 4
    assert reading.rows(Use.DESCRIBES) == 0


def test_tables_that_are_not_read_are_counted() -> None:
    kinds = ["needs", "left out", "not read", "refused"]
    assert [kind for kind in kinds if table(kind).is_ignored] == ["left out", "not read"]
    assert Reading((NEEDS, LEFT_OUT)).ignored_tables == 1


def test_nothing_is_counted_at_first() -> None:
    assert set(Tally()) == {0}
