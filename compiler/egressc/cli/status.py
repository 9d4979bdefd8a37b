"""`egressc status`: what is compiled, installed and live, and whether the three agree."""

from pathlib import Path

import click

from egressc.cli.environments import in_one_environment
from egressc.cli.options import cluster_options, project_options, services_argument
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, deliver, publish, reporting_options, say
from egressc.cluster.objects import Access
from egressc.diagnostics.core import Report
from egressc.fleet.drift import State, report_drift, report_surroundings, statuses_of
from egressc.fleet.fleet import open_reader, read_fleet
from egressc.project.compiling import compile_quietly, is_fresh
from egressc.project.picking import pick_services
from egressc.renderers.status import FleetStatus, render_status_text


@click.command("status")
@in_one_environment
@services_argument
@cluster_options
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    access: Access,
    project: Path | None,
    environment: str,
    reporting: Reporting,
) -> int:
    """Compare the sources of SERVICES, or of all, with their releases and with the live policies.

    Compares flows, not texts: another order of rules is no drift. Changes nothing. A read-only role is enough.
    Resources that it cannot read are listed and skipped.
    """
    report = Report()
    fresh = True
    found: FleetStatus | None = None
    with working("compiling"):
        compiled = compile_quietly(project, report, strict=reporting.strict, environment=environment)
    if compiled is not None:
        fresh = is_fresh(compiled, report)
        ids = pick_services(compiled, services)
        states: list[State] = []
        server = ""
        if fresh:
            reader = open_reader(access, report)
            with working("reading the cluster"):
                fleet = read_fleet(compiled, ids, reader, report) if reader is not None else None
            if fleet is not None:
                states = report_drift(fleet, report)
                report_surroundings(fleet, report)
                server = fleet.live.server
                say(f"cluster {server}")
            compiled.warn_of_switched_off(ids, report)
        found = FleetStatus(server, tuple(statuses_of(compiled, ids, states)))
        if not reporting.takes_standard_output and (states or not fresh):
            deliver(render_status_text(found), None)
    return publish(report, project, reporting, is_late=not fresh, status=found)
