"""`egressc check`: for CI. Sources valid, values fresh, extra rules valid; writes nothing."""

from pathlib import Path

import click

from egressc.cli import OK, OUT_OF_DATE
from egressc.cli.options import project_options, workloads_option
from egressc.cli.process import no_collection
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Format, Reporting, publish, reporting_options, say, status_of
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import say_subjects
from egressc.emit.existing import report_outdated
from egressc.handover.marks import find_tools
from egressc.project.compiling import Compiled, compile_project


@click.command("check")
@workloads_option
@project_options
@reporting_options
def command(workloads: tuple[str, ...], project: Path | None, format: Format, output: Path | None, strict: bool) -> int:
    """Check the sources, and that every values file and every exported file is up to date.

    Exit status 3: the sources are valid, but a file is out of date.
    """
    report = Report()
    with no_collection(), working("checking"):
        compiled = compile_project(project, report, workloads=workloads)
    # What is out of date does not make the sources wrong: it has an exit status of its own.
    late = Report()
    is_fresh = True
    if compiled is not None:
        report_outdated(compiled.values, compiled.recompiled, compiled.folder.files, compiled.folder.name, late)
        is_fresh = compiled.plan.is_fresh and _are_exports_fresh(compiled, report, late)
    reporting = Reporting(format, output, strict)
    whole = Report([*report.diagnostics, *late.diagnostics], surplus=report.surplus)
    publish(whole, reporting, (project or Path()).parent)
    status = status_of(report, strict=strict)
    if status == OK and not is_fresh:
        return OUT_OF_DATE
    if status == OK and compiled is not None:
        held = compiled.policies
        say(f"{compiled.folder.name}: {say_subjects(len(held.services), len(held.baselines))}, up to date")
    return status


def _are_exports_fresh(compiled: Compiled, report: Report, late: Report) -> bool:
    """Whether what was exported before is what the values files give."""
    folder = compiled.workspace.project.handover.folder
    if not (tools := find_tools(compiled.workspace.folder / folder)):
        return True
    from egressc.handover import planning  # Helm is imported only where it is needed

    plan = planning.plan_export(compiled, tools, folder, report, watch=with_progress)
    if plan is not None:
        planning.report_outdated(plan, late)
    return plan is None or plan.is_fresh
