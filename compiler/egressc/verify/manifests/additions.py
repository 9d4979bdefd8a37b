"""What controllers add to the pods that they describe: labels, and ports of containers of their own.

Sources: Kubernetes, "Jobs": the labels with the name of the Job. KubeVirt, pkg/virt-controller/services/template.go:
the labels of virt-launcher pods; without ports, an interface forwards all of them. Knative Serving, pkg/networking and
pkg/reconciler/revision/resources: the labels of a revision's pods, the port of the user's container (8080 unless it
names one) and those of queue-proxy, through which every request comes: 8012 (HTTP/1), 8013 (HTTP/2), 8112 (TLS).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, sequence, text
from egressc.model.policy import Port, Protocol
from egressc.verify.manifests.kinds import KNATIVE_SERVICE

NamedContainerPort = tuple[str, Port]
"""A port with its name, or an empty one."""

_PROTOCOLS: Final = {protocol.value: protocol for protocol in Protocol}
_TCP: Final = Protocol.TCP
_QUEUE_PROXY: Final = (("queue-port", Port(_TCP, 8012)), ("", Port(_TCP, 8013)), ("https-port", Port(_TCP, 8112)))


def added_labels(kind: str, name: str) -> Mapping[str, str]:
    """Labels that the pods of a controller have besides those of its template, as far as its name tells them."""
    match kind:
        case "Job" if name:
            return {"batch.kubernetes.io/job-name": name, "job-name": name}
        case "VirtualMachine" | "VirtualMachineInstance" if name:
            return {"kubevirt.io": "virt-launcher", "vm.kubevirt.io/name": name}
        case "VirtualMachineInstanceReplicaSet":
            return {"kubevirt.io": "virt-launcher"}
        case "KnativeService" if name:
            return {"serving.knative.dev/configuration": name, "serving.knative.dev/service": name}
        case _:
            return {}


def read_ports(kind: str, spec: Object, path: str, problems: Problems) -> list[NamedContainerPort]:
    """The ports that the pods of a workload say they listen on."""
    if kind.startswith("VirtualMachine"):
        domain = mapping(spec, "domain", path, problems) or {}
        devices = mapping(domain, "devices", f"{path}.domain", problems) or {}
        at = f"{path}.domain.devices.interfaces"
        interfaces = sequence(devices, "interfaces", f"{path}.domain.devices", problems) or ()
        entries = (entry for value in interfaces for entry in _entries(item(value, at, problems), at, problems))
        return list(_read(entries, "port", f"{at}.ports", problems))
    found = list(_read(_container_ports(spec, path, problems), "containerPort", f"{path}.containers.ports", problems))
    if kind != KNATIVE_SERVICE:
        return found
    own = [("user-port", port) for _, port in found] or [("user-port", Port(_TCP, 8080))]
    return [*own, *_QUEUE_PROXY]


def _container_ports(spec: Object, path: str, problems: Problems) -> Iterator[Any]:
    containers = [item(value, path, problems) for value in sequence(spec, "containers", path, problems) or ()]
    for value in sequence(spec, "initContainers", path, problems) or ():
        container = item(value, path, problems)
        if container.get("restartPolicy") == "Always":
            containers.append(container)
    for container in containers:
        yield from _entries(container, f"{path}.containers", problems)


def _entries(parent: Object, path: str, problems: Problems) -> list[Any]:
    return sequence(parent, "ports", path, problems) or []


def _read(entries: Iterator[Any], key: str, path: str, problems: Problems) -> Iterator[NamedContainerPort]:
    for value in entries:
        port = item(value, path, problems)
        number: Any = port.get(key)
        name = text(port, "name", path, problems)
        protocol = _PROTOCOLS.get(text(port, "protocol", path, problems) or "TCP")
        if protocol is not None and isinstance(number, int):
            yield name, Port(protocol, number)
