"""`egressc probe`: try a service's connections for real, from a pod like its own and from one without its policy."""

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, Literal

import click

from egressc import __version__
from egressc.cli.completion import complete_service
from egressc.cli.environments import in_one_environment
from egressc.cli.options import cluster_options, project_options
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, publish, say
from egressc.cluster.api_pods import ApiPods
from egressc.cluster.objects import Access, ClusterError
from egressc.cluster.probing import Patience
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unreachable_cluster
from egressc.diagnostics.phrases import say_count
from egressc.fleet.fleet import open_reader
from egressc.probe.overlay import plan_overlay
from egressc.probe.plan import ProbePlan, plan_probe, read_named
from egressc.probe.run import probe_cluster
from egressc.probe.script import script_of
from egressc.project.compiling import compile_quietly, is_fresh
from egressc.project.picking import pick_services
from egressc.renderers.probes import ProbeReport, render_probe_json, render_probe_text
from egressc.renderers.tap import render_tap

_DURATION: Final = re.compile(r"(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_MOST_DENIED: Final = 200

Form = Literal["tap", "text", "json"]


@click.command("probe")
@in_one_environment
@click.argument("service", shell_complete=complete_service)
@click.option("--script", is_flag=True, help="Print a shell script that does it with kubectl; no cluster is read.")
@click.option(
    "--values", is_flag=True, help="Print values for the chart's own probe, which `helm test` runs; try nothing."
)
@click.option(
    "--denied",
    type=click.IntRange(0, _MOST_DENIED),
    default=10,
    show_default=True,
    metavar="N",
    help="The most connections to try that should be denied.",
)
@click.option("--allow", multiple=True, metavar="HOST:PORT[/PROTO]", help="Try this too; it should be allowed.")
@click.option("--deny", multiple=True, metavar="HOST:PORT[/PROTO]", help="Try this too; it should be denied.")
@click.option("--image", metavar="IMAGE", help="The image of the probing pods; it needs sh, nc and nslookup.")
@click.option("--timeout", default="10m", show_default=True, metavar="DURATION", help="How long to wait for the pods.")
@click.option(
    "--format",
    type=click.Choice(["tap", "text", "json"]),
    default="tap",
    show_default=True,
    help="Format of the result.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for inconclusive connections, too.")
@cluster_options
@project_options
def command(
    service: str,
    script: bool,
    values: bool,
    denied: int,
    allow: tuple[str, ...],
    deny: tuple[str, ...],
    image: str | None,
    timeout: str,
    format: Form,
    strict: bool,
    access: Access,
    project: Path | None,
    environment: str,
) -> int:
    """Test connections of SERVICE from two temporary pods, which are removed afterwards.

    The first pod has the labels of the service, so that its policy applies. No policy of this project selects the
    other, the control pod. Allowed connections must reach the first pod. A denial is proven if only the control pod
    gets an answer. Destinations are pods that run now. Outside the cluster, only what a row or an option names is
    tested.
    """
    if script and values:
        raise click.UsageError("--script and --values exclude each other; remove one of them")
    if script and access != Access():
        raise click.UsageError("--script reads no cluster; the script uses that of kubectl")
    named = read_named(allow, deny)
    seconds = _read_duration(timeout)
    report = Report()
    fresh = True
    with working("compiling"):
        compiled = compile_quietly(project, report, keep_sources=True, environment=environment)
    if compiled is not None and (fresh := is_fresh(compiled, report)):
        (service_id,) = pick_services(compiled, [service])
        plan = plan_probe(compiled, service_id, named, report)
        if plan is not None and script:
            _print_script(plan, image, denied, seconds, report, strict=strict)
        elif plan is not None:
            _reach_cluster(plan, access, image, denied, seconds, format, report, overlay=values)
    return publish(report, project, Reporting(strict=strict), is_late=not fresh)


def _reach_cluster(
    plan: ProbePlan,
    access: Access,
    image: str | None,
    denied: int,
    seconds: int,
    form: Form,
    report: Report,
    *,
    overlay: bool,
) -> None:
    """Read one cluster, and print values for the chart or what came of the connections."""
    reader = open_reader(access, report)
    if reader is None:
        return
    try:
        if overlay:
            with working("reading the cluster"):
                planned = plan_overlay(plan, reader, image, denied, report)
            if planned is not None:
                for sentence in planned[1]:
                    say(sentence)
                _write(planned[0])
            return
        say(f"cluster {reader.server}")
        with _ended_like_an_interrupt():
            result = probe_cluster(plan, reader, ApiPods(reader), image, denied, Patience(seconds), report, working)
        if result is not None:
            if result.removed:
                say(f"removed {say_count(result.removed, 'pod')} of an earlier run")
            _print(result, form)
    except ClusterError as error:
        report.add(error.diagnostic)
    except PermissionError as error:
        report.add(unreachable_cluster(whole_file("cluster"), str(error)))


def _print_script(
    plan: ProbePlan, image: str | None, denied: int, seconds: int, report: Report, *, strict: bool
) -> None:
    text = script_of(plan, image, denied, seconds, report, strict=strict)
    if text is not None:
        _write(text)


def _print(result: ProbeReport, form: Form) -> None:
    if form == "json":
        text = render_probe_json(result, tool_version=__version__)
    else:
        text = render_probe_text(result) if form == "text" else render_tap(result)
    _write(text)


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _read_duration(text: str) -> int:
    """Seconds. Raises UsageError."""
    parts = _DURATION.fullmatch(text)
    seconds = (
        sum(int(part or 0) * unit for part, unit in zip(parts.groups(), (3600, 60, 1), strict=True)) if parts else 0
    )
    if not seconds:
        raise click.UsageError(f'--timeout "{text}" is not a duration; write 90s, 5m or 1m30s')
    return seconds


@contextmanager
def _ended_like_an_interrupt() -> Iterator[None]:
    """SIGTERM as Ctrl-C: CI ends jobs with it, and pods are taken away on the way out."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
