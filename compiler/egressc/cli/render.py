"""`egressc render`: the manifests of some or all services, to a stream or a folder."""

import sys
from pathlib import Path
from typing import Any

import click

from egressc.cli.environments import in_each_environment
from egressc.cli.options import helm_option, project_options, services_argument
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, carry_out, publish, reporting_options, say
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import say_count
from egressc.project.compiling import compile_quietly, is_fresh
from egressc.project.picking import pick_services
from egressc.project.rendering import RENDERED, plan_manifests, render_services


def _needs_one(options: dict[str, Any]) -> str:
    return "standard output is for one environment; add --output-dir, or" if options["output_dir"] is None else ""


@click.command("render")
@in_each_environment(_needs_one)
@services_argument
@click.option(
    "-o",
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write one file per service to this folder instead of standard output.",
)
@helm_option
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    output_dir: Path | None,
    helm: str | None,
    project: Path | None,
    environment: str,
    reporting: Reporting,
) -> int:
    """Render the policies of SERVICES, or of all, from the current values files, with extra rules.

    If one is out of date, nothing is rendered and the exit status is 3.
    """
    if reporting.takes_standard_output and output_dir is None:
        raise click.UsageError(
            f"manifests and a {reporting.format} report both go to standard output; add --output or --output-dir"
        )
    report = Report()
    with working("compiling"):
        compiled = compile_quietly(project, report, strict=reporting.strict, environment=environment)
    fresh = compiled is not None and is_fresh(compiled, report)
    written: dict[str, str] = {}
    if compiled is not None and fresh:
        picked = pick_services(compiled, services)
        compiled.warn_of_switched_off(picked, report)
        sources = render_services(compiled, picked, helm, report, with_progress)
        written = {source.name.removeprefix(f"{RENDERED}/"): source.text for source in sources}
    if compiled is not None and not report.has_errors:
        if output_dir is None:
            for text in written.values():
                sys.stdout.buffer.write(text.encode())
        else:
            plan = plan_manifests(written, output_dir / environment, compiled, report)
            if plan is not None:
                carry_out(plan)
                say(f"{plan.folder.name}: {say_count(len(written), 'manifest')}")
    return publish(report, project, reporting, is_late=not fresh)
