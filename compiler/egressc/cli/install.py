"""`egressc install`: bring the releases of some or all services to what the sources give."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc.cli import OK, OUT_OF_DATE
from egressc.cli.changing import (
    await_pending,
    carry_out,
    changing_options,
    consent,
    good_revision,
    open_changer,
)
from egressc.cli.clusters import Fleet, cluster_options, open_reader, read_fleet
from egressc.cli.completion import complete_service
from egressc.cli.live_changes import find_effect, say_effect
from egressc.cli.progress import working
from egressc.cli.render import is_fresh
from egressc.cli.reporting import Format, Reporting, publish, reporting_options, say
from egressc.cli.workspace import Compiled, compile_project, no_collection, pick_services, project_options
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.cluster.changing import Changer, Options, Step
    from egressc.cluster.objects import Reader


@click.command("install", short_help="Install or upgrade the releases of services.")
@click.argument("services", nargs=-1, shell_complete=complete_service)
@click.option("--create-namespace", is_flag=True, help="Create the namespaces of services that do not exist.")
@changing_options
@cluster_options
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    create_namespace: bool,
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
    """Install SERVICES, or all, as one Helm release each: a release is named by the service's id.

    A release that is what the sources give is left alone. Before anything changes, what would open and close against
    the live policies is shown. A service that fails stops no other; what a run left half done, the next one finishes.
    """
    from egressc.cluster.changing import Options

    reporting = Reporting(format, output, strict)
    report = Report()
    fresh = True
    with no_collection(), working("compiling"):
        compiled = compile_project(project, report)
    if compiled is not None and (fresh := is_fresh(compiled, report)):
        report = Report()  # what a compile warns of is for `check` to say
        ids = pick_services(compiled, services)
        reached = open_reader(kubeconfig, context, report)
        if reached is not None:
            reader, access = reached
            changer = open_changer(helm, access, os.environ, report)
            if changer is not None:
                options = Options(timeout=timeout, width=parallel, create_namespace=create_namespace, dry_run=dry_run)
                _install(compiled, ids, reader, changer, options, report, yes=yes)
        compiled.warn_of_switched_off(ids, report)
    status = publish(report, reporting, (project or Path()).parent)
    return OUT_OF_DATE if status == OK and not fresh else status


def _install(
    compiled: Compiled,
    ids: Sequence[str],
    reader: "Reader",
    changer: "Changer",
    options: "Options",
    report: Report,
    *,
    yes: bool,
) -> None:
    from egressc.cluster.objects import ClusterError

    try:
        fleet = _read(compiled, ids, reader, report)
        if fleet is None:
            return
        steps = _plan(fleet, reader, report, create_namespace=options.create_namespace)
    except ClusterError as error:
        report.add(error.diagnostic)
        return
    same = len(fleet.targets) - len(steps)
    if not steps:
        refused = sum(
            target.service in {found.service for found in report.diagnostics} for target in fleet.targets.values()
        )
        say(f"{fleet.live.server}: nothing is changed, {refused} refused, {same - refused} as the sources give")
        return
    say(f"{fleet.live.server}: {len(steps)} of {len(fleet.targets)} releases to change")
    changed = {name for step in steps for name in fleet.targets[step.service].policies}
    leaving = {
        (policy.namespace, policy.name) for step in steps for policy in fleet.live_policies(fleet.targets[step.service])
    }
    say_effect(find_effect(fleet, leaving | changed, (fleet.rendered[name] for name in changed)))
    if not options.dry_run and not consent("Change them?", yes=yes):
        say("nothing was changed")
        return
    done = carry_out(changer, steps, fleet.chart, options, "installing", report)
    tried = "would be installed" if options.dry_run else "installed"
    say(f"{done} {tried}, {len(steps) - done} failed, {same} left alone")
    if not options.dry_run:
        _look_again(compiled, [step.service for step in steps], reader, report)


def _read(compiled: Compiled, ids: Sequence[str], reader: "Reader", report: Report) -> Fleet | None:
    wanted = set(ids)
    homes = {service.namespace for service in compiled.policies.services if service.id in wanted}
    await_pending(reader, homes)
    with working("reading the cluster"):
        return read_fleet(compiled, ids, reader, report)


def _plan(fleet: Fleet, reader: "Reader", report: Report, *, create_namespace: bool) -> "list[Step]":
    """The steps that change something; what stands in the way of others is reported (EG646, EG647, EG655)."""
    from egressc.cluster.planning import find_conflict, plan_install
    from egressc.diagnostics.live import missing_namespace
    from egressc.verify.comparison.drift import mean_the_same

    known = fleet.live.namespaces
    steps: list[Step] = []
    for target in fleet.targets.values():
        release = fleet.release(target)
        conflict = find_conflict(target, release, fleet.live.owners, fleet.chart_name)
        if conflict is not None:
            report.add(conflict)
        elif known is not None and target.namespace not in known and not create_namespace:
            report.add(missing_namespace(target.place, target.namespace, service=target.service))
        else:
            stored = (fleet.stored or {}).get(target.service)
            edited = stored is not None and not mean_the_same(stored, fleet.live_policies(target))
            step = plan_install(target, release, is_edited=edited, good_revision=good_revision(reader, release))
            if step is not None:
                steps.append(step)
    return steps


def _look_again(compiled: Compiled, ids: Sequence[str], reader: "Reader", report: Report) -> None:
    """EG642 and EG643 where the cluster still is not what the sources give."""
    from egressc.cli.drift import report_drift

    failed = {found.service for found in report.diagnostics}
    again = Report()
    with working("looking again"):
        fleet = read_fleet(compiled, [one for one in ids if one not in failed], reader, again)
    if fleet is not None:
        again = Report()
        report_drift(fleet, again)
    report.extend(again.diagnostics)
