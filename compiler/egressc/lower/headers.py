"""Headers to columns: which kind of table this is, and what each of its columns says.

A table is of a kind by its telling columns; one that lacks a column of its kind is refused, one of no kind is left
alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from egressc.diagnostics.cells import missing_column, repeated_column, unknown_column, unknown_table
from egressc.diagnostics.columns import almost_known_column, ambiguous_port_column
from egressc.diagnostics.core import Label, Report
from egressc.lower.header_words import OF_DESTINATION, HeaderBook, plain_header, without_number
from egressc.model.requirements import Kind, Role
from egressc.source import Located, Span
from egressc.tables.core import Cell, Table

# What says of a row whether, when or where it holds.
GUARDS: Final = frozenset({Role.DECISION, Role.DIRECTION, Role.STATUS, Role.CONDITION})
_READ: Final = {
    Kind.SERVICES: frozenset(
        {Role.SERVICE, Role.DEPENDENCIES, Role.EXTERNAL, Role.NAMESPACE, Role.SELECTOR, Role.CALLED_BY, Role.PORT}
        | {Role.LISTENS_ON, Role.PROTOCOL, Role.NOTES}
    ),
    Kind.DESTINATIONS: frozenset(
        {Role.DESTINATION, Role.NAMESPACE, Role.SELECTOR, Role.ADDRESS, Role.PORT, Role.PROTOCOL, Role.PURPOSE}
        | {Role.NOTES}
    ),
    Kind.FLOWS: frozenset(
        {Role.SOURCE, Role.SOURCE_NAMESPACE, Role.SOURCE_SELECTOR, Role.DESTINATION, Role.NAMESPACE, Role.SELECTOR}
        | {Role.ADDRESS, Role.PORT, Role.PROTOCOL, Role.PURPOSE, Role.NOTES}
    ),
}
_ASKS: Final = frozenset({Role.DEPENDENCIES, Role.EXTERNAL})
_NEEDS: Final = _ASKS | {Role.CALLED_BY}
# What the end of a connection that stands left of it is meant by, where the header alone does not say.
_OF_SOURCE: Final = {Role.NAMESPACE: Role.SOURCE_NAMESPACE, Role.SELECTOR: Role.SOURCE_SELECTOR, Role.ADDRESS: None}


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's kind and where its columns are.

    `Port` of a table of services is what the service listens on; where its header says so, LISTENS_ON is there too.
    """

    kind: Kind
    columns: Mapping[Role, tuple[int, ...]]

    @property
    def has_bare_port(self) -> bool:
        """Whether a table of services has ports beside what is asked for, under a header that does not say whose."""
        held = self.columns.keys()
        return self.kind is Kind.SERVICES and Role.PORT in held and Role.LISTENS_ON not in held and bool(held & _ASKS)


def kind_of_headers(headers: Iterable[Cell], words: HeaderBook) -> Kind | None:
    """The kind of table that headers make or almost make, whether or not it lacks a column."""
    plain = [plain_header(header.text) for header in headers]
    held = {role for it in plain if (role := words.get(it))}
    kind = _kind_of(held)
    if kind is not None or (not held and len(plain) < 2):
        return kind
    return _kind_of(held | {found[0] for it in plain if (found := words.near(it))})


def shape_table(table: Table, words: HeaderBook, report: Report) -> Shape | None:
    """What a table is; None once EG201, EG203, EG204, EG209 or EG223 is reported. Unread columns become EG202."""
    plain = [plain_header(header.text) for header in table.headers]
    roles = [words.get(it) for it in plain]
    kind = kind_of_headers(table.headers, words)
    if kind is None:
        report.add(unknown_table(table.span))
        return None
    if kind is Kind.FLOWS:
        roles = _ends(roles, plain)
    elif kind is Kind.DESTINATIONS:
        roles = [Role.PORT if role is Role.LISTENS_ON else role for role in roles]
    if _report_almost_known(table, kind, plain, roles, words, report):
        return None
    missing = _missing(kind, {role for role in roles if role is not None})
    if missing:
        report.add(missing_column(kind, missing[0], table.span, missing[1]))
        return None
    columns: dict[Role, tuple[int, ...]] = {}
    for index, role in enumerate(roles):
        place = _place(table, index)
        if role is Role.STATUS:
            report.add(unknown_column(place, kind, role))  # all but the words that deny
        if role is None or role not in _READ[kind] | GUARDS:
            if plain[index] in words.ignored:
                words.met.add(plain[index])
            elif place.value:
                report.add(unknown_column(place, kind, role))
        elif role in columns:
            first = columns[role][0]
            numbered = role in _NEEDS and without_number(plain[first]) == without_number(plain[index])
            if not numbered and role not in GUARDS:
                report.add(repeated_column(place, _place(table, first)))
                return None
            columns[role] = (*columns[role], index)
        else:
            columns[role] = (index,)
    if kind is Kind.SERVICES and not _settle_ports(table, plain, columns, words, report):
        return None
    return Shape(kind, columns)


def _place(table: Table, index: int) -> Located[str]:
    header = table.headers[index]
    return Located(header.text, Span(table.source, header.start, header.end))


def _report_almost_known(
    table: Table, kind: Kind, plain: list[str], roles: list[Role | None], words: HeaderBook, report: Report
) -> bool:
    """EG223 for headers that almost say what a table of the kind reads, and nothing else in it says."""
    found = False
    for index, it in enumerate(plain):
        near = words.near(it)
        if near is None:
            continue
        role, word = near
        if kind is Kind.FLOWS and role is Role.SERVICE and Role.SOURCE not in roles:
            role = Role.SOURCE
        if role in _NEEDS or (role in _READ[kind] | GUARDS and role not in roles):
            report.add(almost_known_column(_place(table, index), word, role))
            found = True
    return found


def _ends(roles: list[Role | None], plain: list[str]) -> list[Role | None]:
    """The columns of a table of flows: of which end each is. Where a header does not say, of the end left of it."""
    if Role.SOURCE not in roles:
        roles = [Role.SOURCE if role is Role.SERVICE else role for role in roles]
    end = next((role for role in roles if role in (Role.SOURCE, Role.DESTINATION)), Role.DESTINATION)
    found: list[Role | None] = []
    for role, it in zip(roles, plain, strict=True):
        if role in (Role.SOURCE, Role.DESTINATION):
            end = role
        elif role is Role.LISTENS_ON:
            role = Role.PORT
        elif role in _OF_SOURCE and end is Role.SOURCE and not OF_DESTINATION.match(it):
            role = _OF_SOURCE[role]
        found.append(role)
    return found


def _settle_ports(
    table: Table, plain: list[str], columns: dict[Role, tuple[int, ...]], words: HeaderBook, report: Report
) -> bool:
    """Whether it is clear that ports are what services listen on; False once EG209 is reported."""
    if Role.LISTENS_ON in columns and Role.PORT not in columns:
        columns[Role.PORT] = columns[Role.LISTENS_ON]
        return True
    if Role.PORT not in columns:
        return True
    port = columns[Role.PORT][0]
    sign = None
    if OF_DESTINATION.match(plain[port]):
        sign = Label(_place(table, port).span, "of the destination")
    elif Role.LISTENS_ON in columns:
        sign = Label(_place(table, columns[Role.LISTENS_ON][0]).span, "what the service listens on")
    elif Role.PROTOCOL in columns and columns.keys() & _ASKS:
        sign = Label(_place(table, columns[Role.PROTOCOL][0]).span, "the protocol of the connection?")
    if sign is not None:
        report.add(ambiguous_port_column(_place(table, port), sign))
    return sign is None


def _kind_of(held: set[Role]) -> Kind | None:
    """The kind that the telling columns name; a table that only might be one is of no kind."""
    if Role.DESTINATION in held:
        return Kind.FLOWS if held & {Role.SOURCE, Role.SERVICE} else _destinations(held)
    if Role.SOURCE in held and held & {Role.PORT, Role.PROTOCOL}:
        return Kind.FLOWS
    if Role.SERVICE in held and held & (_READ[Kind.SERVICES] - {Role.SERVICE, Role.NOTES}):
        return Kind.SERVICES
    if held & {Role.DEPENDENCIES, Role.CALLED_BY}:
        return Kind.SERVICES
    if Role.ADDRESS in held and held & {Role.PORT, Role.LISTENS_ON, Role.PROTOCOL}:
        return Kind.DESTINATIONS
    return None


def _destinations(held: set[Role]) -> Kind | None:
    telling = (_READ[Kind.DESTINATIONS] | {Role.LISTENS_ON}) - {Role.DESTINATION, Role.NOTES}
    return Kind.DESTINATIONS if held & telling else None


def _missing(kind: Kind, held: set[Role]) -> tuple[str, str] | None:
    """The header of the column that is missing, and what to write."""
    match kind:
        case Kind.SERVICES:
            if Role.SERVICE not in held:
                return "Service", 'add a column "Service" with the name of each service'
            if not held & _NEEDS:
                return "Dependencies", 'add a column "Dependencies" with what each service needs, or "None"'
        case Kind.DESTINATIONS:
            if Role.DESTINATION not in held:
                return "Destination", 'add a column "Destination" with the name of each destination'
            if Role.PORT not in held:
                return "Port", 'add a column "Port"; a cell may stay empty where the catalog knows the port'
        case Kind.FLOWS:
            if Role.SOURCE not in held:
                return "From", 'add a column "From" with the service that connects'
            if Role.DESTINATION not in held:
                return "To", 'add a column "To" with what each service connects to'
            if Role.PORT not in held:
                return "Port", 'add a column "Port"; a cell may stay empty where the catalog knows the port'
    return None
