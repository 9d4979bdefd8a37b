"""What commands that change releases share: the helm binary, the question before, progress, outcomes."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from egressc.cli import is_quiet
from egressc.cli.clusters import storage
from egressc.cli.progress import counting, working
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.cluster.changing import Changer, Options, Step
    from egressc.cluster.objects import Access, Reader
    from egressc.cluster.releases import StoredRelease

P = ParamSpec("P")
R = TypeVar("R")

# A helm whose egressc was killed ends by itself in about a second; what is pending for longer, nobody will finish.
_PATIENCE = timedelta(seconds=20)


def changing_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add --helm, --parallel, --timeout, --dry-run and --yes, and --kubeconfig and --context (see `clusters`)."""
    options = (
        click.option(
            "--helm", metavar="PATH", help="The helm binary; what EGRESSC_HELM names, or helm on PATH, unless given."
        ),
        click.option(
            "--parallel",
            type=click.IntRange(1, 64),
            default=4,
            show_default=True,
            metavar="N",
            help="How many releases at once.",
        ),
        click.option(
            "--timeout",
            default="5m",
            show_default=True,
            metavar="DURATION",
            help="How long Helm waits for one operation.",
        ),
        click.option("--dry-run", is_flag=True, help="Let Helm and the API server try it, and change nothing."),
        click.option("--yes", is_flag=True, help="Do not ask; for CI."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def open_changer(
    helm: str | None, access: "Access", environment: Mapping[str, str], report: Report
) -> "Changer | None":
    """The helm binary; None once it is reported (EG601, EG602) that there is none that will do."""
    from egressc.cluster.changing import Changer
    from egressc.helm.choose import find_binary
    from egressc.helm.engine import EngineError

    try:
        return Changer(find_binary(helm, environment), access)
    except EngineError as error:
        report.add(error.diagnostic)
        return None


def consent(question: str, *, yes: bool) -> bool:
    """Ask a person; raises UsageError where there is nobody to ask."""
    if yes:
        return True
    if is_quiet():
        raise click.UsageError("--quiet does not show what would change; add --yes, or leave it out")
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is here to ask; add --yes, or --dry-run to change nothing")
    return click.confirm(question, err=True)


def carry_out(
    changer: "Changer", steps: "Sequence[Step]", chart: Path, options: "Options", sentence: str, report: Report
) -> int:
    """Do all steps and report what fails (EG654); how many went well."""
    with counting(len(steps), f"{sentence} with Helm {changer.version}") as advance:
        outcomes = changer.run(steps, chart, options, advance)
    failed = [outcome.problem for outcome in outcomes if outcome.problem is not None]
    report.extend(failed)
    return len(outcomes) - len(failed)


def await_pending(reader: "Reader", homes: Iterable[str]) -> None:
    """Wait while an operation that began a moment ago may still be running. Raises ClusterError."""
    with working("waiting for an operation that began a moment ago"):
        while any(_may_be_running(reader, home) for home in homes):
            time.sleep(0.5)


def good_revision(reader: "Reader", release: "StoredRelease | None") -> int:
    """The newest revision that was deployed whole, of a release that was left pending; 0 where there is none."""
    from egressc.cluster.releases import DEPLOYED, PENDING, SUPERSEDED, read_history

    if release is None or release.status not in PENDING:
        return 0
    history = read_history(reader, storage(), release.namespace, release.name) or []
    return max((one.revision for one in history if one.status in (DEPLOYED, SUPERSEDED)), default=0)


def _may_be_running(reader: "Reader", home: str) -> bool:
    from egressc.cluster.releases import read_pending

    now = datetime.now(UTC)
    return any(one.since is not None and now - one.since < _PATIENCE for one in read_pending(reader, storage(), home))
