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
        ("a:\n\t- b\n", "2:1", "a tab is used as indentation", "write spaces in place of tabs"),
        (
            "a:b\nc: d\n",
            "2:2",
            "the line above is a string, not a key",
            "add a space after the colon in the line above",
        ),
        ("a\nb: c\n", "2:2", "the line above is a string, not a key", 'write ": " after the key in the line above'),
        (
            "a: b: c\n",
            "1:5",
            "the line has a second key",
            "write the value in quotes, or the second key on its own line",
        ),
        (
            "a: b\n  c: d\n",
            "2:4",
            "a key follows a value that is already complete",
            "write the line with the indentation of its neighbours, or remove the value above it",
        ),
        ("a: 'b\nc: d\n", "1:4", "the quote is never closed", "add the same quote at the end of the string"),
        ('a: "b\nc: d\n', "1:4", "the quote is never closed", "add the same quote at the end of the string"),
        (
            "a: [b, c\nd: e\n",
            "2:2",
            "the list in brackets is not closed or lacks a comma",
            "add , between items and ] at the end",
        ),
        (
            "a: {b: c\n",
            "2:1",
            "the mapping in braces is not closed or lacks a comma",
            "add , between entries and } at the end",
        ),
        ("a: @b\n", "1:4", "a string without quotes cannot begin with this character", "write the string in quotes"),
        ("a: - b\n", "1:4", "a list item follows a key on the same line", "write each item on its own line"),
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
    assert found.message == f"source is not valid YAML: {problem}"
    assert (str(found.primary.span), found.help) == (f"source:{place}", repair)


def test_an_open_bracket_is_shown_with_the_place_that_needs_its_end() -> None:
    report = Report()
    read_yaml(Source("source", "a: [b, c\nd: e\n"), report)
    assert [(str(label.span), label.text) for label in report.diagnostics[0].related] == [("source:1:4", "opened here")]
