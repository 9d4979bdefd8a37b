"""Services out of manifests: which ports clients use, and which ports of the pods behind them policy sees.

Source: ServiceSpec (core/v1): targetPort is the port where it is left out, and a name stands for a port of each pod. A
Service without a selector has no pods of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, sequence, shown, text
from egressc.dialects.shapes.selectors import read_labels
from egressc.model.flows import Pod, PodClass
from egressc.model.label_classes import namespace, select
from egressc.model.policy import Port, Protocol, Selector
from egressc.model.requirements import ServicePort

_HEADLESS = "None"
_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}


@dataclass(frozen=True, slots=True)
class Service:
    """One Service in front of pods of its namespace; a pod port may be a name. `addresses` are its own in the cluster.

    `is_headless`: it has none, and its name stands for the pods themselves.
    """

    namespace: str
    name: str
    selector: Mapping[str, str]
    ports: tuple[ServicePort, ...]
    addresses: tuple[str, ...]
    is_headless: bool

    @property
    def pods(self) -> PodClass:
        """The pods behind it."""
        return PodClass(namespace(self.namespace), select(Selector(tuple(sorted(self.selector.items())))))

    def selects(self, pod: Pod) -> bool:
        return pod.namespace == self.namespace and self.selector.items() <= pod.labels.items()


def read_service(manifest: Object, home: str, problems: Problems) -> Service | None:
    """The Service of a manifest in the namespace `home`; None without a selector."""
    spec = mapping(manifest, "spec", "", problems) or {}
    selector = read_labels(mapping(spec, "selector", "spec", problems) or {}, "spec.selector", problems)
    if not selector:
        return None
    name = text(mapping(manifest, "metadata", "", problems) or {}, "name", "metadata", problems) or ""
    entries = enumerate(sequence(spec, "ports", "spec", problems) or ())
    read = (_read_port(item(value, f"spec.ports[{i}]", problems), f"spec.ports[{i}]", problems) for i, value in entries)
    addresses = _read_addresses(spec, problems)
    return Service(
        home, name, selector, tuple(port for port in read if port is not None), addresses, addresses == (_HEADLESS,)
    )


def _read_addresses(spec: Object, problems: Problems) -> tuple[str, ...]:
    several = sequence(spec, "clusterIPs", "spec", problems) or [text(spec, "clusterIP", "spec", problems)]
    return tuple(address for address in several if isinstance(address, str) and address)


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


def _read_port(entry: Object, path: str, problems: Problems) -> ServicePort | None:
    number = entry.get("port")
    target = entry.get("targetPort") or number
    protocol = _PROTOCOLS.get(text(entry, "protocol", path, problems) or Protocol.TCP.value)
    if not isinstance(number, int) or not isinstance(target, int | str) or protocol is None:
        problems.add(path, f"{shown(number)} to {shown(target)} is not a port of a Service")
        return None
    return ServicePort(number, Port(protocol, target))
