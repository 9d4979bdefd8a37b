"""Kinds of tables: what rows are, which columns are read for them, what is missing; and the plan of a table."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from egressc.lower.grids import GridPlan
from egressc.model.records import NEEDS, OF_AUDIT, OF_NAMESPACES, Kind, Role

# What says of a row whether, when or where it holds.
GUARDS: Final = frozenset(
    {Role.DECISION, Role.DENIAL, Role.DIRECTION, Role.STATUS, Role.APPROVAL, Role.CONDITION, Role.ENVIRONMENT}
)
LISTS: Final = NEEDS | {Role.CALLED_BY, Role.INGRESS}
# Cells that name services and destinations.
REFERENCES: Final = LISTS | {Role.SERVICE, Role.SOURCE, Role.DESTINATION, Role.CONNECTION}
_PLACES: Final = frozenset({Role.NAMESPACE, Role.SELECTOR, Role.ADDRESS})
_SAID: Final = frozenset({Role.PORT, Role.LISTENS_ON, Role.PROTOCOL})
READ: Final = {
    Kind.SERVICES: LISTS | _SAID | {Role.SERVICE, Role.NAMESPACE, Role.SELECTOR, Role.NOTES},
    Kind.INVENTORY: _PLACES | _SAID | {Role.SERVICE, Role.PURPOSE, Role.NOTES},
    Kind.DESTINATIONS: _PLACES | {Role.DESTINATION, Role.PORT, Role.PROTOCOL, Role.PURPOSE, Role.NOTES} | {*OF_AUDIT},
    Kind.FLOWS: _PLACES
    | {Role.SOURCE, Role.SOURCE_NAMESPACE, Role.SOURCE_SELECTOR, Role.DESTINATION, Role.CONNECTION}
    | {Role.PORT, Role.PROTOCOL, Role.PURPOSE, Role.NOTES},
    Kind.NAMESPACES: OF_NAMESPACES | LISTS | _SAID | {Role.NAMESPACE, Role.PURPOSE, Role.NOTES},
}
_CONNECTING: Final = frozenset({Role.SERVICE, Role.SOURCE, Role.DESTINATION, Role.CONNECTION})


def kind_of(held: AbstractSet[Role]) -> Kind | None:
    """The kind that the telling columns name; a table that only might be one is of no kind."""
    if Role.NAMESPACE in held and held & OF_NAMESPACES and not held & _CONNECTING and held & (LISTS | {Role.DEFAULT}):
        return Kind.NAMESPACES
    if Role.DESTINATION in held:
        return Kind.FLOWS if held & {Role.SOURCE, Role.SERVICE} else _destinations(held)
    if held & {Role.SOURCE, Role.SOURCE_NAMESPACE, Role.SOURCE_SELECTOR} and held & (_SAID | NEEDS):
        return Kind.FLOWS
    if held & (LISTS - {Role.INGRESS}) or (Role.SERVICE in held and Role.INGRESS in held):
        return Kind.SERVICES
    if Role.SERVICE in held:
        return Kind.INVENTORY
    if Role.ADDRESS in held and held & _SAID:
        return Kind.DESTINATIONS
    return None


def _destinations(held: AbstractSet[Role]) -> Kind | None:
    telling = _PLACES | _SAID | {Role.PURPOSE}
    return Kind.DESTINATIONS if held & telling else None


def callers_column(kind: Kind | None, held: AbstractSet[Role]) -> Role | None:
    """The column of a table below a heading that lists who calls a service; None for a table of both ends."""
    ends = held & REFERENCES
    if kind in (Kind.FLOWS, Kind.SERVICES, None) and len(ends) == 1 and held & _SAID:
        return next(iter(ends & {Role.SOURCE, Role.CALLED_BY, Role.INGRESS}), None)
    return None


def missing_column_of(kind: Kind, held: AbstractSet[Role]) -> tuple[str, str] | None:
    """The header of the column that is missing, and what to write."""
    match kind:
        case Kind.SERVICES | Kind.INVENTORY:
            if Role.SERVICE not in held:
                return "Service", "the services are"
            if kind is Kind.INVENTORY and held & {Role.DECISION, Role.DENIAL, Role.DIRECTION}:
                return "Destination", "its rows lead to"
        case Kind.DESTINATIONS:
            if Role.DESTINATION not in held:
                return "Destination", "the destinations are"
        case Kind.FLOWS:
            if Role.SOURCE not in held:
                return "From", "the services that connect are"
            if Role.DESTINATION not in held:
                return "To", "its rows lead to"
        case Kind.NAMESPACES:
            if Role.NAMESPACE not in held:
                return "Namespace", "the namespaces are"
            if Role.DEFAULT not in held:
                return "Default", "what is denied in them is"
        case Kind.GRID:
            pass
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read.

    `Port` of a table of services is what the service listens on; where its header says so, LISTENS_ON is there too.
    `says_needs`: a row says all that its service needs, itself or as the callers of each; an inventory does not.
    `turns`: rows describe one side of a connection, so "inbound" swaps the ends. `of_callers`: the rows of a table of
    destinations are the callers of the service that its heading names.
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
    of_callers: bool = False
    inverted: frozenset[int] = frozenset()

    @property
    def has_bare_port(self) -> bool:
        """Whether a table of services has ports beside what is asked for, under a header that does not say whose."""
        held = self.columns.keys()
        return self.kind is Kind.SERVICES and Role.PORT in held and Role.LISTENS_ON not in held and bool(held & NEEDS)
