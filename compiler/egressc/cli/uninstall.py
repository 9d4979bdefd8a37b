"""`egressc uninstall`: take the releases of services away again."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc.cli.changing import carry_out, changing_options, consent, open_changer
from egressc.cli.clusters import Fleet, cluster_options, open_reader, read_fleet
from egressc.cli.completion import complete_service
from egressc.cli.live_changes import find_effect, say_effect
from egressc.cli.progress import working
from egressc.cli.reporting import Format, Reporting, publish, reporting_options, say
from egressc.cli.workspace import compile_project, no_collection, pick_services, project_options
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.cluster.changing import Step


@click.command("uninstall", short_help="Take the releases of services away.")
@click.argument("services", nargs=-1, shell_complete=complete_service)
@click.option("--all", "everything", is_flag=True, help="Take all services away; otherwise name them.")
@changing_options
@cluster_options
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    everything: bool,
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
    """Uninstall the releases of SERVICES: their pods may then reach everything that no other policy denies.

    What opens is shown first. A service that is not installed is left alone; a release of another chart is refused.
    """
    from egressc.cluster.changing import Options

    if bool(services) == everything:
        raise click.UsageError("name services, or say --all")
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
            steps = plan_uninstall(fleet, report) if fleet is not None else []
            if fleet is not None and _agreed(fleet, steps, ask=not dry_run, yes=yes):
                options = Options(timeout=timeout, width=parallel, dry_run=dry_run)
                done = carry_out(changer, steps, fleet.chart, options, "uninstalling", report)
                tried = "would be uninstalled" if dry_run else "uninstalled"
                say(f"{done} {tried}, {len(steps) - done} failed")
    return publish(report, Reporting(format, output, strict), (project or Path()).parent)


def plan_uninstall(fleet: Fleet, report: Report) -> "list[Step]":
    """The releases to take away; another chart's are refused (EG647)."""
    from egressc.cluster.changing import Action, Step
    from egressc.cluster.planning import find_conflict

    steps: list[Step] = []
    for target in fleet.targets.values():
        release = fleet.installed_release(target)
        if release is None:
            continue
        # A foreign policy of the same name is no hindrance here: Helm deletes what the release holds.
        conflict = find_conflict(target, release, {}, fleet.chart_name)
        if conflict is not None:
            report.add(conflict)
        else:
            steps.append(Step(target.service, target.namespace, target.place, (Action.UNINSTALL,)))
    return steps


def _agreed(fleet: Fleet, steps: "Sequence[Step]", *, ask: bool, yes: bool) -> bool:
    if not steps:
        say(f"{fleet.live.server}: no release to uninstall")
        return False
    say(f"{fleet.live.server}: {len(steps)} releases to uninstall")
    leaving = [
        (policy.namespace, policy.name) for step in steps for policy in fleet.live_policies(fleet.targets[step.service])
    ]
    say_effect(find_effect(fleet, leaving, ()))
    if ask and not consent("Uninstall them?", yes=yes):
        say("nothing was changed")
        return False
    return True
