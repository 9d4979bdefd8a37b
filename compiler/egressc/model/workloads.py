"""What runs in a cluster, as manifests or the cluster itself say: workloads with their pods, and Services before them.

Source: ServiceSpec (core/v1): targetPort is the port where it is left out, and a name stands for a port of each pod. A
Service without a selector has no pods of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from egressc.model.flows import Pod, PodClass
from egressc.model.label_classes import Labels, namespace, select
from egressc.model.policy import Port, Selector
from egressc.model.requirements import ServicePort
from egressc.source import NOWHERE, Located, Span


@dataclass(frozen=True, slots=True)
class WorkloadFiles:
    """Files of manifests; `namespace`: of objects that name none, or empty."""

    files: Located[str]
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """A Pod or a controller, and the pod that it describes.

    `selector`: the labels by which a controller knows its pods; those of the pod itself where nothing selects it.
    `ports`: what the containers say they listen on. `owner`: kind, namespace and name of the controller that made it.
    `is_idle`: a ReplicaSet that is to have no pods, as a Deployment keeps of earlier versions. `hook`: when Helm or
    Argo CD runs it, as its annotation says; empty for one of a release.
    """

    pod: Pod
    selector: Labels
    ports: tuple[Port, ...]
    owner: tuple[str, str, str] | None
    is_idle: bool
    origin: Span
    path: str
    hook: str = ""

    @property
    def is_job(self) -> bool:
        """Whether its pods run once, at their time. Those of `helm test` do so to try the connections of a service."""
        events = [it.strip() for it in self.hook.split(",") if it.strip()]
        is_test = bool(events) and all(it.startswith("test") or it == "Skip" for it in events)
        return not is_test and (bool(events) or self.pod.kind in ("CronJob", "Job"))


@dataclass(frozen=True, slots=True)
class Service:
    """One Service in front of pods of its namespace; a pod port may be a name. `addresses` are its own in the cluster.

    `is_headless`: it has none, and its name stands for the pods themselves. `labels` are those of the object, which
    no policy sees.
    """

    namespace: str
    name: str
    selector: Mapping[str, str]
    ports: tuple[ServicePort, ...]
    addresses: tuple[str, ...]
    is_headless: bool
    labels: Mapping[str, str] = field(default_factory=dict)
    origin: Span = NOWHERE
    path: str = ""

    @property
    def title(self) -> str:
        return f"Service {self.namespace}/{self.name}"

    @property
    def pods(self) -> PodClass:
        """The pods behind it."""
        return PodClass(namespace(self.namespace), select(Selector(tuple(sorted(self.selector.items())))))

    def selects(self, pod: Pod) -> bool:
        return pod.namespace == self.namespace and self.selector.items() <= pod.labels.items()


def offered_to(pod: Pod, services: Iterable[Service]) -> tuple[ServicePort, ...]:
    """The ports of Services in front of a pod; names that the pod gives to its ports are looked up."""
    numbers = {(name, protocol): number for name, protocol, number in pod.ports}
    found: list[ServicePort] = []
    for service in services:
        if service.selects(pod):
            for entry in service.ports:
                target, protocol = entry.pod.port, entry.pod.protocol
                known = numbers.get((target, protocol), target) if isinstance(target, str) else target
                found.append(ServicePort(entry.service, Port(protocol, known)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Workloads:
    """All that was read of them. `is_whole`: it is all that the cluster has, not what some files hold.

    `namespaces`: the labels of those that have a manifest.
    """

    workloads: tuple[Workload, ...] = ()
    services: tuple[Service, ...] = ()
    is_whole: bool = False
    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NO_WORKLOADS: Final = Workloads()
