"""`egressc install`: bring the releases of some or all services to what the sources give."""

from functools import partial
from typing import Unpack

import click

from egressc.cli.environments import in_one_environment
from egressc.cli.operations import Given, change_releases
from egressc.cli.options import changing_options, services_argument
from egressc.fleet.changing import Words
from egressc.fleet.operations import plan_install

_WORDS = Words("installing", "Change them?", "installed")


@click.command("install")
@in_one_environment
@services_argument
@click.option("--create-namespace", is_flag=True, help="Create the namespaces of services that do not exist.")
@changing_options
def command(services: tuple[str, ...], create_namespace: bool, **given: Unpack[Given]) -> int:
    """Install SERVICES, or all, as one Helm release each: a release is named by the service's id.

    Up-to-date releases are skipped. What opens and closes in the live policies is shown first. If one service fails,
    the others continue. The next run finishes an interrupted one.
    """
    plan = partial(plan_install, create_namespace=create_namespace)
    return change_releases(services, given, _WORDS, plan, installs=True, create=create_namespace)
