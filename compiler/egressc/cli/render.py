"""`egressc render`: the manifests of some or all services, to a stream or a folder."""

import os
import sys
from pathlib import Path
from typing import Any, Final

import click

from egressc.cli.environments import in_each_environment
from egressc.cli.options import helm_option, project_options, services_argument
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, publish, reporting_options, say, say_waiting
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import foreign_manifest, unusable_folder, whole_file
from egressc.diagnostics.phrases import say_count
from egressc.files.folder import plan_write, read_folder
from egressc.files.writing import apply
from egressc.project.compiling import Compiled, compile_quietly, is_fresh
from egressc.project.picking import pick_services
from egressc.project.rendering import RENDERED, render_services

# The separator that Helm's output begins with: a mark on its line moves no other.
_START: Final = "---\n"
# How every file begins that this command writes, and no other.
_WRITTEN: Final = "--- # Rendered by `egressc render`"


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
            _write(written, output_dir / environment, compiled, report)
    return publish(report, project, reporting, is_late=not fresh)


def _write(written: dict[str, str], output_dir: Path, compiled: Compiled, report: Report) -> None:
    """Write one file per service; EG510 and EG521 where the folder or a file in it is for something else."""
    name = output_dir.as_posix()
    if _is_inside(output_dir, compiled.folder.path):
        report.add(unusable_folder(whole_file(name), name, "it has the values files"))
        return
    within = {file.rpartition("/")[0] for file in written} - {""}
    folder = read_folder(output_dir, name, whole_file(name), report, subfolders=within)
    if folder is None:
        return
    contents = {
        file: f"{_WRITTEN} from {compiled.folder.name}/{file}\n{text.removeprefix(_START)}"
        for file, text in written.items()
    }
    plan = plan_write(folder, contents, report)
    for file in plan.changed:
        if not folder.files[file].text.startswith(_WRITTEN):
            report.add(foreign_manifest(whole_file(f"{name}/{file}")))
    if not report.has_errors:
        apply(plan, on_wait=say_waiting(name))
        say(f"{name}: {say_count(len(written), 'manifest')}")


def _is_inside(path: Path, folder: Path) -> bool:
    real = Path(os.path.realpath(path))
    return real.is_relative_to(os.path.realpath(folder))
