"""Every string comes back from Helm's parser and from PyYAML as it went in, as a value and as a key."""

from collections.abc import Callable

import helm_python
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from egressc.emit.scalars import comment, scalar

ODD = (
    # words and numbers of YAML 1.1 and 1.2
    *("y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"),
    *("true", "True", "TRUE", "false", "False", "null", "Null", "NULL", "~", "nan", ".nan", ".NaN", ".inf"),
    *("-.inf", "inf", "12345678", "190:20:30"),
    *("0", "1", "-1", "+1", "007", "0o17", "0x1F", "0b11", "1e3", "1E3", "1.5", ".5", "5.", "1_000"),
    *("2001-12-14", "2001-12-14t21:59:43.10-05:00", "=", "<<", "123456789012345678901234567890", "1.0", "6379/TCP"),
    # characters that mean something at the start, in the middle, or at the end
    *("", " ", " a", "a ", "-", "- a", "--- ", "---", "...", "?", "? a", ":", "a: b", "a:", ":a", "a #b", "#a", "a#b"),
    *("{", "}", "{}", "[", "]", "[]", ",", "a, b", "&a", "*a", "!a", "!!str a", "|", ">", "|-", "%YAML"),
    *("@a", "`a`"),
    *("'", '"', "'a'", '"a"', "it's", 'say "a"', "\\", "\\n", "a\\", "{{ .Values.x }}", "${HOME}", "$(id)"),
    # line breaks, control and invisible characters, other scripts, beyond the basic plane
    *("a\nb", "a\n", "\na", "a\r\nb", "a\rb", "a\tb", "\t", "\x00", "\x07", "\x1b[31m", "\x7f"),
    *("\x80", "\x85", "a\x85b"),
    *("\xa0", "\xad", "\u200b", "\u200e", "\u202e", "\u2028", "\u2029", "\u2066", "\u3000", "\ufeff"),
    *("\ufffd", "\ufffe", "\uffff"),
    *("\ue000", "é", "größe", "日本語", "—", "→", "😀", "\U0001f1e6\U0001f1fa", "\U000e0041", "\U0010ffff", "e\u0301"),
)  # fmt: skip


READERS: dict[str, Callable[[str], object]] = {
    "helm": helm_python.values_from_yaml,
    "pyyaml": yaml.safe_load,
    "libyaml": lambda text: yaml.load(text, yaml.CSafeLoader),
}

each_reader = pytest.mark.parametrize("reader", READERS)


@each_reader
def test_odd_values_come_back(reader: str) -> None:
    text = "".join(f"k{i}: {scalar(value)}\n" for i, value in enumerate(ODD))
    assert READERS[reader](text) == {f"k{i}": value for i, value in enumerate(ODD)}


@each_reader
def test_odd_keys_come_back(reader: str) -> None:
    text = "".join(f"{scalar(key)}: {i}\n" for i, key in enumerate(ODD))
    assert READERS[reader](text) == {key: i for i, key in enumerate(ODD)}


def test_the_list_of_odd_scalars_is_long_enough() -> None:
    assert len(set(ODD)) == len(ODD) >= 86


@pytest.mark.parametrize("text", ["ai-service", "app.kubernetes.io/name", "Qdrant", "v1.2", "TCP", "e1", "yesterday"])
def test_plain_words_stay_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Query Engine", '"Query Engine"'),
        ("ai-service\n", '"ai-service\\n"'),  # a `$` in a pattern would let this one pass as plain
        ("10.0.0.0/8", '"10.0.0.0/8"'),
        ("a-", '"a-"'),
        ("größe", '"größe"'),
        ("\u202e", '"\\u202e"'),
        ("\U000e0041", '"\\U000e0041"'),
    ],
)
def test_everything_else_is_quoted_on_one_line(text: str, written: str) -> None:
    assert scalar(text) == written


# Without lone surrogates, which no UTF-8 file holds; a key within YAML's limit for simple keys.
@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_comes_back(key: str, value: str) -> None:
    text = f"{scalar(key)}: {scalar(value)}\n"
    assert "\n" not in text[:-1]
    assert helm_python.values_from_yaml(text) == yaml.load(text, yaml.CSafeLoader) == {key: value}


@given(st.text())
@example("a\nb: c")
@example("\x85b: c")
@example("\u2028b: c")
@example("\x00\ufffe")
def test_a_comment_stays_a_comment(text: str) -> None:
    document = f"# {comment(text)}\na: b\n"
    assert helm_python.values_from_yaml(document) == yaml.safe_load(document) == {"a": "b"}


def test_a_comment_reads_as_the_text() -> None:
    assert comment(' Vector  search\n("HTTP" + gRPC) \x1b ') == 'Vector search ("HTTP" + gRPC) \\x1b'
