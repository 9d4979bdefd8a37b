"""YAML streams into documents, each with its place in the text.

Three readers give the same values: `fast_yaml` for the plain block style that Helm prints, which is most of every
stream, `fast_json` for a document in braces, as `kubectl get -o json` prints it, and `yaml_reader`, which is the API
server's own, for whatever these two leave to it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from egressc.source import Source, Span
from egressc.verify.documents.fast_yaml import BlockReader
from egressc.verify.documents.plain_scalars import Unusual, Value

# Behind a line feed (see `fast_yaml`), of a text that has one put before it.
_MARKER = re.compile(r"\n(?:---(?=[ \t\r\n]|\Z)|\.\.\.(?=[ \t\r\n]|\Z)[^\n]*)")
# Possessive: a stack of places to come back to would take 190 bytes for each line.
_BLANK = re.compile(r"(?:[ \t]*+(?:#[^\n]*+|%YAML[^\n]*+)?+\r?+\n)*+[ \t]*+(?:#[^\n]*+|%YAML[^\n]*+)?+\r?+\Z")


class Document(NamedTuple):
    """One YAML document. `problem` is "" or says why it cannot be read; `value` is None then, and `span` that place."""

    span: Span
    value: Value
    problem: str = ""


def read_documents(source: Source, blocks: BlockReader) -> Iterator[Document]:
    """Every document of a stream that says something, in order.

    Values are shared between documents: don't change them.
    """
    text = source.text
    start = 0
    for marker in _MARKER.finditer("\n" + text):
        yield from _document(source, start, marker.start(), blocks)
        start = marker.end() - 1
    yield from _document(source, start, len(text), blocks)


def _document(source: Source, start: int, end: int, blocks: BlockReader) -> Iterator[Document]:
    text = source.text[start:end]
    if _BLANK.match(text):
        return
    stripped = text.lstrip(" \t\r\n") if "#" not in text[:1] else text
    span = Span(source, start + len(text) - len(stripped), start + len(text.rstrip()))
    try:
        value = _read_json(text) if stripped.startswith("{") else blocks.read(text)
    except Unusual:
        yield _read_yaml(text, start, span)
    else:
        yield Document(span, value)


# What reads JSON and all of YAML takes longer to import than a fleet in block style takes to read.


def _read_json(text: str) -> Value:
    from egressc.verify.documents.fast_json import read_json

    return read_json(text)


def _read_yaml(text: str, start: int, span: Span) -> Document:
    from egressc.verify.documents.plain_yaml import UnreadableError
    from egressc.verify.documents.yaml_reader import read_yaml

    try:
        return Document(span, read_yaml(text))
    except UnreadableError as error:
        # In a dump of a whole cluster the start of the document tells nobody anything.
        at = min(max(start + error.at, span.start), span.end)
        return Document(Span(span.source, at, at), None, str(error))
