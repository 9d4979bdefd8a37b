"""The text form: the frame, the carets, and what never reaches a terminal."""

import re

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity
from egressc.renderers.text import render_text, summary
from egressc.source import Source, Span
from support.tables import each

UNKNOWN = Code("EG301", "unknown-destination", Severity.ERROR, "A row names a destination that nothing defines.")
WIDE = Code("EG402", "wide-rule", Severity.WARNING, "A rule is wider than it looks.")
STRAY = Code("EG109", "stray-column", Severity.NOTE, "A column means nothing.")


def mark(text: str, name: str, marked: str) -> Span:
    start = text.index(marked)
    return Span(Source(name, text), start, start + len(marked))


def lines_of(span: Span, *, width: int = 120) -> list[str]:
    return render_text([Diagnostic(UNKNOWN, "m", Label(span, "here"))], width=width).splitlines()


def test_shows_place_excerpt_related_place_and_help() -> None:
    document = "\n" * 13 + "| checkout | paymnts-db | 5432/TCP |\n"
    catalog = "\n" * 30 + "  payments-db:\n"
    diagnostic = Diagnostic(
        UNKNOWN,
        'destination "paymnts-db" is not in the catalog',
        Label(mark(document, "services.md", "paymnts-db"), "no such destination"),
        related=(Label(mark(catalog, "catalog.yaml", "payments-db"), "similar name"),),
        help='write "payments-db", or add "paymnts-db" to catalog.yaml',
    )
    assert render_text([diagnostic]) == (
        'error[EG301]: destination "paymnts-db" is not in the catalog\n'
        "  --> services.md:14:14\n"
        "   |\n"
        "14 | | checkout | paymnts-db | 5432/TCP |\n"
        "   |              ^^^^^^^^^^ no such destination\n"
        "  --> catalog.yaml:31:3\n"
        "31 |   payments-db:\n"
        "   |   ----------- similar name\n"
        '   = help: write "payments-db", or add "paymnts-db" to catalog.yaml\n'
        "\n"
        "1 error\n"
    )


def test_line_numbers_of_different_width_share_one_gutter() -> None:
    near, far = "a\n", "\n" * 99 + "b\n"
    diagnostic = Diagnostic(UNKNOWN, "m", Label(mark(near, "a", "a")), related=(Label(mark(far, "b", "b")),))
    assert render_text([diagnostic]).splitlines() == [
        "error[EG301]: m",
        "   --> a:1:1",
        "    |",
        "  1 | a",
        "    | ^",
        "   --> b:100:1",
        "100 | b",
        "    | -",
        "",
        "1 error",
    ]


@each(
    ("text", "marked", "shown", "carets"),
    [
        ("| 決済 | db |", "db", "| 決済 | db |", " " * 9 + "^^"),
        ("| 決済 | db |", "決済", "| 決済 | db |", "  ^^^^"),
        ("| cafe\u0301 | db |", "db", "| cafe\u0301 | db |", " " * 9 + "^^"),
        ("\tdb", "db", "    db", "    ^^"),
        ("a\tdb", "db", "a   db", "    ^^"),
        ("\x1b[31mdb", "db", "\\x1b[31mdb", " " * 8 + "^^"),
        ("\u202edb", "db", "\\u202edb", " " * 6 + "^^"),
        ("pay\u200bments", "pay\u200bments", "pay\\u200bments", "^" * 14),
        ("db\r\n", "db", "db", "^^"),
    ],
)
def test_carets_stand_under_what_the_terminal_shows(text: str, marked: str, shown: str, carets: str) -> None:
    lines = lines_of(mark(text, "s.md", marked))
    assert lines[3] == f"1 | {shown}"
    assert lines[4] == f"  | {carets} here"


def test_an_empty_span_gets_one_caret_even_past_the_line() -> None:
    source = Source("s.md", "| a |\nnext\n")
    lines = lines_of(Span(source, 5, 5))
    assert lines[3:5] == ["1 | | a |", "  |      ^ here"]


def test_a_span_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    lines = lines_of(mark("key: |\n  a\n  b\n", "c.yaml", "|\n  a\n  b"))
    assert lines[3:5] == ["1 | key: |", "  |      ^ here"]


def test_a_long_line_is_cut_around_the_span() -> None:
    text = "x" * 500 + "target" + "y" * 500
    lines = lines_of(mark(text, "s.md", "target"), width=60)
    shown = lines[3].removeprefix("1 | ")
    assert len(shown) <= 62
    assert shown.startswith("…x")
    assert shown.endswith("y…")
    assert shown[lines[4].removeprefix("  | ").index("^") :].startswith("target")


def test_a_span_longer_than_the_line_allows_is_cut_with_it() -> None:
    lines = lines_of(mark("z" * 5000, "s.md", "z" * 5000), width=40)
    assert lines[3] == "1 | " + "z" * 40 + "…"
    assert lines[4] == "  | " + "^" * 40 + " here"


def test_a_source_without_text_is_named_without_an_excerpt() -> None:
    lines = lines_of(Span(Source("missing.md", ""), 0, 0))
    assert lines[:2] == ["error[EG301]: m", " --> missing.md: here"]


def test_nothing_of_message_name_label_or_help_reaches_the_terminal_raw() -> None:
    source = Source("a\x1b]0;b.md", "x")
    text = render_text([Diagnostic(UNKNOWN, "a\x1b[2J\nb", Label(Span(source, 0, 1), "\x07"), help="one\ntwo\x1b[0m")])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "a\\x1b[2J\\nb" in text
    assert "  = help: one\n          two\\x1b[0m\n" in text


def test_summary_counts_each_kind() -> None:
    place = Label(Span(Source("s", "x"), 0, 1))
    kinds = [UNKNOWN, UNKNOWN, WIDE, STRAY, STRAY]
    assert summary([Diagnostic(kind, "m", place) for kind in kinds]) == "2 errors, 1 warning, 2 notes"
    assert render_text([]) == ""


def test_past_the_limit_findings_are_counted_not_hidden() -> None:
    place = Label(Span(Source("s", "x"), 0, 1))
    text = render_text([Diagnostic(UNKNOWN, "m", place)] * 5, limit=2)
    assert text.count("error[EG301]") == 2
    assert "3 more not shown; --format json lists every one\n\n5 errors\n" in text


def test_colour_marks_up_and_changes_nothing_else() -> None:
    diagnostic = Diagnostic(WIDE, "m", Label(mark("a b", "s.md", "b"), "here"), help="h")
    coloured = render_text([diagnostic], colour=True)
    assert "\x1b[1;33mwarning[EG402]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text([diagnostic])
