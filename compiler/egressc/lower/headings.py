"""Headings that the project file leaves out: their tables are not read and grant nothing."""

import difflib
from collections.abc import Iterable, Iterator
from typing import Final

from egressc.diagnostics.cells import idle_leave_out, left_out_table
from egressc.diagnostics.core import Diagnostic
from egressc.source import Located, Span
from egressc.tables.inline import Inline

# Headings that an idle one is compared with: as many, and as long, as people write.
_MOST_COMPARED: Final = 2000
_LONGEST_COMPARED: Final = 200


class LeftOut:
    """The headings left out, and which of them tables were met under.

    Letter case, blanks and Markdown's marks make no difference: a heading is what a person reads.
    """

    def __init__(self, listed: Iterable[Located[str]]) -> None:
        self._listed = {plain_heading(Inline(it.value, ()).text): it for it in listed}
        self._met: set[str] = set()
        self._seen: dict[str, str] = {}
        self._places: dict[Span, Located[str]] = {}

    def holds(self, headings: Iterable[Located[str]]) -> bool:
        """Whether one of the headings around a table leaves it out."""
        return bool(self._listed) and any(plain_heading(it.value) in self._listed for it in headings)

    def meet(self, headings: Iterable[Located[str]]) -> bool:
        """The same, for a table that there is: what leaves it out is not idle."""
        if not self._listed:
            return False
        for heading in headings:
            plain = plain_heading(heading.value)
            if len(plain) <= _LONGEST_COMPARED and len(self._seen) < _MOST_COMPARED:
                self._seen.setdefault(plain, heading.value)
            if plain in self._listed:
                self._met.add(plain)
                self._places.setdefault(heading.span, heading)
                return True
        return False

    def findings(self) -> Iterator[Diagnostic]:
        """EG205 for every heading that leaves tables out, EG206 for what leaves none out."""
        yield from map(left_out_table, self._places.values())
        for plain, listed in self._listed.items():
            if plain not in self._met:
                near = difflib.get_close_matches(plain, self._seen, 1)
                yield idle_leave_out(listed, self._seen[near[0]] if near else "")


def plain_heading(text: str) -> str:
    return " ".join(text.casefold().split())
