"""Any Markdown at all gives the tables that markdown-it-py gives, and cells whose places are true."""

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.core import Table
from egressc.tables.markdown import read_markdown
from unit.tables.markdown_documents import documents
from unit.tables.markdown_oracle import oracle_tables
from unit.tables.reading import grid


@settings(max_examples=400)
@given(documents())
@example("- | a | b |\n  |---|---|\n  | 1 | 2 |\n")
def test_the_same_tables_as_markdown_it(text: str) -> None:
    """But for text glued to a table, which is our error."""
    report = Report()
    found = read_markdown(Source("source", text), report)
    assume(not any(diagnostic.code.id in ("EG111", "EG112") for diagnostic in report.diagnostics))
    assert [grid(table) for table in found] == oracle_tables(text)


@settings(max_examples=200)
@given(documents())
def test_the_text_under_a_plain_cell_is_the_text_of_the_cell(text: str) -> None:
    source = Source("source", text)
    for table in read_markdown(source, Report()):
        assert table.span.text.strip() == table.span.text
        for cell in [cell for row in (table.headers, *table.rows) for cell in row]:
            raw = text[cell.start : cell.end]
            assert raw == raw.strip()
            assert bool(raw) or not cell.text
            if raw.replace(" ", "").isalnum():
                assert " ".join(raw.split()) == cell.text


@given(st.text(alphabet=st.characters()))
def test_any_text_gives_tables_and_diagnostics(text: str) -> None:
    check_places(read_markdown(Source("source", text), Report()))


@given(
    st.lists(st.sampled_from(["|", "-", "\n", "`", "<!--", "~~", ">", " ", "x", "[", "](", "&#0;", "\r", "\t", "#"]))
)
def test_any_marks_give_tables_and_diagnostics(parts: list[str]) -> None:
    check_places(read_markdown(Source("source", "".join(parts)), Report()))


def check_places(found: tuple[Table, ...]) -> None:
    for table in found:
        for row in table.rows:
            assert len(row) == len(table.headers)
            assert any(cell.text for cell in row)
            assert all(table.span.end < cell.start <= cell.end <= len(table.source.text) for cell in row)
