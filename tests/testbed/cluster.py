"""A cluster for tests: a real API server, one node, and pods that packets go to and come from.

    with ControlPlane() as control_plane, Cluster(control_plane) as cluster:
        cluster.add_pods([PodPlan("shop", "web", {"app": "web"}, frozenset({("TCP", 8080)}))])
        cluster.replace_policies(manifests)
        probe([Attempt(cluster.pods["shop", "web"].network, "203.0.113.9", "TCP", 443)])

There is no controller manager: namespaces that are deleted stay, and nothing but policies takes effect. Pods
are network namespaces with servers in them; node.py runs pods that have commands, in place of a kubelet.
"""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final, Self

from testbed.answering import Answerers
from testbed.api import POLICIES, Api, Object, Refused
from testbed.cilium import NODE, Cilium
from testbed.control_plane import ControlPlane
from testbed.network import NODE_ADDRESS, NODE_ADDRESS_6, POD_RANGE, POD_RANGE_6, Network, new_namespace
from testbed.processes import NotReady

_SETTLE_SECONDS: Final = 300.0
# Of policies: where the API server has them.
_KINDS: Final = {
    "NetworkPolicy": (POLICIES, "networkpolicies"),
    "CiliumNetworkPolicy": ("/apis/cilium.io/v2", "ciliumnetworkpolicies"),
}
OUTSIDE: Final = "outside"
# Of pods that answer and run nothing.
NO_IMAGE: Final = "none"


@dataclass(frozen=True)
class PodPlan:
    """A pod to be: `ports` are what it answers on, `named` the names that its containers give some of them."""

    namespace: str
    name: str
    labels: Mapping[str, str]
    ports: frozenset[tuple[str, int]] = frozenset()
    named: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Pod:
    plan: PodPlan
    address: str
    address_6: str
    network: int


@dataclass
class Cluster:
    """As a context manager it starts everything on entering, and ends everything on leaving.

    Attributes:
        control_plane: etcd and the API server, started by whoever made this.
        pods: by namespace and name.
        api: an administrator's client.
        network: the node and the outside, with an open file for each namespace.
    """

    control_plane: ControlPlane
    pods: dict[tuple[str, str], Pod] = field(default_factory=dict)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.api: Api = self.control_plane.api
            self.network = Network()
            stack.callback(self.network.close)
            self._answerers = Answerers()
            stack.callback(self._answerers.close)
            _register_node(self.api)
            self.agent = stack.enter_context(Cilium(self.api, self.network, self.control_plane.folder))
            self._exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()
        for pod in self.pods.values():
            os.close(pod.network)
        self.pods.clear()

    def add_namespace(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        """A namespace with these labels; one that is there gets them too."""
        ensure_namespace(self.api, name, labels or {})

    def add_pods(self, plans: Sequence[PodPlan]) -> None:
        """Pods with addresses and servers; Cilium makes several at a time."""
        for namespace in sorted({plan.namespace for plan in plans}):
            self.add_namespace(namespace)
        with ThreadPoolExecutor(4) as pool:
            for pod in pool.map(self._add_pod, plans):
                self.pods[pod.plan.namespace, pod.plan.name] = pod

    def _add_pod(self, plan: PodPlan) -> Pod:
        path = f"/api/v1/namespaces/{plan.namespace}/pods"
        self.api.post(path, _pod_manifest(plan))
        network = new_namespace()
        address, address_6 = self.agent.add_pod(network, plan.namespace, plan.name)
        self._answerers.listen(network, f"{plan.namespace}/{plan.name}", plan.ports)
        ready = [{"type": kind, "status": "True"} for kind in ("Initialized", "Ready", "ContainersReady")]
        addresses = {"podIP": address, "podIPs": [{"ip": address}, {"ip": address_6}]}
        status = {"phase": "Running", **addresses, "conditions": ready}
        self.api.patch(f"{path}/{plan.name}/status", {"status": {**status, "hostIP": NODE_ADDRESS}})
        return Pod(plan, address, address_6, network)

    def remove_pods(self) -> None:
        """Take every pod away again."""
        for pod in list(self.pods.values()):
            self.remove_pod(pod)

    def remove_pod(self, pod: Pod) -> None:
        namespace, name = pod.plan.namespace, pod.plan.name
        self.agent.remove_pod(pod.network, namespace, name)
        self._answerers.forget(pod.network)
        self.api.delete(f"/api/v1/namespaces/{namespace}/pods/{name}")
        os.close(pod.network)
        del self.pods[namespace, name]

    def silence(self, pod: Pod) -> None:
        """Nobody listens in this pod any more."""
        self._answerers.forget(pod.network)

    def answer_outside(self, ports: Iterable[tuple[str, int]]) -> None:
        """Answer on these ports of every address that is not in the cluster."""
        self._answerers.listen(self.network.outside, OUTSIDE, ports)

    def replace_policies(self, policies: Iterable[Mapping[str, Any]]) -> None:
        """Exactly these policies of _KINDS, and no others, in force at every pod. Raises NotReady, Refused."""
        wanted = {(one["kind"], one["metadata"]["namespace"], one["metadata"]["name"]): one for one in policies}
        for kind, namespace, name in self._list_policies() - wanted.keys():
            self.api.delete(f"{_path(kind, namespace)}/{name}")
        for (kind, namespace, name), policy in wanted.items():
            path = _path(kind, namespace)
            try:
                self.api.post(f"{path}?fieldValidation=Strict", policy)
            except Refused as error:
                if error.status != 409:
                    raise
                self.api.delete(f"{path}/{name}")
                self.api.post(f"{path}?fieldValidation=Strict", policy)
        self.settle()

    def _list_policies(self) -> set[tuple[str, str, str]]:
        return {
            (kind, one["metadata"]["namespace"], one["metadata"]["name"])
            for kind, (root, plural) in _KINDS.items()
            for one in self.api.get(f"{root}/{plural}")["items"]
        }

    def settle(self) -> None:
        """Wait until what the API server holds is what Cilium enforces. Raises NotReady.

        The agent sees changes of one kind in their order: once it knows the policies that are made last, it has seen
        all.
        """
        name = f"canary-{time.monotonic_ns()}"
        for kind, canary in _canaries(name).items():
            self.api.post(_path(kind, "default"), canary)
        try:
            self._wait_for_policies()
        finally:
            for kind in _KINDS:
                self.api.delete(f"{_path(kind, 'default')}/{name}")
        self._wait_for_policies()

    def _wait_for_policies(self) -> None:
        wanted = self._list_policies()
        end = time.monotonic() + _SETTLE_SECONDS
        while not self.agent.knows(wanted):
            if time.monotonic() > end:
                raise NotReady(f"the policies are not in force after {_SETTLE_SECONDS:.0f} s")
            time.sleep(0.05)


def ensure_namespace(api: Api, name: str, labels: Mapping[str, str]) -> None:
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels)}}
    try:
        api.post("/api/v1/namespaces", manifest)
    except Refused as error:
        if error.status != 409:
            raise
        if labels:
            api.patch(f"/api/v1/namespaces/{name}", {"metadata": {"labels": dict(labels)}})


def _register_node(api: Api) -> None:
    metadata = {"name": NODE, "labels": {"kubernetes.io/hostname": NODE}}
    spec = {"podCIDR": POD_RANGE, "podCIDRs": [POD_RANGE, POD_RANGE_6]}
    api.post("/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": spec})
    addresses = [{"type": "InternalIP", "address": address} for address in (NODE_ADDRESS, NODE_ADDRESS_6)]
    ready = {"type": "Ready", "status": "True", "reason": "Testbed"}
    api.patch(f"/api/v1/nodes/{NODE}/status", {"status": {"addresses": addresses, "conditions": [ready]}})


def _pod_manifest(plan: PodPlan) -> Object:
    ports = [{"name": name, "protocol": protocol, "containerPort": port} for name, protocol, port in plan.named]
    # A port without a name is for people to read; one with a name is what a policy may mean.
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": plan.name, "namespace": plan.namespace, "labels": dict(plan.labels)},
        "spec": {"nodeName": NODE, "containers": [{"name": "main", "image": NO_IMAGE, "ports": ports}]},
    }


def _path(kind: str, namespace: str) -> str:
    root, plural = _KINDS[kind]
    return f"{root}/namespaces/{namespace}/{plural}"


def _canaries(name: str) -> dict[str, Object]:
    """A policy of each kind, for pods that there are not."""
    nobody = {"matchLabels": {"egressc.test/nobody": "true"}}
    specs = {
        "NetworkPolicy": ("networking.k8s.io/v1", {"podSelector": nobody, "policyTypes": ["Egress"]}),
        "CiliumNetworkPolicy": ("cilium.io/v2", {"endpointSelector": nobody, "egress": [{}]}),
    }
    metadata = {"name": name, "namespace": "default"}
    return {
        kind: {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
        for kind, (version, spec) in specs.items()
    }
