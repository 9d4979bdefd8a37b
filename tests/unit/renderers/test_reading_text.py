"""The account for people: marks, colours, widths, and words that stay words."""

import re

from egressc.renderers.reading import CellRecord, Column, Fault, ReadReport, RowRecord, TableRecord, Text
from egressc.renderers.reading_text import LEGEND, render_text
from reports.samples import HOSTILE, read_hostile

FAULT = Fault("EG301", 'destination "x" is not defined')


def account(*cells: CellRecord, kind: str = "services", why: str = "") -> ReadReport:
    columns = tuple(Column(f"Header {at}", "" if cell.use == "ignored" else cell.why) for at, cell in enumerate(cells))
    table = TableRecord("services.md", 3, "Services", kind, why, columns, (RowRecord(5, "grants", cells),))
    return ReadReport(("services.md",), (table,), ())


ONE_OF_EACH = (
    CellRecord("orders", 5, 1, "describes", "service"),
    CellRecord("redis", 5, 10, "grants", "dependencies"),
    CellRecord("kafka", 5, 20, "denies", "dependencies"),
    CellRecord("x", 5, 30, "refused", "external", (FAULT,)),
    CellRecord("blue", 5, 40, "ignored", "no role"),
    CellRecord("", 5, 50, "ignored", "no role"),
)


def test_each_use_has_a_mark() -> None:
    assert render_text(account(*ONE_OF_EACH)) == (
        f"{LEGEND}\n\n"
        "services.md:3: Services: a table of services; 1 row grants\n"
        "  |   Header 0 |   Header 1     |   Header 2     |   Header 3 |   Header 4 |   Header 5\n"
        "  |   service  |   dependencies |   dependencies |   external | ~ not read | ~ not read\n"
        "5 |   orders   | + redis        | - kafka        | ! x        | ~ blue     |\n"
        '    ! EG301: destination "x" is not defined\n'
        "\nread: 1 table: 1 row grants; 3 cells read, 1 ignored, 1 refused\n"
    )


def test_colour_changes_nothing_but_colour() -> None:
    coloured = render_text(account(*ONE_OF_EACH), colour=True)
    assert "\x1b[32m+ redis\x1b[0m" in coloured
    assert "\x1b[1;31m! x\x1b[0m" in coloured
    plain = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]
    assert plain == render_text(account(*ONE_OF_EACH)).splitlines()


def test_an_empty_cell_that_is_refused_has_its_mark() -> None:
    assert "5 | !\n    ! EG301" in render_text(account(CellRecord("", 5, 1, "refused", "service", (FAULT,))))


def test_a_place_that_is_only_related_is_pointed_at() -> None:
    related = CellRecord("y", 5, 1, "describes", "service", (Fault("EG301", "similar name"),))
    assert "5 |   y\n    see EG301: similar name\n" in render_text(account(related))


def test_an_ignored_table_says_why_in_place_of_roles() -> None:
    text = render_text(account(CellRecord("3", 5, 1, "ignored", "why"), kind="left out", why="the heading is left out"))
    assert "services.md:3: Services: left out: the heading is left out\n  |   Header 0\n5 | ~ 3\n" in text


def test_long_cells_are_clipped_and_short_ones_are_not() -> None:
    cells = (
        CellRecord("a" * 300, 5, 1, "describes", "service"),
        CellRecord("日本" * 50, 5, 9, "grants", "dependencies"),
        CellRecord("short enough", 5, 17, "describes", "notes"),
    )
    text = render_text(account(*cells), width=80)
    (row,) = [line for line in text.splitlines() if line.startswith("5 |")]
    assert len(row) + row.count("日") + row.count("本") <= 80
    assert "aaa… | + 日本" in row
    assert row.endswith("short enough")


def test_lines_that_are_not_read_are_listed() -> None:
    report = ReadReport(("a.md",), (), (Text("a.md", 7, "Web | Redis", "an empty line parts them"),))
    assert "\n~ a.md:7: Web | Redis (an empty line parts them)\n" in render_text(report)


def test_no_word_of_a_document_reaches_the_terminal_raw() -> None:
    text = render_text(read_hostile())
    assert not re.search("[\x1b\u202e\u2028\u2029]", text)
    assert "\\x1b[31m" in text
    assert HOSTILE[0] in text
