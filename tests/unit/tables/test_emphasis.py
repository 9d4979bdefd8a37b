"""Which marks decorate: the cases of CommonMark's rules that differ."""

from egressc.tables.inline import Inline
from support.tables import each


@each(
    ("raw", "text"),
    [
        ("*a*", "a"),
        ("* a *", "* a *"),
        ("a*b*c", "abc"),
        ("a_b_c", "a_b_c"),
        ("_a_b", "_a_b"),
        ("(_a_)", "(a)"),
        ("**a*", "*a"),
        ("*a**", "a*"),
        ("***a***", "a"),
        ("*a **b** c*", "a b c"),
        ("*a**b*", "a**b"),
        ("*a _b* c_", "a _b c_"),
        ("**a\u00a0**", "**a **"),
        ("*(*a)", "*(*a)"),
        ("\u4e2d**\u6587**\u5b57", "\u4e2d\u6587\u5b57"),
    ],
)
def test_marks_that_decorate_go(raw: str, text: str) -> None:
    assert Inline(raw, ()).text == text
