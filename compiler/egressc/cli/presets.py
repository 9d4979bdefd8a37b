"""`egressc presets`: known destinations and callers, the API server of a cluster, and published lists of networks."""

from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

import click
from click.core import ParameterSource

from egressc.cli.environments import with_environment
from egressc.cli.options import cluster_options, format_option, project_options
from egressc.cli.reporting import deliver, publish, say
from egressc.cluster.objects import Access
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import say_count
from egressc.files.plain import replace_file
from egressc.files.reading import SOURCE_LIMIT
from egressc.fleet.api_server import api_server_text
from egressc.project.address_lists import refresh_list
from egressc.project.workspace import open_workspace
from egressc.reports.presets import lay_out_presets, list_presets


@click.command("presets")
@with_environment
@format_option("text", "json", help="Format of the list.")
@click.option("--from-cluster", is_flag=True, help="Print cluster.apiServer for the project file, from the cluster.")
@click.option("--refresh", metavar="NAME", help="Rewrite the file of this address list from a published document.")
@click.option(
    "--from",
    "published",
    type=click.File("rb"),
    default="-",
    help="With --refresh: the document, JSON or a network a line; default: the standard input.",
)
@click.option("--source", metavar="TEXT", help="With --refresh: where it is published; default: as the file says.")
@click.option(
    "--only",
    metavar="NAME|FIELD=VALUE",
    multiple=True,
    help="With --refresh: which sections, or entries, of the document; default: as the file says. Repeatable.",
)
@cluster_options
@project_options
def command(
    format: Literal["text", "json"],
    from_cluster: bool,
    refresh: str | None,
    published: BinaryIO,
    source: str | None,
    only: tuple[str, ...],
    access: Access,
    project: Path | None,
    environment: str,
) -> int:
    """List the presets: destinations and callers that tables can name without a catalog entry.

    Says for each where it leads, on which ports, what the project has to say first, and where its facts come from.
    --from-cluster and --refresh fill in what differs between clusters, and what others publish.
    """
    if from_cluster and refresh:
        raise click.UsageError("--from-cluster and --refresh exclude each other")
    is_named = click.get_current_context().get_parameter_source("published") is ParameterSource.COMMANDLINE
    if not refresh and (source or only or is_named):
        raise click.UsageError("--from, --source and --only need --refresh")
    report = Report()
    if from_cluster:
        click.echo(api_server_text(access, report), nl=False)
    elif refresh:
        workspace = open_workspace(project, report, environment)
        if workspace is not None:
            today = datetime.now(UTC).strftime("%Y-%m-%d")
            document = published.read(SOURCE_LIMIT + 1)
            found = refresh_list(workspace, refresh, document, source=source, only=only, today=today)
            if found.text:
                replace_file(found.path, found.text)
            click.echo("".join([f"+ {it}\n" for it in found.added] + [f"- {it}\n" for it in found.removed]), nl=False)
            what = "written" if found.text else "unchanged"
            say(f"{found.path.as_posix()}: {say_count(found.count, 'network')}, {what}")
    else:
        presets, lists = list_presets(project, report, environment)
        deliver(lay_out_presets(presets, lists, format), None)
    return publish(report, project)
