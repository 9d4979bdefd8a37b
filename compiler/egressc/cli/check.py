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
from egressc.diagnostics.phrases import say_subjects
from egressc.emit.existing import report_outdated
from egressc.exports.upkeep import check_exports
from egressc.files.folder import WritePlan
from egressc.project.compiling import compile_project


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
    tools: Sequence[str] = ()
    if compiled is not None:
        report_outdated(compiled.values, compiled.recompiled, compiled.folder.files, compiled.folder.name, late)
        tools, exported = check_exports(compiled, report, late, with_progress)
    plans = [it for it in (compiled.plan if compiled is not None else None, exported) if it is not None]
    status = publish(report, project, reporting, late=late, is_late=not all(it.is_fresh for it in plans))
    if status != OK or compiled is None:
        return status
    held = compiled.policies
    say(f"{compiled.folder.name}: {say_subjects(len(held.services), len(held.baselines))}, up to date")
    if exported is not None:
        say(f"{exported.folder.name}: {', '.join(tools)}, up to date")
    return status
