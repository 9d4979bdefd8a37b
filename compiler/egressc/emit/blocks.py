"""JSON-like data as YAML: two spaces a level, a list item under its key, what is short and flat on one line."""

from functools import lru_cache

from egressc.emit.scalars import scalar

# Concrete types, which the interpreter tells apart faster than abstract ones.
Data = str | int | bool | dict[str, "Data"] | list["Data"]

# A flat mapping or list of up to this many characters stays on one line, as people write `{port: 53, protocol: UDP}`.
_FLAT_WIDTH = 92

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
        flat = _flat(value)
        if flat is not None:
            lines.append(f"{before}{_key(key)}: {flat}\n")
        else:
            lines.append(f"{before}{_key(key)}:\n")
            if isinstance(value, dict):
                _add_entries(value, indent + "  ", indent + "  ", lines)
            else:
                assert isinstance(value, list), "a scalar is flat"
                _add_items(value, indent + "  ", lines)
        before = indent


def _add_items(items: list[Data], indent: str, lines: list[str]) -> None:
    for item in items:
        flat = _flat(item)
        if flat is not None:
            lines.append(f"{indent}- {flat}\n")
        else:
            assert isinstance(item, dict), "no list of the values contract holds lists"
            # The first entry stands behind the dash, the others below it.
            _add_entries(item, indent + "- ", indent + "  ", lines)


def _flat(value: Data) -> str | None:
    """The value on one line, where it is a scalar, or empty, or short and holds scalars alone."""
    items: list[str] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            leaf = _leaf(inner)
            if leaf is None:
                return None
            items.append(f"{_key(key)}: {leaf}")
        text = "{" + ", ".join(items) + "}"
    elif isinstance(value, list):
        for inner in value:
            leaf = _leaf(inner)
            if leaf is None:
                return None
            items.append(leaf)
        text = "[" + ", ".join(items) + "]"
    else:
        return _leaf(value)
    return text if len(text) <= _FLAT_WIDTH else None


def _leaf(value: Data) -> str | None:
    """A scalar as text; None for what holds others."""
    if isinstance(value, str):
        return scalar(value)
    return str(value).lower() if isinstance(value, int) else None
