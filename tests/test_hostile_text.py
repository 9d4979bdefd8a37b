"""Text that was written to hurt: eight times as much of it takes about eight times as long, and is answered."""

import time
from collections.abc import Callable

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.csv import read_csv
from egressc.tables.markdown import read_markdown
from egressc.tables.yaml import read_yaml
from support.tables import each

HEAD = "| a | b |\n|---|---|\n"
Maker = Callable[[int], str]
Reader = Callable[[Source, Report], object]

MARKDOWN: dict[str, Maker] = {
    # No cell is longer than those that are read, at the sizes below.
    "one line": lambda n: "x" * n * 20,
    "one row": lambda n: HEAD + "| x | " + "y " * n + "|\n",
    "pipes": lambda n: "|" * n,
    "a row of pipes": lambda n: HEAD + "|" * n,
    "a header of pipes": lambda n: "|a" * n + "\n" + "|-" * n + "\n",
    "escaped pipes": lambda n: HEAD + "\\|" * n,
    "delimiters": lambda n: "a|b\n" + "-|" * n + "x",
    "blanks in delimiters": lambda n: "a|b\n-" + " " * n + "x",
    "backticks": lambda n: HEAD + "| " + "`" * n * 10 + " |",
    "growing backticks": lambda n: HEAD + "| " + " ".join("`" * length for length in range(1, int(n**0.5))) + " |",
    "pairs of backticks": lambda n: HEAD + "| " + "` `` " * n + " |",
    "stars": lambda n: HEAD + "| " + "*a " * n + " |",
    "closing stars": lambda n: HEAD + "| " + "a* " * n + " |",
    "stars and underscores": lambda n: HEAD + "| " + "*a_ **b__ " * n + " |",
    "a run of stars": lambda n: HEAD + "| a" + "*" * n * 10 + "a |",
    "underscores": lambda n: HEAD + "| a" + "_" * n * 10 + "a |",
    "tildes": lambda n: HEAD + "| " + "~a ~~b " * n + " |",
    "brackets": lambda n: HEAD + "| " + "[" * n + "]" * n + " |",
    "images": lambda n: HEAD + "| " + "![" * n + "[a](b)" * n + " |",
    "links": lambda n: HEAD + "| " + "[a](b" * n + " |",
    "link titles": lambda n: HEAD + "| " + '[a](b "' * n + " |",
    "references": lambda n: HEAD + "| " + "[a][" * n + " |\n\n[a]: b\n",
    "definitions": lambda n: HEAD + "\n" + "[a\\]" * n + "]: x\n" + "[a]:\n" * n,
    "comments": lambda n: HEAD + "| " + "<!-- " * n + " |",
    "comment blocks": lambda n: "<!--\n" * n,
    "declarations": lambda n: HEAD + "| " + "<!A " * n + " |",
    "tags": lambda n: HEAD + "| " + "<a b='" * n + " |",
    "attributes": lambda n: HEAD + "| <a" + " b=c" * n + " |",
    "blanks in a tag": lambda n: HEAD + "| <a" + " " * n * 10 + "b |",
    "entities": lambda n: HEAD + "| " + "&#x1;&amp &" * n + " |",
    "escapes": lambda n: HEAD + "| " + "\\*\\" * n + " |",
    "fences": lambda n: "```\n" * n + "`" * n,
    "quotes": lambda n: ">" * n + "\n" + "> " * n,
    "lists": lambda n: "- " * n + "\n" * n,
    "numbered lists": lambda n: "1. " * n + "\n" + "   x\n" * n,
    "lazy lines": lambda n: "> a\n" + "b\n" * n,
    "a paragraph": lambda n: "a | b\n" * n + "---\n",
    "headings": lambda n: "# a " + "#" * n + "b\n" + "# #\n" * n,
    "tabs": lambda n: "\t" * n + "x\n" + "-\t" * n,
    "thematic breaks": lambda n: "* " * n + "x",
    "NUL": lambda n: HEAD + "| " + "\0" * n + " |",
    "surrogates": lambda n: HEAD + "| " + "\ud800" * n + " |",
    "front matter": lambda n: "---\na: b\n" + "c: d\n" * n,
}
CSV: dict[str, Maker] = {
    "separators": lambda n: "," * n,
    "quotes": lambda n: 'a,b\n"' + '""' * n,
    "fields": lambda n: "a,b\n" + '"x",' * n,
    "strays": lambda n: "a,b\n" + '"x"y,' * n,
    "blanks": lambda n: "a,b\n" + " " * n + 'x"',
    "lines": lambda n: "a,b\n" + '1,"\n' * n,
}
YAML: dict[str, Maker] = {
    "brackets": lambda n: "[" * n,
    "mappings": lambda n: "{a: " * n,
    "dashes": lambda n: "- " * n,
    "keys": lambda n: "".join(f"k{i}: v\n" for i in range(n // 10)),
    "equal keys": lambda n: "a: b\n" * (n // 10),
    "aliases": lambda n: "a: &a [b]\nc: [" + "*a," * (n // 10) + "]",
    "digits": lambda n: "a: " + "9" * n,
    "digits with a point": lambda n: "a: ." + "9_" * n + "x",
    "quotes": lambda n: "a: '" + "''" * n,
    "documents": lambda n: "---\n" * n,
    "colons": lambda n: "a:" * n,
    "questions": lambda n: "? " * n,
}


MAKERS: dict[Reader, dict[str, Maker]] = {read_markdown: MARKDOWN, read_csv: CSV, read_yaml: YAML}


def seconds(reader: Reader, text: str) -> float:
    """Of this process alone: other work on the machine does not count."""
    started = time.process_time()
    reader(Source("source", text), Report())
    return time.process_time() - started


@each(("reader", "name"), [(reader, name) for reader, makers in MAKERS.items() for name in makers])
def test_time_is_linear_in_the_text(reader: Reader, name: str) -> None:
    make = MAKERS[reader][name]
    small = max(0.002, min(seconds(reader, make(1_000)) for _ in range(2)))
    # Eight times the text; quadratic time would be 64 times as long. Three attempts, as memory has moods.
    assert any(seconds(reader, make(8_000)) < 24 * small for _ in range(3))


def test_a_table_of_too_many_cells_is_refused_before_the_memory_is_full() -> None:
    report = Report()
    text = "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|x\n" * 2_000
    assert read_markdown(Source("source", text), report) == ()
    assert [found.code.id for found in report.diagnostics] == ["EG102"]


def test_a_cell_that_nobody_wrote_is_refused() -> None:
    report = Report()
    (table,) = read_markdown(Source("source", HEAD + "| x | " + "*" * 100_001 + " |\n"), report)
    assert [found.code.id for found in report.diagnostics] == ["EG102"]
    assert [cell.text for cell in table.rows[0]] == ["x", ""]


@each("reader", [read_markdown, read_csv])
def test_a_text_of_too_many_lines_is_refused(reader: Reader) -> None:
    report = Report()
    assert reader(Source("source", "\n" * 2_000_001), report) == ()
    assert [found.code.id for found in report.diagnostics] == ["EG102"]
