"""`egressc show`: what each service reaches, what reaches it, and which row asks for it."""

import sys
from pathlib import Path
from typing import Any

import click

from egressc import __version__
from egressc.cli.environments import in_each_environment
from egressc.cli.options import format_option, project_options, services_argument
from egressc.cli.progress import working
from egressc.cli.reporting import publish, say
from egressc.diagnostics.core import Report
from egressc.project.compiling import compile_quietly
from egressc.project.picking import pick_services, with_clients
from egressc.renderers.excerpts import printable
from egressc.renderers.flow_json import render_json
from egressc.renderers.flow_overview import OVERVIEW, overview_rows, overview_title
from egressc.renderers.flows import FlowReport
from egressc.reports.flows import report_flows

# Columns of a table that goes to a file or a pipe; on a terminal it is as wide as that is.
WIDTH = 160
# Below this the peers would take a line per word.
NARROW = 110


def _needs_one(options: dict[str, Any]) -> str:
    return "JSON is about one environment" if options["format"] == "json" else ""


@click.command("show")
@in_each_environment(_needs_one, heads=True)
@services_argument
@click.option("--table/--lines", default=None, help="A table, or one line per port; default: a table on a terminal.")
@format_option("text", "json", help="JSON is that of `egressc report`.")
@project_options
def command(services: tuple[str, ...], table: bool | None, format: str, project: Path | None, environment: str) -> int:
    """Show what SERVICES, or all, can reach: by the sources, and by the extra rules in the values files."""
    report = Report()
    found: FlowReport | None = None
    picked: set[str] = set()
    with working("compiling"):
        compiled = compile_quietly(project, report, environment=environment)
        if compiled is not None:
            picked = set(with_clients(compiled, pick_services(compiled, services)))
            found = report_flows(compiled, report).only(picked)
            compiled.warn_of_switched_off([it for it in compiled.switched_off if it in picked], report)
    if found is not None and not report.has_errors:
        if others := found.say_others():
            say(others)
        if format == "json":
            sys.stdout.buffer.write(render_json(found, tool_version=__version__).encode())
        elif sys.stdout.isatty() if table is None else table:
            _print_table(found, picked)
        else:
            lines = (f"{it.source} -> {it.destination} {port}/{it.protocol}" for it in found.flows for port in it.ports)
            sys.stdout.buffer.write("".join(f"{printable(line)}\n" for line in lines).encode())
    return publish(report, project)


def _print_table(found: FlowReport, services: set[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    table = Table(title=overview_title(found))
    columns = [column for column in OVERVIEW if column != "which is" or console.width >= NARROW]
    for column in columns:
        table.add_column(column, overflow="fold")
    for rows in overview_rows(found, services):
        for row in rows:
            cells = dict(zip(OVERVIEW, row, strict=True))
            # Text, not markup: a name with brackets in it is a name.
            table.add_row(*(Text(printable(cells[column])) for column in columns))
        table.add_section()
    console.print(table)
