"""`egressc init`: a project of one's own that compiles and renders at once."""

from collections.abc import Mapping
from pathlib import Path

import click

from egressc.cli import OK
from egressc.cli.reporting import say
from egressc.files.folder import link_between
from egressc.project.scaffold import PACKAGES, planned_files, planned_from, planned_packages, repository_settings


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
    "--packages",
    is_flag=True,
    help=f"Write {PACKAGES} only, in place of an older one: this version of egressc and its dependencies.",
)
def command(folder: Path, documents: tuple[Path, ...], packages: bool) -> int:
    """Write a small project into FOLDER (the current one unless named).

    It has a document with tables, a catalog, a project file and a workflow for CI. Existing files are never
    overwritten. With --from, it is about your own document. A document outside FOLDER is copied into it. The workflow
    installs the egressc that wrote it: after an upgrade, run `egressc init --packages`.
    """
    if packages:
        if documents:
            raise click.UsageError("--packages writes no project; remove --from")
        files = planned_packages()
        _write(folder, files)
        _remove_older(folder, files)
        return OK
    if documents:
        files = planned_from(folder, documents)
    else:
        files = {name: text.encode() for name, text in planned_files().items()}
    files |= planned_packages()
    files["egressc.yaml"] += repository_settings(folder).encode()
    taken = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        raise click.UsageError(f"{folder} already has {', '.join(taken)}; write another folder, or remove them")
    _write(folder, files)
    if (repository := _repository_above(folder)) is not None:
        say(f"note: GitHub reads workflows at the root of a repository: move .github to {repository.as_posix()}")
    there = "" if folder == Path() else f"cd {folder.as_posix()}; "
    if documents:
        say(
            f"next: {there}complete catalog.yaml and egressc.yaml, then run: egressc compile --missing; egressc compile"
        )
    else:
        say(f"next: {there}edit services.md, then run: egressc compile; egressc render")
    return OK


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, all or none where a link would lead one out of it (UsageError)."""
    for name in files:
        path = folder / name
        if (link := path if path.is_symlink() else link_between(folder, path)) is not None:
            raise click.UsageError(f"{link.as_posix()} is a symbolic link; remove it, or write another folder")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        click.echo(f"wrote {path.as_posix()}")


def _remove_older(folder: Path, files: Mapping[str, bytes]) -> None:
    """Remove the wheels of other versions from the packages that were just written."""
    for path in (folder / PACKAGES).glob("egressc-*.whl"):
        if f"{PACKAGES}/{path.name}" not in files:
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
