"""Markdown documents as people write them, and what is said of them."""

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.core import TableHead
from egressc.tables.markdown import read_markdown
from support.tables import each
from unit.tables.reading import grid, read, said


def tables(text: str) -> list[list[list[str]]]:
    found, codes = read(read_markdown, text)
    assert codes == []
    return [grid(table) for table in found]


HEAD = "| a | b |\n|---|---|\n"


@each(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a | b\n--- | ---\n1 | 2\n",
        "| a | b\n|---|---\n| 1 | 2\n",
        "a | b |\n---|---|\n1 | 2 |\n",
        "  | a | b |\n  |:--|--:|\n   | 1 | 2 |\n",
        "|a|b|\n|:-:|-|\n|1|2|\n",
        "|\ta\t|\tb\t|\n|---|---|\n|\t1\t|\t2\t|\n",
        "| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n",
        "\ufeff| a | b |\n|---|---|\n| 1 | 2 |\n",
        "Text above\n| a | b |\n|---|---|\n| 1 | 2 |\n\nText below\n",
        "# Heading\n| a | b |\n|---|---|\n| 1 | 2 |\n# Heading\n",
        "- item\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n- item\n",
        "1. item\n\n   | a | b |\n   |---|---|\n   | 1 | 2 |\n\n   text\n",
        "- - | a | b |\n    |---|---|\n    | 1 | 2 |\n",
        "-\t| a | b |\n\t|---|---|\n\t| 1 | 2 |\n",
        "> | a | b |\n> |---|---|\n> | 1 | 2 |\n",
        "> - | a | b |\n>   |---|---|\n>   | 1 | 2 |\n",
        "<details>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n</details>\n",
        "<!-- note -->\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "```\ncode\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n> quote\n",
        "| a | b |\n|---|---|\n| | |\n| 1 | 2 |\n|\n",
        "| a | b |\n|---|---|\n| 1 | 2 | |\n",
        "---\ntitle: x\n---\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    ],
)
def test_one_table_however_it_is_written(text: str) -> None:
    assert tables(text) == [[["a", "b"], ["1", "2"]]]


@each(
    "text",
    [
        "```\n| a | b |\n|---|---|\n```\n",
        "~~~ sh\n| a | b |\n|---|---|\n```\n~~~~\n",
        "- ```\n  | a | b |\n  |---|---|\n  ```\n",
        "<!--\n\n| a | b |\n|---|---|\n-->\n",
        "<pre>\n\n| a | b |\n|---|---|\n</pre>\n",
        "<div>\n| a | b |\n|---|---|\n</div>\n",
        "    | a | b |\n    |---|---|\n",
        "\t| a | b |\n\t|---|---|\n",
        "-     | a | b |\n      |---|---|\n",
        "| a | b |\n\n|---|---|\n",
        "| a | b |\n",
        "|---|---|\n",
        "text\n---\n",
        "a \\| b\n---\n",
        "",
    ],
)
def test_no_table(text: str) -> None:
    assert tables(text) == []


@each(
    ("cell", "text"),
    [
        ("**Redis** and _Kafka_", "Redis and Kafka"),
        ("`redis`", "redis"),
        ("`a\\|b` \\| c", "a|b | c"),
        ('[Redis](https://redis.io "x") [b]', "Redis [b]"),
        ("[Redis][db], [db], [none]", "Redis, db, [none]"),
        ("![logo](l.png) Kafka[^1]", "logo Kafka"),
        ("a<br>b<br/> c <BR />", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<https://a.example/x_y> R&amp;D &lt;1", "https://a.example/x_y R&D <1"),
        ("snake_case __init__ a*b", "snake_case init a*b"),
        ("\\*.example.com, \\_x\\_", "*.example.com, _x_"),
        ("*.example.com, *.example.org", "*.example.com, *.example.org"),
        ("app=*", "app=*"),
        ("Überweisung  \u00a0 日本語 🚀", "Überweisung 日本語 🚀"),
        ("<span title='x'>Redis</span><!-- later -->", "Redis"),
        ("~100 ms", "~100 ms"),
        ("<nil", "<nil"),
    ],
)
def test_decoration_goes_and_the_words_stay(cell: str, text: str) -> None:
    found = tables(f"{HEAD}| x | {cell} |\n\n[db]: https://x\n")
    assert found == [[["a", "b"], ["x", text]]]


def test_pipes_split_cells_even_in_code() -> None:
    assert tables("| a | b |\n|---|---|\n| `1 | 2` |\n") == [[["a", "b"], ["`1", "2`"]]]


def test_short_rows_are_filled_up_at_their_end() -> None:
    (table,), _ = read(read_markdown, HEAD + "| 1 |\n")
    assert table.rows[0] == (("1", 22, 23), ("", 25, 25))


def test_the_outline_of_a_table() -> None:
    text = "# One\n\nTwo *x*\n---\n\n#### Four [l](u) ##\n## **Two**\n> ### Three\n\n" + HEAD + "\n# Other\n" + HEAD
    found, _ = read(read_markdown, text)
    assert [[heading.value for heading in table.headings] for table in found] == [["One", "Two", "Three"], ["Other"]]
    assert [table.heading.value for table in found if table.heading] == ["Three", "Other"]
    assert [heading.span.text for heading in found[0].headings] == ["One", "**Two**", "Three"]


def test_a_table_without_a_heading() -> None:
    (table,), _ = read(read_markdown, HEAD)
    assert table.heading is None
    assert table.headings == ()


@each(
    ("text", "diagnostics"),
    [
        (HEAD + "| 1 | 2 | 3 |\n", ['3:11 EG110: "3" is beyond the last column (2)']),
        ("| a | b |\n|---|\n", ["2:1 EG111: the header has 2 cells and the line under it 1: this is no table"]),
        (
            "- item\n| a | b |\n|---|---|\n",
            ["3:1 EG111: these lines continue the paragraph above them: this is no table"],
        ),
        (HEAD + "| 1 | 2 |\nprose\n", ["4:1 EG112: this line continues the table above, yet it has no cells"]),
        (HEAD + "| x | a \\| ~~b~~ |\n", ['3:12 EG113: "~~b~~" is struck out']),
        (HEAD + "| <del>1</del> | 2 |\n", ['3:3 EG113: "<del>" is struck out']),
        ("```yaml\n" + HEAD, ['1:1 EG114: "```" opens here and is never closed']),
        ("text\n\n<!-- x\n" + HEAD, ['3:1 EG114: "<!--" opens here and is never closed']),
        (
            HEAD + "| a\u200bb | \x00 |\n",
            [
                "3:4 EG103: the text holds the invisible character U+200B (ZERO WIDTH SPACE)",
                "3:9 EG103: the text holds the invisible character U+0000",
            ],
        ),
        (HEAD + "| a&#7;b | 2 |\n", ["3:3 EG103: the text holds the invisible character U+0007"]),
        (HEAD + "| \ud800 | 2 |\n", ["3:3 EG103: the text holds the invisible character U+D800"]),
        ("| a | b |\r|---|---|\r", ["1:10 EG104: a carriage return is here without a line feed"]),
        (">" * 51 + " text\n", ["1:51 EG105: the text is nested more than 50 levels deep"]),
    ],
)
def test_what_is_refused_and_where(text: str, diagnostics: list[str]) -> None:
    assert said(read_markdown, text) == diagnostics


def test_rows_of_a_table_that_matters_to_nobody_are_not_judged() -> None:
    text = "# Notes\n" + HEAD + "| ~~1~~ | 2 | 3 |\n"
    heads: list[TableHead] = []

    def concerns(head: TableHead) -> bool:
        heads.append(head)
        return False

    report = Report()
    (table,) = read_markdown(Source("source", text), report, concerns=concerns)
    assert report.diagnostics == []
    assert heads == [TableHead(table.headers, table.headings)]
