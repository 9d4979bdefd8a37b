"""`egressc show`: what each service may reach, and which row asks for it."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import click

from egressc import __version__
from egressc.cli.completion import complete_service
from egressc.cli.options import project_options
from egressc.cli.process import no_collection
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, publish
from egressc.diagnostics.core import Report
from egressc.project.compiling import compile_quietly, pick_services
from egressc.renderers.excerpts import printable
from egressc.renderers.flow_json import render_json
from egressc.renderers.flows import FlowReport
from egressc.reports.flows import report_flows

# Columns of a table that goes to a file or a pipe; on a terminal it is as wide as that is.
WIDTH = 160
# Below this the peers would take a line per word.
NARROW = 110


@click.command("show")
@click.argument("services", nargs=-1, shell_complete=complete_service)
@click.option("--table/--lines", default=None, help="A table, or one line per port; default: a table on a terminal.")
@click.option("--format", type=click.Choice(("text", "json")), default="text", help="JSON is that of `egressc report`.")
@project_options
def command(services: tuple[str, ...], table: bool | None, format: str, project: Path | None) -> int:
    """Show what SERVICES, or all, can reach: by the sources, and by the extra rules in the values files."""
    report = Report()
    found: FlowReport | None = None
    picked: set[str] = set()
    with no_collection(), working("compiling"):
        compiled = compile_quietly(project, report)
        if compiled is not None:
            picked = set(pick_services(compiled, services))
            found = _only(report_flows(compiled, report), picked)
            compiled.warn_of_switched_off([it for it in compiled.switched_off if it in picked], report)
    if found is not None and not report.has_errors:
        if format == "json":
            sys.stdout.buffer.write(render_json(found, tool_version=__version__).encode())
        elif sys.stdout.isatty() if table is None else table:
            _print_table(found, picked)
        else:
            lines = (f"{it.source} -> {it.destination} {port}/{it.protocol}" for it in found.flows for port in it.ports)
            sys.stdout.buffer.write("".join(f"{printable(line)}\n" for line in lines).encode())
    return publish(report, Reporting("text", None, strict=False), (project or Path()).parent)


def _only(report: FlowReport, services: set[str]) -> FlowReport:
    """What concerns some services."""
    flows = tuple(flow for flow in report.flows if flow.source in services)
    named = services | {flow.destination for flow in flows}
    return replace(
        report,
        nodes=tuple(node for node in report.nodes if node.id in named),
        flows=flows,
        denied=tuple(it for it in report.denied if it.source in services),
        switched_off=tuple(it for it in report.switched_off if it.service in services),
    )


def _print_table(found: FlowReport, services: set[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    columns = ["service", "may reach", "which is", "ports", "asked for in"]
    if console.width < NARROW:
        columns.remove("which is")
    table = Table(title="What each service may reach")
    for column in columns:
        table.add_column(column, overflow="fold")
    for rows in _rows(found, services):
        for row in rows:
            cells = dict(zip(("service", "may reach", "which is", "ports", "asked for in"), row, strict=True))
            # Text, not markup: a name with brackets in it is a name.
            table.add_row(*(Text(printable(cells[column])) for column in columns))
        table.add_section()
    console.print(table)


def _rows(found: FlowReport, services: set[str]) -> Iterator[list[tuple[str, str, str, str, str]]]:
    """For each service a row a destination, over all protocols; the service is named once."""
    nodes = found.by_id
    flows = {service: list(of_it) for service, of_it in groupby(found.flows, lambda it: it.source)}
    for service in (node.id for node in found.nodes if node.id in services):
        rows: list[tuple[str, str, str, str, str]] = []
        by_rule = groupby(flows.get(service, ()), lambda it: (it.destination, it.in_short or it.reaches, it.asked_in))
        for (destination, reaches, asked_in), same in by_rule:
            ports = ", ".join(f"{port}/{it.protocol}" for it in same for port in it.ports)
            rows.append(("" if rows else service, nodes[destination].name, reaches, ports, ", ".join(asked_in)))
        yield rows or [(service, "nothing", "", "", "")]
