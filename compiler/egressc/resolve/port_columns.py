"""Ports of service tables that stand behind what a service needs: whose they are where a need listens on them too."""

from collections.abc import Iterator

from egressc.diagnostics.columns import ambiguous_port_column
from egressc.diagnostics.core import Label, Report
from egressc.model.records import Role
from egressc.model.references import Listed
from egressc.model.requirements import Requirements, ServiceRow
from egressc.resolve.entities import Entities
from egressc.source import Located


def check_port_columns(requirements: Requirements, entities: Entities, report: Report) -> None:
    """EG209, once a table, for a row whose port is one of what it needs: a row may be a connection, then.

    The column stands right of the needs, as it does in tables of connections, and its header does not say whose it is.
    """
    told: set[int] = set()
    for service in _doubtful(requirements):
        columns = service.row.columns
        if id(columns) in told:
            continue
        for listed, item in _items(service):
            ref = listed.refs[item]
            found = (port for entity in entities.find(ref.name) for port in entity.facts.ports)
            if entity_ports := set(service.facts.ports).intersection(found):
                told.add(id(columns))
                cell = Located(service.row.text(Role.PORT), service.row.span_of(Role.PORT))
                place = service.row.place(listed.cell, item=item)
                number = min(str(port.port) for port in entity_ports)
                report.add(ambiguous_port_column(cell, Label(place, f"listens on {number} too")))
                break


def _doubtful(requirements: Requirements) -> Iterator[ServiceRow]:
    """Rows of tables with such a column; a look at the first row of each table tells."""
    doubtful: dict[int, bool] = {}
    for service in requirements.services:
        columns = service.row.columns
        if id(columns) not in doubtful:
            refs = [*columns.get(Role.DEPENDENCIES, ()), *columns.get(Role.EXTERNAL, ())]
            is_bare = Role.PORT in columns and Role.LISTENS_ON not in columns
            doubtful[id(columns)] = is_bare and bool(refs) and columns[Role.PORT][0] > min(refs)
        if doubtful[id(columns)] and service.facts.ports:
            yield service


def _items(service: ServiceRow) -> Iterator[tuple[Listed, int]]:
    for listed in service.needs:
        for item in range(len(listed.refs)):
            yield listed, item
