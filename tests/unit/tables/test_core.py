"""Parts of cells: from an offset in what a person reads back to the source."""

from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.core import Cell
from egressc.tables.csv import read_csv
from egressc.tables.markdown import read_markdown
from support.tables import each
from unit.tables.markdown_documents import documents


def cell_of(text: str) -> tuple[Cell, Source]:
    source = Source("source", text)
    reader = read_csv if text.startswith("a,b") else read_markdown
    (table,) = reader(source, Report())
    return table.rows[0][-1], source


@each(
    ("raw", "word", "place"),
    [
        ("redis, kafka", "kafka", "kafka"),
        ("**redis**, `kafka`", "kafka", "kafka"),
        ("redis,   kafka", ", kafka", ",   kafka"),
        ("redis<br>kafka", "kafka", "kafka"),
        ("redis<br>kafka", "s\nk", "s<br>k"),
        ("a \\| b `c\\|d`", "c|d", "c\\|d"),
        ("a \\| ~~b~~ c", "b c", "b~~ c"),
        ("[redis][db] &amp; x", "& x", "&amp; x"),
        ("[redis][db] &amp; x", "redis", "redis"),
        ("[^1] redis[^2], kafka", "kafka", "kafka"),
        ("***a** b*c", "b", "b"),
    ],
)
def test_words_of_a_markdown_cell(raw: str, word: str, place: str) -> None:
    cell, source = cell_of(f"| a | b |\n|---|---|\n| x | {raw} |\n\n[db]: u\n")
    at = cell.text.index(word)
    assert cell.place(source, at, at + len(word)).text == place


@each(
    ("raw", "word", "place"),
    [
        ("redis; kafka", "kafka", "kafka"),
        ('"redis, ""kafka"" x"', '"kafka" x', '""kafka"" x'),
        ('"redis\r\n\r\n  kafka"', "kafka", "kafka"),
        ('" redis "', "redis", "redis"),
    ],
)
def test_words_of_a_csv_cell(raw: str, word: str, place: str) -> None:
    cell, source = cell_of(f"a,b\n1,{raw}\n")
    at = cell.text.index(word)
    assert cell.place(source, at, at + len(word)).text == place


def test_empty_and_outlying_ranges_are_places_in_the_cell() -> None:
    for raw in ("redis", "**redis**"):
        cell, source = cell_of(f"| a | b |\n|---|---|\n| x | {raw} |\n")
        assert cell.place(source, 2, 2).text == ""
        assert cell.place(source, 3, 99).text == "is"
        assert cell.start <= cell.place(source, 99, 99).start <= cell.end


@settings(max_examples=200)
@given(documents(), st.data())
def test_the_text_under_a_word_is_the_word(text: str, data: st.DataObject) -> None:
    source = Source("source", text)
    cells = [cell for table in read_markdown(source, Report()) for row in table.rows for cell in row]
    for cell in cells:
        start = data.draw(st.integers(0, len(cell.text)))
        end = data.draw(st.integers(start, len(cell.text)))
        span = cell.place(source, start, end)
        assert cell.start <= span.start <= span.end <= cell.end
        if cell.text[start:end].isalnum() and "&" not in span.text and span.text.isalnum():
            assert span.text == cell.text[start:end]


@each(("raw", "text", "place"), [("'redis, db'", "redis, db", "db"), ('"a\\x20db"', "a db", '"a\\x20db"')])
def test_a_text_of_another_format(raw: str, text: str, place: str) -> None:
    source = Source("source", f"key: {raw}\n")
    at = text.index("db")
    assert Cell(text, 5, 5 + len(raw)).place(source, at, at + 2).text == place
