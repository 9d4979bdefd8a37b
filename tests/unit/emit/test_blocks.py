"""Everything is in block style, but for what is empty."""

import helm_python

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from support.tables import each


@each(
    ("data", "text"),
    [
        ({"a": "b", "c": 1, "d": True, "e": False}, "a: b\nc: 1\nd: true\ne: false\n"),
        ({"a": {}, "b": []}, "a: {}\nb: []\n"),
        ({"a": {"b": "c", "d": 1}}, "a:\n  b: c\n  d: 1\n"),
        ({"a": {"b": {"c": "d"}}}, "a:\n  b:\n    c: d\n"),
        ({"a": [{"b": "c"}, {}, "d"]}, "a:\n  - b: c\n  - {}\n  - d\n"),
        ({"a": [{"b": {"c": 1}, "d": {"e": []}}]}, "a:\n  - b:\n      c: 1\n    d:\n      e: []\n"),
        ({"a": ["b, c", "}", "d: e"]}, 'a:\n  - b, c\n  - "}"\n  - "d: e"\n'),
        ({"no": {"y": "1e3"}}, '"no":\n  "y": "1e3"\n'),
    ],
)
def test_layout(data: dict[str, Data], text: str) -> None:
    assert mapping_lines(data, "") == text
    assert helm_python.values_from_yaml(text) == data


def test_every_line_is_indented() -> None:
    assert (
        mapping_lines({"a": [{"b": {"c": {"d": 1}}}]}, "    ") == "    a:\n      - b:\n          c:\n            d: 1\n"
    )
