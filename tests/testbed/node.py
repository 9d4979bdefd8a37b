"""The duties of a scheduler and a kubelet, for pods that are to run commands: bind, link, start, report, clean away.

    with Node(cluster, "10.96.0.10") as node: ...

Pods whose image is `none` are the cluster's own (cluster.py) and left alone. BusyBox is the one image that the node
has: a pod that wants another waits with ErrImagePull and ImagePullBackOff, as for one that nobody can pull. Nothing is
started again, whatever its restartPolicy says.
"""

import shutil
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

from testbed.api import Object, Refused
from testbed.cilium import NODE
from testbed.cluster import NO_IMAGE, Cluster
from testbed.container_logs import Log, LogServer
from testbed.network import NODE_ADDRESS, NODE_ADDRESS_6
from testbed.running_pod import RunningPod
from testbed.watching import PodWatch

_OVER: Final = ("Succeeded", "Failed")


class Node:
    """As a context manager it serves the cluster's node from entering to leaving, when it kills what still runs.

    Attributes:
        resolver: the address of the cluster's DNS, for the pods.
    """

    def __init__(self, cluster: Cluster, resolver: str) -> None:
        self.resolver = resolver
        self._cluster = cluster
        self._api = cluster.api
        self._folder: Path = cluster.control_plane.folder / "pods"
        self._pods: dict[str, RunningPod] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._folder.mkdir()
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            logs = stack.enter_context(LogServer(self._cluster.control_plane.certificates, self._find_log))
            self._announce(logs.port)
            stack.callback(self._kill_all)
            stack.enter_context(PodWatch(self._api, self._changed, self._gone))
            self._exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def _announce(self, port: int) -> None:
        """Tell the API server where logs are: it prefers a Hostname to other addresses."""
        own = [{"type": "InternalIP", "address": address} for address in (NODE_ADDRESS, NODE_ADDRESS_6)]
        addresses = [{"type": "Hostname", "address": "127.0.0.1"}, *own]
        status = {"addresses": addresses, "daemonEndpoints": {"kubeletEndpoint": {"Port": port}}}
        self._api.patch(f"/api/v1/nodes/{NODE}/status", {"status": status})

    def _changed(self, pod: Object) -> None:
        uid, spec = pod["metadata"]["uid"], pod["spec"]
        if any(container["image"] == NO_IMAGE for container in spec["containers"]):
            return
        if "deletionTimestamp" in pod["metadata"]:
            self._delete(pod)
        elif not spec.get("nodeName"):
            self._bind(pod)
        elif spec["nodeName"] == NODE and uid not in self._pods and pod["status"]["phase"] not in _OVER:
            with self._lock:
                self._pods[uid] = RunningPod(self._cluster, pod, self.resolver, self._folder / uid)
            self._pods[uid].start()

    def _bind(self, pod: Object) -> None:
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/binding"
        target = {"apiVersion": "v1", "kind": "Node", "name": NODE}
        body = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": metadata["name"]}, "target": target}
        try:
            self._api.post(path, body)
        except Refused as error:
            # Gone already, or bound by what an earlier event made this do.
            if error.status not in (404, 409):
                raise

    def _delete(self, pod: Object) -> None:
        """What a kubelet does at the end of a pod that somebody deleted: stop it, then let go of its name."""
        self._gone(pod)
        metadata = pod["metadata"]
        try:
            self._api.delete(f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}")
        except Refused as error:
            if error.status != 404:
                raise

    def _gone(self, pod: Object) -> None:
        if (running := self._pods.get(pod["metadata"]["uid"])) is not None:
            running.kill()

    def _kill_all(self) -> None:
        for running in self._pods.values():
            running.kill()

    def _find_log(self, namespace: str, name: str, container: str) -> Log | None:
        """Of the newest pod of this name."""
        with self._lock:
            running = [one for one in self._pods.values() if (one.namespace, one.name) == (namespace, name)]
        return running[-1].log(container) if running else None
