"""One pod that runs commands, from its link to the network to what its status says at the end."""

import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from testbed.api import Object, Refused
from testbed.cluster import Cluster
from testbed.container_logs import Log
from testbed.containers import Container, Surroundings, start_container
from testbed.control_plane import SERVICE_RANGE
from testbed.network import NODE_ADDRESS, new_namespace
from testbed.processes import NotReady
from testbed.resolving import resolver_file

_POLL_SECONDS: Final = 0.05
_GUARD_SECONDS: Final = 120.0
# The first address of the range of services is the API server's own.
_KUBERNETES: Final = SERVICE_RANGE.removesuffix("0/16") + "1"
_DEADLINE: Final = {
    "reason": "DeadlineExceeded",
    "message": "Pod was active on the node longer than the specified deadline",
}


class RunningPod:
    """A pod in a thread of its own. `start` returns at once; `kill` waits until nothing is left of it."""

    def __init__(self, cluster: Cluster, pod: Object, resolver: str, folder: Path) -> None:
        self.namespace: str = pod["metadata"]["namespace"]
        self.name: str = pod["metadata"]["name"]
        self._cluster = cluster
        self._pod = pod
        self._resolver = resolver
        self._folder = folder
        self._path = f"/api/v1/namespaces/{self.namespace}/pods/{self.name}"
        self._started = _now()
        self._containers: dict[str, Container] = {}
        self._killed = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def kill(self) -> None:
        self._killed.set()
        self._thread.join()

    def log(self, container: str) -> Log | None:
        found = self._containers.get(container)
        return Log(found.log, lambda: found.process.poll() is None) if found else None

    def _live(self) -> None:
        if absent := [one for one in self._pod["spec"]["containers"] if not _is_here(one["image"])]:
            # A kubelet tries, says so, and waits longer each time.
            for reason in ("ErrImagePull", "ImagePullBackOff"):
                states = {one["name"]: _waiting(reason, f"no image {one['image']}") for one in absent}
                self._report("Pending", states)
                self._killed.wait(1)
            return
        if self._pod["spec"].get("initContainers"):
            self._report("Failed", {}, reason="Testbed", message="this node runs no init containers")
            return
        network = new_namespace()
        try:
            self._run(network)
        except (OSError, ValueError, NotReady) as error:
            states = {one["name"]: _waiting("CreateContainerError", str(error)) for one in self._specs()}
            self._report("Pending", states)
        finally:
            os.close(network)

    def _run(self, network: int) -> None:
        address, _ = self._cluster.agent.add_pod(network, self.namespace, self.name)
        try:
            self._await_guard()
            self._start_containers(network, address)
            self._report(
                "Running", {name: {"running": {"startedAt": self._started}} for name in self._containers}, address
            )
            ended = self._wait()
            for container in self._containers.values():
                container.stop()
            if not self._killed.is_set():
                self._report_end(address, ended)
        finally:
            for container in self._containers.values():
                container.stop()
            self._cluster.agent.remove_pod(network, self.namespace, self.name)

    def _await_guard(self) -> None:
        """Wait until the plugin guards the pod. A kubelet does not: the probe's settleSeconds are for that moment."""
        end = time.monotonic() + _GUARD_SECONDS
        while not self._killed.is_set() and not self._cluster.agent.guards(self.namespace, self.name):
            if time.monotonic() > end:
                raise NotReady(f"Cilium does not guard it after {_GUARD_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)

    def _start_containers(self, network: int, address: str) -> None:
        hosts = f"127.0.0.1\tlocalhost\n{address}\t{self.name}\n"
        variables = {"KUBERNETES_SERVICE_HOST": _KUBERNETES, "KUBERNETES_SERVICE_PORT": "443"}
        around = Surroundings(network, resolver_file(self._pod, self._resolver), hosts, variables)
        for spec in self._specs():
            folder = self._folder / spec["name"]
            folder.mkdir(parents=True)
            self._containers[spec["name"]] = start_container(spec, self._pod, around, folder)

    def _specs(self) -> list[dict[str, Any]]:
        specs: list[dict[str, Any]] = self._pod["spec"]["containers"]
        return specs

    def _wait(self) -> bool:
        """Until all have ended by themselves; False where they had to be stopped."""
        limit = self._pod["spec"].get("activeDeadlineSeconds")
        end = None if limit is None else time.monotonic() + limit
        while any(container.process.poll() is None for container in self._containers.values()):
            if self._killed.is_set() or (end is not None and time.monotonic() > end):
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _report_end(self, address: str, ended: bool) -> None:
        statuses = {name: container.status() for name, container in self._containers.items()}
        states = {name: _terminated(status, self._started) for name, status in statuses.items()}
        phase = "Succeeded" if ended and not any(statuses.values()) else "Failed"
        self._report(phase, states, address, **({} if ended else _DEADLINE))

    def _report(self, phase: str, states: Mapping[str, Object], address: str = "", **words: str) -> None:
        """Write the status; a pod that is gone by now needs none."""
        containers = [
            {
                "name": one["name"],
                "image": one["image"],
                "imageID": "",
                "restartCount": 0,
                "ready": phase == "Running",
                "started": phase == "Running",
                "state": states.get(one["name"], _waiting("ContainerCreating", "")),
            }
            for one in self._specs()
        ]
        addresses = {"podIP": address, "podIPs": [{"ip": address}]} if address else {}
        conditions = self._conditions(phase)
        status = {"phase": phase, "startTime": self._started, "hostIP": NODE_ADDRESS, "conditions": conditions}
        with suppress(Refused):
            self._cluster.api.patch(
                f"{self._path}/status", {"status": {**status, **addresses, **words, "containerStatuses": containers}}
            )

    def _conditions(self, phase: str) -> list[Object]:
        """A pod is ready when it runs and each of its readiness gates is open, which none is here."""
        gates = self._pod["spec"].get("readinessGates") or ()
        runs = phase == "Running"
        known = {"PodScheduled": True, "Initialized": True, "ContainersReady": runs, "Ready": runs and not gates}
        return [{"type": kind, "status": str(is_met)} for kind, is_met in known.items()]


def _is_here(image: str) -> bool:
    return image.rpartition("/")[2].partition(":")[0] == "busybox"


def _waiting(reason: str, message: str) -> Object:
    return {"waiting": {"reason": reason, "message": message}}


def _terminated(status: int, started: str) -> Object:
    reason = "Error" if status else "Completed"
    return {"terminated": {"exitCode": status, "reason": reason, "startedAt": started, "finishedAt": _now()}}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
