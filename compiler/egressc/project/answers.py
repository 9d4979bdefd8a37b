"""Answers to a question about one connection: each end may be several, and each destination has ports."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.files.folder import FILE_LIMIT
from egressc.files.reading import read_bounded
from egressc.model.flows import Endpoint, Pod
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import PolicySet, Port, Protocol
from egressc.project.extra_rules import read_found
from egressc.project.hosts import read_host
from egressc.project.manifests import ManifestFiles, read_manifests_at
from egressc.project.proving import ProofSides, read_rendered
from egressc.project.questions import AskedConnection, Ends, QuestionEnd, is_address
from egressc.project.usage import UnknownName, UsageProblem
from egressc.project.workspace import Workspace
from egressc.resolve.resolution import NameBook
from egressc.source import Source, Span
from egressc.tables.yaml import key_span_at, read_yaml
from egressc.verify.explanation.answers import Explanation, Question
from egressc.verify.explanation.ends import Surroundings
from egressc.verify.explanation.explain import COMPILE_AGAIN, INSTALL_AGAIN, Explainer
from egressc.verify.explanation.fronts import Offer
from egressc.verify.explanation.lookups import lookup_cause
from egressc.verify.intent.extras import intend_all
from egressc.verify.intent.table import intend_denials
from egressc.verify.listing.connectivity import supposed_namespaces
from egressc.verify.listing.workloads import merge_workloads
from egressc.verify.manifests.reader import Manifests

Titled = tuple[str, Explanation]
"""A question in words, and its answer."""


class Answers(NamedTuple):
    """The answer for each destination on each of its ports, and what had to be assumed."""

    titled: list[Titled]
    notes: list[str]

    @property
    def are_allowed(self) -> bool:
        return bool(self.titled) and all(answer.allowed for _, answer in self.titled)


def answer_from_manifests(files: ManifestFiles, asked: AskedConnection, report: Report) -> Answers | None:
    """The answer out of manifests alone; None once errors are reported. Raises UsageProblem."""
    read = read_manifests_at(files, report)
    if report.has_errors:
        return None
    explainer = Explainer((), read.policies, read.namespaces, PolicySet(()), lambda service, path: None)
    found = answer_all(explainer, Ends(surroundings_of(read, NAMESPACE_NAME)), asked)
    return Answers(found.titled, [*found.notes, *suppositions(read, found.titled)])


def answer_from_project(
    workspace: Workspace,
    names: NameBook,
    sides: ProofSides,
    asked: AskedConnection,
    report: Report,
    *,
    is_rendered: bool,
) -> Answers | None:
    """The answer by what is rendered, or by manifests from elsewhere; None once errors are reported. UsageProblem."""
    read = read_rendered(sides, report)
    if report.has_errors:
        return None
    return answer_all(*prepare_answers(workspace, names, sides, read, report, is_rendered=is_rendered), asked)


def suppositions(read: Manifests, answers: list[Titled]) -> list[str]:
    ends = [end for _, answer in answers for end in (answer.question.source, answer.question.destination)]
    pods = [end for end in ends if isinstance(end, Pod)]
    return [
        f"no manifest has the namespace {name}: assumed to have no label except its name"
        for name in supposed_namespaces(read.policies, pods, read.namespaces)
    ]


def surroundings_of(read: Manifests, namespace_label: str) -> Surroundings:
    workloads = merge_workloads(read.workloads, read.policies)
    names_hosts = any(rule.addresses.names_hosts for policy in read.policies for rule in policy.egress or ())
    return Surroundings(namespace_label, read.namespaces, workloads, read.services, names_hosts)


def prepare_answers(
    workspace: Workspace, names: NameBook, sides: ProofSides, read: Manifests, report: Report, *, is_rendered: bool
) -> tuple[Explainer, Ends]:
    intended = intend_all(sides.policies, read_found(sides.extras, report), report) or ()
    cluster = workspace.project.cluster
    if is_rendered:  # manifests from elsewhere show what runs beside them
        beside = names.workloads
        read = replace(
            read,
            workloads=(*read.workloads, *beside.workloads),
            services=(*read.services, *beside.services),
        )
    around = surroundings_of(read.with_namespaces(sides.others.namespaces), cluster.namespace_key)
    update = COMPILE_AGAIN if is_rendered else INSTALL_AGAIN
    denied = (*intend_denials(sides.policies), *sides.guardrails)
    asked, others = sides.policies, sides.others
    namespaces = {**others.namespaces, **read.namespaces}
    off = {id: it.place for id, it in sides.off.items()}
    explainer = Explainer(
        intended, read.policies, namespaces, asked, _ValuesPlaces(workspace), update, denied, others.policies, off
    )
    return explainer, Ends(around, asked, names, sees_services=cluster.before_translation)


class _ValuesPlaces:
    """Places in the values files as they stand; read when they are asked for, of a fleet one or two are."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, service: str, path: str) -> Span | None:
        name = f"{self._workspace.project.values}/{service}.yaml"
        try:
            text = read_bounded(self._workspace.folder / name, FILE_LIMIT, follow=False).decode()
        except (OSError, UnicodeDecodeError):
            return None
        node = read_yaml(Source(name, text), Report())
        return key_span_at(node, tuple(path.split("."))) if node is not None else None


def answer_all(explainer: Explainer, ends: Ends, asked: AskedConnection) -> Answers:
    """All answers to a question. Raises UsageProblem for an end that is not known."""
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
    answers = _with_lookup(explainer, ends, asked, source, answers)
    return Answers(answers, [note for note in dict.fromkeys(notes) if note])


def _with_lookup(
    explainer: Explainer, ends: Ends, asked: AskedConnection, source: QuestionEnd, answers: list[Titled]
) -> list[Titled]:
    """The answers, with what keeps a host's name from being looked up as a further cause."""
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


def _ports(listed: Iterable[Port], asked: AskedConnection, name: str) -> Iterator[tuple[int, Protocol]]:
    """The ports to look at. `listed` are those of the destination: all of them, or what tells the protocol."""
    numbers = [(it.port, it.protocol) for it in listed if isinstance(it.port, int)]
    if asked.port is None:
        if not numbers:
            shown = f"[{name}]" if ":" in name and is_address(name) else name
            raise UnknownName(f'the port of "{name}" is unknown; write one, as in "{shown}:443"')
        yield from numbers
    elif asked.protocol is None:
        protocols = {protocol for number, protocol in numbers if number == asked.port}
        yield asked.port, protocols.pop() if len(protocols) == 1 else Protocol.TCP
    else:
        yield asked.port, Protocol(asked.protocol)


def _ask(
    explainer: Explainer, ends: Ends, source: QuestionEnd, destination: QuestionEnd, protocol: Protocol, port: int
) -> Explanation:
    """The answer for all that the names stand for: a denied one before the allowed ones."""
    answers = [
        explainer.explain(replace(question, source_name=source.name, destination_name=destination.name))
        for one in source.found
        for other in ends.reached_at(destination, protocol, port)
        for question in _questions(ends, one, other, destination, protocol, port)
    ]
    denied = next((answer for answer in answers if not answer.allowed), None)
    if denied is not None and destination.behind:
        by_address = _ask(
            explainer, ends, source, replace(destination, found=(destination.behind,), behind=""), protocol, port
        )
        return by_address if by_address.allowed else denied
    return denied or answers[0]


def _questions(
    ends: Ends, one: Endpoint, other: Endpoint, destination: QuestionEnd, protocol: Protocol, port: int
) -> Iterator[Question]:
    """The question as policy sees it: behind a Service it is the pod's port that counts.

    Before translation that is so in ingress alone.
    """
    offers = ends.offers(other, destination)
    if ends.sees_services:
        sent = [it for it in offers if (it.port.service, it.port.pod.protocol) == (port, protocol)]
        pods = [_sent_to(other, it) for it in sent] if isinstance(other, Pod) else []
        yield from (Question(one, pod, protocol, port, front=offer) for pod, offer in pods)
        if not pods:
            yield Question(one, other, protocol, port)
        return
    if destination.front is None:
        yield Question(one, other, protocol, port, offers)
        return
    name = f"{destination.front.namespace}/{destination.front.name}"
    behind = [it for it in offers if it.name == name and (it.port.service, it.port.pod.protocol) == (port, protocol)]
    if not behind:
        raise UsageProblem(f"Service {name} has no port {port}/{protocol}")
    for offer in behind:
        number = offer.port.pod.port
        if not isinstance(number, int):
            raise UsageProblem(
                f'Service {name} forwards {port}/{protocol} to the port "{number}", but no pod of the manifests has it'
            )
        yield Question(one, other, protocol, number, offers, offer)


def _sent_to(pod: Pod, offer: Offer) -> tuple[Pod, Offer]:
    """A pod and the number that a Service sends to: a name that no manifest gives to a port has the Service's."""
    port = offer.port.pod
    if not isinstance(port.port, str):
        return pod, offer
    number = next((n for name, p, n in pod.ports if (name, p) == (port.port, port.protocol)), None)
    if number is None:
        return replace(pod, ports=(*pod.ports, (port.port, port.protocol, offer.port.service))), offer
    return pod, offer._replace(port=replace(offer.port, pod=Port(port.protocol, number)))
