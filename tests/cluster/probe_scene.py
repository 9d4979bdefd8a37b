"""What the tests of probes have in common: who listens in the testbed, and how logs in TAP are read."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from support.helm_binaries import kubectl_binary
from testbed.api import POLICIES, Api
from testbed.cluster import Cluster, PodPlan, ensure_namespace
from testbed.dns import OUTSIDE_DOMAIN
from testbed.services import Service, add_service, remove_service

DATA: Final = "probe-data"
REDIS: Final = f"redis.{DATA}.svc.cluster.local"
RIVAL: Final = f"rival.{DATA}.svc.cluster.local"
API: Final = f"api.{OUTSIDE_DOMAIN}"
METADATA: Final = "169.254.169.254"
RESTRICTED: Final = {"pod-security.kubernetes.io/enforce": "restricted"}
_LISTENERS: Final = {"redis": 6379, "rival": 5432}
_POINT: Final = re.compile(r"(?:not )?ok [0-9]+ - .*")


@contextmanager
def listeners(cluster: Cluster) -> Iterator[None]:
    """Redis and a rival, each a pod behind a Service, over TCP and UDP; outside TCP 443 and 80 answer everywhere."""
    cluster.replace_policies([])
    ports = {name: (("TCP", port), ("UDP", port)) for name, port in _LISTENERS.items()}
    labels = {name: {"app.kubernetes.io/name": name} for name in ports}
    named = {name: tuple((f"p{kind.lower()}", kind, port) for kind, port in both) for name, both in ports.items()}
    cluster.add_pods([PodPlan(DATA, name, labels[name], frozenset(both), named[name]) for name, both in ports.items()])
    for name, both in ports.items():
        add_service(cluster.api, Service(DATA, name, both, (cluster.pods[DATA, name].address,), ""))
    cluster.answer_outside([("TCP", 443), ("TCP", 80)])
    yield
    for name in ports:
        remove_service(cluster.api, DATA, name)
        cluster.remove_pod(cluster.pods[DATA, name])


@dataclass(frozen=True)
class Kubectl:
    """The real kubectl in one namespace."""

    kubeconfig: Path
    namespace: str

    def __call__(self, *words: str) -> str:
        command = [kubectl_binary(), "--kubeconfig", str(self.kubeconfig), "-n", self.namespace, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def make_home(api: Api, namespace: str) -> None:
    """The namespace of a service, where PodSecurity lets in what is restricted alone."""
    ensure_namespace(api, namespace, RESTRICTED)


def points(tap: str) -> list[str]:
    """The test points of a TAP document without their numbers, which must be those of its plan."""
    found = [line for line in tap.splitlines() if _POINT.fullmatch(line)]
    assert tap.startswith("TAP version 14\n"), tap
    assert f"1..{len(found)}" in tap.splitlines(), tap
    for number, line in enumerate(found, 1):
        assert f"ok {number} - " in line, tap
    return [re.sub(r"ok [0-9]+ - ", "ok - ", line, count=1) for line in found]


def open_everything(api: Api, namespace: str) -> None:
    """A policy from elsewhere that lets every pod of a namespace reach everything."""
    metadata = {"name": "open", "namespace": namespace}
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
    api.post(f"{POLICIES}/namespaces/{namespace}/networkpolicies", policy)


def keep_rules(api: Api, namespace: str, keep: Mapping[str, bool]) -> None:
    """Leave of every policy of a namespace the rules for DNS, or those for all else, as somebody may by hand."""
    for policy in api.get(f"{POLICIES}/namespaces/{namespace}/networkpolicies")["items"]:
        rules = [rule for rule in policy["spec"]["egress"] if keep["dns" if _is_dns(rule) else "others"]]
        path = f"{POLICIES}/namespaces/{namespace}/networkpolicies/{policy['metadata']['name']}"
        api.patch(path, {"spec": {"egress": rules}})


def _is_dns(rule: Mapping[str, Any]) -> bool:
    return any(port.get("port") == 53 for port in rule.get("ports") or ())
