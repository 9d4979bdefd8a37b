"""YAML sources: what they say, where, and what is refused with which repair."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from egressc.tables.yaml import read_yaml, to_plain
from support.tables import each
from unit.tables.reading import read, said


def plain(text: str) -> object:
    node, codes = read(read_yaml, text)
    assert codes == []
    assert node is not None
    return to_plain(node)


@each(
    ("text", "value"),
    [
        ("a: b\n", {"a": "b"}),
        ("\ufeffa: b\r\nc: 1\r\n", {"a": "b", "c": 1}),
        ("---\na: [1, 2]\nb: {c: d}\n", {"a": [1, 2], "b": {"c": "d"}}),
        ("a:\n- b\n- c: d\n  e:\n", {"a": ["b", {"c": "d", "e": None}]}),
        ("a: 'y'\nb: y\nc: \"8080\"\nd: 8080\n", {"a": "y", "b": True, "c": "8080", "d": 8080}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("8080: a\n'y': b\ntrue: c\n1.2.3: d\n", {"8080": "a", "y": "b", "true": "c", "1.2.3": "d"}),
        ("", {}),
        ("# nothing\n", {}),
        ("- a\n", ["a"]),
        ("text\n", "text"),
    ],
)
def test_values_are_read_as_helm_reads_them(text: str, value: object) -> None:
    assert plain(text) == value


@each(
    ("text", "spans"),
    [
        ("a: b\nc:\n  - 'd'  # x\n  - \"e\"\n\n\n# end\n", ["b", "'d'  # x\n  - \"e\"", "'d'", '"e"']),
        ("a: [1, {b: c}]  # x\n", ["[1, {b: c}]", "1", "{b: c}", "c"]),
        ("\ufeffa: é\r\nb: 🚀\r\n", ["é", "🚀"]),
        ("a: |\n  x\n  y\n\n\nb:\n", ["|\n  x\n  y", ""]),
    ],
)
def test_a_span_is_the_text_of_the_value(text: str, spans: list[str]) -> None:
    node = read_yaml(Source("source", text), Report())
    assert isinstance(node, YamlMapping)
    found = [child.span.text for _, value in node.entries.values() for child in every_node(value)]
    assert [span.removeprefix("- ") for span in found] == spans


def every_node(node: YamlNode) -> list[YamlNode]:
    match node:
        case YamlScalar():
            return [node]
        case YamlSequence():
            return [node, *(inner for item in node.items for inner in every_node(item))]
        case YamlMapping():
            return [node, *(inner for _, value in node.entries.values() for inner in every_node(value))]


@each(
    ("text", "diagnostics"),
    [
        (
            "a: &x b\nc: *x\n",
            [
                '1:4 EG131: "&x" is a YAML anchor, alias or merge key',
                '2:4 EG131: "*x" is a YAML anchor, alias or merge key',
            ],
        ),
        ("a: {b: c}\nd:\n  <<: {e: f}\n", ['3:3 EG131: "<<" is a YAML anchor, alias or merge key']),
        ("a: !!str b\n", ['1:4 EG132: YAML tag "!!str" is not supported']),
        ("a: !secret [b]\n", ['1:4 EG132: YAML tag "!secret" is not supported']),
        ("a: b\nc: d\n'a': e\n", ['3:1 EG133: key "a" is defined twice']),
        ("a: b\n---\nc: d\n", ["2:1 EG134: source has a second YAML document"]),
        ("y: b\n", ['1:1 EG135: key "y" is true to Helm, not a string']),
        ("~: b\n", ['1:1 EG135: key "~" is null to Helm, not a string']),
        (
            "012: b\n",
            ['1:1 EG135: key "012" is 10 to Helm, not a string'],
        ),
        ("a: {{ .x }}\n", ['1:5 EG135: key "{ .x }" is a list or a mapping, not a string']),
        (
            "a: [.inf, .NaN]\n",
            [
                '1:5 EG136: ".inf" is not a number that Helm can hold',
                '1:11 EG136: ".NaN" is not a number that Helm can hold',
            ],
        ),
        ("[" * 51 + "]" * 51, ["1:51 EG105: text is nested more than 50 levels deep"]),
        ("a: \x07\n", ["1:4 EG103: text contains the invisible character U+0007"]),
        ("a: b\u202e\n", ["1:5 EG103: text contains the invisible character U+202E (RIGHT-TO-LEFT OVERRIDE)"]),
        ("a: \ud800\n", ["1:4 EG103: text contains the invisible character U+D800"]),
        ("a: b\rc: d\n", ["1:5 EG104: carriage return has no line feed after it"]),
    ],
)
def test_what_is_refused_and_where(text: str, diagnostics: list[str]) -> None:
    assert said(read_yaml, text) == diagnostics
    assert read_yaml(Source("source", text), Report()) is None


def test_fifty_levels_are_read() -> None:
    node, codes = read(read_yaml, "[" * 50 + "]" * 50)
    assert codes == []
    assert isinstance(node, YamlSequence)


def test_a_bomb_ends_at_its_first_reference() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    _, codes = read(read_yaml, "\n".join(lines))
    assert set(codes) == {"EG131"}


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")))
KEYS = st.text("abcxyz -_.:é\"'", min_size=2)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=50)
@given(st.dictionaries(st.text("abcdefg", min_size=2), PLAIN), st.booleans())
def test_what_pyyaml_writes_is_read_back(value: dict[str, object], flow: bool) -> None:
    """With every text quoted, as the words that PyYAML leaves bare are others than Helm's."""
    text = yaml.safe_dump(value, default_flow_style=flow, default_style='"', allow_unicode=True)
    # In this style PyYAML marks what is not a string with a tag.
    untagged = text
    for tag in ("!!bool ", "!!int ", "!!null "):
        untagged = untagged.replace(tag, "")
    node = read_yaml(Source("source", untagged), Report())
    assert node is not None
    assert to_plain(node) == as_texts(value)


def as_texts(value: object) -> object:
    match value:
        case dict():
            return {key: as_texts(inner) for key, inner in value.items()}
        case list():
            return [as_texts(inner) for inner in value]
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


YAMLISH = st.lists(
    st.sampled_from(
        [
            "a",
            ": ",
            ":",
            "- ",
            "\n",
            "\n  ",
            "\n\t",
            "'",
            '"',
            "[",
            "]",
            "{",
            "}",
            ",",
            "&x ",
            "*x",
            "!t ",
            "|",
            ">",
            "#",
            "? ",
            "---\n",
            "...\n",
            "%",
            "@",
            "\\",
            "<<",
            "~",
            "y",
            "012",
            ".nan",
            "\ufeff",
            "\x00",
            "\ud800",
            "\r",
            "\x85",
            "\u2028",
        ]
    )
)


@settings(max_examples=500)
@given(st.one_of(YAMLISH.map("".join), st.text(st.characters())))
def test_any_text_gives_a_node_or_diagnostics_in_the_text(text: str) -> None:
    report = Report()
    node = read_yaml(Source("source", text), report)
    assert (node is None) == report.has_errors
    for found in report.diagnostics:
        assert 0 <= found.primary.span.start <= found.primary.span.end <= len(text)
        assert found.message
    if node is not None:
        to_plain(node)
        for inner in every_node(node):
            assert 0 <= inner.span.start <= inner.span.end <= len(text)


@settings(max_examples=200)
@given(YAMLISH.map("".join))
def test_the_same_with_and_without_libyaml(text: str) -> None:
    """PyYAML's two parsers differ in words and sometimes in what they refuse; where both read, they read the same."""
    source = Source("source", text)
    readings = []
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        report = Report()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("egressc.tables.yaml._LOADER", loader)
            readings.append((read_yaml(source, report), report))
    (first, _), (second, _) = readings
    if first is not None and second is not None:
        assert to_plain(first) == to_plain(second)
        assert [node.span for node in every_node(first)] == [node.span for node in every_node(second)]
