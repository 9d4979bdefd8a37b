"""YAML text to located nodes.

Anchors, aliases and merge keys are refused and never followed, so no text is larger than it looks. Keys are the text
that is written, once each: Helm accepts duplicates silently and reads a bare `y` as true.
"""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Final

import yaml
from yaml import events

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import (
    duplicate_key,
    nested_too_deep,
    not_a_json_number,
    not_a_text_key,
    several_documents,
    source_too_large,
    yaml_anchor,
    yaml_tag,
)
from egressc.source import Source, Span
from egressc.tables.nodes import (
    Path,
    YamlMapping,
    YamlNode,
    YamlScalar,
    YamlSequence,
    key_span_at,
    merge_nodes,
    span_at,
    to_plain,
)
from egressc.tables.scalars import PlainValue
from egressc.tables.text_flaws import report_invisible, report_lone_carriage_return
from egressc.tables.yaml_errors import describe_yaml_error

__all__ = [
    "Path",
    "YamlMapping",
    "YamlNode",
    "YamlScalar",
    "YamlSequence",
    "key_span_at",
    "merge_nodes",
    "read_yaml",
    "span_at",
    "to_plain",
]

DEEPEST_NESTING: Final = 50
MOST_NODES: Final = 1_000_000
_TAG: Final = re.compile(r"!<[^>]*>|![^\s,\[\]{}]*")

# Parses the same events with the same marks, eight times faster; a PyYAML built without libyaml lacks it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(source: Source, report: Report) -> YamlNode | None:
    """The one document of a source; None once a problem is reported. An empty source is an empty mapping, as for Helm.

    Args:
        report: receives EG102 to EG105 (the text) and EG130 to EG136 (YAML).
    """
    found = Report()
    report_lone_carriage_return(source, found)
    offset = 1 if source.text.startswith("\ufeff") else 0
    node: YamlNode | None = None
    if not report_invisible(Span(source, offset, len(source.text)), "", found):
        composer = _Composer(source, offset, found)
        try:
            node = composer.compose(yaml.parse(source.text[offset:], Loader=_LOADER))
        except yaml.MarkedYAMLError as error:
            found.add(describe_yaml_error(error, source, offset))
    report.extend(found.diagnostics)
    return None if found.has_errors else node


class _Open:
    """A collection whose end has not been seen."""

    __slots__ = ("children", "end", "event", "is_mapping", "key", "keys", "start")

    def __init__(self, event: events.CollectionStartEvent, start: int, end: int) -> None:
        self.event = event
        self.is_mapping = isinstance(event, events.MappingStartEvent)
        self.start = start
        self.end = end
        self.key: YamlScalar | None = None
        self.keys: dict[str, YamlScalar] = {}
        self.children: list[tuple[YamlScalar | None, YamlNode]] = []


class _Composer:
    """Builds the nodes while events go by, without recursion."""

    def __init__(self, source: Source, offset: int, report: Report) -> None:
        self.source = source
        self.offset = offset
        self.report = report
        self._open: list[_Open] = []
        self._root: YamlNode = YamlMapping({}, Span(source, 0, 0))
        self._nodes = 0

    def compose(self, parsed: Iterator[events.Event]) -> YamlNode:
        documents = 0
        for event in parsed:
            match event:
                case events.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self.report.add(several_documents(self._span(event)))
                        break
                case events.AliasEvent():
                    self.report.add(yaml_anchor(self._span(event)))
                    self._add(YamlScalar("", True, self._span(event)))
                case events.ScalarEvent():
                    self._check_properties(event)
                    self._add(self._scalar(event))
                case events.CollectionStartEvent():
                    self._check_properties(event)
                    span = self._span(event)
                    if len(self._open) == DEEPEST_NESTING:
                        self.report.add(nested_too_deep(span, DEEPEST_NESTING))
                        break
                    self._open.append(_Open(event, span.start, span.end))
                case events.CollectionEndEvent():
                    self._add(self._close(self._open.pop(), event))
                case _:
                    continue
            self._nodes += 1
            if self._nodes > MOST_NODES:
                self.report.add(source_too_large(self._span(event), f"{MOST_NODES} values"))
                break
        return self._root

    def _span(self, event: events.Event) -> Span:
        assert event.start_mark is not None
        assert event.end_mark is not None
        return Span(self.source, self.offset + event.start_mark.index, self.offset + event.end_mark.index)

    def _check_properties(self, event: events.ScalarEvent | events.CollectionStartEvent) -> None:
        span = self._span(event)
        if event.anchor is not None:
            at = self.source.text.index("&", span.start)
            self.report.add(yaml_anchor(Span(self.source, at, at + 1 + len(event.anchor))))
        if event.tag is not None:
            tag = _TAG.search(self.source.text, span.start)
            assert tag is not None, "an event with a tag starts before it"
            self.report.add(yaml_tag(Span(self.source, *tag.span())))

    def _scalar(self, event: events.ScalarEvent) -> YamlScalar:
        span = self._span(event)
        if event.style in ("|", ">"):
            # The end mark of a block scalar stands at the next token.
            span = Span(self.source, span.start, span.start + len(span.text.rstrip()))
        return YamlScalar(event.value, not event.style, span)

    def _add(self, node: YamlNode) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None:
            parent.end = max(parent.end, node.span.end)
            if parent.is_mapping and parent.key is None:
                parent.key = self._key(node, parent)
                return
        if isinstance(node, YamlScalar) and isinstance(value := node.value, float) and not isfinite(value):
            self.report.add(not_a_json_number(node.span))
        if parent is None:
            self._root = node
            return
        parent.children.append((parent.key, node))
        parent.key = None

    def _key(self, node: YamlNode, parent: _Open) -> YamlScalar:
        if not isinstance(node, YamlScalar):
            self.report.add(not_a_text_key(node.span, "a list or a mapping"))
            return YamlScalar("", False, node.span)
        if node.is_plain and node.text == "<<":
            self.report.add(yaml_anchor(node.span))
        elif reading := _foreign_reading(node):
            self.report.add(not_a_text_key(node.span, reading))
        elif (first := parent.keys.setdefault(node.text, node)) is not node:
            self.report.add(duplicate_key(node.span, first.span, node.text))
        return node

    def _close(self, opened: _Open, event: events.Event) -> YamlNode:
        # Of a block collection the end mark stands at the next token, of one in brackets behind the bracket.
        end = self._span(event).end if opened.event.flow_style else opened.end
        span = Span(self.source, opened.start, max(opened.start, end))
        if opened.is_mapping:
            return YamlMapping({key.text: (key, value) for key, value in opened.children if key is not None}, span)
        return YamlSequence(tuple(value for _, value in opened.children), span)


def _foreign_reading(key: YamlScalar) -> str:
    """What Helm makes of a key, where that is not the text that is written; else empty."""
    value: PlainValue = key.value
    match value:
        case str():
            return ""
        case None:
            return "null to Helm"
        case bool():
            return "" if key.text in ("true", "false") else f"{str(value).lower()} to Helm"
        case int():
            return "" if key.text == str(value) else f"{value} to Helm"
        case float():
            return "a number to Helm"
