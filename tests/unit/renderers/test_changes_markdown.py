"""The comment on a pull request: within its limit, its words inert."""

from dataclasses import replace

from markdown_it import MarkdownIt

from egressc.renderers.changes import ChangedFlow, ChangeReport
from egressc.renderers.changes_markdown import LIMIT, render_markdown
from egressc.renderers.changes_text import render_text
from reports.samples import HOSTILE
from support.tables import each

FLOW = ChangedFlow(
    kind="added",
    service="web",
    service_name="Web",
    destination="Redis",
    was="",
    now="6379/TCP",
    opens=("6379/TCP",),
    closes=(),
    opens_example="pod app=web in shop -> pod app=redis in data on 6379/TCP",
    closes_example="",
    opens_internet=False,
    reason="",
    asked_in=("services.md:3",),
    asked_before=(),
)
NOTHING = ChangeReport("main", "feature", (), (), (), (), False)


def test_nothing_is_said_in_two_lines() -> None:
    assert render_markdown([NOTHING]) == '### Flows: no flow changes\n\nFrom "main" to "feature".\n'
    assert render_text(NOTHING) == "main -> feature: no flow changes\n"


def test_internet_comes_first_and_unfolded() -> None:
    flow = replace(FLOW, destination="LLM APIs", now="443/TCP", opens_internet=True)
    text = render_markdown([replace(NOTHING, flows=(FLOW, flow), widens=True)])
    assert text.index("**Opens the internet: 1 flow**") < text.index("<details")
    assert "- **Web → LLM APIs** on 443/TCP\n" in text


def test_a_comment_fits_its_limit() -> None:
    many = tuple(
        replace(FLOW, kind=kind, was="1/TCP", destination=f"Destination {i}")
        for kind in ("added", "removed", "changed")
        for i in range(1000)
    )  # fmt: skip
    text = render_markdown([replace(NOTHING, flows=many, widens=True)])
    assert len(text) < 65_536
    assert "940 more: see `egressc diff`" in text


def size(text: str) -> int:
    """In units of UTF-16, as JavaScript counts: a lobster has two."""
    return len(text.encode("utf-16-le")) // 2


def folds(text: str) -> int:
    """How many folded sections stay open at the end of a comment."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    html = "".join(token.content for token in tokens if token.type == "html_block")
    return html.count("<details") - html.count("</details>")


def test_a_comment_with_long_rows_is_cut_at_the_limit_and_says_so() -> None:
    for name in ("long name " * 30, "\N{LOBSTER}" * 600):
        flows = tuple(
            replace(FLOW, kind=kind, was="1/TCP", service_name=f"{name}{i}", destination=name)
            for kind in ("added", "removed", "changed")
            for i in range(60)
        )  # fmt: skip
        text = render_markdown([replace(NOTHING, flows=flows, widens=True)])
        *rows, fold, _, sentence = text.splitlines()
        assert LIMIT - 3000 < size(text) <= LIMIT
        assert sentence == "**Cut here: a comment holds 65,536 characters. `egressc diff` shows everything.**"
        assert (fold, rows[-2][-1], folds(text)) == ("</details>", "|", 0)


def test_a_comment_of_the_very_limit_is_whole() -> None:
    named = replace(NOTHING, old="é\N{LOBSTER}")
    marker = "a" * (LIMIT - size(render_markdown([named])) - len("<!-- egressc diff:  -->\n"))
    text = render_markdown([named], marker)
    assert (size(text), "Cut here" in text) == (LIMIT, False)
    assert "Cut here" in render_markdown([named], f"{marker}a")


@each(
    ("marker", "line"),
    [
        ("services/egressc.yaml", "services/egressc.yaml"),
        ("my project --> <b>", "my%20project%20--%3E%20%3Cb%3E"),
        ("a\nb\udcff", "a%0Ab%FF"),
    ],
)
def test_the_marker_is_the_first_line_and_invisible(marker: str, line: str) -> None:
    text = render_markdown([NOTHING], marker)
    assert text == f"<!-- egressc diff: {line} -->\n{render_markdown([NOTHING])}"
    first, heading, *_ = MarkdownIt("commonmark", {"html": True}).parse(text)
    assert (first.type, first.content.count("\n"), heading.type) == ("html_block", 1, "heading_open")


def test_words_of_a_source_stay_words() -> None:
    hostile = tuple(
        replace(FLOW, kind="changed", service_name=word, destination=word, was=word, now=word, opens=(word,),
                opens_example=word, reason=word, asked_in=(word,), opens_internet=True)
        for word in HOSTILE
    )  # fmt: skip
    tokens = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .parse(render_markdown([replace(NOTHING, old=HOSTILE[0], new=HOSTILE[5], flows=hostile, widens=True)]))
    )
    assert sum(token.type == "tr_open" for token in tokens) == len(HOSTILE) + 1
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "text_special", "strong_open", "strong_close"}
    assert all("details" in token.content for token in tokens if token.type == "html_block")
