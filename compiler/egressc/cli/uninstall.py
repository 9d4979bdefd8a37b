"""`egressc uninstall`: remove the releases of services."""

from typing import Unpack

import click

from egressc.cli.environments import in_one_environment
from egressc.cli.operations import Given, change_releases
from egressc.cli.options import changing_options, services_argument
from egressc.fleet.changing import Words
from egressc.fleet.operations import plan_uninstall

_WORDS = Words("uninstalling", "Uninstall them?", "uninstalled")


@click.command("uninstall")
@in_one_environment
@services_argument
@click.option("--all", "everything", is_flag=True, help="Remove the releases of all services, without naming them.")
@changing_options
def command(services: tuple[str, ...], everything: bool, **given: Unpack[Given]) -> int:
    """Uninstall the releases of SERVICES. Their pods can then reach everything, unless another policy isolates them.

    What opens is shown first. A service that is not installed is skipped; a release of another chart is refused.
    """
    if bool(services) == everything:
        raise click.UsageError("add services, or --all")
    return change_releases(services, given, _WORDS, lambda fleet, _, report: plan_uninstall(fleet, report))
