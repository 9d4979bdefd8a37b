"""Any YAML document: read as the API server's reader does, or refused with a reason at its place."""

import helm_python
import pytest

from egressc.verify.documents.plain_yaml import UnreadableError
from egressc.verify.documents.yaml_reader import read_yaml
from support.tables import each


@each(
    "text",
    [
        "1: a\n",
        "0x50: a\n",
        "1.5: a\n",
        "true: a\n",
        "yes: a\n",
        "'<<': a\n",
        "'1': a\n\"2\": b\n",
        "!!str 1: a\n",
        "? a\n: ? b\n  : c\n",
        "a: {b: {c: d}, e: f}\ng: [{h: i}, {h: j}]\n",
        "a: &x {b: 1}\nc: [*x, *x]\nd: *x\n",
        "&x a: 1\nb: *x\n",
        "a: !!str 80\n",
        "--- {a: b}\n",
    ],
)
def test_a_mapping_is_read(text: str) -> None:
    assert repr(read_yaml(text)) == repr(helm_python.values_from_yaml(text))


@each(
    ("text", "problem", "at"),
    [
        ("? [a]\n: b\n", "a key is not a string", 2),
        ("? {a: b}\n: c\n", "a key is not a string", 2),
        ("a: &x b\n*x : c\n", "a key is not a string", 8),
        ("a: 1\n80: b\n0x50: c\n", 'key "80" is defined twice', 11),
        ("a: {b: 1, c: {b: 2}, b: 3}\n", 'key "b" is defined twice', 21),
        ("a: 1\n'a': 2\n", 'key "a" is defined twice', 5),
        ("a: {<<: {b: 1}}\n", "merge keys are not supported", 4),
        ("a: !!int '1'\n", "tag tag:yaml.org,2002:int is not supported", 3),
        ("a: !!str [b]\n", "tag tag:yaml.org,2002:str is not supported", 3),
        ("a: !own b\n", "tag !own is not supported", 3),
        ("!own {a: b}\n", "tag !own is not supported", 0),
        ("a: b\n---\nc: d\n", "it has a second document", 9),
        ("a: *x\n", "unknown anchor 'x' referenced", 0),
        ("a: 'b\n", "found unexpected end of stream", 6),
        ("a: b: c\n", "mapping values are not allowed in this context", 4),
    ],
)
def test_what_is_refused_has_its_place(text: str, problem: str, at: int) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_yaml(text)
    assert problem in str(refused.value)
    assert refused.value.at == at


@each("text", ["", "# nothing\n", "a\n", "[{a: b}]\n", "- a: b\n", "null\n"])
def test_what_is_no_mapping_is_nothing(text: str) -> None:
    assert read_yaml(text) is None


@each(
    ("anchored", "size"),
    [
        ("x" * 9_999, 10_000),
        ("{" + f"key: {'x' * 9_995}" + "}", 10_001),
    ],
)
def test_aliases_may_stand_for_ten_million_characters(anchored: str, size: int) -> None:
    """Each value counts with its length and one more, and so does each collection."""
    around = len("a r") + 2 + size  # a mapping of two keys, a list, and what the aliases stand for
    most = (10_000_000 - around) // size
    found = read_yaml(f"a: &a {anchored}\nr: [{', '.join(['*a'] * most)}]\n")
    assert isinstance(found, dict)
    assert found["r"] == [found["a"]] * most
    with pytest.raises(UnreadableError, match="its aliases stand for more than 10,000,000 characters"):
        read_yaml(f"a: &a {anchored}\nr: [{', '.join(['*a'] * (most + 1))}]\n")


def test_a_message_names_no_line_of_its_own() -> None:
    with pytest.raises(UnreadableError) as refused:
        read_yaml("a: 1\nx: [a?]\n")
    assert str(refused.value)
    assert "line" not in str(refused.value)
