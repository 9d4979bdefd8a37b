"""The readers of YAML and JSON agree, whatever the text."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from egressc.source import Source
from egressc.verify.documents.fast_json import read_json
from egressc.verify.documents.fast_yaml import BlockReader
from egressc.verify.documents.plain_scalars import Unusual
from egressc.verify.documents.plain_yaml import UnreadableError
from egressc.verify.documents.streams import read_documents
from egressc.verify.documents.yaml_reader import read_yaml
from oracles.fuzzing import fuzz
from support.plain_yaml import assert_the_same
from support.tables import each

TESTS = Path(__file__).parents[1]
POLICY = """
# Source: chart/templates/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ai
  namespace: "x"
  annotations:
    why: 'because: it must'
spec:
  podSelector:
    matchLabels:
      app: ai
  policyTypes:
  - Egress
  egress:
    # DNS
    - to:
        - namespaceSelector: {}
          podSelector:
            matchLabels:
              k8s-app: kube-dns # not the chart's
        - ipBlock:
            cidr: ::/0
            except:
            - fe80::/10
      ports:
        - port: 53
          protocol: UDP
"""

_LINES = POLICY.split("\n")
_PIECES = [" ", "\n", "-", "- ", ":", ": ", "#", " #", "'", '"', "{}", "[]", "{", "a", "y", "  ", "\n  ", "\n- "]
_PIECES += ["&a ", "*a", "|", "? ", "!x ", "%", "@", "1", "0x1f", "1e3", "null", "~", ",", "--- ", "\t", "\u00e9", "<<"]

_edits = st.lists(st.tuples(st.integers(0, len(POLICY)), st.sampled_from(_PIECES), st.integers(0, 2)), max_size=3)
_some_lines = st.lists(st.sampled_from(_LINES), min_size=1, max_size=6).map(lambda lines: "\n" + "\n".join(lines))
_trees: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99999) | st.text("ab1-:# '\"é{}", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/.1-", min_size=1, max_size=4), inner),
    max_leaves=8,
)


def _canonical(value: object) -> str:
    """Types and values without the order of keys."""
    return json.dumps(value, sort_keys=True)


def _agree(text: str) -> None:
    try:
        quick = BlockReader().read(text)
    except Unusual:
        return
    assert _canonical(quick) == _canonical(read_yaml(text))


@fuzz(400)
@given(st.just(POLICY) | _some_lines, _edits)
def test_block_reader_agrees_with_the_api_server_on_edited_policies(
    text: str, edits: list[tuple[int, str, int]]
) -> None:
    for at, piece, dropped in edits:
        text = text[:at] + piece + text[at + dropped :]
    _agree(text)
    assert_the_same(text)


@fuzz(400)
@given(st.dictionaries(st.text("ab/.1-", min_size=1, max_size=4), _trees, min_size=1), st.booleans())
def test_block_reader_agrees_with_the_api_server_on_any_tree(tree: dict[str, Any], is_flow: bool) -> None:
    text = "\n" + yaml.safe_dump(tree, default_flow_style=is_flow, allow_unicode=True)
    _agree(text)
    assert_the_same(text)


@fuzz(400)
@given(st.dictionaries(st.text(max_size=4), _trees), st.none() | st.integers(0, 4), st.booleans(), _edits)
def test_json_reader_agrees_with_the_api_server(
    tree: dict[str, Any], indent: int | None, is_ascii: bool, edits: list[tuple[int, str, int]]
) -> None:
    text = json.dumps({**tree, "number": 1e3, "word": 'a\\n"/\u00e9'}, indent=indent, ensure_ascii=is_ascii)
    for at, piece, dropped in edits:
        at %= len(text)
        text = text[:at] + piece + text[at + dropped :]
    try:
        quick = read_json(text)
    except Unusual:
        return
    try:
        fully = read_yaml(text)
    except UnreadableError:
        # JSON allows what libyaml refuses, such as a colon on a line of its own; kubectl reads it.
        return
    assert _canonical(quick) == _canonical(fully)


def test_json_reader_takes_what_kubectl_prints() -> None:
    assert read_json('{\n    "kind": "List",\n    "items": [{"port": 80, "on": true}]\n}\n') == {
        "kind": "List",
        "items": [{"port": 80, "on": True}],
    }


@each("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\ud800"}', "{a: 1}", '{"a": 1} # b'])
def test_json_reader_leaves_what_it_does_not_know(text: str) -> None:
    with pytest.raises(Unusual):
        read_json(text)


def test_block_reader_takes_what_helm_prints() -> None:
    assert BlockReader().read(POLICY)["spec"]["egress"][0]["to"][1]["ipBlock"]["except"] == ["fe80::/10"]


@each(
    ("text", "value"),
    [
        ("y", True),
        ("yEs", "yEs"),
        ("~", None),
        ("0x50", 80),
        ("0120", 80),
        ("1_000", 1000),
        ("08", 8),
        ("80.0", 80),
        ("_1", "_1"),
        ("._1", "._1"),
        ("1E400", "1E400"),
        ("0x10000000000000000", "0x10000000000000000"),
        ("0b-1", -1),
    ],
)
def test_plain_scalars_are_read_as_kubernetes_reads_them(text: str, value: object) -> None:
    (document,) = read_documents(Source("a.yaml", f"a: {text}\n"), BlockReader())
    assert repr(document.value) == repr({"a": value})


@pytest.mark.parametrize(
    "text", ["1: a\n'1': b\n", "80: a\n0x50: b\n", "y: a\ntrue: b\n", "a: {b: 1, b: 2}\n", "- {b: 1, ? b : 2}\n"]
)
def test_a_key_given_twice_is_found_in_any_spelling(text: str) -> None:
    (document,) = read_documents(Source("a.yaml", text), BlockReader())
    assert document.problem.endswith("is defined twice")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: .inf\n", "json: unsupported value: +Inf"),
        ("a: 1\r---\rb: 2\n", "it has a second document"),
        ("~: 1\n", "a key is not a string"),
    ],
)
def test_what_only_the_api_server_refuses_is_reported_too(text: str, problem: str) -> None:
    (document,) = read_documents(Source("a.yaml", text), BlockReader())
    assert document.problem == problem


def test_every_manifest_and_values_file_here_is_read_as_the_api_server_reads_it() -> None:
    compared = 0
    for path in sorted(it for it in TESTS.rglob("*") if it.suffix in (".yaml", ".yml", ".json")):
        for document in read_documents(Source(path.name, path.read_text("utf-8")), BlockReader()):
            if isinstance(document.value, dict):
                assert _canonical(document.value) == _canonical(read_yaml(document.span.text + "\n")), path
                compared += 1
    assert compared > 500


def test_documents_keep_their_place() -> None:
    source = Source("all.yaml", "# only a comment\n---\na: 1\n--- # two\nb: [1, 2]\n...\n---\n")
    documents = list(read_documents(source, BlockReader()))
    assert [(document.span.text, document.value) for document in documents] == [
        ("a: 1", {"a": 1}),
        ("# two\nb: [1, 2]", {"b": [1, 2]}),
    ]


@each(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", 'key "a" is defined twice'),
        ("a: &x 1\nb: {<<: *x}\n", "merge keys are not supported"),
        ("a: !secret 1\n", "tag !secret is not supported"),
        ("a: [1\n", "did not find expected ',' or ']'"),
        ("a: " + "[" * 60 + "]" * 60, "nested deeper than 50 levels"),
    ],
)
def test_unreadable_documents_say_why(text: str, problem: str) -> None:
    (document,) = read_documents(Source("bad.yaml", text), BlockReader())
    assert document.problem == problem


def test_aliases_cannot_blow_a_document_up() -> None:
    layers = "\n".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 40))
    (document,) = read_documents(Source("bomb.yaml", f"l0: &l0 [x]\n{layers}\n"), BlockReader())
    assert document.problem == "" or document.value is None


@each(
    "text",
    [
        "a: x" + " " * 200_000 + "y\n",
        "a" + " " * 200_000 + "x\n",
        "a:" + " " * 200_000 + "#" * 200_000 + "\n",
        "a: " + "x: " * 100_000 + "\n",
        "a: '" + "# " * 100_000 + "\n",
        " \n" * 200_000 + "\t",
        "- " * 5_000,
        "---\n" * 50_000,
    ],
)
def test_hostile_text_takes_bounded_time(text: str) -> None:
    started = time.process_time()
    list(read_documents(Source("hostile.yaml", text), BlockReader()))
    assert time.process_time() - started < 5


@each(
    ("text", "line"),
    [
        ("kind: A\n---\nkind: B\nspec:\n  a: 1\n  b: [\n  c: }\n", 7),
        ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", 5),
        ("a: 1\nb: !!int x\n", 2),
        ("a: 1\nb:\n- <<: {c: 1}\n", 3),
        ("# Ä\na: {1: 2,\n  ? [3] : 4}\n", 3),
    ],
)
def test_a_document_that_cannot_be_read_is_told_at_the_place(text: str, line: int) -> None:
    (unread,) = [document for document in read_documents(Source("a.yaml", text), BlockReader()) if document.problem]
    assert unread.span.line == line
