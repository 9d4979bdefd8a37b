"""Block quotes and list items: what belongs to them and where their content begins."""

from egressc.tables.containers import Container, Cursor, enter_item, enter_quote
from support.tables import each


@each(
    ("line", "indent", "rest"),
    [
        ("- x", 2, "x"),
        ("-   x", 4, "x"),
        ("-     x", 2, "x"),
        ("  * x", 4, "x"),
        ("10. x", 4, "x"),
        ("1) x", 3, "x"),
        ("-\tx", 4, "x"),
        ("-", 2, ""),
        ("- ", 2, ""),
        ("1.", 3, ""),
    ],
)
def test_a_list_marker(line: str, indent: int, rest: str) -> None:
    cursor = Cursor(line)
    item = enter_item(cursor, in_paragraph=False)
    assert item is not None
    assert (item.indent, cursor.rest, item.has_content) == (indent, rest, bool(rest))


@each("line", ["-x", "1.x", "1234567890. x", "x", "a. x"])
def test_no_list_marker(line: str) -> None:
    assert enter_item(Cursor(line), in_paragraph=False) is None


@each(("line", "begins"), [("- x", True), ("1. x", True), ("2. x", False), ("-", False), ("1.", False)])
def test_what_begins_a_list_directly_under_a_paragraph(line: str, begins: bool) -> None:
    assert (enter_item(Cursor(line), in_paragraph=True) is not None) == begins


@each(
    ("line", "indent", "rest"),
    [("> x", 0, "x"), (">x", 0, "x"), ("   >   x", 2, "x"), (">\tx", 2, "x"), (">", 0, "")],
)
def test_a_quote_mark_takes_one_blank(line: str, indent: int, rest: str) -> None:
    cursor = Cursor(line)
    assert enter_quote(cursor)
    assert (cursor.indent(), cursor.rest) == (indent, rest)


def test_four_blanks_are_no_quote() -> None:
    assert not enter_quote(Cursor("    > x"))


@each(
    ("line", "has_content", "continues"),
    [("  x", True, True), (" x", True, False), ("", True, True), ("", False, False), ("\tx", True, True)],
)
def test_what_continues_a_list_item(line: str, has_content: bool, continues: bool) -> None:
    assert Container(2, has_content=has_content).continues(Cursor(line)) == continues
