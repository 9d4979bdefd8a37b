"""`egressc rollback`: put releases back to an earlier revision."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc.cli.changing import carry_out, changing_options, consent, open_changer
from egressc.cli.clusters import Fleet, cluster_options, open_reader, read_fleet, storage
from egressc.cli.completion import complete_service
from egressc.cli.live_changes import find_effect, say_effect
from egressc.cli.progress import working
from egressc.cli.reporting import Format, Reporting, publish, reporting_options, say
from egressc.cli.workspace import compile_project, no_collection, pick_services, project_options
from egressc.diagnostics.core import Report
from egressc.source import Source

if TYPE_CHECKING:
    from egressc.cluster.objects import Reader
    from egressc.cluster.planning import Target
    from egressc.cluster.releases import StoredRelease
    from egressc.model.flows import Policy


@click.command("rollback", short_help="Put the releases of services back to an earlier revision.")
@click.argument("services", nargs=-1, shell_complete=complete_service, required=True)
@click.option("--revision", type=click.IntRange(1), metavar="N", help="Of one service: the revision to go back to.")
@changing_options
@cluster_options
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    revision: int | None,
    helm: str | None,
    parallel: int,
    timeout: str,
    dry_run: bool,
    yes: bool,
    kubeconfig: Path | None,
    context: str | None,
    project: Path | None,
    format: Format,
    output: Path | None,
    strict: bool,
) -> int:
    """Roll the releases of SERVICES back to the revision that was deployed before, as a new revision.

    What opens and closes is shown first. The sources stay as they are: `egressc status` calls the releases outdated
    until the sources say the same, or `egressc install` brings them forward again.
    """
    from egressc.cluster.changing import Action, Options, Step

    if revision is not None and len(services) != 1:
        raise click.UsageError("--revision is of one service; name just one")
    report = Report()
    with no_collection(), working("compiling"):
        compiled = compile_project(project, report)
    if compiled is not None:
        report = Report()  # what a compile warns of is for `check` to say
        ids = pick_services(compiled, services)
        reached = open_reader(kubeconfig, context, report)
        changer = open_changer(helm, reached[1], os.environ, report) if reached is not None else None
        if reached is not None and changer is not None:
            with working("reading the cluster"):
                fleet = read_fleet(compiled, ids, reached[0], report)
            goals = _find_goals(fleet, reached[0], revision, report) if fleet is not None else []
            if fleet is not None and _agreed(fleet, goals, report, ask=not dry_run, yes=yes):
                steps = [
                    Step(target.service, target.namespace, target.place, (Action.GO_BACK,), revision=goal.revision)
                    for target, goal in goals
                ]
                options = Options(timeout=timeout, width=parallel, dry_run=dry_run)
                done = carry_out(changer, steps, fleet.chart, options, "rolling back", report)
                tried = "would be rolled back" if dry_run else "rolled back"
                say(f"{done} {tried}, {len(steps) - done} failed")
    return publish(report, Reporting(format, output, strict), (project or Path()).parent)


def _find_goals(
    fleet: Fleet, reader: "Reader", revision: int | None, report: Report
) -> "list[tuple[Target, StoredRelease]]":
    """What each service goes back to; EG647, EG654 and EG655 where there is nothing."""
    from egressc.cluster.planning import find_conflict
    from egressc.cluster.releases import DEPLOYED, SUPERSEDED, read_history
    from egressc.diagnostics.live import failed_release

    goals: list[tuple[Target, StoredRelease]] = []
    for target in fleet.targets.values():
        release = fleet.release(target)
        conflict = find_conflict(target, release, fleet.live.owners, fleet.chart_name)
        if conflict is not None:
            report.add(conflict)
            continue
        history = read_history(reader, storage(), target.namespace, target.service) or []
        newest = release.revision if release is not None else 0
        earlier = [it for it in history if it.revision < newest and it.status in (DEPLOYED, SUPERSEDED)]
        if revision is not None:
            earlier = [it for it in history if it.revision == revision]
        if not earlier:
            kept = ", ".join(str(it.revision) for it in history) or "none"
            reason = f"there is no such revision to go back to; stored are {kept}"
            report.add(failed_release(target.place, "roll back", reason, service=target.service))
        else:
            goals.append((target, earlier[-1]))
    return goals


def _agreed(
    fleet: Fleet, goals: "Sequence[tuple[Target, StoredRelease]]", report: Report, *, ask: bool, yes: bool
) -> bool:
    from egressc.verify.manifests.reader import read_manifests

    if not goals:
        say(f"{fleet.live.server}: nothing to roll back")
        return False
    coming: list[Policy] = []
    leaving: list[tuple[str, str]] = []
    for target, goal in goals:
        say(f"{goal.title}: back to revision {goal.revision}")
        source = Source(f"{goal.title} revision {goal.revision}", goal.manifest)
        coming += read_manifests([source], report, default_namespace=target.namespace).policies
        leaving += [(policy.namespace, policy.name) for policy in fleet.live_policies(target)]
    if report.has_errors:
        return False
    say_effect(find_effect(fleet, [*leaving, *((policy.namespace, policy.name) for policy in coming)], coming))
    if ask and not consent("Roll them back?", yes=yes):
        say("nothing was changed")
        return False
    return True
