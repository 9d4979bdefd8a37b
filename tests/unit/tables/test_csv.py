"""CSV as programs and people write it, against the standard reader."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.csv import read_csv
from support.tables import each
from unit.tables.reading import grid, read, said


def rows(text: str) -> list[list[str]]:
    found, codes = read(read_csv, text)
    assert codes == []
    (table,) = found
    return grid(table)


@each(
    "text",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n",
        "a,b\n1,2",
        "\ufeffa,b\n1,2\n",
        "\n\na,b\n\n1,2\n\n",
        "a;b\n1;2\n",
        "a\tb\n1\t2\n",
        '"a","b"\n"1","2"\n',
        'a, "b"\n 1 , "2" \n',
        '"a;b";c,d\n'.replace('"a;b";c,d', "a,b") + "1,2\n,,\n , \n",
    ],
)
def test_one_table_however_it_is_written(text: str) -> None:
    assert rows(text) == [["a", "b"], ["1", "2"]]


def test_what_quotes_hold() -> None:
    text = 'a;"b;c"\n"x ""y""";"first\r\n\r\n second, third"\n'
    assert rows(text) == [["a", "b;c"], ['x "y"', "first\nsecond, third"]]


def test_a_quote_inside_an_unquoted_field_is_text() -> None:
    assert rows('a,b\n6" pipe,it"s\n') == [["a", "b"], ['6" pipe', 'it"s']]


def test_marks_of_markdown_and_number_signs_are_text() -> None:
    assert rows("#,b\n# x,**y**\n") == [["#", "b"], ["# x", "**y**"]]


def test_spans_are_the_fields_without_blanks_and_quotes() -> None:
    source = Source("source", 'a,b\n x , "y ""z"" "\n')
    (table,) = read_csv(source, Report())
    assert [source.text[cell.start : cell.end] for cell in table.rows[0]] == ["x", 'y ""z""']
    assert table.span.text == "a,b"
    assert (table.heading, table.headings) == (None, ())


def test_short_rows_are_filled_up_at_their_end() -> None:
    (table,), _ = read(read_csv, "a,b,c\n1\n")
    assert table.rows[0] == (("1", 6, 7), ("", 7, 7), ("", 7, 7))


def test_an_empty_text_has_no_table() -> None:
    assert read(read_csv, "\ufeff\r\n\n") == ((), [])


@each(
    ("text", "diagnostics"),
    [
        ("a,b\n1,2,,3\n", ['2:6 EG110: cell "3" is after the last of 2 columns']),
        ('a,b\n1,"2\n3,4\n', ["2:3 EG120: quoted field is never closed"]),
        ('a,b\n"1"x,2\n', ['2:4 EG121: "x" follows the closing quote of the field']),
        ("a,b\n1,2\u202e\n", ["2:4 EG103: text contains the invisible character U+202E (RIGHT-TO-LEFT OVERRIDE)"]),
        ('a,b\n1,"2\r3"\n', ["2:5 EG104: carriage return has no line feed after it"]),
    ],
)
def test_what_is_refused_and_where(text: str, diagnostics: list[str]) -> None:
    assert said(read_csv, text) == diagnostics


def test_a_stray_text_shows_where_its_field_begins() -> None:
    report = Report()
    read_csv(Source("source", 'a,b\n1,"2\n3" x\n'), report)
    (found,) = report.diagnostics
    assert str(found.primary.span) == "source:3:4"
    assert [str(label.span) for label in found.related] == ["source:2:3"]


FIELDS = st.text(alphabet=st.sampled_from('ab ",;#\n\té日'), max_size=8)


def tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


@given(
    st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width), min_size=1)),
    st.sampled_from(["\r\n", "\n"]),
    st.booleans(),
)
def test_what_the_standard_writer_writes_is_read_back(table: list[list[str]], line_end: str, quote_all: bool) -> None:
    header = [f"column {number}" for number, _ in enumerate(table[0])]
    stream = io.StringIO(newline="")
    dialect = csv.unix_dialect if quote_all else csv.excel
    csv.writer(stream, dialect, lineterminator=line_end).writerows([header, *table])
    expected = [[tidy(field) for field in row] for row in table]
    assert rows(stream.getvalue()) == [header, *(row for row in expected if any(row))]


@given(st.text(alphabet=st.sampled_from('a ",;\n\r\t\x00\ud800#é'), max_size=40))
def test_any_text_gives_rows_and_diagnostics(text: str) -> None:
    for table in read_csv(Source("source", text), Report()):
        for row in table.rows:
            assert len(row) == len(table.headers)
            assert all(0 <= cell.start <= cell.end <= len(text) for cell in row)
