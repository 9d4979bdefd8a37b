"""YAML as located nodes: what stands where, before any value is read.

Paths are those of pydantic and JSON Schema: keys and positions from the root.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from egressc.source import Span
from egressc.tables.scalars import PlainValue, read_plain_scalar

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """`text` is without quotes and escapes; `span` is with them. Only a plain scalar may be other than a string."""

    text: str
    is_plain: bool
    span: Span

    @property
    def value(self) -> PlainValue:
        """The value as Helm reads it."""
        return read_plain_scalar(self.text) if self.is_plain else self.text


@dataclass(frozen=True, slots=True)
class YamlSequence:
    items: tuple["YamlNode", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Every key, as the text that is written, with its own place and its value, in the order of the source."""

    entries: Mapping[str, tuple[YamlScalar, "YamlNode"]]
    span: Span


YamlNode = YamlMapping | YamlSequence | YamlScalar


def to_plain(node: YamlNode) -> object:
    """JSON-like data, every scalar as Helm reads it."""
    match node:
        case YamlScalar():
            return node.value
        case YamlSequence():
            return [to_plain(item) for item in node.items]
        case YamlMapping():
            return {name: to_plain(value) for name, (_, value) in node.entries.items()}


def span_at(node: YamlNode, path: Path) -> Span:
    """The span of the value at a path; steps that lead nowhere (a missing key, a union's arm) are passed over."""
    return _follow(node, path)[0].span


def key_span_at(node: YamlNode, path: Path) -> Span:
    """The span of the key of the value at a path; of the value itself where it has none."""
    value, key = _follow(node, path)
    return key.span if key is not None else value.span


def _follow(node: YamlNode, path: Path) -> tuple[YamlNode, YamlScalar | None]:
    key: YamlScalar | None = None
    for step in path:
        if isinstance(node, YamlMapping):
            key, node = node.entries.get(str(step), (key, node))
        elif isinstance(node, YamlSequence) and isinstance(step, int) and 0 <= step < len(node.items):
            key, node = None, node.items[step]
    return node, key


def merge_nodes(base: YamlNode, over: YamlNode, *, adds_lists: bool, depth: int | None = None) -> YamlNode:
    """A value with another one laid over it, as Helm lays values over each other: maps key by key, the rest replaced.

    Args:
        adds_lists: items of `over` follow those of `base`, also in the maps inside. A text counts as a list of one.
        depth: how many maps, one in the other, are merged key by key; None for all.
    """
    if depth != 0 and isinstance(base, YamlMapping) and isinstance(over, YamlMapping):
        entries = dict(base.entries)
        deeper = None if depth is None else depth - 1
        for name, (key, value) in over.entries.items():
            held = base.entries.get(name)
            merged = merge_nodes(held[1], value, adds_lists=adds_lists, depth=deeper) if held else value
            entries[name] = (key, merged)
        return YamlMapping(entries, base.span)
    if adds_lists and YamlSequence in (type(base), type(over)) and YamlMapping not in (type(base), type(over)):
        return YamlSequence((*_items(base), *_items(over)), over.span)
    return over


def _items(node: YamlNode) -> tuple[YamlNode, ...]:
    return node.items if isinstance(node, YamlSequence) else (node,)
