"""`egressc init`: a project of one's own that compiles and renders at once."""

from pathlib import Path

import click

from egressc import __version__
from egressc.cli import OK
from egressc.cli.reporting import say

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "init"


@click.command("init", short_help="Start a project of one's own.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option(
    "--from",
    "documents",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Start from this document: what the catalog and the project file need for it is prepared in them. Repeatable.",
)
def command(folder: Path, documents: tuple[Path, ...]) -> int:
    """Write a small project into FOLDER (the current one unless named).

    It holds a document with tables, a catalog, a project file and a workflow for CI, and nothing of it is ever
    written over a file that is there. With --from it is about a document of your own, which is copied in where it lies
    outside of FOLDER.
    """
    if documents:
        from egressc.cli.init_from import planned_from

        files = planned_from(folder, documents)
    else:
        files = {name: text.encode() for name, text in planned_files().items()}
    taken = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        raise click.UsageError(f"{folder} already holds {', '.join(taken)}; choose another folder, or remove them")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        click.echo(f"wrote {path.as_posix()}")
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


def _repository_above(folder: Path) -> Path | None:
    """The root of the Git repository that the folder is in, unless the folder is that root itself."""
    for above in folder.resolve().parents:
        if (folder / ".git").exists():
            return None
        if (above / ".git").exists():
            return above
    return None


def planned_files() -> dict[str, str]:
    """Every file by its path in the new project, with its text."""
    from egressc.emit.schemas import plan_schemas

    files = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8").replace("@VERSION@", __version__)
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }
    return files | {path: text for path, text in plan_schemas().items() if path.startswith("schemas/")}
