"""One plan per table: what its rows are, which way it lies, and what each column says; settled before a row is read.

It comes from the headers, and the project file overrules it (`tables.at`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from egressc.diagnostics.cells import missing_column, repeated_column, unknown_column
from egressc.diagnostics.columns import almost_known_column
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import unmet_column
from egressc.diagnostics.unread import foreign_headers
from egressc.lower.connections import has_arrows
from egressc.lower.grids import GridPlan, grid_of
from egressc.lower.header_words import (
    NEUTRAL_HEADERS,
    OF_DESTINATION,
    HeaderBook,
    plain_header,
)
from egressc.lower.headings import row_text
from egressc.lower.kinds import GUARDS, LISTS, NEEDS, READ, kind_of, missing_column_of
from egressc.lower.listening import settle_ports
from egressc.lower.questions import all_ports, all_urls, asks_unknown, language_of, place_header
from egressc.lower.verdicts import Verdict, is_verdict, read_verdict
from egressc.lower.vocabulary import LANGUAGE_HEADERS
from egressc.model.project import TableRule
from egressc.model.requirements import Kind, Role
from egressc.tables.core import Cell, Table

# What the end of a connection that stands left of it is meant by, where the header alone does not say.
_OF_SOURCE: Final = {Role.NAMESPACE: Role.SOURCE_NAMESPACE, Role.SELECTOR: Role.SOURCE_SELECTOR, Role.ADDRESS: None}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read.

    `Port` of a table of services is what the service listens on; where its header says so, LISTENS_ON is there too.
    `says_needs`: a row says all that its service needs, itself or as the callers of each; an inventory does not.
    `turns`: rows describe one side of a connection, so "inbound" swaps the ends.
    `inverted`: columns in which "yes" denies, and that the project file has read otherwise or not at all.
    `unread` are the columns that nothing reads, `neutral` those of them that the header or the project file explains.
    """

    kind: Kind
    columns: Mapping[Role, tuple[int, ...]]
    unread: tuple[int, ...] = ()
    neutral: frozenset[int] = frozenset()
    ignored: frozenset[int] = frozenset()
    grid: GridPlan | None = None
    says_needs: bool = False
    turns: bool = False
    inverted: frozenset[int] = frozenset()

    @property
    def has_bare_port(self) -> bool:
        """Whether a table of services has ports beside what is asked for, under a header that does not say whose."""
        held = self.columns.keys()
        return self.kind is Kind.SERVICES and Role.PORT in held and Role.LISTENS_ON not in held and bool(held & NEEDS)


def kind_of_headers(headers: Iterable[Cell], words: HeaderBook) -> Kind | None:
    """The kind of table that headers make or almost make, whether or not it lacks a column."""
    plain = [plain_header(header.text) for header in headers]
    held = {role for it in plain if (role := words.get(it))}
    kind = kind_of(held)
    if kind is not None or (not held and len(plain) < 2):
        return kind
    return kind_of(held | {found[0] for it in plain if (found := words.near(it))})


def is_transposed(table: Table, words: HeaderBook) -> bool:
    """Whether the first column holds the headers: it makes a table with needs, and the header row makes none."""
    column = [table.headers[0], *(row[0] for row in table.rows)]
    return (
        len(table.headers) > 1
        and kind_of_headers(table.headers, words) in (None, Kind.INVENTORY)
        and all(words.get(plain_header(it.text)) is None for it in table.headers[1:])
        and bool({words.get(plain_header(it.text)) for it in column} & (NEEDS | {Role.CALLED_BY}))
        and words.get(plain_header(table.headers[0].text)) in (Role.SERVICE, None)
    )


def transpose(table: Table) -> Table:
    """The table with its first column as headers; a corner without a text stands above names of services."""
    columns = list(zip(table.headers, *table.rows, strict=True))
    headers, rows = columns[0], columns[1:]
    if not headers[0].text:
        headers = (Cell("Service", headers[0].start, headers[0].end), *headers[1:])
    return Table(table.source, table.heading, table.headings, headers, tuple(rows), table.span)


def plan_table(table: Table, words: HeaderBook, rule: TableRule | None, report: Report) -> Plan | None:
    """The plan of a table; None where it is of no kind, or once EG201, EG204, EG209, EG223 or EG228 is reported."""
    plain = [plain_header(header.text) for header in table.headers]
    roles = [words.get(it) for it in plain]
    told: Mapping[str, Role | None] = rule.columns if rule else {}
    for index, it in enumerate(plain):
        if it in told:
            roles[index] = told[it]
    if rule:
        report.extend(unmet_column(rule.place, header) for it, header in rule.headers.items() if it not in plain)
    _settle_names(table, plain, roles)
    kind = (rule.kind if rule else None) or _kind(table, roles, words, plain)
    is_grid = rule is not None and rule.grid_rows is not None
    corner = grid_of(table, None, words) if not (rule and rule.kind) else None
    if corner is not None:
        return Plan(Kind.GRID, {}, grid=corner)
    if (kind is None or is_grid) and (grid := grid_of(table, rule.grid_rows if rule else None, words)) is not None:
        skipped = {at for at, it in enumerate(plain) if it in words.ignored or told.get(it, Role.NOTES) is None}
        return Plan(Kind.GRID, {}, neutral=frozenset(skipped), grid=grid._replace(skipped=frozenset(skipped)))
    if kind is None:
        if language := foreign_language(plain, words):
            report.add(foreign_headers(table.span, language))
        return None
    unknown = [
        it for it, role in zip(plain, roles, strict=True) if role is None and it not in told and it not in words.ignored
    ]
    if language := next(filter(None, map(language_of, unknown)), ""):
        report.add(foreign_headers(table.span, language))
        return None
    turns = Role.SOURCE not in roles
    if kind is Kind.FLOWS:
        roles = _ends(roles, plain)
    elif kind in (Kind.DESTINATIONS, Kind.INVENTORY):
        roles = [Role.PORT if role is Role.LISTENS_ON else role for role in roles]
        if kind is Kind.INVENTORY and Role.SERVICE not in roles:
            roles = [Role.SERVICE if role is Role.DESTINATION else role for role in roles]
    says_needs = bool((NEEDS | {Role.CALLED_BY}).intersection(filter(None, roles)))
    if kind is Kind.SERVICES and not NEEDS.intersection(filter(None, roles)):
        # Without what services need there is no other end: what comes in is all that the table says.
        roles = [Role.CALLED_BY if role is Role.INGRESS else role for role in roles]
    held = {role for role in roles if role is not None}
    if kind is Kind.FLOWS and Role.CONNECTION in held and has_arrows(table, roles.index(Role.CONNECTION)):
        held |= {Role.SOURCE, Role.DESTINATION}
    near = {found[0] for it in plain if it not in told and (found := words.near(it))}
    missing = missing_column_of(kind, held)
    if missing and missing_column_of(kind, held | near):
        row = row_text(table.headers)
        report.add(missing_column(kind, missing[0], table.span, missing[1], row))
    if _report_almost_known(table, kind, plain, roles, words, told, report) or missing:
        return None
    columns = _columns(table, kind, plain, roles, words, told, report)
    if columns is None or (kind is Kind.SERVICES and not settle_ports(table, plain, columns, report)):
        return None
    used = {index for indexes in columns.values() for index in indexes}
    unread = tuple(index for index in range(len(plain)) if index not in used and plain[index])
    ignored = frozenset(index for index in unread if plain[index] in words.ignored or plain[index] in told)
    neutral = ignored | {index for index in unread if roles[index] is not None or plain[index] in NEUTRAL_HEADERS}
    if asks_unknown(table, kind, columns, unread, neutral, roles, report):
        return None
    denials = set(columns.get(Role.DENIAL, ()))
    inverted = frozenset(
        index for index, it in enumerate(plain) if words.said(it) is Role.DENIAL and index not in denials
    )
    return Plan(
        kind, columns, unread, frozenset(neutral), ignored, says_needs=says_needs, turns=turns, inverted=inverted
    )


def _settle_names(table: Table, plain: Sequence[str], roles: list[Role | None]) -> None:
    """What `Name` and `Service` say, which depends on the other columns.

    `Name` is what the rows are about where no column says where they lead. Firewall lists call the ports of a
    connection `Service`.
    """
    if not {Role.SERVICE, Role.SOURCE, Role.DESTINATION}.intersection(filter(None, roles)) and "name" in plain:
        roles[plain.index("name")] = Role.SERVICE
    if {Role.SOURCE, Role.DESTINATION}.issubset(filter(None, roles)) and Role.PORT not in roles:
        for index, role in enumerate(roles):
            if role is Role.SERVICE and all_ports(table, index):
                roles[index] = Role.PORT


def foreign_language(plain: Sequence[str], words: HeaderBook) -> str:
    """The language whose words make a kind of table of headers that make none; empty where there is none."""
    for language, listed in LANGUAGE_HEADERS.items():
        roles = {word: role for role, said in listed.items() for word in said}
        found = {role for it in plain if (role := words.get(it) or roles.get(it))}
        if sum(it in roles for it in plain) > 1 and kind_of(found) is not None:
            return language
    return ""


def _kind(table: Table, roles: Sequence[Role | None], words: HeaderBook, plain: Sequence[str]) -> Kind | None:
    held = {role for role in roles if role is not None}
    if Role.CONNECTION in held:
        if not held & {Role.DESTINATION, Role.SOURCE} and has_arrows(table, roles.index(Role.CONNECTION)):
            return Kind.FLOWS
        held.remove(Role.CONNECTION)
    near = {found[0] for role, it in zip(roles, plain, strict=True) if role is None and (found := words.near(it))}
    return kind_of(held) or (kind_of(held | near) if held or len(plain) > 1 else None)


def _columns(
    table: Table,
    kind: Kind,
    plain: Sequence[str],
    roles: list[Role | None],
    words: HeaderBook,
    told: Mapping[str, Role | None],
    report: Report,
) -> dict[Role, tuple[int, ...]] | None:
    """The columns that are read, by role; None once EG204 is reported. Columns that are not read become EG202."""
    columns: dict[Role, tuple[int, ...]] = {}
    for index, role in enumerate(roles):
        place = place_header(table, index)
        if (
            role is None
            and plain[index] not in words.ignored
            and plain[index] not in told
            and plain[index] not in NEUTRAL_HEADERS
            and _says_verdicts(table, index)
        ):
            role = roles[index] = Role.DECISION
        if role is None and Role.ADDRESS in READ[kind] and Role.ADDRESS not in roles and all_urls(table, index):
            role = roles[index] = Role.ADDRESS
        if role is Role.STATUS and role not in columns:
            report.add(unknown_column(place, kind, role))  # all but the words that deny
        if role is None or role not in READ[kind] | GUARDS:
            if plain[index] in words.ignored:
                words.met.add(plain[index])
            elif place.value and plain[index] not in told and plain[index] not in NEUTRAL_HEADERS:
                report.add(unknown_column(place, kind, role))
        elif role in columns:
            if role not in LISTS | GUARDS and plain[index] not in told:
                report.add(repeated_column(place, place_header(table, columns[role][0])))
                return None
            columns[role] = (*columns[role], index)
        else:
            columns[role] = (index,)
    return columns


def _says_verdicts(table: Table, index: int) -> bool:
    """Whether a column of an unknown header holds verdicts and nothing else, one at least in words: "BLOCKED"."""
    said = [row[index].text for row in table.rows if row[index].text]
    answers = (Verdict.ALLOW, Verdict.DENY)
    return any(map(is_verdict, said)) and all(is_verdict(it) or read_verdict(it) in answers for it in said)


def _report_almost_known(
    table: Table,
    kind: Kind,
    plain: list[str],
    roles: list[Role | None],
    words: HeaderBook,
    told: Mapping[str, Role | None],
    report: Report,
) -> bool:
    """EG223 for headers that almost say what a table of the kind reads, and nothing else in it says."""
    found = False
    for index, it in enumerate(plain):
        near = words.near(it) if it not in told and it not in NEUTRAL_HEADERS else None
        if near is None:
            continue
        role, word = near
        if kind is Kind.FLOWS and role is Role.SERVICE and Role.SOURCE not in roles:
            role = Role.SOURCE
        if role in NEEDS | {Role.CALLED_BY} or (role in READ[kind] | GUARDS and role not in roles):
            report.add(almost_known_column(place_header(table, index), word, role))
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
