"""Reports in the format that a reader asks for; the renderers of a format are imported when it is."""

from dataclasses import replace
from pathlib import Path

from egressc import __version__
from egressc.diagnostics.core import Report
from egressc.files.revisions import describe_checkout
from egressc.project.compiling import Compiled
from egressc.project.manifests import ManifestFiles, read_manifests_at
from egressc.project.usage import UsageProblem
from egressc.renderers.audit import AuditReport
from egressc.renderers.flows import FlowReport
from egressc.renderers.workloads import WorkloadReport
from egressc.reports.audit import report_audit
from egressc.reports.flows import report_flows
from egressc.reports.guardrails import report_guardrails
from egressc.reports.workloads import report_workloads

GRAPHS = ("dot", "mermaid")
FORMATS = ("text", "csv", "markdown", "json", *GRAPHS, "html")
_SUFFIXES = {
    ".csv": "csv",
    ".md": "markdown",
    ".json": "json",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}


def form_of(output: Path | None) -> str:
    """The format that the name of a file stands for. Raises UsageProblem for a suffix that stands for none."""
    suffix = "" if output is None else output.suffix.lower()
    if suffix and suffix not in _SUFFIXES:
        suffixes = ", ".join(_SUFFIXES)
        raise UsageProblem(f'no format for "{suffix}"; write another suffix ({suffixes}), or add --format')
    return _SUFFIXES.get(suffix, "text")


def flow_report(compiled: Compiled, form: str, report: Report) -> str | None:
    """Every flow of a project, in one of FORMATS; None once errors are reported. A page keeps sources: see there."""
    is_page = form == "html"
    found = report_flows(compiled, report, with_reading=is_page)
    enforcing = compiled.workspace.project.cluster.guardrails
    checkout = describe_checkout(compiled.workspace.folder) if is_page else ""
    found = replace(found, guardrails=report_guardrails(compiled.guardrails, enforcing), checkout=checkout)
    return None if report.has_errors else _lay_out_flows(found, form)


def audit_report(compiled: Compiled, form: str, report: Report) -> str | None:
    """What leaves the cluster, in one of FORMATS that is no graph; None once errors are reported."""
    checkout = describe_checkout(compiled.workspace.folder) if form == "html" else ""
    found = report_audit(compiled, report, checkout=checkout)
    return None if report.has_errors else _lay_out_audit(found, form)


def manifests_report(files: ManifestFiles, form: str, report: Report) -> str | None:
    """The connections of workloads in manifests, in one of FORMATS; None once errors are reported."""
    read = read_manifests_at(files, report)
    if report.has_errors:
        return None
    return _lay_out_workloads(report_workloads(read, ", ".join(map(str, files.paths))), form)


def _lay_out_flows(report: FlowReport, form: str) -> str:
    if form == "html":
        from egressc.renderers.flow_page import render_page

        return render_page(report, tool_version=__version__)
    if form == "json":
        from egressc.renderers.flow_json import render_json

        return render_json(report, tool_version=__version__)
    from egressc.renderers import flow_graphs, flow_tables

    renderer = flow_graphs if form in GRAPHS else flow_tables
    return str(getattr(renderer, f"render_{form}")(report))


def _lay_out_workloads(report: WorkloadReport, form: str) -> str:
    if form in (*GRAPHS, "html"):
        return _lay_out_flows(report.graph(), form)
    if form == "json":
        from egressc.renderers.workload_json import render_json

        return render_json(report, tool_version=__version__)
    from egressc.renderers import workload_tables

    return str(getattr(workload_tables, f"render_{form}")(report))


def _lay_out_audit(report: AuditReport, form: str) -> str:
    if form == "html":
        from egressc.renderers.audit_page import render_page

        return render_page(report, tool_version=__version__)
    from egressc.renderers import audit_tables

    if form == "json":
        return audit_tables.render_json(report, tool_version=__version__)
    return str(getattr(audit_tables, f"render_{form}")(report))
