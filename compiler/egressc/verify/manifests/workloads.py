"""Pods out of manifests: their labels and the names they give to ports.

Source: PodSpec (core/v1). Ports of init containers count when they run beside the others (restartPolicy Always).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from egressc.dialects.shapes.fields import Object, Problems, field_path, item, mapping, sequence, text
from egressc.dialects.shapes.selectors import read_labels, read_pod_selector
from egressc.model.flows import Pod
from egressc.model.label_classes import Labels, select
from egressc.model.policy import Port, Protocol, Selector
from egressc.source import Span

_SELECTING = ("DaemonSet", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet")
_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}


@dataclass(frozen=True, slots=True)
class Workload:
    """A Pod or a controller, and the pod that it describes.

    `selector`: the labels by which a controller knows its pods; those of the pod itself where nothing selects it.
    `ports`: what the containers say they listen on. `owner`: kind, namespace and name of the controller that made it.
    `is_idle`: a ReplicaSet that is to have no pods, as a Deployment keeps of earlier versions.
    """

    pod: Pod
    selector: Labels
    ports: tuple[Port, ...]
    owner: tuple[str, str, str] | None
    is_idle: bool
    origin: Span
    path: str


def host_network_path(kind: str) -> str:
    """Where a Pod or a controller says that its pods are on the host's network."""
    return ".".join((*_template_path(kind), "spec", "hostNetwork"))


def read_workload(
    kind: str, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
) -> Workload:
    """A Pod or a controller, in the namespace `home`; `origin` and `path` say where its manifest stands."""
    inside, pod = "", manifest
    for step in _template_path(kind):
        pod, inside = mapping(pod, step, inside, problems) or {}, field_path(inside, step)
    metadata = mapping(pod, "metadata", inside, problems) or {}
    spec = mapping(pod, "spec", inside, problems) or {}
    of_metadata, of_spec = field_path(inside, "metadata"), field_path(inside, "spec")
    labels = read_labels(mapping(metadata, "labels", of_metadata, problems) or {}, f"{of_metadata}.labels", problems)
    ports = tuple(_read_ports(spec, of_spec, problems))
    described = Pod(
        namespace=home,
        labels=labels,
        name=name,
        ports=tuple((said, port.protocol, port.port) for said, port in ports if said and isinstance(port.port, int)),
        is_on_host_network=spec.get("hostNetwork") is True,
        kind=kind,
    )
    listens = tuple(dict.fromkeys(port for _, port in ports))
    is_idle = kind == "ReplicaSet" and _section(manifest, "spec").get("replicas") == 0
    selector = _read_selector(kind, manifest, labels)
    return Workload(described, selector, listens, _read_owner(manifest, home), is_idle, origin, path)


def _template_path(kind: str) -> tuple[str, ...]:
    match kind:
        case "Pod":
            return ()
        case "CronJob":
            return ("spec", "jobTemplate", "spec", "template")
        case _:
            return ("spec", "template")


def _read_selector(kind: str, manifest: Object, labels: Mapping[str, str]) -> Labels:
    """What of it cannot be read, the API server refuses: then the labels stand for the pods."""
    own = select(Selector(tuple(sorted(labels.items()))))
    written = _section(manifest, "spec").get("selector") if kind in _SELECTING else None
    if not isinstance(written, dict):
        return own
    problems = Problems()
    selector = {"matchLabels": written} if kind == "ReplicationController" else written
    read = read_pod_selector(selector, "spec.selector", problems)
    return own if problems.found or not read else read


def _read_owner(manifest: Object, home: str) -> tuple[str, str, str] | None:
    """The controller among the owners (OwnerReference, meta/v1)."""
    owners = _section(manifest, "metadata").get("ownerReferences")
    for owner in owners if isinstance(owners, list) else ():
        if isinstance(owner, dict) and owner.get("controller") is True:
            return str(owner.get("kind")), home, str(owner.get("name"))
    return None


def _section(manifest: Object, key: str) -> Object:
    section = manifest.get(key)
    return section if isinstance(section, dict) else {}


def _read_ports(spec: Object, path: str, problems: Problems) -> list[tuple[str, Port]]:
    """The ports of the containers, each with its name, or an empty one."""
    containers = [item(value, path, problems) for value in sequence(spec, "containers", path, problems) or ()]
    for value in sequence(spec, "initContainers", path, problems) or ():
        container = item(value, path, problems)
        if container.get("restartPolicy") == "Always":
            containers.append(container)
    found: list[tuple[str, Port]] = []
    for container in containers:
        for value in sequence(container, "ports", f"{path}.containers", problems) or ():
            port = item(value, f"{path}.containers.ports", problems)
            number: Any = port.get("containerPort")
            name = text(port, "name", f"{path}.containers.ports", problems)
            protocol = _PROTOCOLS.get(text(port, "protocol", f"{path}.containers.ports", problems) or "TCP")
            if protocol is not None and isinstance(number, int):
                found.append((name or "", Port(protocol, number)))
    return found
