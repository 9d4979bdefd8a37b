"""Where a rule comes from, as committed files say it: the document and its heading, never a line, which others move."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from egressc.emit.scalars import comment
from egressc.model.records import TableAccount
from egressc.source import Source, Span


class Provenance:
    """Places in documents by the headings of their tables; a place outside of any table is its document alone."""

    def __init__(self, records: Iterable[TableAccount] = ()) -> None:
        tables: dict[Source, list[tuple[int, str]]] = {}
        for record in records:
            heading = record.headings[-1].value if record.headings else ""
            tables.setdefault(record.source, []).append((record.span.start, heading))
        self._tables = {source: sorted(found) for source, found in tables.items()}
        self._known: dict[tuple[Source, int], str] = {}

    def places(self, spans: Sequence[Span]) -> str:
        """Each document and heading once, sorted: `services.md, "Orders"; services.md, "Web"`."""
        return "; ".join(sorted({self._place(span) for span in spans}))

    def _place(self, span: Span) -> str:
        source, start, _ = span
        tables = self._tables.get(source, ())
        number = bisect_right(tables, (start, "\U0010ffff")) - 1
        known = (source, number)
        if (place := self._known.get(known)) is None:
            heading = comment(tables[number][1]) if number >= 0 else ""
            place = self._known[known] = comment(source.name) + (f', "{heading}"' if heading else "")
        return place


NO_PROVENANCE = Provenance()
