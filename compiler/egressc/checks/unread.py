"""What the sources say and nothing reads: tables, columns and cells that name services or destinations."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final

from egressc.diagnostics.cells import unknown_table
from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import unread_column, unread_names, unread_needs
from egressc.model.records import Kind, Role, TableAccount
from egressc.model.references import Reference, Written
from egressc.model.requirements import Requirements
from egressc.resolve.ids import is_host
from egressc.resolve.names import Headings
from egressc.source import Located, Span

_MOST_CELLS: Final = 100_000  # of tables that are not read: more is no table that people write


def check_unread_tables(requirements: Requirements, names: Iterable[str], report: Report) -> None:
    """EG229 for a table that is not read and names two known entities, EG203 for any other one.

    Args:
        names: every name of a service, a destination or a group.
    """
    unread = [record for record in requirements.records if record.kind is None and not record.why]
    book = Headings(name for name in names if len(name) > 1) if unread else None
    for record in unread:
        found = _named(record, book) if book else {}
        if len(found) > 1:
            report.add(unread_names(record.span, list(found), list(found.values()), record.header_text))
        else:
            report.add(unknown_table(record.span))


def check_unread_columns(requirements: Requirements, holds: Callable[[str], bool], report: Report) -> None:
    """What columns of a table that grants say of known entities, where nothing reads them.

    EG229 for a header that names one, EG439 for cells that list what services need, or who connects, EG434 for others,
    and for hosts and networks with ports.

    Args:
        holds: whether a name stands for a service, a destination or a group.
    """
    for record in requirements.records:
        subjects = [at for at, role in enumerate(record.roles) if role in (Role.SERVICE, Role.SOURCE)]
        is_of_destinations = record.kind is Kind.DESTINATIONS
        is_of_services = record.kind in (Kind.SERVICES, Kind.INVENTORY)
        if record.kind is None or not (subjects or is_of_destinations):
            continue
        for at, read, items in record.unread:
            header = record.headers[at]
            named = Located(header.text, _span(record, header))
            if _holds(read, holds) and any(row[at].text for row in record.rows):
                report.add(unread_names(record.span, [named.value], [named.span], record.header_text))
                break
            cells = list(zip(record.rows, items(), strict=True))
            listed = [(row, refs) for row, refs in cells if _lists(refs, holds, {row[it].text for it in subjects})]
            filled = sum(bool(refs) for _, refs in cells)
            if listed:
                row, refs = listed[0]
                first, place = refs[0].text, _span(record, row[at])
                if len(listed) * 2 > filled and (is_of_destinations or is_of_services):
                    report.add(unread_needs(named, first, place, is_source=is_of_destinations))
                else:
                    report.add(unread_column(named, first, place, role="dependencies" if is_of_services else ""))
            elif elsewhere := [(row, refs) for row, refs in cells if refs and all(map(_is_elsewhere, refs))]:
                row, refs = elsewhere[0]
                role = "external" if is_of_services else ""
                report.add(unread_column(named, refs[0].text, _span(record, row[at]), role=role))


def _lists(refs: Iterable[Reference], holds: Callable[[str], bool], subjects: Container[str]) -> bool:
    """Whether a cell holds known names and nothing else, other than the one that its row is about."""
    names = [it for it in refs if it.text not in subjects]
    return bool(names) and all(_holds(it, holds) for it in names)


def _is_elsewhere(ref: Reference) -> bool:
    """Whether it is a host or a network with ports, as people write what is outside the cluster."""
    return bool(ref.ports) and (ref.address is not None or is_host(ref.name))


def _named(record: TableAccount, book: Headings) -> dict[str, Span]:
    """The known names in the cells of a table, each with its first place."""
    found: dict[str, Span] = {}
    for cell in _cells(record):
        for name in book.names_in(cell.text):
            found.setdefault(name, _span(record, cell))
    return found


def _holds(ref: Reference, holds: Callable[[str], bool]) -> bool:
    return holds(ref.text) or holds(ref.name)


def _cells(record: TableAccount) -> Iterator[Written]:
    left = _MOST_CELLS
    rows: Sequence[Sequence[Written]] = (record.headers, *record.rows)
    for row in rows:
        for cell in row:
            left -= 1
            if left < 0:
                return
            yield cell


def _span(record: TableAccount, cell: Written) -> Span:
    return Span(record.source, cell.start, cell.end)
