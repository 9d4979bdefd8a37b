"""From the paths that validators give to places in YAML."""

import pytest

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.nodes import Path, YamlNode, key_span_at, span_at
from egressc.tables.yaml import read_yaml

TEXT = "a:\n  b: [x, {c: y}]\n  8080: z\nlist:\n- p: 1\n- q: 2\n"


@pytest.fixture
def node() -> YamlNode:
    node = read_yaml(Source("source", TEXT), Report())
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("a", "b"), "[x, {c: y}]", "b"),
        (("a", "b", 0), "x", "x"),
        (("a", "b", 1, "c"), "y", "c"),
        (("a", "8080"), "z", "8080"),
        (("a", 8080), "z", "8080"),
        (("list", 1, "q"), "2", "q"),
        (("a", "missing"), "b: [x, {c: y}]\n  8080: z", "a"),
        (("a", "b", 7), "[x, {c: y}]", "b"),
        (("list", 0, "function-wrap[x()]", "p"), "1", "p"),
        (("list", 0, "p", "int"), "1", "p"),
    ],
)
def test_a_path_leads_to_its_value_and_key(node: YamlNode, path: Path, value: str, key: str) -> None:
    assert span_at(node, path).text == value
    assert key_span_at(node, path).text == key


def test_the_empty_path_is_the_document(node: YamlNode) -> None:
    assert span_at(node, ()).text == TEXT.rstrip()
    assert key_span_at(node, ()).text == TEXT.rstrip()
