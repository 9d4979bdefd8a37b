"""The account in words: what one line says of many rows and cells."""

from egressc.renderers.reading import ReadCounts, say_counts, say_rows_read
from reports.samples import fleet
from support.tables import each

NOTHING = ReadCounts(0, 0, 0, 0, 0, 0, 0, 0)


@each(
    ("counts", "said"),
    [
        (NOTHING, "0 tables: no rows; 0 cells read"),
        (NOTHING._replace(tables=1, grants=1, cells=1), "1 table: 1 row grants; 1 cell read"),
        (
            ReadCounts(2, 2, 19, 3, 4, 1, 88, 6, 2, 3),
            "2 tables: 19 rows grant, 3 deny, 4 describe, 1 is ignored, 2 are refused; "
            "88 cells read, 6 ignored, 3 refused; 2 tables ignored",
        ),
        (NOTHING._replace(tables=1, denies=1, describes=1), "1 table: 1 row denies, 1 describes; 0 cells read"),
    ],
)
def test_counts(counts: ReadCounts, said: str) -> None:
    assert say_counts(counts) == said


@each(
    ("counts", "said"),
    [
        (NOTHING._replace(grants=1), "1 row read"),
        (NOTHING._replace(grants=15, describes=4), "19 rows read"),
        (
            NOTHING._replace(grants=15, describes=4, denies=3, ignored_tables=2),
            "19 rows read; 3 rows deny, 2 tables ignored (see egressc read)",
        ),
        (NOTHING._replace(ignored=1, denies=1), "0 rows read; 1 row denies, 1 row ignored (see egressc read)"),
    ],
)
def test_rows_read(counts: ReadCounts, said: str) -> None:
    assert say_rows_read(counts) == said


def test_rows_and_cells_are_counted_by_what_they_came_to() -> None:
    account = fleet(3).reading
    assert account is not None
    assert account.counts == NOTHING._replace(tables=1, grants=3, cells=6, ignored_cells=3)
