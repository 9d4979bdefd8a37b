"""`egressc diff`: which flows one version allows and another does not, in the terms of the tables."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from egressc import __version__
from egressc.cli import ERRORS, OK
from egressc.cli.environments import environments_option
from egressc.cli.options import file_options, project_options
from egressc.cli.process import no_collection
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, deliver, publish, say
from egressc.diagnostics.core import Report
from egressc.project.environments import environments_of, pick_environments
from egressc.project.manifests import DEFAULT_NAMESPACE
from egressc.project.sides import ComparedSide, DiffSide, absent_project, read_compared, recognise
from egressc.project.workspace import PROJECT_FILE
from egressc.renderers.changes import ChangeReport
from egressc.renderers.changes_json import render_json
from egressc.renderers.changes_markdown import render_markdown
from egressc.renderers.changes_text import render_text
from egressc.reports.changes import report_changes
from egressc.reports.guardrails import report_changed_guardrails
from egressc.verify.changes.find import find_changes
from egressc.verify.changes.guardrails import find_guardrail_changes
from egressc.verify.changes.workloads import WorkloadChanges, find_workload_changes
from egressc.verify.listing.connectivity import find_connectivity
from egressc.verify.listing.entries import Names
from egressc.verify.manifests.reader import Manifests


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Format of the differences; Markdown suits a comment on a pull request.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
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
    exclude: tuple[str, ...],
    namespace: str,
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
    sides = (
        recognise(old, project, known),
        recognise(new, project, known) if new is not None else _as_it_stands(project),
    )
    if all(side.is_project for side in sides):
        if namespace != DEFAULT_NAMESPACE:
            raise click.UsageError("--namespace is for manifests, but neither side is manifests")
        if exclude:
            raise click.UsageError("--exclude is for manifests, but neither side is manifests")
    found: list[ChangeReport] = []
    for pair in _in_environments(*sides, environments):
        compared = _compare(*pair, namespace, exclude)
        if compared is None:
            return ERRORS
        found.append(compared)
    if format == "json" and len(found) > 1:
        raise click.UsageError("JSON is about one environment: add --environment")
    deliver(_lay_out(found, format, marker), output)
    widens, changes = any(it.widens for it in found), any(not it.is_empty for it in found)
    return ERRORS if {"widened": widens, "any": changes, None: False}[fail_on] else OK


def _in_environments(old: DiffSide, new: DiffSide, named: tuple[str, ...]) -> list[tuple[DiffSide, DiffSide]]:
    """Both sides in each environment that the command line names, or that the newer project has."""
    if given := old.environment or new.environment:
        if named:
            raise click.UsageError("--environment picks environments of both sides, but a side is one already")
        return [(old if old.environment else _in(old, given), new if new.environment else _in(new, given))]
    projects = [it for it in (new, old) if it.is_project]
    known = environments_of(projects[0].path) if projects else ()
    if len(known) > 1 and len(projects) < 2 and len(named) != 1:
        raise click.UsageError(
            f"manifests are those of one environment: add --environment with one of {', '.join(known)}"
        )
    picked = pick_environments(known, named) or ("",)
    return [(_in(old, name), _in(new, name)) for name in picked]


def _in(side: DiffSide, environment: str) -> DiffSide:
    name = f"{side.name} in {environment}" if environment else side.name
    return replace(side, name=name, environment=environment) if side.is_project else side


def _compare(old: DiffSide, new: DiffSide, namespace: str, exclude: tuple[str, ...]) -> ChangeReport | None:
    names = Names()
    by_projects = old.is_project and new.is_project
    with no_collection(), working("comparing"):
        read = _read_both(old, new, names, namespace, exclude)
        if read is None:
            return None
        old_side, new_side = read
        before, after = old_side.against(new_side), new_side.against(old_side)
        # What one side alone knows of a namespace is taken to hold for both: else nothing but facts would differ.
        before, after = before.with_namespaces(after.namespaces), after.with_namespaces(before.namespaces)
        changes = find_changes(
            before.policies,
            after.policies,
            names,
            by_rows=by_projects,
            before_translation=before.before_translation or after.before_translation,
            known_before=before.namespaces,
            known_after=after.namespaces,
        )
        denied = find_guardrail_changes(
            old_side.guarded(before, with_checks=by_projects),
            new_side.guarded(after, with_checks=by_projects),
            before_translation=before.before_translation or after.before_translation,
        )
        workloads = _compare_workloads(before, after)

    guardrails = report_changed_guardrails(denied, by_projects=by_projects)
    moves = [f"namespace {here} as {there}" for here, there in sorted(old_side.moves.items())]
    old_name = f"{old.name} ({', '.join(moves)})" if moves else old.name
    return report_changes(changes, names, old_name, new.name, workloads, guardrails)


def _as_it_stands(project: Path | None) -> DiffSide:
    path = project or Path(PROJECT_FILE)
    if not path.is_file():
        raise click.UsageError(f"no {PROJECT_FILE} here to compare with; write NEW, or the project file with --project")
    return DiffSide("the project as it is now", path)


def _read_both(
    old: DiffSide, new: DiffSide, names: Names, namespace: str, exclude: tuple[str, ...]
) -> tuple[ComparedSide, ComparedSide] | None:
    """The newer side names things, so it is read first; but a project before manifests: it says more about them."""
    is_new_first = new.is_project or not old.is_project
    first = _read(new if is_new_first else old, names, namespace, exclude)
    second = _read(
        old if is_new_first else new,
        names,
        namespace,
        exclude,
        first,
        is_moved=old.environment != new.environment,
    )
    if first is None or second is None:
        return None
    return (second, first) if is_new_first else (first, second)


def _read(
    side: DiffSide,
    names: Names,
    namespace: str,
    exclude: tuple[str, ...],
    other: ComparedSide | None = None,
    *,
    is_moved: bool = False,
) -> ComparedSide | None:
    """One side; what is to be said of it goes to the standard error, errors or warnings."""
    report = Report()
    if absent := absent_project(side):
        say(absent)
    read = read_compared(side, names, report, namespace=namespace, exclude=exclude, other=other, is_moved=is_moved)
    if read is None:
        say(f"{side.name} cannot be read:", is_error=True)
    publish(report, Reporting("text", None, strict=False), Path())
    return read


def _compare_workloads(before: Manifests, after: Manifests) -> WorkloadChanges | None:
    """None where a side has no workloads: then there is nothing to compare them with."""
    if not before.workloads or not after.workloads:
        return None

    return find_workload_changes(find_connectivity(before), find_connectivity(after))


def _lay_out(reports: Sequence[ChangeReport], form: str, marker: str) -> str:
    if form == "json":
        return render_json(reports[0], tool_version=__version__)
    if form == "markdown":
        return render_markdown(reports, marker)

    return "\n".join(map(render_text, reports))
