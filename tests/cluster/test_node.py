"""The node that stands in for a kubelet runs commands as Kubernetes says: what probing pods show rests on it."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from support.helm_binaries import kubectl_binary
from testbed.cluster import Cluster, PodPlan, ensure_namespace
from testbed.control_plane import ControlPlane
from testbed.dns import OUTSIDE_DOMAIN, OUTSIDE_HOST, ClusterDns
from testbed.node import Node
from testbed.services import HEADLESS, Service, add_service, remove_service

NAMESPACE: Final = "node"
DATA: Final = "data"
RESTRICTED: Final = {
    "runAsNonRoot": True,
    "runAsUser": 65534,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


class Pods:
    """Pods of one namespace, by kubectl alone."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._program = kubectl_binary()
        self._kubeconfig: Path = control_plane.kubeconfig
        self._api = control_plane.api

    def run(self, name: str, script: str, *arguments: str, **spec: Any) -> None:
        container: dict[str, Any] = {"name": "main", "image": "busybox:1.37", "command": ["sh", "-c", script, "sh"]}
        container |= {"args": list(arguments), "securityContext": RESTRICTED, **spec.pop("container", {})}
        pod = {"restartPolicy": "Never", "containers": [container], **spec}
        manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": pod}
        self._api.post(f"/api/v1/namespaces/{NAMESPACE}/pods", manifest)

    def kubectl(self, *words: str) -> str:
        command = [self._program, "--kubeconfig", str(self._kubeconfig), "-n", NAMESPACE, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ended(self, name: str) -> dict[str, Any]:
        """The status at the end."""
        self.kubectl(
            "wait", f"pod/{name}", "--for=jsonpath={.status.containerStatuses[0].state.terminated}", "--timeout=120s"
        )
        status: dict[str, Any] = self._api.get(f"/api/v1/namespaces/{NAMESPACE}/pods/{name}")["status"]
        return status


@pytest.fixture
def pods(control_plane: ControlPlane, cluster: Cluster, node: Node) -> Iterator[Pods]:
    cluster.replace_policies([])
    ensure_namespace(control_plane.api, NAMESPACE, {"pod-security.kubernetes.io/enforce": "restricted"})
    made = Pods(control_plane)
    yield made
    made.kubectl("delete", "pods", "--all", "--now")


def _exit_code(status: Mapping[str, Any]) -> int:
    code: int = status["containerStatuses"][0]["state"]["terminated"]["exitCode"]
    return code


def test_a_command_has_its_words_its_user_and_its_status(pods: Pods) -> None:
    script = """
id -u
printf '<%s>' "$@"
echo
echo oops >&2
touch /tmp/x
grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status
exit 3
"""
    words = ("$(HOSTNAME)", "$$(HOSTNAME)", "$(UNKNOWN)", "$", "$5", "two words", "$(MINE)")
    pods.run("words", script, *words, container={"env": [{"name": "MINE", "value": "of $(HOSTNAME)"}]})
    status = pods.ended("words")
    assert (status["phase"], _exit_code(status)) == ("Failed", 3)
    assert pods.kubectl("logs", "words").splitlines() == [
        "65534",
        "<words><$(HOSTNAME)><$(UNKNOWN)><$><$5><two words><of words>",
        "oops",
        "touch: /tmp/x: Read-only file system",
        "CapBnd:\t0000000000000000",
        "NoNewPrivs:\t1",
    ]
    assert pods.kubectl("logs", "words", "--tail=1") == "NoNewPrivs:\t1\n"


def test_logs_are_followed_to_their_end(pods: Pods) -> None:
    pods.run("slow", "for i in 1 2 3; do echo $i; sleep 1; done")
    pods.kubectl("wait", "pod/slow", "--for=jsonpath={.status.phase}=Running", "--timeout=120s")
    assert pods.kubectl("logs", "slow", "--follow") == "1\n2\n3\n"
    assert pods.ended("slow")["phase"] == "Succeeded"


def test_a_deadline_ends_a_pod(pods: Pods) -> None:
    pods.run("late", "sleep 600", activeDeadlineSeconds=1)
    status = pods.ended("late")
    assert (status["phase"], status["reason"], _exit_code(status)) == ("Failed", "DeadlineExceeded", 137)


def test_a_pod_that_runs_is_deleted_when_it_has_stopped(pods: Pods) -> None:
    pods.run("endless", "sleep 600")
    pods.kubectl("wait", "pod/endless", "--for=jsonpath={.status.phase}=Running", "--timeout=120s")
    pods.kubectl("delete", "pod", "endless", "--timeout=120s")
    assert pods.kubectl("get", "pods", "-o", "name") == ""


def test_an_image_that_is_not_there_is_told(pods: Pods) -> None:
    pods.run("absent", "true", container={"image": "registry.test/absent:1"})
    waiting = "jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff"
    pods.kubectl("wait", "pod/absent", f"--for={waiting}", "--timeout=120s")


def test_a_gate_that_nobody_opens_keeps_a_pod_unready(pods: Pods) -> None:
    pods.run("gated", "sleep 600", readinessGates=[{"conditionType": "network-policy/never"}])
    pods.kubectl("wait", "pod/gated", "--for=condition=ContainersReady", "--timeout=120s")
    ready = "jsonpath={.status.conditions[?(@.type=='Ready')].status}"
    assert pods.kubectl("get", "pod", "gated", "-o", ready) == "False"


def test_names_and_services_lead_to_pods(pods: Pods, cluster: Cluster, dns: ClusterDns) -> None:
    both = (("TCP", 6379), ("UDP", 6379))
    cluster.add_pods([PodPlan(DATA, "redis", {"app": "redis"}, frozenset(both))])
    redis = cluster.pods[DATA, "redis"]
    add_service(cluster.api, Service(DATA, "redis", both, (redis.address,), ""))
    add_service(cluster.api, Service(DATA, "redis-pods", both, (redis.address,), HEADLESS))
    try:
        script = """
nslookup -type=a kubernetes.default.svc.cluster.local | grep -A 1 ^Name
for name in redis.data redis-pods.data.svc.cluster.local; do
    nc -w 5 $name 6379 </dev/null; echo
    echo over UDP | nc -u -w 2 $name 6379
done
nc -w 5 nobody.node 6379
nslookup -type=a any.$1 | grep -A 1 ^Name
"""
        pods.run("asks", script, OUTSIDE_DOMAIN)
        assert pods.ended("asks")["phase"] == "Succeeded", pods.kubectl("logs", "asks")
        said = [line for line in pods.kubectl("logs", "asks").splitlines() if line]
        assert said == [
            "Name:\tkubernetes.default.svc.cluster.local",
            "Address: 10.96.0.1",
            *["data/redis", "data/redis:over UDP"] * 2,
            "nc: bad address 'nobody.node'",
            f"Name:\tany.{OUTSIDE_DOMAIN}",
            f"Address: {OUTSIDE_HOST}",
        ]
        assert dns.address in _resolver(pods)
    finally:
        for name in ("redis", "redis-pods"):
            remove_service(cluster.api, DATA, name)
        cluster.remove_pod(redis)


def _resolver(pods: Pods) -> str:
    options = [{"name": "timeout", "value": "1"}, {"name": "ndots", "value": "2"}]
    pods.run("resolver", "cat /etc/resolv.conf", dnsConfig={"options": options})
    assert pods.ended("resolver")["phase"] == "Succeeded"
    text = pods.kubectl("logs", "resolver")
    assert text.splitlines()[1:] == [
        "search node.svc.cluster.local svc.cluster.local cluster.local",
        "options ndots:2 timeout:1",
    ]
    return text
