"""Cilium's agent on the testbed's node, and its CNI plugin as a kubelet would call it.

The agent sees its own network namespace, its own mounts (the packet filters that it pins go with it), and the API
server through a relay on its own loopback.
"""

import hashlib
import http.client
import json
import os
import shutil
import socket
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

import yaml

from testbed.api import Api, Refused
from testbed.control_plane import write_kubeconfig
from testbed.network import UPLINK, Network
from testbed.processes import Running, run_in
from testbed.programs import cache, system_program
from testbed.relay import Relay

NODE: Final = "testbed"
_START_SECONDS: Final = 600.0
# Resources of Cilium's own that the agent waits for; its operator would register them.
_CRDS: Final = (
    *("v2/ciliumnetworkpolicies", "v2/ciliumclusterwidenetworkpolicies", "v2/ciliumnodes", "v2/ciliumidentities"),
    *("v2/ciliumendpoints", "v2/ciliumcidrgroups", "v2/ciliumloadbalancerippools"),
    *("v2alpha1/ciliumpodippools", "v2alpha1/ciliuml2announcementpolicies"),
)
# A private /sys for the agent's network namespace, with its packet filters below it.
_MOUNT: Final = """
set -e
mount -t sysfs sysfs /sys
mount -t bpf bpf /sys/fs/bpf
exec "$@"
"""
_OFF: Final = (
    *("enable-ipv4-masquerade", "enable-ipv6-masquerade", "enable-hubble", "enable-health-checking"),
    *("enable-endpoint-health-checking", "bpf-lb-sock", "install-iptables-rules", "enable-local-redirect-policy"),
    *("enable-health-check-nodeport", "enable-bandwidth-manager", "auto-direct-node-routes", "kube-proxy-replacement"),
)
# Of pods.
_LINK: Final = "eth0"
# Requests that the agent slows down after the first few: a test waits for each.
_LIMITED: Final = ("endpoint-create", "endpoint-delete", "endpoint-list")


class Cilium:
    """The agent, running. Policies are enforced by it alone: no packet of a pod passes without it."""

    def __init__(self, api: Api, network: Network, folder: Path) -> None:
        self._api = api
        self._network = network
        self._folder = folder / "cilium"
        self._socket = self._folder / "agent.sock"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._folder.mkdir()
            shutil.copytree(cache() / "cilium" / "bpf", self._folder / "lib" / "bpf")
            clang = system_program("clang")
            assert clang is not None, "the testbed is ready"
            (self._folder / "bin").mkdir()
            (self._folder / "bin" / "clang").symlink_to(clang)
            register_resources(self._api)
            relay = stack.enter_context(Relay(self._network.node, self._api.port))
            kubeconfig = write_kubeconfig(self._folder / "kubeconfig", relay.port, self._api.authority, self._api.token)
            agent = stack.enter_context(self._start(kubeconfig))
            agent.wait_until(self._is_healthy, _START_SECONDS)
            self._agent = agent
            self._exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def _start(self, kubeconfig: Path) -> Running:
        options = {
            "k8s-kubeconfig-path": kubeconfig,
            "socket-path": self._socket,
            "state-dir": self._folder / "state",
            "lib-dir": self._folder / "lib",
            "cgroup-root": self._folder / "cgroup",
            "enable-ipv6": "true",
            "ipam": "kubernetes",
            "routing-mode": "native",
            "devices": UPLINK,
            "identity-allocation-mode": "crd",
            "identity-change-grace-period": "1s",
            "bpf-ct-global-tcp-max": 65536,
            "bpf-ct-global-any-max": 65536,
            "bpf-policy-map-max": 4096,
            # For toFQDNs. Packet filters alone lead to the DNS proxy, so no iptables are needed.
            "enable-l7-proxy": "true",
            "enable-bpf-tproxy": "true",
            # Only rules about HTTP and TLS need Envoy: there is none whose version could be asked.
            "disable-envoy-version-check": "true",
            # Answers of the testbed's DNS expire at once; what Cilium learned from them stays as long as the tests.
            "tofqdns-min-ttl": 3600,
            "api-rate-limit": json.dumps(
                dict.fromkeys(_LIMITED, "rate-limit:1000/s,rate-burst:1000,auto-adjust:false")
            ),
            **dict.fromkeys(_OFF, "false"),
        }
        program: list[str | Path] = [
            cache() / "bin" / "cilium-agent",
            *(f"--{name}={value}" for name, value in options.items()),
        ]
        return Running(
            "cilium-agent",
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", _MOUNT, "sh", *program],
            self._folder.parent / "cilium-agent.log",
            namespace=self._network.node,
            environment={"K8S_NODE_NAME": NODE, "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}"},
        )

    def add_pod(self, pod_namespace: int, namespace: str, name: str) -> tuple[str, str]:
        """Link a pod's network namespace to the node; its addresses, of IPv4 and of IPv6. Raises NotReady."""
        configuration = {
            "cniVersion": "0.3.1",
            "name": "cilium",
            "type": "cilium-cni",
            "log-file": str(self._folder / "cni.log"),
        }
        answer = self._call_plugin("ADD", pod_namespace, namespace, name, json.dumps(configuration))
        given = [str(one["address"]).partition("/")[0] for one in json.loads(answer)["ips"]]
        address_6, address = sorted(given, key=lambda one: ":" not in one)
        return address, address_6

    def remove_pod(self, pod_namespace: int, namespace: str, name: str) -> None:
        self._call_plugin(
            "DEL", pod_namespace, namespace, name, '{"cniVersion": "0.3.1", "name": "cilium", "type": "cilium-cni"}'
        )

    def _call_plugin(self, command: str, pod_namespace: int, namespace: str, name: str, configuration: str) -> str:
        return run_in(
            self._network.node,
            cache() / "bin" / "cilium-cni",
            stdin=configuration,
            CNI_COMMAND=command,
            CNI_CONTAINERID=_container_of(namespace, name),
            CNI_NETNS=f"/proc/{os.getpid()}/fd/{pod_namespace}",
            CNI_IFNAME=_LINK,
            CNI_PATH=str(cache() / "bin"),
            CNI_ARGS=f"IgnoreUnknown=1;K8S_POD_NAMESPACE={namespace};K8S_POD_NAME={name}",
            CILIUM_SOCK=str(self._socket),
        )

    def knows(self, policies: Iterable[tuple[str, str, str]]) -> bool:
        """Whether exactly these policies (kind, namespace, name) are in force at every endpoint."""
        repository = self._ask("/v1/policy")
        if _policies_of(json.loads(repository.get("policy") or "[]")) != set(policies):
            return False
        return all(_is_realized(one, repository["revision"]) for one in self._ask("/v1/endpoint"))

    def guards(self, namespace: str, name: str) -> bool:
        """Whether the policies of now are in force at a pod, by the labels that it has."""
        revision = self._ask("/v1/policy")["revision"]
        for endpoint in self._ask("/v1/endpoint"):
            known = endpoint["status"].get("external-identifiers") or {}
            if known.get("cni-attachment-id") == f"{_container_of(namespace, name)}:{_LINK}":
                labels = (endpoint["status"].get("identity") or {}).get("labels") or ()
                is_named = f"k8s:io.kubernetes.pod.namespace={namespace}" in labels
                return is_named and _is_realized(endpoint, revision)
        return False

    def _is_healthy(self) -> bool:
        try:
            return bool(self._ask("/v1/healthz")["cilium"]["state"] == "Ok")
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def _ask(self, path: str) -> Any:
        """GET from the agent's own API, over its socket."""
        connection = http.client.HTTPConnection("localhost", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(str(self._socket))
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


def register_resources(api: Api) -> None:
    for name in _CRDS:
        resource = yaml.safe_load((cache() / "cilium" / "crds" / f"{name}.yaml").read_text("utf-8"))
        try:
            api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", resource)
        except Refused as error:
            if error.status != 409:
                raise


def _container_of(namespace: str, name: str) -> str:
    """Cilium names links after its first letters, so those must differ, as a container runtime's do."""
    return hashlib.sha256(f"{namespace}/{name}".encode()).hexdigest()


def _policies_of(rules: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Kind, namespace and name of the policies that rules in force come from."""
    found = set()
    for rule in rules:
        labels = {label["key"]: label["value"] for label in rule["Labels"] if label["source"] == "k8s"}
        kind, namespace, name = (labels[f"io.cilium.k8s.policy.{key}"] for key in ("derived-from", "namespace", "name"))
        found.add((kind, namespace, name))
    return found


def _is_realized(endpoint: dict[str, Any], revision: int) -> bool:
    status = endpoint["status"]
    realized = ((status.get("policy") or {}).get("realized") or {}).get("policy-revision", 0)
    return bool(status["state"] == "ready" and realized >= revision)
