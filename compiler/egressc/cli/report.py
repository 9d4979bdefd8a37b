"""`egressc report`: every flow of the project, in the form a reader needs."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from egressc.cli.environments import in_each_environment
from egressc.cli.options import manifest_options, output_option, project_options, workloads_option
from egressc.cli.progress import working
from egressc.cli.reporting import deliver, publish
from egressc.diagnostics.core import Report
from egressc.project.compiling import compile_quietly
from egressc.project.manifests import ManifestFiles, require_project
from egressc.project.picking import pick_services
from egressc.reports.layouts import FORMATS, GRAPHS, audit_report, flow_report, form_of, manifests_report


def _needs_one(options: dict[str, Any]) -> str | None:
    if options["manifests"]:
        return None
    is_text = options["output"] is None and options["format"] in (None, "text")
    return "" if is_text else "a report in a file, or in another format than text, is about one environment"


@click.command("report")
@in_each_environment(_needs_one, heads=True)
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default=None,
    help="Format of the report; default: by the name of the output file, else text.",
)
@output_option
@click.option(
    "--audit",
    "is_audit",
    is_flag=True,
    help="Report only what leaves the cluster, with the owner, region, way out and data that the sources state.",
)
@manifest_options
@workloads_option
@project_options
@click.pass_context
def command(
    context: click.Context,
    format: str | None,
    output: Path | None,
    is_audit: bool,
    manifests: ManifestFiles,
    workloads: tuple[str, ...],
    project: Path | None,
    environment: str,
) -> int:
    """Report every flow that the sources ask for, and every extra rule of the values files.

    Each flow has ports, purpose, row and a class: exact, approximate (depends on the cluster) or extra (opened only by
    an extra rule). HTML is one page that needs no network.

    With --manifests, needs no project and reports the connections that those policies allow between their workloads,
    and the exposure of each workload: who else can reach it, and what else it can reach.

    With --audit, reports egress to outside the cluster, grouped by what the destinations state for audits: as a table
    in text, CSV, Markdown or HTML, or as JSON. Rules of the project file that a flow breaks are listed, not enforced.
    """
    form = format or form_of(output)
    if is_audit and (manifests.paths or form in GRAPHS):
        other = "--manifests" if manifests.paths else f"--format {form}"
        raise click.UsageError(f"--audit cannot be used with {other}")
    report = Report()
    text: str | None = None
    if manifests.paths:
        if context.get_parameter_source("project") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--manifests reports only these, so --project has no effect")
        with working("reading"):
            text = manifests_report(manifests, form, report)
    else:
        require_project(project)
        with working("compiling"):
            is_page = form == "html"
            compiled = compile_quietly(
                project,
                report,
                keep_sources=is_page and not is_audit,
                workloads=workloads,
                is_audited=not is_audit,
                environment=environment,
            )
            if compiled is not None:
                text = audit_report(compiled, form, report) if is_audit else flow_report(compiled, form, report)
                compiled.warn_of_switched_off(pick_services(compiled, ()), report)
    if text is not None:
        deliver(text, output)
    return publish(report, None if manifests.paths else project)
