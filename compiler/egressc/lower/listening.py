"""Ports of service tables: whether rows tell that a bare `Port` is not what the service of the row listens on."""

from collections.abc import Sequence

from egressc.diagnostics.columns import ambiguous_port_column
from egressc.diagnostics.core import Label, Report
from egressc.lower.header_words import OF_DESTINATION
from egressc.lower.questions import place_header
from egressc.model.records import NEEDS, Role
from egressc.model.requirements import ServiceRow
from egressc.source import Located
from egressc.tables.core import Table


def check_listening(table: Table, column: int, services: Sequence[ServiceRow], report: Report) -> bool:
    """False once EG209 is reported: a service has several rows with a port each, as if a row were a connection."""
    first: dict[str, ServiceRow] = {}
    for service in services:
        if not service.facts.ports:
            continue
        other = first.setdefault(service.name, service)
        if other.facts.ports != service.facts.ports:
            header = table.headers[column]
            sign = Label(service.row.span_of(Role.PORT), f'another one of "{service.name}"')
            report.add(ambiguous_port_column(Located(header.text, table.cell_span(header)), sign))
            return False
    return True


def settle_ports(table: Table, plain: Sequence[str], columns: dict[Role, tuple[int, ...]], report: Report) -> bool:
    """Whether it is clear that ports are what services listen on; False once EG209 is reported."""
    if Role.LISTENS_ON in columns and Role.PORT not in columns:
        columns[Role.PORT] = columns[Role.LISTENS_ON]
        return True
    if Role.PORT not in columns:
        return True
    port = columns[Role.PORT][0]
    sign = None
    if OF_DESTINATION.match(plain[port]):
        sign = Label(place_header(table, port).span, "of the destination")
    elif Role.LISTENS_ON in columns:
        sign = Label(place_header(table, columns[Role.LISTENS_ON][0]).span, "what the service listens on")
    elif Role.PROTOCOL in columns and columns.keys() & NEEDS:
        sign = Label(place_header(table, columns[Role.PROTOCOL][0]).span, "the protocol of the connection?")
    if sign is not None:
        report.add(ambiguous_port_column(place_header(table, port), sign))
    return sign is None
