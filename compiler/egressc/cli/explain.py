"""`egressc explain`: whether one connection is allowed, and what decides it, down to the row."""

from pathlib import Path
from typing import Any, Literal

import click

from egressc.cli import ERRORS, OK
from egressc.cli.completion import complete_service
from egressc.cli.environments import in_each_environment
from egressc.cli.options import format_option, helm_option, manifest_options, project_options, workloads_option
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import deliver, publish, say
from egressc.diagnostics.core import Report
from egressc.project.answers import Answers, answer_from_manifests, answer_from_project
from egressc.project.compiling import Compiled, compile_quietly
from egressc.project.manifests import ManifestFiles, has_project, require_project
from egressc.project.picking import pick_services
from egressc.project.proving import ProofSides, take_manifests, take_values
from egressc.project.questions import read_question
from egressc.reports.explanations import lay_out_answers


def _needs_one(options: dict[str, Any]) -> str:
    if options["manifests"]:
        return "--manifests are those of one environment"
    return "JSON is about one environment" if options["format"] == "json" else ""


@click.command("explain")
@in_each_environment(_needs_one, heads=True)
@click.argument(
    "question", nargs=-1, required=True, metavar="SOURCE DESTINATION[:PORT]", shell_complete=complete_service
)
@manifest_options
@helm_option
@workloads_option
@project_options
@format_option("text", "json", help="Format of the answer.")
def command(
    question: tuple[str, ...],
    manifests: ManifestFiles,
    helm: str | None,
    workloads: tuple[str, ...],
    project: Path | None,
    environment: str,
    format: Literal["text", "json"],
) -> int:
    """Explain whether a connection is allowed: `egressc explain ai-service redis:6379`.

    Both ends may be one word in quotes, with an arrow between them: 'ai-service -> redis:6379'.

    An end is the name of a service or destination, pod:NAMESPACE/label=value,..., an IP address, or, as a
    destination, host:NAME. With --manifests it can be a workload, as web, shop/web or shop/deployment/web, or, as a
    destination, a Service. A port is TCP unless /udp or /sctp follows. Without a port, every port that the destination
    listens on is checked.

    Uses the policies that Helm renders from the values files. With --manifests, uses those manifests and needs no
    project. Exit status 0: the connection is allowed; 1: it is denied.
    """
    asked = read_question(" -> ".join(question))
    report = Report()
    answered: Answers | None = None
    if manifests.paths and not has_project(project):
        answered = answer_from_manifests(manifests, asked, report)
    else:
        require_project(project)
        with working("compiling"):
            compiled = compile_quietly(project, report, keep_sources=True, workloads=workloads, environment=environment)
        if compiled is not None:
            sides = _take_sides(compiled, manifests, helm, report)
            workspace, names = compiled.workspace, compiled.names
            del compiled
            answered = answer_from_project(workspace, names, sides, asked, report, is_rendered=not manifests.paths)
    if answered is not None:
        deliver(lay_out_answers(answered, format), None)
    status = publish(report, project)
    return status or (OK if answered is not None and answered.are_allowed else ERRORS)


def _take_sides(compiled: Compiled, manifests: ManifestFiles, helm: str | None, report: Report) -> ProofSides:
    ids = pick_services(compiled, ())
    if manifests.paths:
        return take_manifests(compiled, ids, manifests, report)
    if compiled.plan.new or compiled.plan.changed:
        say(f"{compiled.folder.name}: not up to date, used anyway; see `egressc check`")
    compiled.warn_of_switched_off(ids, report)  # so that "no policy isolates" has its reason beside it
    return take_values(compiled, ids, helm, report, with_progress)
