"""The first place of a difference, and a diff that stays short and quick."""

import time

from egressc.emit.difference import compare
from egressc.source import Source
from support.tables import each


def difference(old: str, new: str) -> tuple[str, int, str]:
    found = compare(Source("values/a.yaml", old), len(old), new)
    return found.first.text, found.first.line, found.text


@each(
    ("old", "new", "first", "line", "text"),
    [
        ("a\nb\n", "a\nc\n", "b", 2, " a\n-b\n+c"),
        ("a\nb\n", "a\nx\nb\n", "b", 2, " a\n+x\n b"),
        ("a\n", "a\nb\n", "a", 1, " a\n+b"),
        ("a\r\nb\r\n", "a\nc\n", "b", 2, " a\n-b\n+c"),
        ("    # egressc-digest: 0\nb\n", "c\n", "b", 2, "-b\n+c"),
        ("a\n\nb\n", "a\nc\n", "b", 3, " a\n-b\n+c"),
        ("\n", "a\n", "", 1, "-\n+a"),
    ],
)
def test_shows_the_lines_around(old: str, new: str, first: str, line: int, text: str) -> None:
    assert difference(old, new) == (first, line, "@@\n" + text)


def test_two_places_are_shown_apart() -> None:
    lines = [f"{number}\n" for number in range(30)]
    changed = ["x\n" if number in (5, 20) else line for number, line in enumerate(lines)]
    assert difference("".join(lines), "".join(changed))[2].count("@@") == 2


def test_a_large_file_takes_no_time_and_one_screen() -> None:
    old = "".join(f"{number % 7}\n" for number in range(200_000))
    new = "".join(f"{number % 11}\n" for number in range(200_000))
    started = time.process_time()
    text = difference(old, new)[2]
    assert time.process_time() - started < 2
    assert len(text.splitlines()) == 41
    assert text.endswith("\n...")
