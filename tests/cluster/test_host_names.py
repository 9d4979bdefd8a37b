"""Host names in policies for Cilium, with real packets: who asks for an allowed name reaches its address, and no other.

What Cilium learns from the answer to one pod holds for all: so each test has names and pods of its own.
"""

from typing import Any

import pytest
import yaml

from testbed.cluster import Cluster, Pod, PodPlan
from testbed.dns import OUTSIDE_HOST, ClusterDns
from testbed.probing import Attempt, probe
from testbed.processes import NotReady, run_in
from testbed.programs import BUSYBOX

NAMESPACE = "names"
POLICY = """
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: POD, namespace: names}
spec:
  endpointSelector: {matchLabels: {app: POD}}
  egress:
  - toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s:k8s-app: kube-dns}}]
    toPorts:
    - ports: [{port: "53", protocol: UDP}, {port: "53", protocol: TCP}]
      rules: {dns: [{matchPattern: "*"}]}
  - toFQDNs:
    - matchName: 21.outside.test
    - matchPattern: "*.one.outside.test"
    - matchPattern: "**.any.outside.test"
    toPorts: [{ports: [{port: "443", protocol: TCP}, {port: "8080", endPort: 8089, protocol: TCP}]}]
"""
# The first label is the last number of the address.
ALLOWED = {
    "21.outside.test": True,
    "22.outside.test": False,
    "23.one.outside.test": True,
    "24.two.one.outside.test": False,
    "25.one.two.outside.test": False,
    "26.any.outside.test": True,
    "27.a.b.c.any.outside.test": True,
    "28.many.outside.test": False,
}


@pytest.fixture(scope="module", autouse=True)
def _outside(cluster: Cluster) -> None:
    cluster.replace_policies([])
    cluster.answer_outside([("TCP", port) for port in (80, 443, 8080, 8089, 8090)])


def _start(cluster: Cluster, name: str, policy: dict[str, Any]) -> Pod:
    cluster.add_pods([PodPlan(NAMESPACE, name, {"app": name})])
    cluster.replace_policies([policy])
    return cluster.pods[NAMESPACE, name]


def _policy(pod: str) -> dict[str, Any]:
    policy: dict[str, Any] = yaml.safe_load(POLICY.replace("POD", pod))
    return policy


def _resolve(pod: Pod, dns: ClusterDns, name: str) -> str:
    """What a pod hears; raises NotReady where it hears nothing good."""
    heard = run_in(pod.network, BUSYBOX.path, "nslookup", "-type=a", name, dns.address)
    return heard.rpartition("Address: ")[2].strip()


def _reaches(pod: Pod, names: list[str], port: int = 443) -> list[bool]:
    observed = probe([Attempt(pod.network, _address(name), "TCP", port) for name in names])
    return [one.is_allowed for one in observed]


def _address(name: str) -> str:
    return f"{OUTSIDE_HOST.rpartition('.')[0]}.{name.partition('.')[0]}"


def test_a_pod_reaches_the_names_that_it_may_once_it_asked(cluster: Cluster, dns: ClusterDns) -> None:
    pod = _start(cluster, "asks", _policy("asks"))
    names = list(ALLOWED)
    assert not any(_reaches(pod, names))
    assert [_resolve(pod, dns, name) for name in names] == [_address(name) for name in names]
    assert dict(zip(names, _reaches(pod, names), strict=True)) == ALLOWED
    assert [_reaches(pod, ["21."], port) for port in (80, 8080, 8089, 8090)] == [[False], [True], [True], [False]]


def test_without_rules_for_dns_no_name_is_reached(cluster: Cluster, dns: ClusterDns) -> None:
    policy = yaml.safe_load(POLICY.replace("POD", "blind").replace("21.", "31."))
    del policy["spec"]["egress"][0]["toPorts"][0]["rules"]
    pod = _start(cluster, "blind", policy)
    assert _resolve(pod, dns, "31.outside.test") == _address("31.")
    assert _reaches(pod, ["31.outside.test"]) == [False]


def test_rules_for_dns_decide_what_may_be_asked(cluster: Cluster, dns: ClusterDns) -> None:
    policy = yaml.safe_load(POLICY.replace("POD", "strict").replace("21.", "41."))
    policy["spec"]["egress"][0]["toPorts"][0]["rules"] = {"dns": [{"matchName": "41.outside.test"}]}
    pod = _start(cluster, "strict", policy)
    assert _resolve(pod, dns, "41.outside.test") == _address("41.")
    assert _reaches(pod, ["41.outside.test"]) == [True]
    with pytest.raises(NotReady, match="REFUSED"):
        _resolve(pod, dns, "42.one.outside.test")


def test_a_network_policy_beside_it_adds_to_it(cluster: Cluster, dns: ClusterDns) -> None:
    cluster.add_pods([PodPlan(NAMESPACE, "both", {"app": "both"})])
    spec = {
        "podSelector": {"matchLabels": {"app": "both"}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"ipBlock": {"cidr": f"{_address('52.')}/32"}}], "ports": [{"port": 443}]}],
    }
    metadata = {"name": "both", "namespace": NAMESPACE}
    beside = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
    named = yaml.safe_load(POLICY.replace("POD", "both").replace("21.", "51."))
    cluster.replace_policies([named, beside])
    pod = cluster.pods[NAMESPACE, "both"]
    assert _resolve(pod, dns, "51.outside.test") == _address("51.")
    assert _reaches(pod, ["51.", "52.", "53."]) == [True, True, False]
