"""What the YAML parser's complaints usually mean, in our words: the same with and without libyaml."""

import re
from typing import Final, NamedTuple

from yaml import MarkedYAMLError

from egressc.diagnostics.core import Diagnostic, Label
from egressc.diagnostics.reading import invalid_yaml
from egressc.source import Source, Span

_GLUED_COLON: Final = re.compile(r"[ \t-]*+[\w./-]++:[^\s:/]")


class _Meaning(NamedTuple):
    problem: str
    repair: str


def describe_yaml_error(error: MarkedYAMLError, source: Source, offset: int) -> Diagnostic:
    """EG130 for a syntax error; `offset` is added to its marks."""
    text = source.text
    marks = [
        None if mark is None else min(offset + mark.index, len(text))
        for mark in (error.problem_mark, error.context_mark)
    ]
    at = next((mark for mark in marks if mark is not None), 0)
    opening = marks[1]
    said = f"{error.context or ''}; {error.problem or ''}"
    meaning = _meaning(said, text, at)
    if "quoted" in said and "end of stream" in said and opening is not None:
        # The end of the document says nothing; the quote that is never closed does.
        return invalid_yaml(Span(source, opening, opening + 1), meaning.problem, None, meaning.repair)
    context = None
    if "flow" in said and opening is not None and opening != at:
        context = Label(Span(source, opening, opening + 1), "opened here")
    return invalid_yaml(Span(source, at, min(at + 1, len(text))), meaning.problem, context, meaning.repair)


def _meaning(said: str, text: str, at: int) -> _Meaning:
    if text.startswith("\t", at) or "tab" in said:
        return _Meaning("a tab is used as indentation", "write spaces in place of tabs")
    if "mapping values are not allowed" in said:
        return _colon_meaning(text, at)
    for words, problem, repair in _MEANINGS:
        if all(word in said for word in words):
            return _Meaning(problem, repair)
    return _Meaning(said.strip("; "), "")


def _colon_meaning(text: str, at: int) -> _Meaning:
    start = text.rfind("\n", 0, at) + 1
    line = text[start : at + 1]
    if line.endswith(":") and re.search(r":[ \t]", line[:-1]):
        return _Meaning("the line has a second key", "write the value in quotes, or the second key on its own line")
    before = text[:start].rstrip()
    above = before[before.rfind("\n") + 1 :]
    if _GLUED_COLON.match(above):
        return _Meaning("the line above is a string, not a key", "add a space after the colon in the line above")
    if ":" not in above:
        return _Meaning("the line above is a string, not a key", 'write ": " after the key in the line above')
    return _Meaning(
        "a key follows a value that is already complete",
        "write the line with the indentation of its neighbours, or remove the value above it",
    )


_MEANINGS: Final = (
    (("quoted", "end of stream"), "the quote is never closed", "add the same quote at the end of the string"),
    (
        ("escape",),
        "this is not a valid escape in double quotes",
        "write \\\\ for a backslash, or write the string in single quotes",
    ),
    (
        ("flow sequence",),
        "the list in brackets is not closed or lacks a comma",
        "add , between items and ] at the end",
    ),
    (
        ("flow mapping",),
        "the mapping in braces is not closed or lacks a comma",
        "add , between entries and } at the end",
    ),
    (
        ("cannot start any token",),
        "a string without quotes cannot begin with this character",
        "write the string in quotes",
    ),
    (
        ("sequence entries are not allowed",),
        "a list item follows a key on the same line",
        "write each item on its own line",
    ),
    (("could not find expected ':'",), "a key has no colon", 'write ": " after the key'),
    (
        ("block mapping",),
        "this line does not begin a key of the mapping",
        "write the line with the indentation of its neighbours, or a string with quotes inside in the other quotes",
    ),
    (
        ("block collection",),
        "no item of this list begins here",
        'write "- " before the item, or indent the line further',
    ),
    (("block sequence",), "no item of this list begins here", 'write "- " before the item, or indent the line further'),
    (
        ("node content",),
        "a value is missing here",
        "write the value, in quotes where it begins with a special character",
    ),
    (
        ("directive",),
        "YAML reads a line that begins with % as a directive",
        "remove the line, or write the string in quotes",
    ),
    (("incompatible",), "this YAML version is not supported", "remove the line that begins with %"),
    (("tag",), "this tag is not supported", "remove the tag"),
    (("document start",), "the document ended above", "write the line with the indentation of the document above"),
)
