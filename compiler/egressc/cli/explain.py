"""`egressc explain`: whether one connection is allowed, and what decides it, down to the row."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from egressc.cli import ERRORS, OK
from egressc.cli.completion import complete_service
from egressc.cli.ends import Asked, End, Ends, is_address, read_question
from egressc.cli.explanations import Titled, print_answers
from egressc.cli.extra_rules import read_found
from egressc.cli.hosts import read_host
from egressc.cli.manifests import (
    check_manifest_options,
    exclude_option,
    has_project,
    manifests_option,
    namespace_option,
    read_manifests_at,
    require_project,
)
from egressc.cli.progress import working
from egressc.cli.proving import Sides, read_side, take_manifests, take_values
from egressc.cli.rendering import helm_option
from egressc.cli.reporting import Reporting, publish, say
from egressc.cli.workspace import Compiled, Workspace, compile_project, no_collection, project_options
from egressc.diagnostics.core import Report
from egressc.source import Source, Span

if TYPE_CHECKING:
    from egressc.model.flows import Endpoint
    from egressc.model.policy import Port, Protocol
    from egressc.resolve.resolution import NameBook
    from egressc.verify.explanation.answers import Explanation, Question
    from egressc.verify.explanation.ends import Surroundings
    from egressc.verify.explanation.explain import Explainer
    from egressc.verify.manifests.reader import Manifests


@click.command("explain", short_help="Whether one connection is allowed, and why.")
@click.argument(
    "question", nargs=-1, required=True, metavar="SOURCE DESTINATION[:PORT]", shell_complete=complete_service
)
@manifests_option
@exclude_option
@namespace_option
@helm_option
@project_options
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the answer."
)
def command(
    question: tuple[str, ...],
    manifests: tuple[Path, ...],
    exclude: tuple[str, ...],
    namespace: str,
    helm: str | None,
    project: Path | None,
    format: Literal["text", "json"],
) -> int:
    """Explain whether a connection is allowed: `egressc explain ai-service redis:6379`.

    Both ends may be one word in quotes, with an arrow between them: 'ai-service -> redis:6379'.

    An end is the name of a service or destination, pod:NAMESPACE/label=value,..., an IP address, or, as a
    destination, host:NAME. With --manifests it may be a workload, as web, shop/web or shop/deployment/web, or, as a
    destination, a Service. A port is TCP unless /udp or /sctp follows; without one, every port that the destination
    listens on is looked at.

    What is asked are the policies that Helm renders from the values files; with --manifests the policies in these,
    which may hold ingress policies, namespaces and workloads: then no project is needed. Exits with 0 where the
    connection is allowed, with 1 where it is denied.
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
            compiled = compile_project(project, report, trust_written=True, keep_sources=True)
        if compiled is not None:
            report = Report()
            workspace, names = compiled.workspace, compiled.names
            sides = _take_sides(compiled, manifests, namespace, exclude, helm, report)
            del compiled
            read = read_side(sides, report)
            if not report.has_errors:
                explainer, ends = _prepare(workspace, names, sides, read, report, is_rendered=not manifests)
                answers, notes = _answer_all(explainer, ends, asked)
                print_answers(answers, notes, format)
    status = publish(report, Reporting("text", None, False), (project or Path()).parent)
    return status or (OK if answers and all(answer.allowed for _, answer in answers) else ERRORS)


def _explain_manifests(
    asked: Asked, paths: tuple[Path, ...], namespace: str, exclude: tuple[str, ...], form: Literal["text", "json"]
) -> int:
    """The answer out of manifests alone."""
    from egressc.model.label_classes import NAMESPACE_NAME
    from egressc.verify.explanation.explain import Explainer

    report = Report()
    answers: list[Titled] = []
    with no_collection():
        read = read_manifests_at(paths, report, namespace=namespace, exclude=exclude)
        if not report.has_errors:
            explainer = Explainer((), read.policies, read.namespaces, {}, lambda service, path: None)
            answers, notes = _answer_all(explainer, Ends(_surroundings(read, NAMESPACE_NAME)), asked)
            print_answers(answers, [*notes, *_suppositions(read, answers)], form)
    status = publish(report, Reporting("text", None, False), Path())
    return status or (OK if answers and all(answer.allowed for _, answer in answers) else ERRORS)


def _suppositions(read: "Manifests", answers: "list[Titled]") -> list[str]:
    from egressc.model.flows import Pod
    from egressc.verify.listing.connectivity import supposed_namespaces

    ends = [end for _, answer in answers for end in (answer.question.source, answer.question.destination)]
    pods = [end for end in ends if isinstance(end, Pod)]
    return [
        f"no manifest shows the namespace {name}: taken to have no label but its name"
        for name in supposed_namespaces(read.policies, pods, read.namespaces)
    ]


def _surroundings(read: "Manifests", namespace_label: str) -> "Surroundings":
    from egressc.verify.explanation.ends import Surroundings
    from egressc.verify.listing.workloads import merge_workloads

    workloads = merge_workloads(read.workloads, read.policies)
    return Surroundings(namespace_label, read.namespaces, workloads, read.services)


def _take_sides(
    compiled: Compiled,
    paths: tuple[Path, ...],
    namespace: str,
    exclude: tuple[str, ...],
    helm: str | None,
    report: Report,
) -> Sides:
    ids = [service.id for service in compiled.policies.services]
    if paths:
        return take_manifests(compiled, ids, paths, report, namespace=namespace, exclude=exclude)
    late = len(compiled.plan.new) + len(compiled.plan.changed)
    if late:
        say(f"{compiled.folder.name}: not up to date, taken as found; see `egressc check`")
    return take_values(compiled, ids, helm, report)


def _prepare(
    workspace: Workspace, names: "NameBook", sides: Sides, read: "Manifests", report: Report, *, is_rendered: bool
) -> "tuple[Explainer, Ends]":
    from egressc.verify.explanation.explain import COMPILE_AGAIN, INSTALL_AGAIN, Explainer
    from egressc.verify.intent.extras import intend_all
    from egressc.verify.intent.table import intend_denials

    intended = intend_all(sides.policies, read_found(sides.extras, report), report) or ()
    dns = {service.id: service.dns for service in sides.policies.services}
    cluster = workspace.project.cluster
    around = _surroundings(read, cluster.namespace_key)
    update = COMPILE_AGAIN if is_rendered else INSTALL_AGAIN
    denied = intend_denials(sides.policies)
    explainer = Explainer(intended, read.policies, read.namespaces, dns, _ValuesPlaces(workspace), update, denied)
    return explainer, Ends(around, sides.policies.services, names, sees_services=cluster.before_translation)


class _ValuesPlaces:
    """Places in the values files as they stand; read when they are asked for, of a fleet one or two are."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, service: str, path: str) -> Span | None:
        from egressc.files.folder import FILE_LIMIT
        from egressc.files.reading import read_bounded
        from egressc.tables.yaml import key_span_at, read_yaml

        name = f"{self._workspace.project.values}/{service}.yaml"
        try:
            text = read_bounded(self._workspace.folder / name, FILE_LIMIT, follow=False).decode()
        except (OSError, UnicodeDecodeError):
            return None
        node = read_yaml(Source(name, text), Report())
        return key_span_at(node, tuple(path.split("."))) if node is not None else None


def _answer_all(explainer: "Explainer", ends: Ends, asked: Asked) -> "tuple[list[Titled], list[str]]":
    """The answer for each destination on each of its ports, and what had to be assumed."""
    source = ends.source(asked.source)
    targets = ends.destinations(asked.destination)
    if asked.port is not None:
        # Of a group those members that listen there, if any does.
        targets = tuple(it for it in targets if any(port.port == asked.port for port in it.ports)) or targets
    answers: list[Titled] = []
    notes = [source.note]
    for target in targets:
        name = asked.destination if len(targets) == 1 else target.name
        listed = target.ports or ends.asked_ports(asked.source, target)
        for port, protocol in _ports(listed, asked, name):
            answers.append((f"{asked.source} -> {name}", _ask(explainer, ends, source, target, protocol, port)))
        notes.append(target.note)
    return _with_lookup(explainer, ends, asked, source, answers), [note for note in dict.fromkeys(notes) if note]


def _with_lookup(
    explainer: "Explainer", ends: Ends, asked: Asked, source: End, answers: "list[Titled]"
) -> "list[Titled]":
    """The answers, with what keeps a host's name from being looked up as a further cause."""
    from egressc.verify.explanation.lookups import lookup_cause

    dns = ends.dns_of(asked.source)
    if dns is None or read_host(asked.destination) is None:
        return answers
    cause = lookup_cause(explainer, source.found[0], dns, ends.around)
    if cause is None:
        return answers
    return [
        (
            title,
            replace(it, causes=(*it.causes, cause), repair="; and ".join(filter(None, (it.repair, cause.repair)))),
        )
        for title, it in answers
    ]


def _ports(listed: "Iterable[Port]", asked: Asked, name: str) -> "Iterator[tuple[int, Protocol]]":
    """The ports to look at. `listed` are those of the destination: all of them, or what tells the protocol."""
    from egressc.model.policy import Protocol

    numbers = [(it.port, it.protocol) for it in listed if isinstance(it.port, int)]
    if asked.port is None:
        if not numbers:
            shown = f"[{name}]" if ":" in name and is_address(name) else name
            raise click.UsageError(f'no port is known of "{name}"; write one, as in "{shown}:443"')
        yield from numbers
    elif asked.protocol is None:
        protocols = {protocol for number, protocol in numbers if number == asked.port}
        yield asked.port, protocols.pop() if len(protocols) == 1 else Protocol.TCP
    else:
        yield asked.port, Protocol(asked.protocol)


def _ask(
    explainer: "Explainer", ends: Ends, source: End, destination: End, protocol: "Protocol", port: int
) -> "Explanation":
    """The answer for all that the names stand for: a denied one before the allowed ones."""
    answers = [
        explainer.explain(question)
        for one in source.found
        for other in destination.found
        for question in _questions(ends, one, other, destination, protocol, port)
    ]
    return next((answer for answer in answers if not answer.allowed), answers[0])


def _questions(
    ends: Ends, one: "Endpoint", other: "Endpoint", destination: End, protocol: "Protocol", port: int
) -> "Iterator[Question]":
    """The question as policy sees it: behind a Service it is the pod's port that counts."""
    from egressc.verify.explanation.answers import Question

    offers = ends.offers(other, destination)
    if destination.front is None:
        yield Question(one, other, protocol, port, offers)
        return
    name = f"{destination.front.namespace}/{destination.front.name}"
    behind = [it for it in offers if it.name == name and (it.port.service, it.port.pod.protocol) == (port, protocol)]
    if not behind:
        raise click.UsageError(f"Service {name} has no port {port}/{protocol}")
    for offer in behind:
        number = offer.port.pod.port
        if not isinstance(number, int):
            raise click.UsageError(
                f'Service {name} sends {port}/{protocol} on to the port "{number}", and no pod of the manifests has it'
            )
        yield Question(one, other, protocol, number, offers, offer)
