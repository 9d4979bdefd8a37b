"""Any Markdown documents: blocks in and beside each other, tables of any cells among them."""

from hypothesis import strategies as st

MARKS = ["*", "**", "_", "`", "``", "[", "]", "(", ")", "\\", "\\|", "<br>", "&amp;", "<", ">", "!", "~", "-", ":", "#"]
WORDS = st.sampled_from(["a", "b c", "snake_case", "é", "日本", "1.", "  ", "\t", *MARKS])
CELLS = st.lists(WORDS, max_size=5).map("".join)


@st.composite
def rows(draw: st.DrawFn) -> str:
    cells = draw(st.lists(CELLS, min_size=1, max_size=4))
    return draw(st.sampled_from(["| {} |", "|{}|", "| {}", "x{} |", " | {} | "])).format(" | ".join(cells))


@st.composite
def table_texts(draw: st.DrawFn) -> list[str]:
    width = draw(st.integers(1, 4))
    header = "| " + " | ".join(draw(st.lists(CELLS, min_size=width, max_size=width))) + " |"
    delimiter = (
        "|"
        + "|".join(draw(st.lists(st.sampled_from(["-", ":--", "--:", " :-: "]), min_size=width, max_size=width)))
        + "|"
    )
    return [header, delimiter, *draw(st.lists(rows(), max_size=3))]


LINES = st.sampled_from(
    [
        "",
        "",
        "",
        "text",
        "# h",
        "## h ##",
        "===",
        "- item",
        "* * *",
        "1. one",
        "2) two",
        "> quote",
        "```",
        "~~~",
        "  more",
        "    code",
        "<div>",
        "</div>",
        "<b>",
        "<!-- c -->",
        "<!--",
        "-->",
        "\tx",
        "+",
        "-",
        ">",
    ]
)
PREFIXES = st.sampled_from(["", "", "", "", " ", "   ", "    ", "> ", "- ", "  ", "1. ", ">", "\t", "> - "])


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        block = draw(st.one_of(table_texts(), table_texts(), LINES.map(lambda line: [line])))
        first = draw(PREFIXES)
        rest = draw(st.sampled_from([first, " " * len(first), "> " if ">" in first else ""]))
        lines += [(rest if number else first) + line for number, line in enumerate(block)]
        lines += draw(st.sampled_from([[], [""], [""]]))
    return draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines)
