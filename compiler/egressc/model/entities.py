"""What names stand for: services and destinations, with everything that is said of each and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from egressc.model.baselines import Opening
from egressc.model.catalog import CatalogEntry
from egressc.model.policy import Directions, Dns, GrantEnd, Port
from egressc.model.records import OF_AUDIT, Role
from egressc.model.references import Written
from egressc.model.requirements import Facts, Row, ServicePort
from egressc.source import Located, Span

_ROLES: Final[Mapping[str, Role]] = {
    "namespace": Role.NAMESPACE,
    "namespaces": Role.NAMESPACE,
    "selector": Role.SELECTOR,
    "ports": Role.PORT,
    "addresses": Role.ADDRESS,
    "hosts": Role.ADDRESS,
    "internet": Role.ADDRESS,
    "to": Role.DESTINATION,
    **{str(role): role for role in OF_AUDIT},
}


# Where a row says the name: of a service, of the source of a flow, of a destination.
_SERVICE, _SOURCE, _DESTINATION = Role.SERVICE, Role.SOURCE, Role.DESTINATION


class Statement(NamedTuple):
    """What one place says of an entity: a row or an entry of the catalog (none: a preset)."""

    facts: Facts
    row: Row | None = None
    entry: CatalogEntry | None = None
    lends_ports: bool = True
    purpose: str = ""

    def span_of(self, key: str) -> Span | None:
        """Where it says the value of a key, or says the name; keys are those of the catalog."""
        if self.entry is not None:
            return self.entry.spans.get(key, self.entry.name.span)
        if self.row is None:
            return None
        if key == "name":
            columns = self.row.columns
            return self.row.span_of(
                _SERVICE if _SERVICE in columns else _SOURCE if _SOURCE in columns else _DESTINATION
            )
        return self.row.span_of(_ROLES[key])


def _rank(statement: Statement) -> tuple[int, str, int]:
    row = statement.row
    if row is None:
        return 2, "", 0
    return 0 if _SERVICE in row.columns else 1, row.source.name, row.cells[0].start


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """A service or destination under one name. Identity is the object: names may have several, by namespace."""

    name: str
    id: str
    key: str
    statements: tuple[Statement, ...]
    facts: Facts
    purpose: str = ""
    is_service: bool = False
    is_dns: bool = False
    is_preset: bool = False

    @property
    def place(self) -> Located[str]:
        """The name where a table first says it, a table of services first of all; else its entry in the catalog.

        Presets and literal addresses have none: no source defines them.
        """
        statements = self.statements
        first = statements[0] if len(statements) == 1 else min(statements, key=_rank)
        span = first.span_of("name")
        assert span is not None, f"{self.name} has no place"
        return Located(self.name, span)

    @property
    def dns(self) -> Dns | None:
        """How it reaches DNS by its entry in the catalog; None where that is left to its namespace and the cluster."""
        return next((it.entry.dns for it in self.statements if it.entry is not None), None)

    @property
    def has_no_policy(self) -> bool:
        """Whether the catalog says that it gets no policy."""
        return any(it.entry is not None and it.entry.has_no_policy for it in self.statements)

    @property
    def has_no_place(self) -> bool:
        """Whether it gets no policy, and nothing says where it is."""
        facts = self.facts
        where = facts.namespace, facts.namespaces, facts.pods, facts.peers, facts.addresses, facts.internet
        return self.has_no_policy and not any(where)

    def names_port(self, name: str) -> bool:
        """Whether one of its ports has this name."""
        return name in self.facts.port_names or any(port.port == name for port in self.facts.ports)

    @property
    def directions(self) -> Directions:
        """What its policy limits by its entry in the catalog; empty where that is left to the project file."""
        return next((it.entry.directions for it in self.statements if it.entry is not None), ())


class Target(NamedTuple):
    """An entity as rules reach it: where, and on which ports unless a row says so itself.

    `caller`: the same as a source, which never has the addresses of Services.
    """

    entity: Entity
    destination: GrantEnd
    ports: tuple[Port, ...]
    service_ports: tuple[ServicePort, ...]
    caller: GrantEnd


class RowPart(NamedTuple):
    """The item of a list cell that says ports, or at -1 the row, which has a cell for them."""

    row: Row
    cell: Written
    item: int

    @property
    def key(self) -> tuple[int, int, int]:
        """The same for all that one item names."""
        return id(self.row), self.cell.start, self.item

    @property
    def place(self) -> Span:
        return self.row.place(self.cell, item=self.item) if self.has_name else self.row.span_of(Role.PORT)

    @property
    def has_name(self) -> bool:
        """Whether the place has the name beside the ports."""
        return self.item >= 0

    @property
    def phrase(self) -> str:
        """What the project file can have something else read for."""
        return self.place.text


class Mention(NamedTuple):
    """An end that asks for an entity on ports, or for a namespace lets others in on them, and what says the ports."""

    service: str
    entity: Entity
    ports: tuple[Port, ...]
    said: RowPart | Opening
