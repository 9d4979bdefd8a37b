"""What `install`, `rollback` and `uninstall` share."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import click

from egressc.cli import is_quiet
from egressc.cli.progress import counting, working
from egressc.cli.reporting import Reporting, publish, say
from egressc.cluster.changing import Changer, Options
from egressc.cluster.objects import Access, ClusterError
from egressc.diagnostics.core import Report
from egressc.fleet.changing import Plan, Words, change_fleet
from egressc.fleet.fleet import open_reader
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


def change_releases(
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
