"""Pods on the host's network that the table speaks of: a network plugin mostly takes such a pod for its node.

Source: the Kubernetes documentation, "Network Policies": what becomes of hostNetwork pods is left to the plugin.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from egressc.diagnostics import proof
from egressc.diagnostics.core import Label, Report
from egressc.dialects.shapes.places import find_field
from egressc.model.flows import Direction, PodClass, Policy, Rule
from egressc.model.pod_classes import ClassIndex
from egressc.model.workloads import Workload
from egressc.verify.manifests.reader import Manifests
from egressc.verify.manifests.workloads import host_network_path


class _Asking(NamedTuple):
    policy: Policy
    direction: Direction
    rule: Rule

    @property
    def name(self) -> tuple[str, Direction, int]:
        return self.policy.name, self.direction, self.rule.index


def report_host_pods(intended: Sequence[Policy], manifests: Manifests, report: Report) -> int:
    """EG633 for each workload that is a service or a destination of one; how many rules depend on such pods."""
    on_host = [it for it in manifests.workloads if it.pod.is_on_host_network]
    if not on_host:
        return 0
    subjects = ClassIndex((policy.subject, policy) for policy in intended)
    peers = ClassIndex(_peers(intended))
    depending: set[tuple[str, Direction, int]] = set()
    for workload in on_host:
        pod = workload.pod
        services = [policy for _, policy in subjects.holding(pod.namespace, pod.place(), pod.labels)]
        asking = [it for _, it in peers.holding(pod.namespace, pod.place(), pod.labels)]
        depending |= {_Asking(policy, *it).name for policy in services for it in policy.every_rule()}
        depending |= {it.name for it in asking}
        if services or asking:
            _report(workload, services, asking, report)
    return len(depending)


def _peers(intended: Iterable[Policy]) -> Iterator[tuple[PodClass, _Asking]]:
    for policy in intended:
        for direction, rule in policy.every_rule():
            for peer in rule.pods:
                yield peer, _Asking(policy, direction, rule)


def _report(workload: Workload, services: Sequence[Policy], asking: Sequence[_Asking], report: Report) -> None:
    """At its service, else at the first row that asks for it: one finding for each workload."""
    place = find_field(workload.origin, workload.path + host_network_path(workload.pod.kind))
    if services:
        related = tuple(Label(policy.origin, "its policy may not apply") for policy in services[:1])
    else:
        origins = [origin for it in asking for origin in it.rule.origins]
        related = tuple(Label(origin, "this row may not reach it") for origin in origins[:1])
    service = services[0].name if services else asking[0].policy.name
    report.add(proof.host_network_pod(place, workload.pod.title, related, service=service, is_service=bool(services)))
