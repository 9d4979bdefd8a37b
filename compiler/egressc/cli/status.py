"""`egressc status`: what is compiled, installed and live, and whether the three agree."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from egressc.cli import OK, OUT_OF_DATE
from egressc.cli.completion import complete_service
from egressc.cli.options import cluster_options, project_options
from egressc.cli.process import no_collection
from egressc.cli.progress import working
from egressc.cli.reporting import Format, Reporting, publish, reporting_options, say
from egressc.diagnostics.core import Report
from egressc.fleet.drift import UNKNOWN, State, report_drift, report_surroundings
from egressc.fleet.fleet import open_reader, read_fleet
from egressc.project.workspace import Compiled, compile_project, is_fresh, pick_services
from egressc.renderers.excerpts import printable
from egressc.renderers.status import FleetStatus, ServiceStatus

_COMPILED, _OFF, _MISSING, _OUTDATED = "up to date", "switched off", "missing", "out of date"


@click.command("status")
@click.argument("services", nargs=-1, shell_complete=complete_service)
@cluster_options
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    kubeconfig: Path | None,
    context: str | None,
    project: Path | None,
    format: Format,
    output: Path | None,
    strict: bool,
) -> int:
    """Compare the sources of SERVICES, or of all, with their releases and with the live policies.

    Flows are compared, not texts: another order of rules is no drift. Changes nothing, and a read-only role will do;
    what it may not read is named, and not looked at.
    """
    reporting = Reporting(format, output, strict)
    report = Report()
    fresh = True
    found: FleetStatus | None = None
    with no_collection(), working("compiling"):
        compiled = compile_project(project, report)
    if compiled is not None:
        fresh = is_fresh(compiled, report)
        ids = pick_services(compiled, services)
        states: list[State] = []
        server = ""
        if fresh:
            report = Report()  # what a compile warns of is for `check` to say
            reached = open_reader(kubeconfig, context, report)
            with working("reading the cluster"):
                fleet = read_fleet(compiled, ids, reached[0], report) if reached is not None else None
            if fleet is not None:
                states = report_drift(fleet, report)
                report_surroundings(fleet, report)
                server = fleet.live.server
                say(f"cluster {server}")
            compiled.warn_of_switched_off(ids, report)
        found = FleetStatus(server, tuple(_statuses(compiled, ids, states)))
        if not reporting.takes_standard_output and (states or not fresh):
            _print(found.services)
    status = publish(report, reporting, (project or Path()).parent, status=found)
    return OUT_OF_DATE if status == OK and not fresh else status


def _statuses(compiled: Compiled, ids: Iterable[str], states: Iterable[State]) -> Iterator[ServiceStatus]:
    """Each service, be its cluster read or not."""
    known = {state.service: state for state in states}
    files = {values.service.id: values for values in compiled.values}
    for service in sorted(ids):
        values = files[service]
        words = _OFF if service in compiled.switched_off else _COMPILED
        if values.file_name in compiled.plan.new:
            words = _MISSING
        elif values.file_name in compiled.plan.changed:
            words = _OUTDATED
        state = known.get(service, State(service, values.service.namespace, 0, UNKNOWN, UNKNOWN))
        yield ServiceStatus(service, state.namespace, words, state.revision, state.installed, state.live)


def _print(services: Sequence[ServiceStatus]) -> None:
    """A line for each service, in columns."""
    rows = [("service", "namespace", "compiled", "revision", "installed", "live")]
    rows += [(it.service, it.namespace, it.compiled, str(it.revision or "-"), it.installed, it.live) for it in services]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    sys.stdout.buffer.write("".join(f"{printable(line)}\n" for line in lines).encode())
    sys.stdout.buffer.flush()
