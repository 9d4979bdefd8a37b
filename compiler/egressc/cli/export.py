"""`egressc export`: what other tools need to install the policies."""

from pathlib import Path

import click

from egressc.cli import OUT_OF_DATE
from egressc.cli.environments import in_each_environment
from egressc.cli.options import helm_option, project_options
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import carry_out, publish, say
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import stale_values
from egressc.exports.marks import find_tools
from egressc.exports.plan import export_folder, plan_export
from egressc.exports.tools import PER_NAMESPACE, TOOLS
from egressc.project.compiling import compile_project, is_fresh

NAMES = sorted({name.partition(" ")[0] for name in TOOLS})


@click.command("export")
@in_each_environment()
@click.argument("tool", type=click.Choice(NAMES), required=False)
@click.option(
    "--per",
    type=click.Choice(["service", "namespace"]),
    help="For argocd: an application for each service (the default), or one for each namespace.",
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write to this folder of the project instead of `export.folder`, which `egressc check` keeps up to date.",
)
@click.option("--discard-edits", is_flag=True, help="Overwrite exported files that were edited by hand.")
@helm_option
@project_options
def command(
    tool: str | None,
    per: str | None,
    output: Path | None,
    discard_edits: bool,
    helm: str | None,
    project: Path | None,
    environment: str,
) -> int:
    """Write what TOOL needs to install every service, or renew what was exported before.

    argocd: an ApplicationSet. flux: sources and HelmReleases. helmfile: a list of releases. terraform: a module.
    manifests: rendered policies, in a folder for each namespace. If a values file is out of date, nothing is written
    and the exit status is 3.
    """
    if per is not None and tool != "argocd":
        raise click.UsageError("--per is for argocd")
    report = Report()
    found = Report()
    with working("compiling"):
        compiled = compile_project(project, found, environment=environment)
    report.extend(it for it in found.diagnostics if compiled is None or it.code is stale_values.code)
    fresh = compiled is not None and is_fresh(compiled, report) and compiled.plan.is_fresh
    if compiled is not None and fresh:
        folder = export_folder(compiled, output and output / environment)
        name = f"{tool}{PER_NAMESPACE}" if per == "namespace" else tool
        tools = [name] if name else find_tools(compiled.workspace.folder / folder)
        if not tools:
            raise click.UsageError(f"nothing was exported to {folder} yet; name a tool: {', '.join(NAMES)}")
        plan = plan_export(compiled, tools, folder, report, discard_edits=discard_edits, helm=helm, watch=with_progress)
        if plan is not None:
            carry_out(plan)
            say(f"{folder}: {plan.say()}")
            if folder != compiled.workspace.project.export.folder:
                named = (folder.rpartition("/")[0] or ".") if environment else folder
                say(f"note: add to the project file: export: {{folder: {named}}}; then `egressc check` looks there")
    status = publish(report, project, is_late=not fresh)
    if status == OUT_OF_DATE:
        say("nothing is exported before the values files are up to date", is_error=True)
    return status
