"""Syntax errors of YAML: each usual mistake with its place and its repair, by both of PyYAML's parsers."""

import pytest
import yaml

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.tables.yaml import read_yaml


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize(
    ("text", "place", "problem", "repair"),
    [
        ("a:\n\t- b\n", "2:1", "a tab stands where blanks indent", "indent with blanks, never with tabs"),
        (
            "a:b\nc: d\n",
            "2:2",
            "the line above is a text and no key",
            "write a blank behind the colon of the line above",
        ),
        ("a\nb: c\n", "2:2", "the line above is a text and no key", 'write ": " behind the key of the line above'),
        (
            "a: b: c\n",
            "1:5",
            "a second key stands in one line",
            "write the value in quotes, or the second key on a line of its own",
        ),
        (
            "a: b\n  c: d\n",
            "2:4",
            "a key stands below a value that is complete",
            "indent the line as its neighbours, or remove the value above it",
        ),
        ("a: 'b\nc: d\n", "1:4", "this quote is never closed", "write the same quote at the end of the text"),
        ('a: "b\nc: d\n', "1:4", "this quote is never closed", "write the same quote at the end of the text"),
        (
            "a: [b, c\nd: e\n",
            "2:2",
            "this list in brackets is not closed or lacks a comma",
            "write , between items and ] at the end",
        ),
        (
            "a: {b: c\n",
            "2:1",
            "this mapping in braces is not closed or lacks a comma",
            "write , between entries and } at the end",
        ),
        ("a: @b\n", "1:4", "no text without quotes begins with this character", "write the text in quotes"),
        ("a: - b\n", "1:4", "a list item stands behind a key", "write each item on a line of its own"),
        (
            "- a\nb: c\n",
            "2:1",
            "no item of this list begins here",
            'write "- " before the item, or indent the line further',
        ),
        (
            "a: ]\n",
            "1:4",
            "a value is missing here",
            "write the value, in quotes where it begins with a special character",
        ),
    ],
)
def test_a_mistake_and_its_repair(
    loader: type[yaml.SafeLoader], text: str, place: str, problem: str, repair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("egressc.tables.yaml._LOADER", loader)
    report = Report()
    assert read_yaml(Source("source", text), report) is None
    (found,) = report.diagnostics
    assert found.code.id == "EG130"
    assert found.message == f"this is not valid YAML: {problem}"
    assert (str(found.primary.span), found.help) == (f"source:{place}", repair)


def test_an_open_bracket_is_shown_with_the_place_that_needs_its_end() -> None:
    report = Report()
    read_yaml(Source("source", "a: [b, c\nd: e\n"), report)
    assert [(str(label.span), label.text) for label in report.diagnostics[0].related] == [("source:1:4", "opened here")]
