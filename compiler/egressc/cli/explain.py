"""`egressc explain`: whether one connection is allowed, and what decides it, down to the row."""

from pathlib import Path
from typing import Any, Literal

import click

from egressc.cli import ERRORS, OK
from egressc.cli.completion import complete_service
from egressc.cli.environments import in_each_environment
from egressc.cli.options import check_manifest_options, helm_option, manifest_options, project_options, workloads_option
from egressc.cli.process import no_collection
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, deliver, publish, say
from egressc.diagnostics.core import Report
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import PolicySet
from egressc.project.answers import Titled, answer_all, prepare_answers, suppositions, surroundings_of
from egressc.project.compiling import Compiled, compile_quietly
from egressc.project.manifests import has_project, read_manifests_at, require_project
from egressc.project.picking import pick_services
from egressc.project.proving import ProofSides, read_rendered, take_manifests, take_values
from egressc.project.questions import AskedConnection, Ends, read_question
from egressc.reports.explanations import lay_out_answers
from egressc.verify.explanation.explain import Explainer


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
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format of the answer."
)
def command(
    question: tuple[str, ...],
    manifests: tuple[Path, ...],
    exclude: tuple[str, ...],
    namespace: str,
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
    check_manifest_options(manifests, namespace, helm, exclude)
    asked = read_question(" -> ".join(question))
    if manifests and not has_project(project):
        return _explain_manifests(asked, manifests, namespace, exclude, format)
    require_project(project)
    report = Report()
    answers: list[Titled] = []
    with no_collection():
        with working("compiling"):
            compiled = compile_quietly(project, report, keep_sources=True, workloads=workloads, environment=environment)
        if compiled is not None:
            workspace, names = compiled.workspace, compiled.names
            sides = _take_sides(compiled, manifests, namespace, exclude, helm, report)
            del compiled
            read = read_rendered(sides, report)
            if not report.has_errors:
                explainer, ends = prepare_answers(workspace, names, sides, read, report, is_rendered=not manifests)
                answers, notes = answer_all(explainer, ends, asked)
                deliver(lay_out_answers(answers, notes, format), None)
    status = publish(report, Reporting("text", None, False), (project or Path()).parent)
    return status or (OK if answers and all(answer.allowed for _, answer in answers) else ERRORS)


def _explain_manifests(
    asked: AskedConnection,
    paths: tuple[Path, ...],
    namespace: str,
    exclude: tuple[str, ...],
    form: Literal["text", "json"],
) -> int:
    """The answer out of manifests alone."""
    report = Report()
    answers: list[Titled] = []
    with no_collection():
        read = read_manifests_at(paths, report, namespace=namespace, exclude=exclude)
        if not report.has_errors:
            explainer = Explainer((), read.policies, read.namespaces, PolicySet(()), lambda service, path: None)
            answers, notes = answer_all(explainer, Ends(surroundings_of(read, NAMESPACE_NAME)), asked)
            deliver(lay_out_answers(answers, [*notes, *suppositions(read, answers)], form), None)
    status = publish(report, Reporting("text", None, False), Path())
    return status or (OK if answers and all(answer.allowed for _, answer in answers) else ERRORS)


def _take_sides(
    compiled: Compiled,
    paths: tuple[Path, ...],
    namespace: str,
    exclude: tuple[str, ...],
    helm: str | None,
    report: Report,
) -> ProofSides:
    ids = pick_services(compiled, ())
    if paths:
        return take_manifests(compiled, ids, paths, report, namespace=namespace, exclude=exclude)
    late = len(compiled.plan.new) + len(compiled.plan.changed)
    if late:
        say(f"{compiled.folder.name}: not up to date, used anyway; see `egressc check`")
    return take_values(compiled, ids, helm, report, with_progress)
