"""`egressc report`: every flow of the project, in the form a reader needs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from egressc import __version__
from egressc.cli.environments import in_each_environment
from egressc.cli.options import check_manifest_options, manifest_options, project_options, workloads_option
from egressc.cli.process import no_collection
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, deliver, publish
from egressc.diagnostics.core import Report
from egressc.files.revisions import describe_checkout
from egressc.project.compiling import compile_quietly
from egressc.project.manifests import read_manifests_at, require_project
from egressc.project.picking import pick_services
from egressc.renderers.audit import AuditReport
from egressc.renderers.flow_graphs import render_dot, render_mermaid
from egressc.renderers.flow_page import render_page
from egressc.renderers.flows import FlowReport
from egressc.renderers.workloads import WorkloadReport
from egressc.reports.audit import report_audit
from egressc.reports.flows import report_flows
from egressc.reports.guardrails import report_guardrails
from egressc.reports.workloads import report_workloads

FORMATS = ("text", "csv", "markdown", "json", "dot", "mermaid", "html")
_GRAPHS = ("dot", "mermaid")


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
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
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
    manifests: tuple[Path, ...],
    exclude: tuple[str, ...],
    namespace: str,
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
    check_manifest_options(manifests, namespace, None, exclude)
    report = Report()
    form = format or _form_of(output)
    if is_audit and (manifests or form in _GRAPHS):
        other = "--manifests" if manifests else f"--format {form}"
        raise click.UsageError(f"--audit cannot be used with {other}")
    if manifests:
        if context.get_parameter_source("project") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--manifests reports only these, so --project has no effect")
        return _report_manifests(manifests, exclude, namespace, form, output)
    require_project(project)
    if is_audit:
        return _report_audit(project, environment, workloads, form, output)
    found = None
    with no_collection(), working("compiling"):
        compiled = compile_quietly(
            project, report, keep_sources=form == "html", workloads=workloads, environment=environment
        )
        if compiled is not None:
            found = report_flows(compiled, report, with_reading=form == "html")
            enforcing = compiled.workspace.project.cluster.guardrails
            found = replace(found, guardrails=report_guardrails(compiled.guardrails, enforcing))
            if form == "html":
                found = replace(found, checkout=describe_checkout(compiled.workspace.folder))
            compiled.warn_of_switched_off(pick_services(compiled, ()), report)
    if found is not None and not report.has_errors:
        deliver(_lay_out(found, form), output)
    return publish(report, Reporting("text", None, strict=False), (project or Path()).parent)


def _report_audit(
    project: Path | None, environment: str, workloads: tuple[str, ...], form: str, output: Path | None
) -> int:
    report = Report()
    found = None
    with no_collection(), working("compiling"):
        compiled = compile_quietly(project, report, workloads=workloads, is_audited=False, environment=environment)
        if compiled is not None:
            checkout = describe_checkout(compiled.workspace.folder) if form == "html" else ""
            found = report_audit(compiled, report, checkout=checkout)
            compiled.warn_of_switched_off(pick_services(compiled, ()), report)
    if found is not None and not report.has_errors:
        deliver(_lay_out_audit(found, form), output)
    return publish(report, Reporting("text", None, strict=False), (project or Path()).parent)


def _report_manifests(
    paths: tuple[Path, ...], exclude: tuple[str, ...], namespace: str, form: str, output: Path | None
) -> int:
    report = Report()
    with no_collection(), working("reading"):
        read = read_manifests_at(paths, report, namespace=namespace, exclude=exclude)
        found = None if report.has_errors else report_workloads(read, ", ".join(map(str, paths)))
    if found is not None:
        deliver(_lay_out_workloads(found, form), output)
    return publish(report, Reporting("text", None, strict=False), Path())


def _lay_out_workloads(report: WorkloadReport, form: str) -> str:
    if form == "json":
        from egressc.renderers.workload_json import render_json

        return render_json(report, tool_version=__version__)
    if form in ("dot", "mermaid", "html"):
        return _lay_out(report.graph(), form)
    from egressc.renderers.workload_tables import render_csv, render_markdown, render_text

    return {"text": render_text, "csv": render_csv, "markdown": render_markdown}[form](report)


def _lay_out_audit(report: AuditReport, form: str) -> str:
    if form == "html":
        from egressc.renderers.audit_page import render_page as render_audit_page

        return render_audit_page(report, tool_version=__version__)
    from egressc.renderers.audit_tables import render_csv, render_json, render_markdown, render_text

    if form == "json":
        return render_json(report, tool_version=__version__)
    return {"text": render_text, "csv": render_csv, "markdown": render_markdown}[form](report)


def _form_of(output: Path | None) -> str:
    suffixes = {".csv": "csv", ".md": "markdown", ".json": "json", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid"}
    suffixes |= {".html": "html", ".htm": "html", ".txt": "text"}
    suffix = "" if output is None else output.suffix.lower()
    if suffix and suffix not in suffixes:
        raise click.UsageError(
            f'no format for "{suffix}"; write another suffix ({", ".join(suffixes)}), or add --format'
        )
    return suffixes.get(suffix, "text")


def _lay_out(report: FlowReport, form: str) -> str:
    if form == "html":
        return render_page(report, tool_version=__version__)
    if form == "json":
        from egressc.renderers.flow_json import render_json

        return render_json(report, tool_version=__version__)
    from egressc.renderers.flow_tables import render_csv, render_markdown, render_text

    renderers = {
        "text": render_text,
        "csv": render_csv,
        "markdown": render_markdown,
        "dot": render_dot,
        "mermaid": render_mermaid,
    }
    return renderers[form](report)
