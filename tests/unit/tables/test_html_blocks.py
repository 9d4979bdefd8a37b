"""Which lines begin HTML, and what ends it."""

from egressc.tables.html_blocks import html_block
from support.tables import each


@each(
    ("text", "closing"),
    [
        ("<!-- a", "-->"),
        ("<?php", "?>"),
        ("<!DOCTYPE html", ">"),
        ("<![CDATA[", "]]>"),
        ("<pre>", "</pre>"),
        ("<SCRIPT src='x'>", "</pre>"),
        ("<div class='a'>text", ""),
        ("</details>", ""),
        ("<table>", ""),
        ("<b>", ""),
        ('<a href="x" b=c d>  ', ""),
    ],
)
def test_a_line_that_begins_a_block(text: str, closing: str) -> None:
    block = html_block(text, in_paragraph=False)
    assert block is not None
    assert block.closing == closing


@each("text", ["<b>text", "<b", "<1>", "< div>", "text <div>", "<divider", "<!1", "<https://a.example>"])
def test_a_line_that_begins_none(text: str) -> None:
    assert html_block(text, in_paragraph=False) is None


def test_a_single_tag_does_not_end_a_paragraph() -> None:
    assert html_block("<b>", in_paragraph=True) is None
    assert html_block("<div>", in_paragraph=True) is not None


@each("text", ["</script>", "a </PRE> b", "</style>"])
def test_any_verbatim_tag_closes_a_verbatim_block(text: str) -> None:
    block = html_block("<pre>", in_paragraph=False)
    assert block is not None
    assert block.ends_in(text)
    assert not block.ends_in("</div>")
