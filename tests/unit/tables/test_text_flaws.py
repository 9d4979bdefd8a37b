"""Which characters nobody sees."""

import unicodedata

from egressc.tables.text_flaws import INVISIBLE
from support.tables import each


@each("char", "\x00\x07\x1b\x7f\x85\xad\u061c\u200b\u200e\u2028\u202e\u2060\u2066\ufeff\ud800\U000e0041")
def test_invisible(char: str) -> None:
    assert INVISIBLE.search(f"a{char}b")


@each("char", "a \t\n\ré日\u00a0\u0301\u200c\u200d\ufe0f🚀\U0001fae8\ue000")
def test_visible_or_spelling(char: str) -> None:
    assert not INVISIBLE.search(char)


def test_every_control_and_surrogate_but_tab_and_line_ends() -> None:
    for point in range(0x110000):
        if unicodedata.category(chr(point)) in ("Cc", "Cs") and chr(point) not in "\t\n\r":
            assert INVISIBLE.search(chr(point))
