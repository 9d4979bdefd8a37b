"""`egressc read`: what became of each cell of the documents."""

import shutil
import sys
from pathlib import Path
from typing import Literal

import click

from egressc import __version__
from egressc.cli.environments import with_environment
from egressc.cli.options import format_option, output_option, project_options
from egressc.cli.progress import working
from egressc.cli.reporting import deliver, publish, shows_colour
from egressc.diagnostics.core import Report, Severity
from egressc.renderers.reading import ReadReport
from egressc.renderers.reading_json import render_json
from egressc.renderers.reading_text import WIDTH, render_text
from egressc.reports.reading import only_documents, read_project_tables


@click.command("read")
@with_environment
@click.argument("documents", nargs=-1, type=click.Path(path_type=Path))
@format_option("text", "json", help="Format of the account.")
@output_option
@project_options
def command(
    documents: tuple[Path, ...],
    format: Literal["text", "json"],
    output: Path | None,
    project: Path | None,
    environment: str,
) -> int:
    """Show the tables of the project's documents, or of DOCUMENTS among them, and what became of each cell.

    A cell grants, denies or describes something, is ignored, or is refused, with the code of the error. This works for
    documents that do not compile, too. Rows of tables that are not read grant nothing.
    """
    report = Report()
    with working("reading"):
        found = read_project_tables(project, report, environment)
    if found is not None:
        if documents:
            found = only_documents(found, documents, (project or Path()).parent)
        deliver(_lay_out(found, format, to_terminal=output is None), output)  # before what is wrong with it
    errors = Report([it for it in report.diagnostics if it.code.severity is Severity.ERROR])
    return publish(errors, project)


def _lay_out(found: ReadReport, form: str, *, to_terminal: bool) -> str:
    if form == "json":
        return render_json(found, tool_version=__version__)

    on_terminal = to_terminal and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else WIDTH
    return render_text(found, colour=to_terminal and shows_colour(sys.stdout), width=width)
