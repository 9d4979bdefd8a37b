"""`egressc schema`: the JSON Schemas, generated from the models."""

from pathlib import Path

import click

from egressc.cli import OK, OUT_OF_DATE
from egressc.cli.reporting import say
from egressc.contract.schemas import plan_schemas
from egressc.files.folder import link_between


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
    planned = {
        folder / path: text.encode()
        for path, text in plan_schemas().items()
        if has_charts or path.startswith("schemas/")
    }
    stale = [path for path, content in planned.items() if not path.is_file() or path.read_bytes() != content]
    for path in stale:
        if (link := link_between(folder, path / "itself")) is not None:
            raise click.UsageError(f"{link.as_posix()} is a symbolic link; remove it, or write another folder")
        if check:
            say(f"{path.as_posix()} is out of date; run: egressc schema", is_error=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(planned[path])
            click.echo(f"wrote {path.as_posix()}")
    return OUT_OF_DATE if check and stale else OK
