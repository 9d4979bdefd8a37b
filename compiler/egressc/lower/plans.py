"""One plan per table: what its rows are, which way it lies, and what each column says; settled before a row is read.

It comes from the headers, and the project file overrules it (`tables.at`).
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum, auto
from typing import Final

from egressc.diagnostics.cells import missing_column, repeated_column, unknown_column
from egressc.diagnostics.columns import almost_known_column
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import unmet_column
from egressc.lower.connections import has_arrows
from egressc.lower.environments import environment_columns, environments_named
from egressc.lower.grids import corner_language, grid_of
from egressc.lower.header_words import (
    NEUTRAL_HEADERS,
    OF_DESTINATION,
    HeaderBook,
    plain_header,
)
from egressc.lower.kinds import GUARDS, LISTS, READ, Plan, callers_column, kind_of, missing_column_of
from egressc.lower.listening import settle_ports
from egressc.lower.questions import (
    all_urls,
    asks_unknown,
    foreign_language,
    language_of,
    may_be_ports,
    place_header,
    says_verdicts,
)
from egressc.model.project import TableRule
from egressc.model.records import NEEDS, OF_AUDIT, OF_NAMESPACES, Kind, Role
from egressc.model.references import row_text
from egressc.model.texts import says_nothing
from egressc.tables.core import Cell, Table

# Columns beside which one of connections says nothing that a plan could be made of.
_OTHER_ENDS: Final = NEEDS | {Role.DESTINATION, Role.SOURCE, Role.SERVICE, Role.CALLED_BY}
_MAY_REPEAT: Final = frozenset({*LISTS, *GUARDS, *OF_AUDIT})
# What the end of a connection that stands left of it is meant by, where the header alone does not say.
_OF_SOURCE: Final = {Role.NAMESPACE: Role.SOURCE_NAMESPACE, Role.SELECTOR: Role.SOURCE_SELECTOR, Role.ADDRESS: None}


def kind_of_headers(headers: Iterable[Cell], words: HeaderBook) -> Kind | None:
    """The kind of table that headers make or almost make, whether or not it lacks a column."""
    plain = [plain_header(header.text) for header in headers]
    held = {role for it in plain if (role := words.get(it))}
    kind = kind_of(held)
    if kind is not None or (not held and len(plain) < 2):
        return kind
    return kind_of(held | {found[0] for it in plain if (found := words.near(it))})


class NoPlan(Enum):
    """Why a table has no plan: it is of no known kind, or its headers are refused and that is reported."""

    UNKNOWN = auto()
    REFUSED = auto()


def plan_table(table: Table, words: HeaderBook, rule: TableRule | None, report: Report) -> Plan | NoPlan:
    """The plan of a table. A refusal is EG201, EG204, EG209, EG223, EG253 or EG256, EG228 no refusal."""
    return _Planner(table, words, rule, report).plan()


class _Planner:
    """Settles the role of each column; `told` are those that the project file gives, None for one to ignore."""

    def __init__(self, table: Table, words: HeaderBook, rule: TableRule | None, report: Report) -> None:
        self.table = table
        self.words = words
        self.rule = rule
        self.report = report
        self.told: Mapping[str, Role | None] = rule.columns if rule else {}
        self.plain = [plain_header(header.text) for header in table.headers]
        self.roles = [self.told[it] if it in self.told else words.get(it) for it in self.plain]
        if rule:
            report.extend(unmet_column(rule.place, said) for it, said in rule.headers.items() if it not in self.plain)

    def plan(self) -> Plan | NoPlan:
        self._settle_names()
        kind = (self.rule.kind if self.rule else None) or self._kind()
        if (grid := self._grid(kind)) is not None:
            return grid
        if language := self._foreign_language(kind):
            self.words.spoken.setdefault(language, self.table.span)
            return NoPlan.REFUSED
        turns = Role.SOURCE not in self.roles
        callers = self._callers_column(kind)
        if callers is not None:
            kind = Kind.DESTINATIONS
            self._rename(callers, Role.DESTINATION)
            self._rename(Role.SOURCE_NAMESPACE, Role.NAMESPACE)
            self._rename(Role.SOURCE_SELECTOR, Role.SELECTOR)
        if kind is None:
            return NoPlan.UNKNOWN
        says_needs = kind is Kind.SERVICES and self._holds(NEEDS | {Role.CALLED_BY})
        self._adapt_roles(kind)
        if self._report_missing(kind) | self._report_almost_known(kind):
            return NoPlan.REFUSED
        columns = self._columns(kind)
        if columns is None:
            return NoPlan.REFUSED
        is_sound = kind is not Kind.SERVICES or settle_ports(self.table, self.plain, columns, self.report)
        used = {index for indexes in columns.values() for index in indexes}
        unread = tuple(index for index, it in enumerate(self.plain) if index not in used and it)
        ignored = frozenset(index for index in unread if self._is_ignored(index))
        neutral = ignored | {it for it in unread if self.roles[it] is not None or self.plain[it] in NEUTRAL_HEADERS}
        denials = [index for index, it in enumerate(self.plain) if self.words.said(it) is Role.DENIAL]
        inverted = frozenset(denials) - frozenset(columns.get(Role.DENIAL, ()))
        plan = Plan(
            kind,
            columns,
            unread,
            neutral,
            ignored,
            says_needs=says_needs,
            turns=turns,
            of_callers=callers is not None,
            inverted=inverted,
        )
        return NoPlan.REFUSED if not is_sound or asks_unknown(self.table, plan, self.report) else plan

    def _holds(self, roles: AbstractSet[Role]) -> bool:
        return not roles.isdisjoint(filter(None, self.roles))

    def _is_ignored(self, index: int) -> bool:
        return self.plain[index] in self.words.ignored or self.plain[index] in self.told

    def _settle_names(self) -> None:
        """What `Name` and `Service` say, which depends on the other columns.

        `Name` is what the rows are about where no column says where they lead. Firewall lists call the ports of a
        connection `Service`.
        """
        if "name" in self.plain and not self._holds({Role.SERVICE, Role.SOURCE, Role.DESTINATION}):
            self.roles[self.plain.index("name")] = Role.SERVICE
        if Role.SOURCE not in self.roles and "desde" in self.plain and "hasta" in self.plain:
            self.roles[self.plain.index("desde")] = Role.SOURCE
            self.roles[self.plain.index("hasta")] = Role.DESTINATION
        for index, role in enumerate(self.roles):
            # A form that nobody fills in says nothing of its rows.
            if role is Role.APPROVAL and all(says_nothing(row[index].text) for row in self.table.rows):
                self.roles[index] = None
        if Role.SOURCE in self.roles and Role.DESTINATION in self.roles and Role.PORT not in self.roles:
            for index, role in enumerate(self.roles):
                if role is Role.SERVICE and may_be_ports(self.table, index):
                    self.roles[index] = Role.PORT

    def _kind(self) -> Kind | None:
        held = set(filter(None, self.roles))
        if Role.CONNECTION in held:
            if held.isdisjoint(_OTHER_ENDS) and self._has_arrows():
                return Kind.FLOWS
            held.remove(Role.CONNECTION)
        unknown = [it for role, it in zip(self.roles, self.plain, strict=True) if role is None]
        near = {found[0] for it in unknown if (found := self.words.near(it))}
        return kind_of(held) or (kind_of(held | near) if held or len(self.plain) > 1 else None)

    def _callers_column(self, kind: Kind | None) -> Role | None:
        """Of a table that names one end only, the callers, below a heading that may name the service they call."""
        if (self.rule and self.rule.kind) or not (self.table.headings or (self.rule and self.rule.service)):
            return None
        near = {found[0] for it in self.plain if it not in self.told and (found := self.words.near(it))}
        return callers_column(kind, {*filter(None, self.roles), *near})

    def _has_arrows(self) -> bool:
        return has_arrows(self.table, self.roles.index(Role.CONNECTION))

    def _grid(self, kind: Kind | None) -> Plan | None:
        """The plan of a grid; None for any other table. A corner that says both ends goes before the other headers."""
        rows = self.rule.grid_rows if self.rule else None
        corner = grid_of(self.table, None, self.words) if not (self.rule and self.rule.kind) else None
        grid = corner or (grid_of(self.table, rows, self.words) if kind is None or rows else None)
        if grid is None:
            return None
        told = [index for index in range(1, len(self.plain)) if self.roles[index] is Role.ENVIRONMENT]
        columns = {Role.ENVIRONMENT: tuple(told)} if told else {}
        ignored = frozenset(index for index in range(1, len(self.plain)) if self._is_ignored(index)) - {*told}
        return Plan(Kind.GRID, columns, neutral=ignored, ignored=ignored, grid=grid._replace(skipped=ignored | {*told}))

    def _foreign_language(self, kind: Kind | None) -> str:
        """The language that a table is in, or one telling header of it; empty where the project reads all of it."""
        if kind is None:
            column = [plain_header(row[0].text) for row in self.table.rows]
            return (
                foreign_language(self.plain, self.words)
                or foreign_language(column, self.words, least=1)
                or corner_language(self.table.headers[0].text)
            )
        unknown = [it for at, it in enumerate(self.plain) if self.roles[at] is None and not self._is_ignored(at)]
        return next(filter(None, map(language_of, unknown)), "")

    def _adapt_roles(self, kind: Kind) -> None:
        """What words of several meanings say in a table of a kind."""
        if kind is not Kind.NAMESPACES:
            self.roles = [None if role in OF_NAMESPACES else role for role in self.roles]
        if kind is not Kind.DESTINATIONS:
            self.roles = [None if role in OF_AUDIT else role for role in self.roles]
        if kind is Kind.FLOWS:
            if Role.DESTINATION not in self.roles and Role.SOURCE in self.roles:
                self._rename(Role.DEPENDENCIES, Role.DESTINATION)
            self.roles = _ends(self.roles, self.plain)
        elif kind in (Kind.DESTINATIONS, Kind.INVENTORY):
            self._rename(Role.LISTENS_ON, Role.PORT)
            if kind is Kind.INVENTORY and Role.SERVICE not in self.roles:
                self._rename(Role.DESTINATION, Role.SERVICE)
        elif kind is Kind.SERVICES and not self._holds(NEEDS):
            # Without what services need there is no other end: what comes in is all that the table says.
            self._rename(Role.INGRESS, Role.CALLED_BY)

    def _rename(self, role: Role, other: Role) -> None:
        self.roles = [other if it is role else it for it in self.roles]

    def _report_missing(self, kind: Kind) -> bool:
        """EG201 for a column that is missing, unless a header almost says it."""
        held = set(filter(None, self.roles))
        if kind is Kind.FLOWS and Role.CONNECTION in held and self._has_arrows():
            held |= {Role.SOURCE, Role.DESTINATION}
        near = {found[0] for it in self.plain if it not in self.told and (found := self.words.near(it))}
        missing = missing_column_of(kind, held)
        if missing and missing_column_of(kind, held | near):
            headers = row_text(self.table.headers)
            self.report.add(missing_column(kind, missing[0], self.table.span, missing[1], headers))
        return missing is not None

    def _report_almost_known(self, kind: Kind) -> bool:
        """EG223 for headers that almost say what a table of the kind reads, and nothing else in it says."""
        found = False
        settled = {it for it, plain in enumerate(self.plain) if plain in self.told or self._is_ignored(it)}
        environments = environment_columns(self.table, self.roles, self.words) - settled
        for index, it in enumerate(self.plain):
            if index in environments:
                self.report.add(almost_known_column(place_header(self.table, index), "environment", Role.ENVIRONMENT))
                found = True
                continue
            near = self.words.near(it) if it not in self.told and it not in NEUTRAL_HEADERS else None
            if near is None or near[0] in OF_AUDIT:
                continue  # what is almost a word for audits is not read, as any other column
            role, word = near
            if kind is Kind.FLOWS and role is Role.SERVICE and Role.SOURCE not in self.roles:
                role = Role.SOURCE
            is_end = role in NEEDS | {Role.CALLED_BY} and not (kind is Kind.FLOWS and Role.DESTINATION in self.roles)
            if is_end or (role in READ[kind] | GUARDS and role not in self.roles):
                named = environments_named(it, self.words.environments)
                others = [name for name in self.words.environments if name not in named]
                self.report.add(almost_known_column(place_header(self.table, index), word, role, sorted(named), others))
                found = True
        return found

    def _columns(self, kind: Kind) -> dict[Role, tuple[int, ...]] | None:
        """The columns that are read, by role; None once EG204 is reported. Columns that are not read become EG202."""
        columns: dict[Role, tuple[int, ...]] = {}
        for index, plain in enumerate(self.plain):
            place = place_header(self.table, index)
            is_open = not self._is_ignored(index) and plain not in NEUTRAL_HEADERS
            if is_open and self.roles[index] is None:
                self.roles[index] = self._role_by_cells(kind, index)
            role = self.roles[index]
            if role is None or role not in READ[kind] | GUARDS:
                if plain in self.words.ignored:
                    self.words.met.add(plain)
                elif place.value and is_open:
                    self.report.add(unknown_column(place, kind, role))
            elif role in columns and role not in _MAY_REPEAT:
                self.report.add(repeated_column(place, place_header(self.table, columns[role][0])))
                return None
            else:
                columns[role] = (*columns.get(role, ()), index)
        return columns

    def _role_by_cells(self, kind: Kind, index: int) -> Role | None:
        """What the cells of a column say under a header that nobody knows: verdicts, or URLs."""
        if says_verdicts(self.table, index):
            return Role.DECISION
        may_be_address = Role.ADDRESS in READ[kind] and Role.ADDRESS not in self.roles
        return Role.ADDRESS if may_be_address and all_urls(self.table, index) else None


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
