"""`egressc diff`: which flows one version allows and another does not, in the terms of the tables."""

from collections.abc import Sequence
from pathlib import Path

import click

from egressc import __version__
from egressc.cli import ERRORS, OK
from egressc.cli.environments import environments_option
from egressc.cli.options import file_options, format_option, output_option, project_options
from egressc.cli.progress import working
from egressc.cli.reporting import deliver, publish, say
from egressc.diagnostics.core import Report
from egressc.project.environments import environments_of
from egressc.project.manifests import DEFAULT_NAMESPACE, ManifestFiles
from egressc.project.sides import DiffSide, absent_project, as_it_stands, in_environments, recognise
from egressc.renderers.changes import ChangeReport
from egressc.renderers.changes_json import render_json
from egressc.renderers.changes_markdown import render_markdown
from egressc.renderers.changes_text import render_text
from egressc.reports.differences import compare_sides


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@format_option(
    "text", "markdown", "json", help="Format of the differences; Markdown suits a comment on a pull request."
)
@output_option
@click.option(
    "--marker",
    metavar="NAME",
    default="",
    help="With --format markdown: start with an HTML comment with this name, so that a job finds its own comment.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["widened", "any"]),
    help="Exit with 1 if something is newly allowed, or for any change.",
)
@environments_option
@file_options
@project_options
def command(
    old: str,
    new: str | None,
    format: str,
    output: Path | None,
    marker: str,
    fail_on: str | None,
    files: ManifestFiles,
    project: Path | None,
    environments: tuple[str, ...],
) -> int:
    """Show which flows NEW allows and OLD does not, and the other way round.

    Each side is an environment of the project, a path or a revision of Git (`main`, `v1.2`, `HEAD~3`). A path is a
    project (a folder with an egressc.yaml, or that file), else manifests (a file, a folder, or - for the standard
    input). A revision is this project as it was there; nothing is checked out. Without NEW it is the project as it is
    now.

    Changes of wording alone are ignored. For manifests, namespace labels count. If both sides have workloads, changed
    connections between them are listed.
    """
    if marker and format != "markdown":
        raise click.UsageError("--marker is for a comment in Markdown; add --format markdown")
    known = environments_of(project)
    sides = (recognise(old, project, known), recognise(new, project, known) if new else as_it_stands(project))
    if all(side.is_project for side in sides):
        if files.namespace != DEFAULT_NAMESPACE:
            raise click.UsageError("--namespace is for manifests, but neither side is manifests")
        if files.exclude:
            raise click.UsageError("--exclude is for manifests, but neither side is manifests")
    found: list[ChangeReport] = []
    for pair in in_environments(*sides, environments):
        with working("comparing"):
            compared = compare_sides(*pair, files, _tell)
        if compared is None:
            return ERRORS
        found.append(compared)
    if format == "json" and len(found) > 1:
        raise click.UsageError("JSON is about one environment: add --environment")
    deliver(_lay_out(found, format, marker), output)
    widens, changes = any(it.widens for it in found), any(not it.is_empty for it in found)
    return ERRORS if {"widened": widens, "any": changes, None: False}[fail_on] else OK


def _tell(side: DiffSide, report: Report, is_read: bool) -> None:
    """What is to be said of one side goes to the standard error."""
    if absent := absent_project(side):
        say(absent)
    if not is_read:
        say(f"{side.name} cannot be read:", is_error=True)
    publish(report)


def _lay_out(reports: Sequence[ChangeReport], form: str, marker: str) -> str:
    if form == "json":
        return render_json(reports[0], tool_version=__version__)
    if form == "markdown":
        return render_markdown(reports, marker)

    return "\n".join(map(render_text, reports))
