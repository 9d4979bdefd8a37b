"""What goes on one line, and what is laid out below its key."""

import helm_python
import pytest

from egressc.emit.blocks import Data, mapping_lines

LONG = [f"10.{number}.0.0/16" for number in range(8)]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": "b", "c": 1, "d": True, "e": False}, "a: b\nc: 1\nd: true\ne: false\n"),
        ({"a": {}, "b": []}, "a: {}\nb: []\n"),
        ({"a": {"b": "c", "d": 1}}, "a: {b: c, d: 1}\n"),
        ({"a": {"b": {"c": "d"}}}, "a:\n  b: {c: d}\n"),
        ({"a": [{"b": "c"}, {}, "d"]}, "a:\n  - {b: c}\n  - {}\n  - d\n"),
        ({"a": [{"b": {"c": 1}, "d": {"e": []}}]}, "a:\n  - b: {c: 1}\n    d:\n      e: []\n"),
        ({"a": ["b, c", "}", "d: e"]}, 'a: ["b, c", "}", "d: e"]\n'),
        ({"no": {"y": "1e3"}}, '"no": {"y": "1e3"}\n'),
        ({"a": LONG}, "a:\n" + "".join(f'  - "{each}"\n' for each in LONG)),
        ({"a": dict.fromkeys(LONG, 1)}, "a:\n" + "".join(f'  "{each}": 1\n' for each in LONG)),
    ],
)
def test_layout(data: dict[str, Data], text: str) -> None:
    assert mapping_lines(data, "") == text
    assert helm_python.values_from_yaml(text) == data


def test_every_line_is_indented() -> None:
    assert mapping_lines({"a": [{"b": {"c": {"d": 1}}}]}, "    ") == "    a:\n      - b:\n          c: {d: 1}\n"
