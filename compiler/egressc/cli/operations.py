"""What `install`, `rollback` and `uninstall` share: read the cluster, show the effect, ask, carry out, report."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import click

from egressc.cli import is_quiet
from egressc.cli.progress import counting, working
from egressc.cli.reporting import Reporting, publish, say
from egressc.cluster.changing import Changer, Options
from egressc.cluster.objects import ClusterError, ObjectReader
from egressc.diagnostics.core import Report
from egressc.fleet.fleet import Fleet, open_reader, read_fleet
from egressc.fleet.operations import Operation, await_pending, failures_of, look_again
from egressc.fleet.preview import effect_lines, find_effect
from egressc.helm.choose import find_binary
from egressc.helm.engine import EngineError
from egressc.project.compiling import Compiled, compile_quietly, is_fresh
from egressc.project.picking import pick_services
from egressc.project.rendering import renders_dialect


class Given(TypedDict):
    """The options that these commands share (`changing_options`)."""

    helm: str | None
    parallel: int
    timeout: str
    dry_run: bool
    yes: bool
    kubeconfig: Path | None
    context: str | None
    project: Path | None
    environment: str
    reporting: Reporting


@dataclass(frozen=True, slots=True)
class Words:
    """What the terminal shows: `question` before the operation, `doing` while it runs, `done` after it."""

    doing: str
    question: str
    done: str


Plan = Callable[[Fleet, ObjectReader, Report], Operation]


def change_releases(
    services: Sequence[str], given: Given, words: Words, plan: Plan, *, installs: bool = False, create: bool = False
) -> int:
    """Run one operation over services, or all; the exit status.

    Args:
        installs: it brings releases to what the sources give: the values files have to be up to date for it, and the
            cluster is compared with the sources afterwards.
        create: create namespaces that do not exist.
    """
    report = Report()
    fresh = True
    with working("compiling"):
        compiled = compile_quietly(
            given["project"], report, strict=given["reporting"].strict, environment=given["environment"]
        )
    if compiled is not None and (not installs or (fresh := is_fresh(compiled, report))):
        ids = pick_services(compiled, services)
        can_render = not installs or renders_dialect(compiled.workspace, report)
        reached = open_reader(given["kubeconfig"], given["context"], report) if can_render else None
        if reached is not None:
            try:
                changer = Changer(find_binary(given["helm"]), reached[1])
                options = Options(given["timeout"], given["parallel"], create, given["dry_run"])
                _change(
                    compiled,
                    ids,
                    reached[0],
                    changer,
                    options,
                    words,
                    plan,
                    report,
                    yes=given["yes"],
                    is_last=not installs,
                )
            except (EngineError, ClusterError) as error:
                report.add(error.diagnostic)
        if installs:
            compiled.warn_of_switched_off(ids, report)
    return publish(report, given["project"], given["reporting"], is_late=not fresh)


def _change(
    compiled: Compiled,
    ids: Sequence[str],
    reader: ObjectReader,
    changer: Changer,
    options: Options,
    words: Words,
    plan: Plan,
    report: Report,
    *,
    yes: bool,
    is_last: bool,
) -> None:
    with working("waiting for an operation that has just started"):
        await_pending(compiled, ids, reader)
    with working("reading the cluster"):
        fleet = read_fleet(compiled, ids, reader, report)
    if fleet is None:
        return
    operation = plan(fleet, reader, report)
    for line in (f"{fleet.live.server}: {operation.summary}", *operation.lines):
        say(line)
    if not operation.steps:
        return
    for line in effect_lines(find_effect(fleet, operation.leaving, operation.coming)):
        say(line)
    if not options.dry_run and not agrees(words.question, yes=yes):
        say("nothing was changed")
        return
    count = len(operation.steps)
    with counting(count, f"{words.doing} with Helm {changer.version}") as advance:
        failed = failures_of(changer.run(operation.steps, options, advance, removes=operation.removes), report)
    tried = f"would be {words.done}" if options.dry_run else words.done
    same = "" if operation.unchanged is None else f", {operation.unchanged} unchanged"
    say(f"{count - failed} {tried}, {failed} failed{same}")
    if not options.dry_run and not is_last:
        with working("checking again"):
            look_again(compiled, operation.steps, reader, report)


def agrees(question: str, *, yes: bool) -> bool:
    """Ask a person. Raises UsageError where there is nobody to ask."""
    if yes:
        return True
    if is_quiet():
        raise click.UsageError("--quiet does not show what would change; add --yes, or remove --quiet")
    if not sys.stdin.isatty():
        raise click.UsageError("confirmation needed, but standard input is not a terminal; add --yes or --dry-run")
    return click.confirm(question, err=True)
