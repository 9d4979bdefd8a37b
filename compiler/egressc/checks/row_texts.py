"""Texts by which the project file can speak of one row alone: what it says elsewhere stays as it is."""

from collections import Counter
from functools import cached_property
from typing import NamedTuple

from egressc.lower.words import item_offsets
from egressc.model.requirements import Requirements, Written
from egressc.source import Span


class ReadAs(NamedTuple):
    """A text, and what the project file may have it read as."""

    text: str
    meaning: str


class RowTexts:
    """The cells of all tables and the items of their lists, counted."""

    def __init__(self, requirements: Requirements) -> None:
        self._rows = [(record.source, row) for record in requirements.records for row in record.rows]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(text for _, row in self._rows for cell in row for text in _texts(cell))

    def leaving_out(self, place: Span, name: str) -> ReadAs | None:
        """What takes the row at a place, or the item of a list there that has the name, out of the document.

        None where no text of the row is its own.
        """
        for source, row in self._rows:
            if source is not place.source or not row[0].start <= place.start <= row[-1].end:
                continue
            cell = next((it for it in row if it.start <= place.start <= it.end), row[0])
            items = [cell.text[start:end] for start, end in item_offsets(cell.text)]
            if len(items) > 1:
                named = [it for it in items if _names(it, name)]
                return ReadAs(named[0], "ignore") if len(named) == 1 and self._is_single(named[0]) else None
            single = [it.text for it in row if self._is_single(it.text)]
            return ReadAs(max(single, key=len), "leave out") if single else None  # a long one stays the only one
        return None

    def _is_single(self, text: str) -> bool:
        return self._counts[_plain(text)] == 1


def _names(item: str, name: str) -> bool:
    """Whether an item is a name, or a name and its ports."""
    item, name = _plain(item), _plain(name)
    return item.startswith(name) and not item[len(name) : len(name) + 1].isalnum()


def _texts(cell: Written) -> set[str]:
    items = (cell.text[start:end] for start, end in item_offsets(cell.text))
    return {_plain(cell.text), *map(_plain, items)} - {""}


def _plain(text: str) -> str:
    """As the project file compares phrases."""
    return " ".join(text.replace("`", "").replace("**", "").casefold().split())
