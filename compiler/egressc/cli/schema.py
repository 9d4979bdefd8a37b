"""`egressc schema`: the JSON Schemas, generated from the models."""

from pathlib import Path

import click

from egressc.cli import OK, OUT_OF_DATE
from egressc.cli.reporting import say
from egressc.contract.schemas import plan_schemas
from egressc.files.plain import find_link, without_same, write_files


@click.command("schema")
@click.option("--check", is_flag=True, help="Write nothing; exit with 3 if a schema is out of date.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder; default: the current one.",
)
def command(check: bool, folder: Path) -> int:
    """Write schemas/ for editors, and the charts' schemas where the charts lie in the folder."""
    has_charts = (folder / "Chart.yaml").is_file()
    planned = {it: text.encode() for it, text in plan_schemas().items() if has_charts or it.startswith("schemas/")}
    stale = without_same(folder, planned)
    if (link := find_link((folder, stale))) is not None:
        raise click.UsageError(f"{link.as_posix()} is a symbolic link; remove it, or write another folder")
    if check:
        for name in stale:
            say(f"{(folder / name).as_posix()} is out of date; run: egressc schema", is_error=True)
        return OUT_OF_DATE if stale else OK
    for path in write_files((folder, stale)):
        click.echo(f"wrote {path.as_posix()}")
    return OK
