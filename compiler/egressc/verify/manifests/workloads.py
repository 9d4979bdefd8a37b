"""Pods out of manifests: their labels and the names they give to ports.

Source: PodSpec (core/v1). Ports of init containers count when they run beside the others (restartPolicy Always).
"""

from typing import Any

from egressc.model.flows import Pod
from egressc.model.policy import Protocol
from egressc.verify.manifests.fields import Object, Problems, field_path, item, mapping, sequence, text
from egressc.verify.manifests.selectors import read_labels

_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}


def host_network_path(kind: str) -> str:
    """Where a Pod or a controller says that its pods are on the host's network."""
    return ".".join((*_template_path(kind), "spec", "hostNetwork"))


def read_workload(kind: str, manifest: Object, home: str, name: str, problems: Problems) -> Pod:
    """The pod that a Pod or a controller describes, in the namespace `home`."""
    path, pod = "", manifest
    for step in _template_path(kind):
        pod, path = mapping(pod, step, path, problems) or {}, field_path(path, step)
    metadata = mapping(pod, "metadata", path, problems) or {}
    spec = mapping(pod, "spec", path, problems) or {}
    of_metadata, of_spec = field_path(path, "metadata"), field_path(path, "spec")
    labels = read_labels(mapping(metadata, "labels", of_metadata, problems) or {}, f"{of_metadata}.labels", problems)
    return Pod(
        namespace=home,
        labels=labels,
        name=name,
        ports=tuple(_read_ports(spec, of_spec, problems)),
        is_on_host_network=spec.get("hostNetwork") is True,
    )


def _template_path(kind: str) -> tuple[str, ...]:
    match kind:
        case "Pod":
            return ()
        case "CronJob":
            return ("spec", "jobTemplate", "spec", "template")
        case _:
            return ("spec", "template")


def _read_ports(spec: Object, path: str, problems: Problems) -> list[tuple[str, Protocol, int]]:
    containers = [item(value, path, problems) for value in sequence(spec, "containers", path, problems) or ()]
    for value in sequence(spec, "initContainers", path, problems) or ():
        container = item(value, path, problems)
        if container.get("restartPolicy") == "Always":
            containers.append(container)
    found: list[tuple[str, Protocol, int]] = []
    for container in containers:
        for value in sequence(container, "ports", f"{path}.containers", problems) or ():
            port = item(value, f"{path}.containers.ports", problems)
            number: Any = port.get("containerPort")
            name = text(port, "name", f"{path}.containers.ports", problems)
            protocol = _PROTOCOLS.get(text(port, "protocol", f"{path}.containers.ports", problems) or "TCP")
            if name and protocol is not None and isinstance(number, int):
                found.append((name, protocol, number))
    return found
