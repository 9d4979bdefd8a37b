"""JSON-like data as YAML in block style: two spaces a level, a list item below its key; what is empty as `{}`, `[]`."""

from functools import lru_cache

from egressc.dialects.emitting import Data
from egressc.emit.scalars import scalar

# Few keys, written over and over.
_key = lru_cache(maxsize=1024)(scalar)


def mapping_lines(data: dict[str, Data], indent: str) -> str:
    """The entries of a mapping that is not empty, each on lines of its own, in the mapping's order."""
    lines: list[str] = []
    _add_entries(data, indent, indent, lines)
    return "".join(lines)


def _add_entries(data: dict[str, Data], before_first: str, indent: str, lines: list[str]) -> None:
    before = before_first
    for key, value in data.items():
        if not isinstance(value, dict | list) or not value:
            lines.append(f"{before}{_key(key)}: {_leaf(value)}\n")
        else:
            lines.append(f"{before}{_key(key)}:\n")
            if isinstance(value, dict):
                _add_entries(value, indent + "  ", indent + "  ", lines)
            else:
                _add_items(value, indent + "  ", lines)
        before = indent


def _add_items(items: list[Data], indent: str, lines: list[str]) -> None:
    for item in items:
        if isinstance(item, dict) and item:
            # The first entry stands behind the dash, the others below it.
            _add_entries(item, indent + "- ", indent + "  ", lines)
        else:
            lines.append(f"{indent}- {_leaf(item)}\n")


def _leaf(value: Data) -> str:
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, int):
        return str(value).lower()
    assert not value, "no list of the values contract holds lists"
    return "{}" if isinstance(value, dict) else "[]"
