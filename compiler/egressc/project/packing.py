"""Texts that have been read and may be wanted again, to show a place in them: kept compressed until then."""

import zlib
from collections.abc import Iterable, Iterator

from egressc.source import Source


class PackedSource(Source):
    """A source whose text is compressed once `pack` is called, and comes back when it is looked at, until the next."""

    __slots__ = ("_packed", "_plain")

    def __init__(self, name: str, text: str) -> None:
        self._plain: str | None = None
        self._packed = b""
        super().__init__(name, text)

    @property
    def text(self) -> str:
        if self._plain is None:
            self._plain = zlib.decompress(self._packed).decode()
        return self._plain

    @text.setter
    def text(self, text: str) -> None:
        self._plain = text

    def pack(self) -> None:
        if not self._packed:
            # Level 1: manifests repeat themselves so much that more effort gains little.
            self._packed = zlib.compress(self.text.encode(), 1)
        self._plain = None


def packed(sources: Iterable[Source]) -> Iterator[Source]:
    """The sources one by one, each packed when the next one is asked for."""
    for source in sources:
        held = PackedSource(source.name, source.text)
        yield held
        held.pack()
