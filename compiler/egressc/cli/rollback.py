"""`egressc rollback`: put releases back to an earlier revision."""

from functools import partial
from typing import Unpack

import click

from egressc.cli.completion import complete_service
from egressc.cli.environments import in_one_environment
from egressc.cli.operations import Given, change_releases
from egressc.cli.options import changing_options
from egressc.fleet.changing import Words
from egressc.fleet.operations import plan_rollback

_WORDS = Words("rolling back", "Roll them back?", "rolled back")


@click.command("rollback")
@in_one_environment
@click.argument("services", nargs=-1, required=True, shell_complete=complete_service)
@click.option(
    "--revision", type=click.IntRange(1), metavar="N", help="The revision to roll back to, of a single service."
)
@changing_options
def command(services: tuple[str, ...], revision: int | None, **given: Unpack[Given]) -> int:
    """Roll the releases of SERVICES back to the revision that was deployed before, as a new revision.

    What opens and closes is shown first. `egressc status` reports the releases as outdated until you change the sources
    or run `egressc install`.
    """
    if revision is not None and len(services) != 1:
        raise click.UsageError("--revision is for a single service; write only one")
    return change_releases(services, given, _WORDS, partial(plan_rollback, revision=revision))
