"""Selectors that no pod of the workloads fits, and jobs and hooks that no row is about or that have a service's labels.

Sources: Kubernetes, "Network Policies": policies select pods by their own labels, never by those of a Service, and a
pod has the rules of every policy that selects it. Helm, "Chart Hooks": a hook runs before or after the release.
"""

from collections.abc import Iterator

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.workloads import job_among_service, label_of_service, unlisted_job, unmatched_selector
from egressc.dialects.shapes.places import find_field
from egressc.model.flows import PodClass
from egressc.model.label_classes import matches, namespace, select
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import Selector
from egressc.model.workloads import Workload, Workloads
from egressc.resolve.facts import say_selector
from egressc.resolve.names import NearNames
from egressc.resolve.pods_behind import Behind, label_of
from egressc.resolve.resolution import Resolution
from egressc.source import Located


def check_workloads(resolution: Resolution, report: Report) -> None:
    """EG485 and EG486 for selectors that match no pod; EG487 and EG488 for jobs and hooks."""
    known = resolution.pods.known
    if not known.workloads:
        return
    seen = {it.pod.namespace for it in known.workloads} | {it.namespace for it in known.services}
    near = _NearLabels(known)
    for entity in resolution.entities:
        if entity in resolution.used and entity not in resolution.spoiled and not entity.is_preset:
            behind = resolution.pods.of(entity)
            if behind is not None and not behind.workloads and (known.is_whole or behind.namespace in seen):
                place = next((it.span_of("selector") for it in entity.statements if it.facts.pods), None)
                name = Located(entity.name, place or entity.place.span)
                _report_unmatched(name, behind, known, near, report, entity.key)
    for baseline in resolution.policies.baselines:
        for policy in baseline.opt_ins:
            home, pods = policy.namespace, policy.pod_selector
            is_known = known.is_whole or home in seen
            if is_known and not any(_has_pods(it, home, pods) for it in known.workloads):
                behind = Behind(home, pods, (), ())
                _report_unmatched(Located(policy.name, policy.origin), behind, known, near, report, policy.id)
    _check_jobs(resolution, known, report)


def _has_pods(workload: Workload, home: str, pods: Selector) -> bool:
    return not workload.is_idle and workload.pod.namespace == home and matches(select(pods), workload.pod.labels)


def _report_unmatched(
    name: Located[str], behind: Behind, known: Workloads, near: "_NearLabels", report: Report, key: str
) -> None:
    selector = say_selector(behind.pods)
    wanted = dict(behind.pods.match_labels).items()
    for service in known.services:
        if service.namespace == behind.namespace and wanted and wanted <= service.labels.items():
            labels = Label(find_field(service.origin, f"{service.path}metadata.labels"), service.title)
            pods = ", ".join(f"{key}={value}" for key, value in sorted(service.selector.items()))
            report.add(label_of_service(name, selector, labels, pods, key))
            return
    said, workload = near.find(behind)
    label = None if workload is None else label_of(workload)
    report.add(unmatched_selector(name, selector, behind.namespace, said, label, key))


class _NearLabels:
    """The labels of pods by namespace, to find the ones that a selector may mean."""

    def __init__(self, known: Workloads) -> None:
        self._by_label: dict[str, dict[str, Workload]] = {}
        self._names: dict[str, NearNames] = {}
        for workload in known.workloads:
            held = self._by_label.setdefault(workload.pod.namespace, {})
            for key, value in workload.pod.labels.items():
                held.setdefault(f"{key}={value}", workload)

    def find(self, behind: Behind) -> tuple[str, Workload | None]:
        """A label in place of the first one that no pod has, and a workload that has it; empty and None if none is."""
        held = self._by_label.get(behind.namespace, {})
        pairs = [(key, f"{key}={value}", value) for key, value in behind.pods.match_labels]
        shared = next((held[pair] for _, pair, _ in pairs if pair in held), None)
        for key, pair, value in pairs:
            if pair in held or not held:
                continue
            names = self._names.setdefault(behind.namespace, NearNames(held))
            if alike := names.near(pair) or [it for it in sorted(held) if it.partition("=")[2] == value]:
                return alike[0], held[alike[0]]
            if shared is not None and key in shared.pod.labels:
                return f"{key}={shared.pod.labels[key]}", shared
        return "", shared


def _check_jobs(resolution: Resolution, known: Workloads, report: Report) -> None:
    services = resolution.policies.services
    index = ClassIndex((PodClass(namespace(it.namespace), select(it.pod_selector)), it) for it in services)
    homes = {it.namespace for it in services}
    entities = {it.id: it for it in resolution.entities if it.is_service}
    for job in _jobs(known):
        pod = job.pod
        if pod.namespace not in homes:
            continue
        place = label_of(job).span
        covering = [entities[it.id] for _, it in index.holding(pod.namespace, pod.place(), pod.labels)]
        if not covering:
            report.add(unlisted_job(place, pod.title, pod.namespace, pod.name))
        for entity in covering:
            behind = resolution.pods.of(entity)
            if behind is not None and not all(it.is_job for it in behind.workloads):
                report.add(job_among_service(place, pod.title, entity.place, entity.key))


def _jobs(known: Workloads) -> Iterator[Workload]:
    """Those that nothing in the manifests makes."""
    return (it for it in known.workloads if it.is_job and it.owner is None)
