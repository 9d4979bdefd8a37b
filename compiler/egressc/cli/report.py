"""`egressc report`: every flow of the project, in the form a reader needs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc import __version__
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, deliver, publish
from egressc.cli.workspace import compile_project, no_collection, project_options
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.renderers.flows import FlowReport

FORMATS = ("text", "csv", "markdown", "json", "dot", "mermaid", "html")


@click.command("report", short_help="Every flow: a table, a graph, or a page to browse.")
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default=None,
    help="Form of the report; by default what the name of the output file says, else text.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file; without it it goes to standard output.",
)
@project_options
def command(format: str | None, output: Path | None, project: Path | None) -> int:
    """Report every flow that the sources ask for, and every extra rule of the values files.

    Each with its ports, its purpose, the row that asks for it, and a class: exact; approximate, where the cluster has
    a say; or extra, where an operator's rule and no row opens it. HTML is one page that needs no network.
    """
    from egressc.cli.flow_reports import report_flows

    report = Report()
    form = format or _form_of(output)
    found = None
    with no_collection(), working("compiling"):
        compiled = compile_project(project, report, keep_sources=form == "html")
        if compiled is not None:
            # What a compile warns of is for `check` to say.
            report = Report()
            found = report_flows(compiled, report, with_reading=form == "html")
            compiled.warn_of_switched_off([it.id for it in compiled.policies.services], report)
    if found is not None and not report.has_errors:
        deliver(_lay_out(found, form), output)
    return publish(report, Reporting("text", None, strict=False), (project or Path()).parent)


def _form_of(output: Path | None) -> str:
    suffixes = {".csv": "csv", ".md": "markdown", ".json": "json", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid"}
    suffixes |= {".html": "html", ".htm": "html"}
    return "text" if output is None else suffixes.get(output.suffix.lower(), "text")


def _lay_out(report: "FlowReport", form: str) -> str:
    if form == "html":
        from egressc.renderers.flow_page import render_page

        return render_page(report, tool_version=__version__)
    if form == "json":
        from egressc.renderers.flow_json import render_json

        return render_json(report, tool_version=__version__)
    from egressc.renderers.flow_graphs import render_dot, render_mermaid
    from egressc.renderers.flow_tables import render_csv, render_markdown, render_text

    renderers = {
        "text": render_text,
        "csv": render_csv,
        "markdown": render_markdown,
        "dot": render_dot,
        "mermaid": render_mermaid,
    }
    return renderers[form](report)
