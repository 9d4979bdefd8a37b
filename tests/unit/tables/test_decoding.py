"""Bytes that are UTF-8 text, and bytes that are not."""

import codecs

from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Diagnostic
from egressc.source import Source
from egressc.tables.decoding import MOST_BYTES, decode
from support.tables import each


@given(st.text())
def test_utf_8_is_the_text_with_and_without_a_byte_order_mark(text: str) -> None:
    for mark in (b"", codecs.BOM_UTF8):
        decoded = decode(mark + b"# " + text.encode(), "a.md")
        assert isinstance(decoded, Source)
        assert (decoded.name, decoded.text) == ("a.md", "# " + text)


@each(
    ("data", "message", "place"),
    [
        (b"ab\nc\xffd", "byte 0xFF is not UTF-8", "a.md:2:2"),
        ("é\n€".encode() + b"\x80", "byte 0x80 is not UTF-8", "a.md:2:2"),
        (codecs.BOM_UTF8 + b"ab\n\xc3(", "byte 0xC3 is not UTF-8", "a.md:2:1"),
        ("Überweisung".encode("latin-1"), "byte 0xDC is not UTF-8", "a.md:1:1"),
        ("| a |\n".encode("utf-16"), "byte 0xFF is not UTF-8; it looks like UTF-16", "a.md:1:1"),
        ("| a |\n".encode("utf-32"), "byte 0xFF is not UTF-8; it looks like UTF-32", "a.md:1:1"),
        ("| a | b |\n".encode("utf-16-le"), "byte 0x00 is not UTF-8; it looks like UTF-16", "a.md:1:2"),
        ("| a | b |\n".encode("utf-16-be"), "byte 0x00 is not UTF-8; it looks like UTF-16", "a.md:1:1"),
    ],
)
def test_other_bytes_are_refused_where_they_stand(data: bytes, message: str, place: str) -> None:
    decoded = decode(data, "a.md")
    assert isinstance(decoded, Diagnostic)
    assert (decoded.code.id, decoded.message, str(decoded.primary.span)) == ("EG101", message, place)
    assert decoded.help == "save the file as UTF-8"


def test_a_file_past_the_limit_is_not_decoded() -> None:
    decoded = decode(bytes(MOST_BYTES + 1), "a.md")
    assert isinstance(decoded, Diagnostic)
    assert (decoded.code.id, decoded.message) == ("EG102", "this source holds more than 64 MiB")


@given(st.binary())
def test_any_bytes_give_a_text_or_a_diagnostic(data: bytes) -> None:
    decoded = decode(data, "a.md")
    if isinstance(decoded, Diagnostic):
        assert 0 <= decoded.primary.span.start < len(decoded.primary.span.source.text)
    else:
        assert decoded.text.encode("utf-8") == data.removeprefix(codecs.BOM_UTF8)
