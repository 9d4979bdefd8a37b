"""`egressc init`: a new project that compiles and renders at once, and the files for CI."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

import click

from egressc.cli import OK
from egressc.cli.compile import command as compile_command
from egressc.cli.export import NAMES as TOOL_NAMES
from egressc.cli.export import command as export_command
from egressc.cli.reporting import say
from egressc.exports.tools import TOOLS
from egressc.files.folder import link_between
from egressc.project.ci import (
    GITLAB_PIPELINE,
    HOSTS,
    Host,
    job_file,
    packages_folder,
    planned_jobs,
    planned_packages,
)
from egressc.project.repository import find_repository
from egressc.project.scaffold import planned_files, planned_from, repository_settings
from egressc.project.workspace import PROJECT_FILE

Ci = Literal[Host, "none"]


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
        _renew_packages(folder, ci)
        return OK
    is_new = bool(documents) or not (folder / PROJECT_FILE).exists()
    if tool:
        _require_exportable(folder, documents, tool, is_new=is_new)
    files = _planned_project(folder, documents) if is_new else {}
    root = _repository_above(folder) or folder
    jobs: dict[str, bytes] = {}
    has_pipeline = (root / GITLAB_PIPELINE).exists()
    inside = "" if root == folder else folder.resolve().relative_to(root).as_posix()
    if ci != "none":
        files |= planned_packages(ci)
        jobs = planned_jobs(ci, inside)
        if has_pipeline:
            jobs.pop(GITLAB_PIPELINE, None)
    elif not is_new:
        raise click.UsageError(f"{folder} already has {PROJECT_FILE}; write --ci {' or --ci '.join(HOSTS)} to add CI")
    files, jobs = _without_same(folder, files), _without_same(root, jobs)
    planned = [base / name for base, some in ((folder, files), (root, jobs)) for name in some]
    if taken := [it.as_posix() for it in planned if _is_there(it)]:
        raise click.UsageError(f"{', '.join(taken)} already there; write another folder, or remove them")
    _write((folder, files), (root, jobs))
    if not planned:
        say("nothing to write: all files are there")
    if ci == "gitlab" and has_pipeline:
        say(f"next: add to {GITLAB_PIPELINE}: include: [{{local: {job_file(ci, inside)}}}]")
    there = "" if folder == Path() else f"cd {folder.as_posix()}; "
    if documents:
        say(
            f"next: {there}complete catalog.yaml and egressc.yaml, then run: egressc compile --missing; egressc compile"
        )
    elif tool:
        return _compile_and_export(folder / PROJECT_FILE, tool)
    elif is_new:
        say(f"next: {there}edit services.md, then run: egressc compile; egressc render")
    return OK


def _require_exportable(folder: Path, documents: tuple[Path, ...], tool: str, *, is_new: bool) -> None:
    """Raises UsageError before anything is written, if the export would fail afterwards."""
    if documents:
        raise click.UsageError(
            f"--export needs a complete project; remove it, complete the project, then run: egressc compile; "
            f"egressc export {tool}"
        )
    if not is_new:
        raise click.UsageError(f"{folder} already has {PROJECT_FILE}; run: egressc compile; egressc export {tool}")
    if TOOLS[tool].reads_repository and find_repository(folder) is None:
        raise click.UsageError(
            f"{tool} reads the project from its Git repository, and Git knows no URL; run: git remote add origin URL"
        )


def _compile_and_export(project: Path, tool: str) -> int:
    context = click.get_current_context()
    status: int = context.invoke(compile_command, project=project)
    if status == OK:
        status = context.invoke(export_command, project=project, tool=tool)
    return status


def _planned_project(folder: Path, documents: tuple[Path, ...]) -> dict[str, bytes]:
    if documents:
        files = planned_from(folder, documents)
    else:
        files = {name: text.encode() for name, text in planned_files().items()}
    files[PROJECT_FILE] += repository_settings(folder).encode()
    return files


def _without_same(folder: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Without those that are there already, with the same content."""
    return {
        name: content
        for name, content in files.items()
        if (path := folder / name).is_symlink() or not path.is_file() or path.read_bytes() != content
    }


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _write(*plans: tuple[Path, Mapping[str, bytes]]) -> None:
    """Write files into folders, all or none where a link would lead one out of its folder (UsageError)."""
    files = [(folder, folder / name, content) for folder, some in plans for name, content in some.items()]
    for folder, path, _ in files:
        if (link := path if path.is_symlink() else link_between(folder, path)) is not None:
            raise click.UsageError(f"{link.as_posix()} is a symbolic link; remove it, or write another folder")
    for _, path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        click.echo(f"wrote {path.as_posix()}")


def _renew_packages(folder: Path, ci: Ci) -> None:
    """Write the packages of every host that has some already; of `ci` if none has."""
    hosts = [host for host in HOSTS if (folder / packages_folder(host)).exists()] or [it for it in HOSTS if it == ci]
    if not hosts:
        raise click.UsageError(f"--ci none installs nothing; write --ci {' or --ci '.join(HOSTS)}")
    for host in hosts:
        files = planned_packages(host)
        _write((folder, files))
        _remove_older(folder / packages_folder(host), {Path(name).name for name in files})


def _remove_older(packages: Path, names: set[str]) -> None:
    """Remove the wheels of other versions from the packages that were just written."""
    for path in packages.glob("egressc*-*.whl"):
        if path.name not in names:
            path.unlink()
            click.echo(f"removed {path.as_posix()}")


def _repository_above(folder: Path) -> Path | None:
    """The root of the Git repository that the folder is in, unless the folder is that root itself."""
    for above in folder.resolve().parents:
        if (folder / ".git").exists():
            return None
        if (above / ".git").exists():
            return above
    return None
