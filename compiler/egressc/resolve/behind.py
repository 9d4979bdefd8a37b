"""The pods of workloads that a selector or peers mean, and the Services in front of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from egressc.model.flows import PodClass
from egressc.model.label_classes import matches
from egressc.model.policy import Port, Selector
from egressc.model.ports import sort_ports
from egressc.model.requirements import ServicePort
from egressc.model.workloads import Service, Workload


class Behind(NamedTuple):
    """The pods that a selector means in its namespace, and the Services in front of them.

    The namespace is empty for pods of several: those of the workloads that peers select, and maybe others.
    """

    namespace: str
    pods: Selector
    workloads: tuple[Workload, ...]
    services: tuple[Service, ...]

    def listens_on(self, port: Port) -> bool:
        return any(port in it.ports for it in self.workloads)

    @property
    def declared(self) -> tuple[Port, ...]:
        """The ports that containers name; empty where one of the workloads names none, but for jobs."""
        lasting = [it for it in self.workloads if not it.is_job] or self.workloads
        return sort_ports(port for it in lasting for port in it.ports) if all(it.ports for it in lasting) else ()

    def targets(self, port: Port) -> list[tuple[Service, Port]]:
        """The Services that forward a port, each with the port of the pods that it leads to."""
        offers = [it for it in self._offers() if port == Port(it[1].pod.protocol, it[1].service)]
        return [(service, entry.pod) for service, entry in offers]

    @property
    def offered(self) -> list[ServicePort]:
        """The ports that Services forward."""
        return [entry for _, entry in self._offers()]

    def _offers(self) -> Iterator[tuple[Service, ServicePort]]:
        """Of a headless Service clients reach the pods themselves: it forwards nothing."""
        for service in self.services:
            for entry in () if service.is_headless else service.ports:
                yield service, ServicePort(entry.service, resolve_target(service, entry.pod, self.workloads))


def resolve_target(service: Service, pod_port: Port, workloads: Iterable[Workload]) -> Port:
    """The port of pods that a Service names: by number where all that have the name agree on it, else by name."""
    if not isinstance(pod_port.port, str):
        return pod_port
    wanted = pod_port.port, pod_port.protocol
    each = (port for it in workloads if service.selects(it.pod) for port in it.pod.ports)
    numbers = {number for name, protocol, number in each if (name, protocol) == wanted}
    return replace(pod_port, port=numbers.pop()) if len(numbers) == 1 else pod_port


class Places:
    """The labels of namespaces, as far as manifests show them; `name_keys` hold the name of every namespace."""

    def __init__(self, namespaces: Mapping[str, Mapping[str, str]], name_keys: Iterable[str]) -> None:
        self._namespaces = namespaces
        self._name_keys = frozenset(name_keys)

    def selects(self, peers: Iterable[PodClass], workload: Workload) -> bool | None:
        """Whether peers hold the pods of a workload; None where labels of its namespace tell, which nobody knows."""
        pod = workload.pod
        own = self._namespaces.get(pod.namespace)
        place = {**dict.fromkeys(self._name_keys, pod.namespace), **(own or {})}
        found: bool | None = False
        for peer in peers:
            told = peer.namespaces
            if own is None:
                told = frozenset(label for label in told if label[0] in self._name_keys)
            if matches(peer.pods, pod.labels) and matches(told, place):
                if told == peer.namespaces:
                    return True
                found = None
        return found
