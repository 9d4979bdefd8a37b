"""Pods that listen: which of them are ready, at which address, and the ports that their containers declare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from egressc.cluster.objects import Object


@dataclass(frozen=True, slots=True)
class ReadyPod:
    """A pod that takes connections; `ports` are (protocol, number), named or not."""

    address: str
    ports: frozenset[tuple[str, int]]


def read_ready(pods: Iterable[Object]) -> dict[tuple[str, str], ReadyPod]:
    """The pods among these that are ready and are not about to leave, by namespace and name."""
    found: dict[tuple[str, str], ReadyPod] = {}
    for pod in pods:
        metadata, status = pod.get("metadata") or {}, pod.get("status") or {}
        address = str(status.get("podIP") or "")
        if address and not metadata.get("deletionTimestamp") and _is_ready(status):
            key = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
            found[key] = ReadyPod(address, frozenset(_declared(pod.get("spec") or {})))
    return found


def _is_ready(status: Object) -> bool:
    conditions = status.get("conditions") or ()
    return any(it.get("type") == "Ready" and it.get("status") == "True" for it in conditions)


def _declared(spec: Object) -> Iterator[tuple[str, int]]:
    """Ports of containers, and of init containers that run beside them."""
    beside = (it for it in spec.get("initContainers") or () if it.get("restartPolicy") == "Always")
    for container in (*(spec.get("containers") or ()), *beside):
        for port in container.get("ports") or ():
            number = port.get("containerPort")
            if isinstance(number, int):
                yield str(port.get("protocol") or "TCP"), number
