"""`egressc probe`: try a service's connections for real, from a pod like its own and from one without its policy."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, Literal

import click

from egressc.cli.completion import complete_service
from egressc.cli.environments import in_one_environment
from egressc.cli.options import cluster_options, format_option, project_options
from egressc.cli.progress import working
from egressc.cli.reporting import Reporting, deliver, publish, say
from egressc.cluster.objects import Access
from egressc.diagnostics.core import Report
from egressc.probe.plan import plan_probe, read_named
from egressc.probe.texts import Form, ProbeSettings, probe_text, read_duration
from egressc.project.compiling import compile_quietly, is_fresh
from egressc.project.picking import pick_services

_MOST_DENIED: Final = 200


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
@format_option("tap", "text", "json", help="Format of the result.")
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
    format: Literal["tap", "text", "json"],
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
    form: Form = "script" if script else "values" if values else format
    settings = ProbeSettings(image, denied, read_duration(timeout), strict)
    report = Report()
    fresh = True
    with working("compiling"):
        compiled = compile_quietly(project, report, keep_sources=True, environment=environment)
    if compiled is not None and (fresh := is_fresh(compiled, report)):
        (service_id,) = pick_services(compiled, [service])
        plan = plan_probe(compiled, service_id, named, report)
        if plan is not None:
            with _ended_like_an_interrupt():
                deliver(probe_text(plan, settings, form, access, report, working, say), None)
    return publish(report, project, Reporting(strict=strict), is_late=not fresh)


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
