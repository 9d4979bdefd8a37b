"""`egressc check`: for CI. Sources valid, values fresh, extra rules valid; writes nothing."""

from collections.abc import Sequence
from pathlib import Path

import click

from egressc.cli import OK
from egressc.cli.environments import in_each_environment
from egressc.cli.options import project_options, workloads_option
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, publish, reporting_options, say
from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import left_behind
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.phrases import say_subjects
from egressc.emit.existing import report_outdated
from egressc.exports.marks import find_left_behind, find_tools
from egressc.files.folder import WritePlan
from egressc.project.compiling import Compiled, compile_project


@click.command("check")
@in_each_environment()
@workloads_option
@project_options
@reporting_options
def command(
    workloads: tuple[str, ...],
    project: Path | None,
    environment: str,
    reporting: Reporting,
) -> int:
    """Check the sources, and that every values file and every exported file is up to date.

    Exit status 3: the sources are valid, but a file is out of date.
    """
    report = Report()
    with working("checking"):
        compiled = compile_project(project, report, workloads=workloads, environment=environment)
    # What is out of date does not make the sources wrong: it has an exit status of its own.
    late = Report()
    exported: WritePlan | None = None
    tools: list[str] = []
    if compiled is not None:
        report_outdated(compiled.values, compiled.recompiled, compiled.folder.files, compiled.folder.name, late)
        tools = find_tools(compiled.workspace.folder / compiled.workspace.project.export.folder)
        exported = _check_exports(compiled, tools, report, late) if tools else None
        _report_left_behind(compiled, report)
    plans = [it for it in (compiled.plan if compiled is not None else None, exported) if it is not None]
    status = publish(report, project, reporting, late=late, is_late=not all(it.is_fresh for it in plans))
    if status != OK or compiled is None:
        return status
    held = compiled.policies
    say(f"{compiled.folder.name}: {say_subjects(len(held.services), len(held.baselines))}, up to date")
    if exported is not None:
        say(f"{exported.folder.name}: {', '.join(tools)}, up to date")
    return status


def _report_left_behind(compiled: Compiled, report: Report) -> None:
    """EG527 for exports of an environment that the project no longer has, or of the time before it had any."""
    workspace = compiled.workspace
    names = workspace.project.environments.names
    folder = workspace.project.export.folder.rpartition("/")[0]
    for name, tools in find_left_behind(workspace.folder / folder, names):
        place = whole_file(f"{folder}/{name}".removesuffix("/"))
        report.add(left_behind(place, folder, names, tools))


def _check_exports(compiled: Compiled, tools: Sequence[str], report: Report, late: Report) -> WritePlan | None:
    """What an export would write now, reported file by file; None once errors are reported."""
    from egressc.exports import plan as exports  # it imports Helm, which a check without exports does not need

    plan = exports.plan_export(compiled, tools, compiled.workspace.project.export.folder, report, watch=with_progress)
    if plan is not None:
        exports.report_outdated(plan, late)
    return plan
