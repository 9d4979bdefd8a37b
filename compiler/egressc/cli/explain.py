"""`egressc explain`: whether one connection is allowed, and what decides it, down to the row."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from egressc import __version__
from egressc.cli import ERRORS, OK
from egressc.cli.ends import Asked, End, Ends, read_question
from egressc.cli.extra_rules import extra_rules_of
from egressc.cli.manifests import manifests_option, read_sources
from egressc.cli.packing import packed
from egressc.cli.progress import working
from egressc.cli.rendering import helm_option, render_services
from egressc.cli.reporting import Reporting, publish, say
from egressc.cli.workspace import Compiled, compile_project, no_collection, open_names, project_options
from egressc.diagnostics.core import Report
from egressc.renderers.excerpts import printable
from egressc.source import Span

if TYPE_CHECKING:
    from egressc.model.policy import Port, Protocol
    from egressc.verify.explanation.explain import Explainer, Explanation, Question, Step
    from egressc.verify.manifests.reader import Manifests

SHAPE_VERSION = 1


@click.command("explain", short_help="Whether one connection is allowed, and why.")
@click.argument("question")
@manifests_option
@helm_option
@project_options
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the answer."
)
def command(
    question: str, manifests: tuple[Path, ...], helm: str | None, project: Path | None, format: Literal["text", "json"]
) -> int:
    """Explain whether a connection is allowed: `egressc explain 'ai-service -> redis:6379'`.

    An end is the name of a service or destination, pod:NAMESPACE/label=value,..., an IP address, or, as a
    destination, host:NAME, which with --manifests may be the name of a Service. A port is TCP unless /udp or /sctp follows; without one, every port that the destination
    listens on is looked at.

    What is asked are the policies that Helm renders from the values files; with --manifests the policies in these,
    which may hold ingress policies, namespaces and pods. Exits with 0 where the connection is allowed, with 1 where
    it is denied.
    """
    if manifests and helm is not None:
        raise click.UsageError("--helm says what renders, and with --manifests nothing is rendered")
    asked = read_question(question)
    report = Report()
    answers: list[Explanation] = []
    with no_collection():
        with working("compiling"):
            compiled = compile_project(project, report)
        if compiled is not None:
            report = Report()
            read = _read(compiled, manifests, helm, report)
            if not report.has_errors:
                explainer, ends = _prepare(compiled, read, report)
                source, destination = ends.source(asked.source), ends.destination(asked.destination)
                title = f"{asked.source} -> {asked.destination}"
                listed = destination.ports or ends.asked_ports(asked.source, asked.destination)
                for port, protocol in _ports(listed, asked):
                    answers.append(_ask(explainer, ends, source, destination, protocol, port))
                _print(title, answers, [source.note, destination.note], format)
    status = publish(report, Reporting("text", None, False), (project or Path()).parent)
    return status or (OK if answers and all(answer.allowed for answer in answers) else ERRORS)


def _read(compiled: Compiled, paths: tuple[Path, ...], helm: str | None, report: Report) -> "Manifests":
    from egressc.verify.manifests.reader import read_manifests

    if paths:
        return read_manifests(packed(read_sources(paths, report)), report)
    late = len(compiled.plan.new) + len(compiled.plan.changed)
    if late:
        say(f"{compiled.folder.name}: not up to date, taken as found; see `egressc check`")
    ids = [service.id for service in compiled.policies.services]
    return read_manifests(packed(render_services(compiled, ids, helm, report)), report)


def _prepare(compiled: Compiled, read: "Manifests", report: Report) -> "tuple[Explainer, Ends]":
    from egressc.verify.explanation.ends import Surroundings
    from egressc.verify.explanation.explain import Explainer
    from egressc.verify.intent.extras import intend_all

    services = compiled.policies.services
    extras = extra_rules_of(compiled, [service.id for service in services], report)
    intended = intend_all(compiled.policies, extras, report) or ()
    dns = {service.id: service.dns for service in services}
    label = compiled.workspace.project.cluster.namespace_key
    around = Surroundings(label, read.namespaces, read.pods, read.services)
    explainer = Explainer(intended, read.policies, read.namespaces, dns, _ValuesPlaces(compiled))
    return explainer, Ends(compiled, open_names(compiled), around)


class _ValuesPlaces:
    """Places in the values files as they stand."""

    def __init__(self, compiled: Compiled) -> None:
        self._files = compiled.folder.files

    def __call__(self, service: str, path: str) -> Span | None:
        from egressc.tables.yaml import key_span_at, read_yaml

        source = self._files.get(f"{service}.yaml")
        node = read_yaml(source, Report()) if source is not None else None
        return key_span_at(node, tuple(path.split("."))) if node is not None else None


def _ports(listed: "Iterable[Port]", asked: Asked) -> "Iterator[tuple[int, Protocol]]":
    """The ports to look at. `listed` are those of the destination: all of them, or what tells the protocol."""
    from egressc.model.policy import Protocol

    numbers = [(it.port, it.protocol) for it in listed if isinstance(it.port, int)]
    if asked.port is None:
        if not numbers:
            name = asked.destination
            raise click.UsageError(f'no port is known of "{name}"; write one, as in "{name}:443"')
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
    from egressc.verify.explanation.explain import Question

    answers = [
        explainer.explain(
            Question(one, other, protocol, port, (*destination.offered, *ends.offered_by_services(other)))
        )
        for one in source.found
        for other in destination.found
    ]
    return next((answer for answer in answers if not answer.allowed), answers[0])


def _print(title: str, answers: "Iterable[Explanation]", notes: list[str], form: str) -> None:
    held = [note for note in dict.fromkeys(notes) if note]
    if form == "json":
        text = json.dumps(_document(answers, held), indent=2) + "\n"
    else:
        text = "\n".join("".join(f"{line}\n" for line in _lines(title, answer, held)) for answer in answers)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))


def _lines(title: str, answer: "Explanation", notes: list[str]) -> Iterator[str]:
    from egressc.verify.flows.words import say_end

    question = answer.question
    verdict = "allowed" if answer.allowed else "denied"
    yield f"{verdict}: {printable(title)} on {question.port}/{question.protocol}"
    rows = [("from", say_end(question.source)), ("to", say_end(question.destination))]
    steps = [*answer.steps, *([answer.nearest] if answer.nearest else [])]
    rows += [(step.kind, f"{step.text}{f'  ({step.place})' if step.place else ''}") for step in steps]
    rows += [("cause", cause.text) for cause in answer.causes]
    rows += [("repair", answer.repair)] if answer.repair else []
    rows += [("approximate", reason) for reason in answer.approximate]
    rows += [("note", note) for note in notes]
    width = max(len(kind) for kind, _ in rows)
    for kind, text in rows:
        yield f"  {kind:<{width}}  {printable(text)}"


def _document(answers: "Iterable[Explanation]", notes: list[str]) -> dict[str, object]:
    laid = [_answer(answer) for answer in answers]
    return {
        "version": SHAPE_VERSION,
        "tool": {"name": "egressc", "version": __version__},
        "allowed": all(answer["allowed"] for answer in laid),
        "notes": notes,
        "answers": laid,
    }


def _answer(answer: "Explanation") -> dict[str, object]:
    return {
        "allowed": answer.allowed,
        **_question(answer.question),
        "chain": [_step(step) for step in answer.steps],
        "nearest": _step(answer.nearest) if answer.nearest else None,
        "causes": [{"kind": it.kind, "text": it.text, "repair": it.repair} for it in answer.causes],
        "repair": answer.repair,
        "approximate": [str(reason) for reason in answer.approximate],
    }


def _question(question: "Question") -> dict[str, object]:
    from egressc.verify.flows.words import say_end

    return {
        "source": say_end(question.source),
        "destination": say_end(question.destination),
        "protocol": str(question.protocol),
        "port": question.port,
    }


def _step(step: "Step") -> dict[str, object]:
    place: dict[str, object] = {}
    if step.place is not None:
        line, column = step.place.source.position(step.place.start)
        place = {"path": step.place.source.name, "line": line, "column": column}
    return {"kind": step.kind, "text": step.text, "location": place or None}
