"""What findings ask for, each once with all its places."""

from bisect import bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import Final

from egressc.diagnostics.core import Diagnostic, Lack, Missing
from egressc.model.records import Role, TableAccount
from egressc.model.requirements import Requirements
from egressc.source import Span

# What the catalog says of a thing that the sources place nowhere; all else is a key of the project file.
IN_CATALOG: Final = frozenset(
    {
        *(Lack.DESTINATION, Lack.SOURCE, Lack.GROUP, Lack.NAMESPACE, Lack.SELECTOR, Lack.ADDRESSES, Lack.PORTS),
        *(Lack.ID, Lack.ALIAS),
    }
)
# What is still asked for where unreadable cells are passed over: a port, say, may be in one of them.
BEHIND_CELLS: Final = frozenset({*IN_CATALOG, Lack.READ_AS, Lack.API_SERVER} - {Lack.PORTS})


@dataclass(frozen=True, slots=True)
class Need:
    """Something that is missing: where it is first needed, and how often. `headers` are those of the table around it.

    `is_external`: it is listed in a column of external destinations.
    """

    missing: Missing
    place: Span
    places: int
    is_external: bool = False
    headers: tuple[str, ...] = ()


class Needs:
    """Collects needs in the order in which they are found."""

    def __init__(self) -> None:
        self._held: dict[tuple[Lack, str, str], Need] = {}

    def add(self, found: Iterable[Diagnostic], requirements: Requirements, lacks: Container[Lack]) -> list[Need]:
        """Take up what findings ask for, of these kinds alone; what is new, for the next look at the sources."""
        new: list[tuple[Lack, str, str]] = []
        known = set(self._held)
        places: set[tuple[tuple[Lack, str, str], Span]] = set()
        for finding in found:
            span = finding.primary.span
            for missing in finding.missing:
                key = (missing.lack, missing.name, missing.heading)
                if missing.lack not in lacks or key in known or (key, span) in places:
                    continue
                places.add((key, span))
                before = self._held.get(key)
                if before is not None:
                    self._held[key] = replace(before, places=before.places + missing.places)
                    continue
                new.append(key)
                self._held[key] = Need(
                    missing, span, missing.places, _is_external(requirements, span), _headers(requirements, span)
                )
        return [self._held[key] for key in new]

    def all(self) -> tuple[Need, ...]:
        return tuple(self._held.values())


def _is_external(requirements: Requirements, span: Span) -> bool:
    record = _around(requirements, span)
    if record is None:
        return False
    before = bisect_right(record.rows, span.start, key=lambda row: row[0].start)
    cells = zip(record.roles, record.rows[before - 1], strict=False) if before else ()
    return any(role is Role.EXTERNAL and cell.start <= span.start < cell.end for role, cell in cells)


def _headers(requirements: Requirements, span: Span) -> tuple[str, ...]:
    record = _around(requirements, span)
    return tuple(header.text for header in record.headers if header.text) if record else ()


def _around(requirements: Requirements, span: Span) -> TableAccount | None:
    """The table that a place is in."""
    for record in requirements.records:
        end = max(record.span.end, record.rows[-1][-1].end if record.rows else 0)
        if record.source is span.source and record.span.start <= span.start < end:
            return record
    return None
