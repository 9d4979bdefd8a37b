"""`egressc show`: what each service may reach, and which row asks for it."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc.cli.extra_rules import read_extra_rules
from egressc.cli.progress import working
from egressc.cli.reach import Reach, reaches
from egressc.cli.reporting import Format, Reporting, publish, reporting_options
from egressc.cli.workspace import (
    Compiled,
    compile_project,
    no_collection,
    pick_services,
    project_options,
)
from egressc.diagnostics.core import Report
from egressc.renderers.excerpts import printable

if TYPE_CHECKING:
    from egressc.emit.values import ServiceValues

# Columns of a table that goes to a file or a pipe; on a terminal it is as wide as that is.
WIDTH = 160
# Below this the peers would take a line per word.
NARROW = 110


@click.command("show", short_help="What each service may reach, and why.")
@click.argument("services", nargs=-1)
@click.option("--table/--lines", default=None, help="A table, or a line per port; a table on a terminal unless told.")
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    table: bool | None,
    project: Path | None,
    format: Format,
    output: Path | None,
    strict: bool,
) -> int:
    """Show what SERVICES, or all, may reach: by the sources, and by the extra rules in the values files."""
    reporting = Reporting(format, output, strict)
    if reporting.takes_standard_output:
        raise click.UsageError(f"the flows and a {format} report both go to standard output; add --output")
    report = Report()
    with no_collection(), working("compiling"):
        compiled = compile_project(project, report)
    if compiled is not None:
        wanted = set(pick_services(compiled, services))
        found = [
            reach
            for values in compiled.values
            if values.service.id in wanted
            for reach in reaches(values, _extras(compiled, values, report))
        ]
        if sys.stdout.isatty() if table is None else table:
            _print_table(found)
        else:
            _print_lines(found)
    return publish(report, reporting, (project or Path()).parent)


def _extras(compiled: Compiled, values: "ServiceValues", report: Report) -> list[tuple[object, str]]:
    """The operator's rules, each with its file and line."""
    return [(rule, f"{place.source.name}:{place.line}") for rule, place in read_extra_rules(compiled, values, report)]


def _print_lines(found: Iterable[Reach]) -> None:
    lines = (f"{reach.service} -> {reach.key} {port}" for reach in found for port in reach.ports.split(", ") if port)
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())


def _print_table(found: Iterable[Reach]) -> None:
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
    last = ""
    for reach in found:
        if last and reach.service != last:
            table.add_section()
        cells = {
            "service": reach.service if reach.service != last else "",
            "may reach": reach.name,
            "which is": reach.peers,
            "ports": reach.ports,
            "asked for in": reach.origin,
        }
        # Text, not markup: a name with brackets in it is a name.
        table.add_row(*(Text(printable(cells[column])) for column in columns))
        last = reach.service
    console.print(table)
