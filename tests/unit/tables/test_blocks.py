"""Headings of Markdown documents against markdown-it-py, and what only looks like a front matter."""

from hypothesis import assume, given, settings

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.blocks import find_tables
from support.tables import each
from unit.tables.markdown_documents import documents
from unit.tables.markdown_oracle import oracle_headings

TABLE = "\n\n| a |\n|---|\n"


def outline(text: str) -> list[str]:
    tables = find_tables(Source("source", text + TABLE), Report())
    return [heading.value for heading in tables[-1].headings] if tables else []


@settings(max_examples=300)
@given(documents())
def test_the_outline_is_that_of_markdown_its_headings(text: str) -> None:
    """The table at the end stands under the last heading, and under the last before it of each higher level."""
    report = Report()
    tables = find_tables(Source("source", text + TABLE), report)
    # An open fence or comment hides the table; text that we refuse markdown-it reads in a way of its own.
    assume(tables and tables[-1].header.text == "| a |" and not report.diagnostics)
    assume(not any(table.is_broken for table in tables) and "---\n" not in text.replace("|---", ""))
    expected: list[tuple[int, str]] = []
    for level, heading in oracle_headings(text):
        expected = [*(above for above in expected if above[0] < level), (level, heading)]
    assert outline(text) == [heading for _, heading in expected]


@each(
    ("text", "headings"),
    [
        ("# One", ["One"]),
        ("#One", []),
        ("####### One", []),
        ("# One #\n", ["One"]),
        ("# One#\n", ["One#"]),
        ("#\n", [""]),
        ("One\ntwo\n===\n", ["One two"]),
        ("- One\n  ===\n", ["One"]),
        ("- One\n===\n", []),
        ("# A | B\n", ["A | B"]),
        ("---\ntitle: x\n---\n", []),
        ("---\ntitle: x\n\n---\n", []),
        ("---\n# One\n---\n", ["One"]),
        ("---\ntitle: x\ndescription\n", []),
        ("```\n# One\n```\n", []),
        ("<!-- # One\n# Two -->\n# Three", ["Three"]),
    ],
)
def test_what_is_a_heading(text: str, headings: list[str]) -> None:
    assert outline(text) == headings
