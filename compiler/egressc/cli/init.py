"""`egressc init`: a new project that compiles and renders at once, and the files for CI."""

from pathlib import Path
from typing import get_args

import click

from egressc.cli import OK
from egressc.cli.compile import command as compile_command
from egressc.cli.export import NAMES as TOOL_NAMES
from egressc.cli.export import command as export_command
from egressc.cli.reporting import say
from egressc.exports.tools import TOOLS
from egressc.files.plain import Plan, write_files
from egressc.project.starting import Ci, older_packages, plan_packages, plan_start
from egressc.project.workspace import PROJECT_FILE


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option(
    "--from",
    "documents",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Start from this document, with the catalog and the project file prepared for it. Repeatable.",
)
@click.option(
    "--ci",
    type=click.Choice(get_args(Ci)),
    default="github",
    show_default=True,
    help="Whose CI the files are for. If FOLDER has a project, only these files are written.",
)
@click.option(
    "--export",
    "tool",
    type=click.Choice(TOOL_NAMES),
    help="Also compile the new project, and export it for this tool.",
)
@click.option(
    "--packages",
    is_flag=True,
    help="Write what CI installs and nothing else, in place of an older version: this egressc and its dependencies.",
)
def command(folder: Path, documents: tuple[Path, ...], ci: Ci, tool: str | None, packages: bool) -> int:
    """Write a small project into FOLDER (the current one unless named).

    It has a document with tables, a catalog, a project file and a job for CI. Existing files are never overwritten.
    With --from, it is about your own document. A document outside FOLDER is copied into it. With --export, the sample
    project is compiled and exported too. The job installs the egressc that wrote it: after an upgrade, run
    `egressc init --packages`.
    """
    if packages:
        if documents or tool:
            raise click.UsageError("--packages writes no project; remove --from and --export")
        plans = plan_packages(folder, ci)
        _write(*plans)
        for path in older_packages(plans):
            path.unlink()
            click.echo(f"removed {path.as_posix()}")
        return OK
    reads_repository = tool is not None and TOOLS[tool].reads_repository
    start = plan_start(folder, documents, ci, tool or "", reads_repository=reads_repository)
    _write(*start.plans)
    for line in start.next:
        say(line)
    return OK if tool is None else _compile_and_export(folder / PROJECT_FILE, tool)


def _write(*plans: Plan) -> None:
    for path in write_files(*plans):
        click.echo(f"wrote {path.as_posix()}")


def _compile_and_export(project: Path, tool: str) -> int:
    context = click.get_current_context()
    status: int = context.invoke(compile_command, project=project)
    if status == OK:
        status = context.invoke(export_command, project=project, tool=tool)
    return status
