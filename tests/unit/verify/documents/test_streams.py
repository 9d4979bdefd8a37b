"""Documents out of streams: whichever reader takes one, it says what the API server's own reader says of it."""

import helm_python

from egressc.source import Source
from egressc.verify.documents.fast_yaml import BlockReader
from egressc.verify.documents.streams import Document, read_documents
from support.tables import each


def read(text: str) -> list[Document]:
    return list(read_documents(Source("m.yaml", text), BlockReader()))


@each(
    "text",
    [
        # In braces.
        '{"a": NaN}',
        '{"a": Infinity, "b": -Infinity}',
        '{"a": [1, 1.5, -0, 1e3, 12345678901234567890], "b": {"c": null, "d": true}}',
        '{"a": "\\u00e9 \\u0041"}',
        "{a: 1, 'b': yes, \"c\": [no]}",
        '{"a": 1} # a comment',
        # In block style, with and without what the quick reader leaves to the other one.
        "a: 1\nb:\n  c: [1, 2]\n  d: {}\n  e: []\n",
        "a:\n- b: 1\n  c: 2\n- d\n",
        "a:\n  - b\n  - 'c'\n  - \"d\" # a comment\n",
        "a: b # a comment\n# another one\n\nc: d#e\n",
        "a:\n",
        "a: # nothing\nb: ''\n",
        "a: |\n  one\n  two\n",
        "a: >-\n  one\n  two\n",
        "a: one\n  two\n",
        "a: !!str 1\n",
        "a: &b 1\nc: *b\n",
        "a: \tb\n",
        "a: b\t\n",
        "a: \u2028\n",
        "a: caf\u00e9\n",
        "a: 'it''s'\n",
        'a: "b\\nc"\n',
        "'a b': 1\n\"c\": 2\n",
        "true: 1\n",
        "1: a\n",
        "a:\n    b: 1\n    c:\n        - d\n",
        "a:\n- - b\n",
        "a:\n-\n  b\n",
        "? a\n: b\n",
        f"a: {'x' * 200}\n",
    ],
)
def test_a_document_means_what_the_api_server_reads(text: str) -> None:
    (document,) = read(text)
    assert document.problem == ""
    assert repr(document.value) == repr(helm_python.values_from_yaml(text))


@each(
    ("text", "problem", "at"),
    [
        ('{"a": 1, "a": 2}', 'key "a" is defined twice', 9),
        ("a: 1\na: 2\n", 'key "a" is defined twice', 5),
        ("a:\n  b: 1\n c: 2\n", "did not find expected key", 11),
        ("{]", "did not find expected node content", 1),
        ("a: !!binary aGk=\n", "tag tag:yaml.org,2002:binary is not supported", 3),
        ("a: \x01\n", "control characters are not allowed", 0),
        ("a: \ud800\n", "surrogates not allowed", 0),
        ('{"a": "\\ud800"}', "invalid Unicode character escape code", 9),
        (f"{{a: {'[' * 51}{']' * 51}}}", "nested deeper than 50 levels", 54),
    ],
)
def test_what_cannot_be_read_says_why_and_where(text: str, problem: str, at: int) -> None:
    first = "kind: A\n---\n"
    good, bad = read(first + text)
    assert good.value == {"kind": "A"}
    assert bad.value is None
    assert problem in bad.problem
    assert bad.span.start == len(first) + at


def test_what_is_nested_as_deep_as_objects_may_be_is_read() -> None:
    (document,) = read(f"{{a: {'[' * 50}{']' * 50}}}")
    assert document.problem == ""


@each(
    ("text", "spans"),
    [
        ("", []),
        ("---\n", []),
        ("# a comment\n---\n\n", []),
        ("%YAML 1.1\n---\na: 1\n", ["a: 1"]),
        ("a: 1\n---\nb: 2\n", ["a: 1", "b: 2"]),
        ("--- # a comment\na: 1\n...\n---\nb: 2", ["# a comment\na: 1", "b: 2"]),
        ("a: 1\n--- \n---\nb: ---\n", ["a: 1", "b: ---"]),
        ("---a: 1\n", ["---a: 1"]),
    ],
)
def test_documents_end_at_markers_alone(text: str, spans: list[str]) -> None:
    assert [it.span.text for it in read(text)] == spans


def test_what_is_no_mapping_has_no_value() -> None:
    assert [it.value for it in read("- a\n---\n[1]\n---\ntext\n")] == [None, None, None]


def test_items_that_look_alike_at_another_indent_are_read_apart() -> None:
    (document,) = read("a:\n- b:\n  - c: 1\n    d: 2\n- c: 1\n  d: 2\n")
    assert document.value == {"a": [{"b": [{"c": 1, "d": 2}]}, {"c": 1, "d": 2}]}
