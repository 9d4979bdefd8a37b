"""Texts by which the project file can speak of one row alone: what it says elsewhere stays as it is."""

from collections import Counter
from functools import cached_property
from typing import NamedTuple

from egressc.model.records import Kind
from egressc.model.references import row_text
from egressc.model.requirements import Requirements
from egressc.model.texts import plain_phrase, split_list
from egressc.source import Span


class Rereading(NamedTuple):
    """A text, and what the project file may have it read as."""

    text: str
    meaning: str


class RowTexts:
    """The rows of all tables, and the items of their lists, counted."""

    def __init__(self, requirements: Requirements) -> None:
        self._rows = [
            (record.source, row)
            for record in requirements.records
            for row in record.rows
            if record.kind is not Kind.GRID  # its rows hold several connections each
        ]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(plain_phrase(item) for _, row in self._rows for cell in row for item in split_list(cell.text))

    def leaving_out(self, place: Span, name: str) -> Rereading | None:
        """What takes the row at a place out of the document, or the item of a list there that has the name.

        The whole row without the item, where other cells list it too. None where several items have the name.
        """
        for source, row in self._rows:
            if source is not place.source or not row[0].start <= place.start <= row[-1].end:
                continue
            cell = next((it for it in row if it.start <= place.start <= it.end), row[0])
            items = split_list(cell.text)
            if len(items) < 2:
                return Rereading(row_text(row), "leave out")
            named = [it for it in items if _names(it, name)]
            if len(named) != 1:
                return None
            if self._counts[plain_phrase(named[0])] == 1:
                return Rereading(named[0], "ignore")
            left = ", ".join(it for it in items if it is not named[0])
            return Rereading(row_text(row), " | ".join(left if it is cell else it.text for it in row))
        return None


def _names(item: str, name: str) -> bool:
    """Whether an item is a name, or a name and its ports."""
    item, name = plain_phrase(item), plain_phrase(name)
    return item.startswith(name) and not item[len(name) : len(name) + 1].isalnum()
