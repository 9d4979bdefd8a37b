"""Bytes to text: UTF-8 and nothing else."""

import codecs
from typing import Final

from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.reading import not_utf8, source_too_large
from egressc.source import Source, Span

MOST_BYTES: Final = 64 * 1024 * 1024

# UTF-32 first: its little-endian mark begins like that of UTF-16.
_OTHER_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(data: bytes, name: str) -> Source | Diagnostic:
    """The text of a file, without a byte order mark; EG101 (not UTF-8) or EG102 (over 64 MiB) where it is none.

    The diagnostic points into a source of its own, in which unreadable bytes are U+FFFD.
    """
    if len(data) > MOST_BYTES:
        return source_too_large(Span(Source(name, ""), 0, 0), f"{MOST_BYTES // 1024 // 1024} MiB")
    encoding = _foreign_encoding(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark at the front the position counts from behind it.
        bom = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        readable = data[bom : bom + error.start].decode("utf-8", "replace")
        source = Source(name, data[bom:].decode("utf-8", "replace"))
        return not_utf8(Span(source, len(readable), len(readable) + 1), data[bom + error.start], encoding)
    if encoding:
        # Latin text in UTF-16 without a mark is valid UTF-8, full of NUL characters.
        at = text.index("\0")
        return not_utf8(Span(Source(name, text), at, at + 1), 0, encoding)
    return Source(name, text)


def _foreign_encoding(data: bytes) -> str:
    """The encoding that the first bytes show when it is not UTF-8, or empty."""
    for mark, encoding in _OTHER_MARKS:
        if data.startswith(mark):
            return encoding
    first = data[:64]
    if len(first) >= 8 and (not any(first[1::2]) or not any(first[0::2])):
        return "UTF-16"
    return ""
