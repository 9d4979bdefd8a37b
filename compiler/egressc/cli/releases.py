"""`egressc install`, `rollback` and `uninstall`: the releases of some or all services."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

import click

from egressc.cli import is_quiet
from egressc.cli.completion import complete_service
from egressc.cli.environments import in_one_environment
from egressc.cli.options import changing_options, services_argument
from egressc.cli.progress import counting, working
from egressc.cli.reporting import Reporting, publish, say
from egressc.cluster.changing import Changer, Options
from egressc.cluster.objects import Access, ClusterError
from egressc.diagnostics.core import Report
from egressc.fleet.changing import Plan, Words, change_fleet
from egressc.fleet.fleet import open_reader
from egressc.fleet.operations import plan_install, plan_rollback, plan_uninstall
from egressc.helm.choose import find_binary
from egressc.helm.engine import EngineError
from egressc.project.compiling import compile_quietly, is_fresh
from egressc.project.picking import pick_services
from egressc.project.rendering import renders_dialect


class Given(TypedDict):
    """The options that these commands share (`changing_options`)."""

    helm: str | None
    parallel: int
    timeout: str
    dry_run: bool
    yes: bool
    access: Access
    project: Path | None
    environment: str
    reporting: Reporting


@click.command("install")
@in_one_environment
@services_argument
@click.option("--create-namespace", is_flag=True, help="Create the namespaces of services that do not exist.")
@changing_options
def install(services: tuple[str, ...], create_namespace: bool, **given: Unpack[Given]) -> int:
    """Install SERVICES, or all, as one Helm release each: a release is named by the service's id.

    Up-to-date releases are skipped. What opens and closes in the live policies is shown first. If one service fails,
    the others continue. The next run finishes an interrupted one.
    """
    plan = partial(plan_install, create_namespace=create_namespace)
    return _change_releases(
        services, given, Words("installing", "Change them?", "installed"), plan, installs=True, create=create_namespace
    )


@click.command("rollback")
@in_one_environment
@click.argument("services", nargs=-1, required=True, shell_complete=complete_service)
@click.option(
    "--revision", type=click.IntRange(1), metavar="N", help="The revision to roll back to, of a single service."
)
@changing_options
def rollback(services: tuple[str, ...], revision: int | None, **given: Unpack[Given]) -> int:
    """Roll the releases of SERVICES back to the revision that was deployed before, as a new revision.

    What opens and closes is shown first. `egressc status` reports the releases as outdated until you change the sources
    or run `egressc install`.
    """
    if revision is not None and len(services) != 1:
        raise click.UsageError("--revision is for a single service; write only one")
    return _change_releases(
        services,
        given,
        Words("rolling back", "Roll them back?", "rolled back"),
        partial(plan_rollback, revision=revision),
    )


@click.command("uninstall")
@in_one_environment
@services_argument
@click.option("--all", "everything", is_flag=True, help="Remove the releases of all services, without naming them.")
@changing_options
def uninstall(services: tuple[str, ...], everything: bool, **given: Unpack[Given]) -> int:
    """Uninstall the releases of SERVICES. Their pods can then reach everything, unless another policy isolates them.

    What opens is shown first. A service that is not installed is skipped; a release of another chart is refused.
    """
    if bool(services) == everything:
        raise click.UsageError("add services, or --all")
    return _change_releases(
        services,
        given,
        Words("uninstalling", "Uninstall them?", "uninstalled"),
        lambda fleet, _, report: plan_uninstall(fleet, report),
    )


def _change_releases(
    services: Sequence[str], given: Given, words: Words, plan: Plan, *, installs: bool = False, create: bool = False
) -> int:
    """Run one operation over services, or all; the exit status.

    Args:
        installs: it brings releases to what the sources give: the values files have to be up to date for it, and the
            cluster is compared with the sources afterwards.
        create: create namespaces that do not exist.
    """
    report, reporting = Report(), given["reporting"]
    fresh = True
    with working("compiling"):
        compiled = compile_quietly(given["project"], report, strict=reporting.strict, environment=given["environment"])
    if compiled is not None and (not installs or (fresh := is_fresh(compiled, report))):
        ids = pick_services(compiled, services)
        can_render = not installs or renders_dialect(compiled.workspace, report)
        reader = open_reader(given["access"], report) if can_render else None
        if reader is not None:
            try:
                changer = Changer(find_binary(given["helm"]), reader.access)
                options = Options(given["timeout"], given["parallel"], create, given["dry_run"])
                person = _Terminal(given["yes"])
                change_fleet(compiled, ids, plan, words, changer, options, reader, person, report, looks_again=installs)
            except (EngineError, ClusterError) as error:
                report.add(error.diagnostic)
        if installs:
            compiled.warn_of_switched_off(ids, report)
    return publish(report, given["project"], reporting, is_late=not fresh)


@dataclass(frozen=True, slots=True)
class _Terminal:
    """`yes`: whoever watches has agreed already."""

    yes: bool
    say = staticmethod(say)
    working = staticmethod(working)
    counting = staticmethod(counting)

    def agrees(self, question: str) -> bool:
        return agrees(question, yes=self.yes)


def agrees(question: str, *, yes: bool) -> bool:
    """Ask a person. Raises UsageError where there is nobody to ask."""
    if yes:
        return True
    if is_quiet():
        raise click.UsageError("--quiet does not show what would change; add --yes, or remove --quiet")
    if not sys.stdin.isatty():
        raise click.UsageError("confirmation needed, but standard input is not a terminal; add --yes or --dry-run")
    return click.confirm(question, err=True)
