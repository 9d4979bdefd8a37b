"""Positions of the protocol and offsets of our texts, in every encoding that a client can ask for."""

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from egressc.lsp.protocol import Positions, file_uri, path_of
from egressc.source import Source, Span
from support.tables import each

UNITS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
TEXTS = st.text(st.sampled_from("a|\u00e9\u5217\U0001f6d2\r\n\u2028\x0b"), max_size=30)


@given(st.sampled_from([*UNITS]), TEXTS, st.data())
def test_a_position_leads_back_to_its_offset(encoding: str, text: str, data: st.DataObject) -> None:
    positions = Positions(PositionCodec(types.PositionEncodingKind(encoding)))
    offset = data.draw(st.integers(0, len(text)))
    position = positions.position(text, offset)
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if text[offset - 1 : offset + 1] != "\r\n":  # between them is no place in the protocol
        said = lines[-1].encode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding])
        assert (position.line, position.character) == (len(lines) - 1, len(said) // UNITS[encoding])
        assert positions.offset(text, position) == offset


@each(
    ("line", "character", "offset"),
    [(0, 0, 0), (0, 99, 2), (1, 0, 4), (1, 99, 6), (2, 0, 6), (99, 0, 6), (1, 1, 5), (1, 2, 5)],
)
def test_a_position_past_the_end_is_the_end(line: int, character: int, offset: int) -> None:
    text = "ab\r\n\U0001f6d2c"
    found = Positions(PositionCodec()).offset(text, types.Position(line, character))
    assert found == offset


def test_a_stretch_past_the_end_ends_with_the_text() -> None:
    found = Positions(PositionCodec()).range(Span(Source("services.md", "ab"), 1, 9))
    assert found == types.Range(types.Position(0, 1), types.Position(0, 2))


@each(
    ("uri", "path"),
    [
        ("file:///a/b%20c.md", "/a/b c.md"),
        ("file:///a/b;c.md", "/a/b;c.md"),
        ("file:///a/%23b.md", "/a/#b.md"),
        ("file:///a/../b.md", "/b.md"),
        ("untitled:Untitled-1", ""),
        ("file:///a%00b", ""),
        ("", ""),
        ("vscode-notebook-cell:/a/b.md", ""),
    ],
)
def test_paths_of_files(uri: str, path: str) -> None:
    assert path_of(uri) == path
    assert not path or path_of(file_uri(path)) == path
