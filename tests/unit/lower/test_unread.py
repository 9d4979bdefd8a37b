"""Lines that look like tables and are none: refused where they may be about services, else named."""

from support.compiled import findings, flows, services
from support.tables import each

HEAD = services("web | None | None")
ROWS = "| web | Redis | None |\n"


@each(
    ("text", "found"),
    [
        (HEAD.rstrip("\n") + "\n\n" + ROWS, "EG115 web | Redis | None"),
        (HEAD + "\n\n" + ROWS + ROWS, "EG115 web | Redis | None"),
        (HEAD + ROWS.strip("|\n "), "EG115 web | Redis | None"),
        (HEAD + "| Service | Calls |\n| cart | Redis |\n", "EG115 Service | Calls"),
        (HEAD + "# X\n\n| Service | Calls |\n| cart | Redis |\n", "EG115 Service | Calls"),
        (HEAD + "# X\n\n| Service | Calls |\n|\u2013\u2013|\u2013\u2013|\n| cart | Redis |\n", "EG115 Service | Calls"),
        (HEAD + "# X\n\n| Service | Calls |\n|===|===|\n| cart | Redis |\n", "EG115 Service | Calls"),
        (HEAD + "<details>\n| Service | Calls |\n|---|---|\n| cart | Redis |\n</details>\n", "EG115 Service | Calls"),
        (HEAD + "<table>\n<tr><th>Service</th><th>Calls</th></tr>\n</table>\n", "EG115 Service</th><th>Calls"),
        (HEAD + "+---+---+\n| Service | Calls |\n+===+===+\n| cart | Redis |\n+---+---+\n", "EG115 Service | Calls"),
        (HEAD + "Service   Calls\n-------   -----\ncart      Redis\n", "EG115 Service   Calls"),
        (HEAD + "Service   Calls\n=======   =====\ncart      Redis\n", "EG115 Service   Calls"),
        (HEAD.rstrip() + "\n| From | To | Port |\n|---|---|---|\n| web | Redis | 6379 |\n", "EG115 From | To | Port"),
        (HEAD + "As agreed:\n" + ROWS, "EG116 web | Redis | None"),
        (HEAD + "# X\n\n| Colour | Size |\n| red | 3 |\n", "EG116 Colour | Size"),
        (HEAD + "# X\n\n    | Service | Calls |\n    |---|---|\n", "EG116 Service | Calls"),
    ],
)
def test_what_looks_like_a_table_and_is_none_is_told(text: str, found: str) -> None:
    assert [it for it in findings(text) if it.startswith("EG11")] == [found]


@each(
    "text",
    [
        HEAD + "```\n| Service | Calls |\n```\n",
        HEAD + "<!--\n| Service | Calls |\n-->\n",
        HEAD + "<pre>\n| Service | Calls |\n</pre>\n",
        HEAD + "    | red | 3 |\n",
        HEAD + "<table><tr><td>logo</td></tr></table>\n",
        HEAD + "Colour   Size\n------   ----\nred      3\n",
        HEAD + "a | b in prose\n",
        HEAD + services("cart | Redis | None"),
        "Text above\n" + HEAD,
        "Text above\n\n" + HEAD + "\nText below\n\n---\n",
    ],
)
def test_what_is_meant_as_something_else_is_not(text: str) -> None:
    assert findings(text) == []


def test_a_table_glued_below_another_is_told_once() -> None:
    text = services("web | Redis", header="Service | Calls").rstrip("\n")
    glued = text + "\n| From | To | Port |\n|---|---|---|\n| web | Redis | 6379 |\n"
    assert findings(glued) == ["EG115 From | To"]


def test_what_is_left_out_is_nobodys_business() -> None:
    text = HEAD + "# Later\n\n" + services("web | Redis | 1", header="From | To | Port") + ROWS
    assert findings(text, project="tables: {leaveOut: [Later]}") == ["EG205 Later"]


def test_sources_of_another_kind_are_refused() -> None:
    assert findings({"a.md": HEAD, "b.txt": "x"}, project="sources: [a.md, b.txt]") == ["EG106 b.txt"]
    assert [it.split()[0] for it in findings({"a.md": HEAD, "b.json": "{}"})] == ["EG106"]


@each(
    ("name", "text", "found"),
    [
        ("b.md", "# Nothing\n", ["EG107"]),
        ("b.csv", "My services\nColour,Size\nx,Redis\n", ["EG107", "EG203"]),
        ("b.yaml", "services: []\n", ["EG107"]),
        ("b.markdown", services("Redis | 6379", header="Destination | Port"), []),
    ],
)
def test_a_source_that_gives_nothing_is_told(name: str, text: str, found: list[str]) -> None:
    assert [it.split()[0] for it in findings({"a.md": HEAD, name: text})] == found


@each(
    ("name", "text"),
    [
        ("b.csv", "sep=;\nService;Calls\nx;Redis\n"),
        ("b.csv", 'sep=,\r\n"Service","Calls"\r\nx,Redis\r\n'),
        ("b.tsv", "Service\tCalls\nx\tRedis\n"),
        ("b.csv", "My services\nService,Calls\nx,Redis\n"),
        ("b.csv", '"Needs, all";;\nBy;Ann;\n;;\nService;Calls;Notes\nx;Redis;\n'),
        ("b.csv", "My services,,\n,x,y\nDepends on,Redis,none\n"),
        ("b.tsv", "Service\tCalls\tNotes, if any, here\nx\tRedis\t\n"),
    ],
)
def test_what_separates_fields_is_known(name: str, text: str) -> None:
    assert flows({name: text}) == ["x -> redis 6379/TCP"]


def test_an_empty_line_is_no_repair_in_the_middle_of_a_table() -> None:
    text = HEAD.rstrip("\n") + "\nProse\n| cart | Redis | None |\n"
    assert [it for it in findings(text) if it.startswith("EG11")] == ["EG112 Prose"]
