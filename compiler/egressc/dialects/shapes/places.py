"""Places in manifests: of a field by its path; found only when a person is to be shown them."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from egressc.source import Span

if TYPE_CHECKING:
    import yaml

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]*)\]")


def find_field(document: Span, path: str) -> Span:
    """The span of the field at a path such as `spec.egress[0].ports[1].port`; of the nearest one around it that exists.

    Keys with dots stand in brackets: `spec.podSelector.matchLabels[app.kubernetes.io/name]`.
    """
    node = _compose(document)
    for step in _STEP.finditer(path):
        inner = None if node is None else _child(node, step[1] or step[2])
        if inner is None:
            break
        node = inner
    if node is None:
        return document
    start, end = document.start + node.start_mark.index, document.start + node.end_mark.index
    text = document.source.text[start:end]
    return Span(document.source, start, start + max(len(text.rstrip()), 1))


@lru_cache(maxsize=1)  # findings come in the order of the manifests, and a cluster dump is one document
def _compose(document: Span) -> "yaml.Node | None":
    import yaml

    try:
        node: yaml.Node | None = yaml.compose(document.text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    return node


def _child(node: "yaml.Node", step: str) -> "yaml.Node | None":
    import yaml

    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        children = [value for key, value in node.value if isinstance(key, yaml.ScalarNode) and key.value == step]
    elif isinstance(node, yaml.SequenceNode) and step.isdigit():
        children = node.value[int(step) : int(step) + 1]
    return children[0] if children else None
