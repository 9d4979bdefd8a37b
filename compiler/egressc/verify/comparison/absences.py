"""What policies speak of and the cluster does not have: pods, namespaces, labels of namespaces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from egressc.diagnostics import live
from egressc.diagnostics.core import Diagnostic, Report
from egressc.model.flows import Pod, PodClass, Policy, Rule
from egressc.model.label_classes import NAMESPACE_NAME, Labels, matches, only_name
from egressc.source import Span
from egressc.verify.flows.words import say_namespaces, say_pods
from egressc.verify.intent.table import is_dns_rule

Namespaces = Mapping[str, Mapping[str, str]]


class _AskedLabels(NamedTuple):
    policy: Policy
    rule: Rule
    peer: PodClass


def report_absences(
    intended: Sequence[Policy], namespaces: Namespaces | None, pods: Sequence[Pod] | None, report: Report
) -> None:
    """EG649 to EG651: each once, at the first row that asks. None: that part of the cluster is not known.

    `intended` are policies of the sources: named by service, their rules by destination.
    """
    if pods is not None:
        _report_idle_services(intended, pods, report)
    if namespaces is None:
        return
    for asked, others in _peers(intended):
        homes = [
            name
            for name, labels in namespaces.items()
            if matches(asked.peer.namespaces, {**labels, NAMESPACE_NAME: name})
        ]
        if not homes:
            _report_no_namespace(asked, others, report)
        elif pods is not None and not any(_holds(asked.peer, pod, namespaces) for pod in pods):
            lack = (
                f"there are no {say_pods(asked.peer.pods).removeprefix('all ')} {say_namespaces(asked.peer.namespaces)}"
            )
            report.add(_missing(asked, lack, others))


def _report_idle_services(intended: Iterable[Policy], pods: Sequence[Pod], report: Report) -> None:
    homes: dict[str, list[Pod]] = {}
    for pod in pods:
        homes.setdefault(pod.namespace, []).append(pod)
    for policy in intended:
        if not any(matches(policy.subject.pods, pod.labels) for pod in homes.get(policy.namespace, ())):
            words = f"{say_pods(policy.subject.pods)} {say_namespaces(policy.subject.namespaces)}"
            report.add(live.no_pods(policy.origin, words, service=policy.name))


def _peers(intended: Iterable[Policy]) -> Iterator[tuple[_AskedLabels, int]]:
    """Each class of pods that rules name, where it is asked for first, and how many more services ask for it."""
    found: dict[PodClass, tuple[_AskedLabels, set[str]]] = {}
    for policy in intended:
        for _, rule in policy.every_rule():
            for peer in rule.pods:
                first = found.setdefault(peer, (_AskedLabels(policy, rule, peer), set()))
                first[1].add(policy.name)
    for asked, services in found.values():
        yield asked, len(services) - 1


def _report_no_namespace(asked: _AskedLabels, others: int, report: Report) -> None:
    name = only_name(asked.peer.namespaces)
    rest: Labels = frozenset(pair for pair in asked.peer.namespaces if pair[0] != NAMESPACE_NAME)
    if name is not None and not rest:
        report.add(_missing(asked, f'there is no namespace "{name}"', others))
        return
    words = say_namespaces(asked.peer.namespaces)
    report.add(live.unlabelled_namespace(_place(asked), _destination(asked), words, service=asked.policy.name))


def _missing(asked: _AskedLabels, lack: str, others: int) -> Diagnostic:
    return live.missing_destination(_place(asked), _destination(asked), lack, service=asked.policy.name, others=others)


def _place(asked: _AskedLabels) -> Span:
    return asked.rule.origins[0] if asked.rule.origins else asked.policy.origin


def _destination(asked: _AskedLabels) -> str:
    return "DNS" if is_dns_rule(asked.rule) else asked.rule.name


def _holds(peer: PodClass, pod: Pod, namespaces: Namespaces) -> bool:
    place = {**namespaces.get(pod.namespace, {}), NAMESPACE_NAME: pod.namespace}
    return matches(peer.pods, pod.labels) and matches(peer.namespaces, place)
