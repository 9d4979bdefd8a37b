"""What the project file says of single tables, by the heading above them or by their file."""

import difflib
from collections.abc import Iterable, Iterator
from typing import Final

from egressc.diagnostics.cells import left_out_table, unused_leave_out
from egressc.diagnostics.core import Diagnostic
from egressc.model.project import TableRule, TableRules
from egressc.model.references import Written, row_text
from egressc.source import Located, Source, Span
from egressc.tables.inline import Inline

# Headings that an unused one is compared with: as many, and as long, as people write.
_MOST_COMPARED: Final = 2000
_LONGEST_COMPARED: Final = 200


class RuleBook:
    """The rules of single tables, and which of them tables were met for.

    Letter case, spaces and Markdown's marks make no difference: a heading is what a person reads. Its header row goes
    first, then the innermost heading, the file last; a table below any heading that is left out is left out.
    """

    def __init__(self, rules: TableRules) -> None:
        self._rules: dict[str, TableRule] = {}
        self._listed: list[tuple[str, Located[str]]] = []
        self._left_out: dict[str, str] = {}
        for rule in rules.at:
            self._rules[self._list(rule.place)] = rule
            if rule.leave_out:
                self._left_out[plain_heading(rule.place.value)] = rule.leave_out
        for it in rules.leave_out:
            self._left_out[self._list(it.heading)] = it.reason
        self._met: set[str] = set()
        self._seen: dict[str, str] = {}
        self._places: dict[tuple[int, int], tuple[Located[str], str]] = {}

    def _list(self, place: Located[str]) -> str:
        plain = plain_heading(Inline(place.value, ()).text)
        self._listed.append((plain, place))
        return plain

    def leaves_out(self, headings: Iterable[Located[str]], source: Source, headers: Iterable[Written] = ()) -> bool:
        """Whether one of the headings around a table, its header row or its file is left out."""
        around = _around(headings, source, headers)
        return bool(self._left_out) and any(plain in self._left_out for plain, _ in around)

    def names(self, headings: Iterable[Located[str]], source: Source, headers: Iterable[Written]) -> bool:
        """Whether the project file has a rule for a table."""
        return bool(self._rules) and any(plain in self._rules for plain, _ in _around(headings, source, headers))

    def meet(
        self, headings: tuple[Located[str], ...], source: Source, span: Span, headers: Iterable[Written]
    ) -> tuple[TableRule | None, str | None]:
        """The rule of a table that there is, and why it is left out; None where it is not."""
        if not self._listed:
            return None, None
        found: TableRule | None = None
        reason: str | None = None
        for plain, heading in _around(headings, source, headers):
            if heading is not None and len(plain) <= _LONGEST_COMPARED and len(self._seen) < _MOST_COMPARED:
                self._seen.setdefault(plain, heading.value)
            if plain in self._rules or plain in self._left_out:
                self._met.add(plain)
            if found is None and (rule := self._rules.get(plain)) is not None:
                found = rule
            if reason is None and plain in self._left_out:
                reason = self._left_out[plain]
                place = heading or Located(source.name, span)
                self._places.setdefault((id(place.span.source), place.span.start), (place, reason))
        return found, reason

    def findings(self) -> Iterator[Diagnostic]:
        """EG205 for every heading that leaves tables out, EG206 for a rule that no table has."""
        yield from (left_out_table(place, reason) for place, reason in self._places.values())
        for plain, listed in self._listed:
            if plain not in self._met:
                near = difflib.get_close_matches(plain, self._seen, 1)
                yield unused_leave_out(listed, self._seen[near[0]] if near else "")


def _around(
    headings: Iterable[Located[str]], source: Source, headers: Iterable[Written] = ()
) -> Iterator[tuple[str, Located[str] | None]]:
    if row := row_text(headers):
        yield plain_heading(row), None
    for heading in reversed(tuple(headings)):
        yield plain_heading(heading.value), heading
    yield plain_heading(source.name), None
    yield plain_heading(source.name.rsplit("/", 1)[-1]), None


def plain_heading(text: str) -> str:
    return " ".join(text.casefold().split())
