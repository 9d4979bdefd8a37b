"""`egressc chart`: the chart that egressc carries, as a folder for helm, Argo CD or a registry of one's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from egressc.cli import OK
from egressc.cli.reporting import publish
from egressc.diagnostics.core import Report
from egressc.files.plain import replace_folder
from egressc.helm.chart import is_free_for, own_chart_files
from egressc.model.release_kinds import RELEASE_KINDS, SERVICES
from egressc.project.rendering import renders_dialect
from egressc.project.workspace import PROJECT_FILE, find_project_file, open_workspace

_Command = Callable[..., int]
_CHOICES: Final = {it.option: it for it in RELEASE_KINDS if it.option}


def _with_choices(command: _Command) -> _Command:
    """An option for each chart but that of services."""
    for option, kind in reversed(_CHOICES.items()):
        text = f"Write the chart {kind.chart}, for {kind.contents}."
        command = click.option(f"--{option}", is_flag=True, help=text)(command)
    return command


@click.command("chart")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@_with_choices
def command(folder: Path | None, **choices: bool) -> int:
    """Write the chart that renders the policies into FOLDER (service-policy unless named), for plain helm.

    Each service is one release of it: helm install orders service-policy -n shop -f values/orders.yaml. Replaces a
    folder that has this chart. Refuses any other non-empty folder, and a project whose dialect the chart lacks.
    """
    chosen = [option for option in _CHOICES if choices[option]]
    if len(chosen) > 1:
        raise click.UsageError(f"--{chosen[0]} and --{chosen[1]} are two charts; write one of them")
    name = _CHOICES[chosen[0]].chart if chosen else SERVICES.chart
    folder = folder or Path(name)
    project, report = find_project_file(Path.cwd()) or Path(PROJECT_FILE), Report()
    workspace = open_workspace(project, Report()) if project.is_file() else None  # what it cannot read is no obstacle
    if workspace is not None and not renders_dialect(workspace, report):
        return publish(report, project)
    if folder.is_symlink() or not is_free_for(folder, name):
        raise click.UsageError(f"{folder} has files that are not of the chart {name}; write another folder")
    replace_folder(folder, own_chart_files(name))  # helm must never see half a chart
    click.echo(f"wrote {folder.as_posix()}")
    return OK
