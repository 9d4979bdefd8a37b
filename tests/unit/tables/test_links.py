"""What follows the text of a link, and the labels a document defines."""

from egressc.tables.links import link_definitions, link_end
from support.tables import each


@each(
    "text",
    [
        "()",
        "(u)",
        "( u )",
        "(<u v>)",
        "(u 'a)b')",
        '(u "a\\"b")',
        "(u (t))",
        "(a(b)c)",
        "(a\\)b)",
        "(" + "(" * 32 + ")" * 33,
    ],
)
def test_the_whole_text_is_the_end_of_a_link(text: str) -> None:
    assert link_end(text + " more", 0) == len(text)


@each("text", ["(", "(u", "(u v)", "(<u)", "(<u\nv>)", "(u 'a)", "(a(b)", "(u'a')x", "(" * 40 + ")" * 40])
def test_no_end_of_a_link(text: str) -> None:
    assert link_end(text, 0) in (None, text.find("x") if "x" in text else None)


def test_definitions_are_found_by_their_labels() -> None:
    text = "[A  b]: https://x\n> [C\\]]: <y>\n\n[no] : z\n[empty]:\ntext [in]: text\n[^1]: note\n"
    assert link_definitions(text) == {"a b", "c\\]", "^1"}


def test_a_text_without_definitions() -> None:
    assert link_definitions("| [a] | b |") == frozenset()
