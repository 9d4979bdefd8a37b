"""Cells, and what one item of a list says."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from egressc.diagnostics.core import Diagnostic
from egressc.model.policy import AddressPeer, Port
from egressc.source import Source, Span


class Trouble(NamedTuple):
    """A problem between two offsets of a text; `build` makes the diagnostic once the place is known."""

    start: int
    end: int
    build: Callable[[Span], Diagnostic]


class Written(Protocol):
    """A cell: its text as a person reads it, and the offsets in the source of what says it."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    def place(self, source: Source, start: int, end: int, /) -> Span:
        """The stretch of the source that says `text[start:end]`."""


def row_text(cells: Iterable[Written]) -> str:
    """How the project file names a row, or a table by its header row: "From | To | Port"."""
    return " | ".join(it.text for it in cells)


class Value(NamedTuple):
    """A value that is no cell of a table. One that is not written as it reads is pointed at as a whole."""

    text: str
    start: int
    end: int

    def place(self, source: Source, start: int, end: int) -> Span:
        is_plain = source.text[self.start : self.end] == self.text
        return Span(source, self.start + start, self.start + end) if is_plain else Span(source, self.start, self.end)


class Forms(NamedTuple):
    """Other forms of an item, for where nothing has its name: `DNS only`, `shop/store`, `A and B`.

    `placed` is the second of two parts in the namespace that the first one may be.
    """

    only: "Reference | None" = None
    placed: "Reference | None" = None
    parts: "tuple[Reference, ...]" = ()


class Reference(NamedTuple):
    """What one item of a list says, wherever it stands: shared by all cells with this text.

    `text` as a whole may be a name too, and then is. `trouble` is what hinders reading it otherwise. `remark` is text
    in parentheses that is neither ports nor a namespace; `speaks`: such a text, or the namespace, is a protocol.
    `limit`: the problem of a namespace that is also the name of an environment, where nothing is in that namespace, and
    of a remark that makes less of the name of every public address.
    """

    text: str
    name: str
    namespace: str = ""
    ports: tuple[Port, ...] = ()
    address: AddressPeer | None = None
    trouble: Trouble | None = None
    remark: str = ""
    speaks: bool = False
    forms: Forms = Forms()
    limit: Trouble | None = None


class Listed(NamedTuple):
    """A list cell and its items in order."""

    cell: Written
    refs: tuple[Reference, ...]
