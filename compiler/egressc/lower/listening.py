"""Ports of service tables: whether rows tell that a bare `Port` is not what the service of the row listens on."""

from collections.abc import Sequence

from egressc.diagnostics.columns import ambiguous_port_column
from egressc.diagnostics.core import Label, Report
from egressc.lower.plans import Plan
from egressc.model.requirements import Role, ServiceRow
from egressc.source import Located
from egressc.tables.core import Table


def check_listening(table: Table, plan: Plan, services: Sequence[ServiceRow], report: Report) -> bool:
    """False once EG209 is reported: a service has several rows with a port each, as if a row were a connection."""
    first: dict[str, ServiceRow] = {}
    for service in services:
        if not service.facts.ports:
            continue
        other = first.setdefault(service.name, service)
        if other.facts.ports != service.facts.ports:
            header = table.headers[plan.columns[Role.PORT][0]]
            sign = Label(service.row.span_of(Role.PORT), f'another one of "{service.name}"')
            report.add(ambiguous_port_column(Located(header.text, table.cell_span(header)), sign))
            return False
    return True
