"""Inline Markdown against markdown-it-py, and where its characters stand."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egressc.tables.inline import Inline, quick_text
from support.tables import each
from unit.tables.markdown_oracle import oracle_text

MARKS = st.sampled_from(
    [
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "[",
        "]",
        "(",
        "](u)",
        "](<u v> 'w')",
        "[r]",
        "![",
        "\\",
        "<br>",
        "<b>",
        "</b>",
        "<a b='c'>",
        "&amp;",
        "&nope;",
        "&#35;",
        "&",
        "<",
        ">",
        "!",
        "'",
        '"',
        "a",
        "b c",
        " ",
        "é",
        "€",
        ".",
        "<!-- c -->",
        "http://a.b",
        "<http://a.b>",
        "x_y",
        "\n",
    ]
)


@settings(max_examples=1500)
@given(st.lists(MARKS, max_size=12).map("".join))
def test_the_same_text_as_markdown_it(raw: str) -> None:
    """But for what markdown-it does unlike CommonMark and GitHub: `[r](`, the edges of an image's text, odd tildes."""
    raw = raw.strip()
    assume("](" not in raw.replace("](u)", "").replace("](<u v> 'w')", ""))
    assume(
        "\n" not in raw
        and "~~~" not in raw
        and "\\~" not in raw
        and not ("![" in raw and any(mark in raw for mark in "*_~"))
    )
    assert Inline(raw, {"r"}).text == oracle_text(raw, ("r",))


@given(st.lists(MARKS, max_size=12).map("".join))
def test_runs_are_in_order_and_inside_the_text(raw: str) -> None:
    at = 0
    for run in Inline(raw, ()).runs:
        assert at <= run.start <= run.end <= len(raw)
        at = run.start
        if run.text and len(run.text) == run.end - run.start and run.text.isalnum():
            assert raw[run.start : run.end] == run.text


@each(
    ("raw", "struck"),
    [("a ~~b~~ ~~c~~", "~~b~~"), ("~x~", "~x~"), ("*~~a~~*", "~~a~~"), ("[~~a~~](u)", "~~a~~"), ("<s>a</s>", "<s>")],
)
def test_struck_out_text_is_found(raw: str, struck: str) -> None:
    found = Inline(raw, ()).struck
    assert found is not None
    assert raw[slice(*found)] == struck


@each("raw", ["~/path and ~2", "a ~~ b ~~", "`~~a~~`", "\\~~a~~", "~~~a~~~", "~~a~"])
def test_text_that_is_not_struck_out(raw: str) -> None:
    assert Inline(raw, ()).struck is None


@each(
    ("raw", "text"),
    [
        ("x`` ` ``y", "x`y"),
        ("x` a`y", "x ay"),
        ("x`  `y", "x y"),
        ("Kafka[^1]", "Kafka"),
        ("[^a b]", "[^a b]"),
        ("`[^1]`", "[^1]"),
        ("x\ny", "x y"),
        ("&#0;&#xD800;", "\ufffd\ufffd"),
    ],
)
def test_single_rules(raw: str, text: str) -> None:
    assert Inline(raw, ()).text == text


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(["`", "**", "a", " ", "a b", "*", "_", "[", "](u)", "]", "(", "\\", "<b>", "!", "."])).map(
        "".join
    )
)
def test_the_quick_way_gives_what_the_scan_gives(raw: str) -> None:
    raw = raw.strip()
    quick = quick_text(raw)
    assert quick is None or (quick, None) == (Inline(raw, ()).text, Inline(raw, ()).struck)


@each(
    ("raw", "text"),
    [
        ("`a_b`, `c *d*`", "a_b, c *d*"),
        ("**a b**", "a b"),
        ("[a b](https://x/y_z)", "a b"),
        ("`a` **b**", None),
        ("a_b", None),
        ("` a`", None),
        ("``a``", None),
        ("**a****b**", None),
        ("`**``**`", None),
    ],
)
def test_what_goes_the_quick_way(raw: str, text: str | None) -> None:
    assert quick_text(raw) == text
