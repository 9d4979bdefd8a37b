"""Every string comes back from Helm's parser and from PyYAML as it went in, as a value and as a key."""

from collections.abc import Callable

import helm_python
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from egressc.emit.scalars import comment, flow_scalar, scalar
from support.odd_strings import ANY_TEXT, ODD, is_another_type
from support.tables import each

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
    assert len(set(ODD)) == len(ODD) >= 200


@each(
    "text",
    [
        *("ai-service", "app.kubernetes.io/name", "Qdrant", "v1.2", "TCP", "e1", "yesterday", "a-", "größe"),
        *(
            "Query Engine",
            "Vector search (HTTP + gRPC)",
            "OpenAI, Anthropic",
            "it's 100 %",
            "10.0.0.0/8",
            "::/0",
            "a:b",
        ),
    ],
)
def test_what_needs_no_quotes_has_none(text: str) -> None:
    assert scalar(text) == text


@each(
    ("text", "written"),
    [
        ("ai-service\n", '"ai-service\\n"'),  # a `$` in a pattern would let this one pass as plain
        ("8080", '"8080"'),
        ("a: b", '"a: b"'),
        ("C #", '"C #"'),
        ("two  spaces", '"two  spaces"'),
        ("\u202e", '"\\u202e"'),
        ("\U000e0041", '"\\U000e0041"'),
    ],
)
def test_everything_else_is_quoted_on_one_line(text: str, written: str) -> None:
    assert scalar(text) == written


@each_reader
def test_odd_values_come_back_between_brackets(reader: str) -> None:
    text = (
        "a: [" + ", ".join(map(flow_scalar, ODD)) + "]\nb: {" + ", ".join(f"{flow_scalar(it)}: 1" for it in ODD) + "}\n"
    )
    assert READERS[reader](text) == {"a": list(ODD), "b": dict.fromkeys(ODD, 1)}


# Without lone surrogates, which no UTF-8 file holds; a key within YAML's limit for simple keys.
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_comes_back(key: str, value: str) -> None:
    text = f"{scalar(key)}: {scalar(value)}\n"
    assert "\n" not in text[:-1]
    assert helm_python.values_from_yaml(text) == yaml.load(text, yaml.CSafeLoader) == {key: value}
    assert not any(is_another_type(it) for it in (scalar(key), scalar(value)))


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
