"""Selectors that no pod of the workloads fits, and jobs and hooks that no row is about or that have a service's labels.

Sources: Kubernetes, "Network Policies": policies select pods by their own labels, never by those of a Service, and a
pod has the rules of every policy that selects it. Helm, "Chart Hooks": a hook runs before or after the release.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.workloads import job_among_service, label_of_service, unlisted_job, unmatched_selector
from egressc.dialects.shapes.places import find_field
from egressc.model.flows import PodClass
from egressc.model.label_classes import example, matches, namespace, select
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import Selector
from egressc.model.workloads import Workload, Workloads
from egressc.resolve.behind import Behind
from egressc.resolve.facts import say_selector
from egressc.resolve.names import NearNames
from egressc.resolve.pods_behind import label_of
from egressc.resolve.resolution import Resolution
from egressc.source import Located

# Labels that the cluster itself gives to the pods of a Job.
_OF_CONTROLLERS: Final = ("batch.kubernetes.io/job-name", "job-name")
# Workloads of one label that are looked at to find the one that a selector may mean.
_MOST_LOOKED_AT: Final = 50


def check_workloads(resolution: Resolution, report: Report) -> None:
    """EG485 and EG486 for selectors that match no pod; EG487 and EG488 for jobs and hooks."""
    known = resolution.pods.known
    if not known.workloads:
        return
    seen = {it.pod.namespace for it in known.workloads} | {it.namespace for it in known.services}
    near = _NearLabels(resolution)
    for entity in resolution.entities:
        if entity in resolution.used and entity not in resolution.spoiled and not entity.is_preset:
            behind = resolution.pods.of(entity)
            if behind is not None and not behind.workloads and (known.is_whole or behind.namespace in seen):
                place = next((it.span_of("selector") for it in entity.statements if it.facts.pods), None)
                name = Located(entity.name, place or entity.place.span)
                said = _Unmatched(name, behind, entity.key, is_service=entity.is_service)
                _report_unmatched(said, known, near, report)
    for baseline in resolution.policies.baselines:
        for policy in baseline.opt_ins:
            home, pods = policy.namespace, policy.pod_selector
            is_known = known.is_whole or home in seen
            if is_known and not any(_has_pods(it, home, pods) for it in known.workloads):
                name = Located(policy.name, policy.origin)
                _report_unmatched(_Unmatched(name, Behind(home, pods, (), ()), policy.id), known, near, report)
    _check_jobs(resolution, known, report)


def _has_pods(workload: Workload, home: str, pods: Selector) -> bool:
    return not workload.is_idle and workload.pod.namespace == home and matches(select(pods), workload.pod.labels)


class _Unmatched(NamedTuple):
    """A selector that no pod of the workloads fits, and the name and key of what has it."""

    name: Located[str]
    behind: Behind
    key: str
    is_service: bool = False


def _report_unmatched(said: _Unmatched, known: Workloads, near: "_NearLabels", report: Report) -> None:
    name, behind, key, is_service = said
    selector = say_selector(behind.pods)
    wanted = dict(behind.pods.match_labels).items()
    for service in known.services:
        if service.namespace == behind.namespace and wanted and wanted <= service.labels.items():
            labels = Label(find_field(service.origin, f"{service.path}metadata.labels"), service.title)
            pods = ", ".join(f"{key}={value}" for key, value in sorted(service.selector.items()))
            report.add(label_of_service(name, selector, labels, pods, key, is_service=is_service))
            return
    found = near.find(behind)
    report.add(unmatched_selector(name, selector, behind.namespace, found, key, is_service=is_service))


class _NearLabels:
    """Workloads by the labels of their pods, to find the one that a selector may mean.

    That is none that another service or destination selects, and no pod that a controller makes.
    """

    def __init__(self, resolution: Resolution) -> None:
        selected = filter(None, (resolution.pods.of(it) for it in resolution.entities))
        self._taken = {id(workload) for it in selected for workload in it.workloads}
        self._by_namespace: dict[str, _Labels] = {}
        for workload in resolution.pods.known.workloads:
            self._by_namespace.setdefault(workload.pod.namespace, _Labels()).add(workload)

    def find(self, behind: Behind) -> tuple[str, Label] | None:
        """The labels of the nearest workload, and its name; None if none is near. Jobs come last.

        Near is one with a value like that of the selector, and the only one with a label of the selector.
        """
        held = self._by_namespace.get(behind.namespace)
        if held is None:
            return None
        wanted = behind.pods.match_labels
        near: list[tuple[bool, int, int, int, Workload]] = []
        for key, value in wanted:
            for rank, label in enumerate(held.alike(key, value)):
                for workload in held.workloads[label][:_MOST_LOOKED_AT]:
                    shared = sum(workload.pod.labels.get(key) == value for key, value in wanted)
                    if shared < len(wanted) and workload.owner is None and not workload.is_idle:
                        near.append((workload.is_job, -shared, rank, len(near), workload))
        for *_, workload in sorted(near):
            own = {key: value for key, value in example(workload.selector).items() if key not in _OF_CONTROLLERS}
            if own and not any(id(it) in self._taken for it in held.having(own)):
                return ", ".join(f"{key}={value}" for key, value in sorted(own.items())), label_of(workload)
        return None


class _Labels:
    """The labels of the pods of one namespace."""

    def __init__(self) -> None:
        self.workloads: dict[tuple[str, str], list[Workload]] = {}
        self._keys: dict[str, list[str]] = {}
        self._near: NearNames | None = None

    def add(self, workload: Workload) -> None:
        for key, value in workload.pod.labels.items():
            held = self.workloads.setdefault((key, value), [])
            if not held:
                self._keys.setdefault(value, []).append(key)
            held.append(workload)

    def having(self, labels: Mapping[str, str]) -> Iterator[Workload]:
        """The workloads whose pods have all of these."""
        fewest = min((self.workloads.get(it, []) for it in labels.items()), key=len)
        return (it for it in fewest if labels.items() <= it.pod.labels.items())

    def alike(self, key: str, value: str) -> list[tuple[str, str]]:
        """Labels that one may stand for, the nearest first: itself, or else those with a value like its own."""
        if (same := self.workloads.get((key, value))) is not None:
            return [(key, value)] if len(same) == 1 else []
        self._near = self._near or NearNames(self._keys)
        longer = sorted(it for it in self._keys if it.startswith(f"{value}-") or (value.startswith(f"{it}-") and it))
        values = dict.fromkeys((value, *self._near.near(value), *longer))
        return [(other, it) for it in values for other in sorted(self._keys.get(it, ()), key=lambda it: it != key)]


def _check_jobs(resolution: Resolution, known: Workloads, report: Report) -> None:
    services = resolution.policies.services
    index = ClassIndex((PodClass(namespace(it.namespace), select(it.pod_selector)), it) for it in services)
    homes = {it.namespace for it in services}
    opt_ins = [it for held in resolution.policies.baselines for it in held.opt_ins]
    opted = ClassIndex((PodClass(namespace(it.namespace), select(it.pod_selector)), it) for it in opt_ins)
    entities = {it.id: it for it in resolution.entities if it.is_service}
    for job in _jobs(known):
        pod = job.pod
        if pod.namespace not in homes:
            continue
        place = label_of(job).span
        covering = [entities[it.id] for _, it in index.holding(pod.namespace, pod.place(), pod.labels)]
        if not covering and not any(opted.holding(pod.namespace, pod.place(), pod.labels)):
            report.add(unlisted_job(place, pod.title, pod.namespace, pod.name))
        for entity in covering:
            behind = resolution.pods.of(entity)
            if behind is not None and not all(it.is_job for it in behind.workloads):
                report.add(job_among_service(place, pod.title, entity.place, entity.key))


def _jobs(known: Workloads) -> Iterator[Workload]:
    """Those that nothing in the manifests makes."""
    return (it for it in known.workloads if it.is_job and it.owner is None)
