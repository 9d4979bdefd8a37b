"""The quick readers: they read what Helm and kubectl print as the API server does, and leave the rest to its reader."""

from collections.abc import Callable

import helm_python
import pytest

from egressc.verify.documents.fast_json import read_json
from egressc.verify.documents.fast_yaml import BlockReader
from egressc.verify.documents.plain_scalars import Unusual
from support.tables import each

USUAL = [
    "a: 1\n",
    "\na: 1\n",
    "# a comment\na: 1\n",
    " # a comment\na: 1\n",
    "a: b\n# a comment\n\n   # another one\nc: d # a third\n",
    "a: b#c\nd: e # f\n",
    "a: 'b # c'\nd: \"e # f\"\n",
    "a:\nb: ''\n",
    "a: # nothing\nb: 1\n",
    "a:\n  b:\n    c: 1\n  d: 2\ne: 3\n",
    "a:\n- b\n- c: 1\n  d: 2\n- e:\n    f: 3\n",
    "a:\n  - b\n  - c: 1\n    d: 2\n",
    "a:\n  b:\n  - c\n  d:\n    - e\n",
    "a: {}\nb: []\n",
    "a:\n- {}\n- []\n- 'x'\n",
    "a:\n    []\nb:\n  {}\nc:\n  d:\n    []\n",
    "'a/b': c\n\"d e\": f\ng.h/i-j: k\n",
    'a: ""\nb: 10.0.0.0/8\nd: 1.5\n',
    'a: "caf\u00e9"\n',
    "a: x y z\nb: x:y\nc: x-y_z\n",
    "a: b   \nc: d\n",
    "a:\n- b: 1\n  c:\n  - d: 1\n- b: 1\n  c:\n  - d: 1\n",
    "a: true\nb: null\nc: false\n",
]
UNUSUAL = [
    "",
    "\n",
    "a\n",
    "- a\n",
    "  a: 1\n",
    "a: 1\n b: 2\n",
    "a: 1\n  b: 2\n",
    "a: 1\na: 2\n",
    "a: 1\n'a': 2\n",
    "a: \tb\n",
    "a: b\r\n",
    "a: \u2028\n",
    "a: \u00a0b\n",
    'a: "b\tc"\n',
    "a: 'b\u2028c'\n",
    "'a\u0085b': c\n",
    "a: b # \x00\n",
    "a: |\n  b\n",
    "a: [1]\n",
    "a:\n[]\n",
    "a:\n  []\n  []\n",
    "a:\n  []: 1\n",
    "a: {b: 1}\n",
    "a: 'b' # c\n",
    "a: -1\n",
    "a: caf\u00e9\n",
    "a: &b c\n",
    "a: *b\n",
    "a: !!str b\n",
    "a: 'it''s'\n",
    'a: "b\\nc"\n',
    "a: b: c\n",
    "1: a\n",
    "true: a\n",
    "? a\n",
    "a: yes\n",
    "a: 012\n",
    "a:\n- - b\n",
    "a:\n-\n  b: 1\n",
    "a:\n- b\n  c\n",
    "a:\n- b\n c: 1\n",
    "a:\nb\n",
    "a:\n  b: 1\n c: 2\n",
    "<<: a\n",
    f"a:\n{' ' * 101}b: 1\n",
    f"a:\n{' ' * 101}- b\n",
]


@each("text", [*USUAL, f"a:\n{' ' * 100}b: 1\n", f"a:\n{' ' * 100}- b\n"])
def test_block_style_is_read_quickly(text: str) -> None:
    reader = BlockReader()
    wanted = repr(helm_python.values_from_yaml(text))
    assert repr(reader.read(text)) == wanted
    assert repr(reader.read(text)) == wanted, "as it is remembered"


def test_all_documents_of_a_run_share_what_is_remembered() -> None:
    reader = BlockReader()
    for text in (*USUAL, *USUAL):
        assert repr(reader.read(text)) == repr(helm_python.values_from_yaml(text))


@each("text", UNUSUAL)
def test_what_is_not_certain_is_left_to_the_other_reader(text: str) -> None:
    reader = BlockReader()
    reader.read("a: 1\n'b': 2\nc:\n- d: 3\n- 4\n")
    for _ in range(2):
        with pytest.raises(Unusual):
            reader.read(text)


@each("text", ['{"a": 1, "b": [1.5, -2, true, false, null, "x\\u00e9\\n"], "c": {"d": {}}}', " {} ", "{\n}\n"])
def test_json_is_read_quickly(text: str) -> None:
    assert repr(read_json(text)) == repr(helm_python.values_from_yaml(text))


@each(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 9007199254740992}',
        '{"a": 1e400}',
        '{"a": "\\ud83d\\ude00"}',
        '{"a": "\\uD83D\\uDE00"}',
        '{"a": "\t"}',
        "{a: 1}",
        '{"a": 1} {}',
        "{" * 100_000,
        '{"a": ' * 100_000,
    ],
)
def test_json_that_yaml_may_read_otherwise_is_left_to_it(text: str) -> None:
    with pytest.raises(Unusual):
        read_json(text)


@each("read", [BlockReader().read, read_json])
def test_an_unusual_text_raises_nothing_else(read: Callable[[str], object]) -> None:
    for text in ("{", "}", "[", "a: {", "\x00", "\ud800", ":", "- ", "a:\n-"):
        with pytest.raises(Unusual):
            read(text)
