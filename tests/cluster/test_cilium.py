"""Where an older Cilium does otherwise than NetworkPolicy says, and this one does not: docs/parity.md tells users."""

from typing import Any

import pytest

from testbed.cluster import Cluster, Pod, PodPlan
from testbed.probing import Attempt, probe

OUTSIDE = "203.0.113.9"


@pytest.fixture(scope="module")
def web(cluster: Cluster) -> Pod:
    cluster.replace_policies([])
    named = (("http", "TCP", 8080),)
    cluster.add_pods([PodPlan("differs", name, {"app": name}, named=named) for name in ("web", "db")])
    cluster.answer_outside([("TCP", 8080), ("TCP", 80)])
    return cluster.pods["differs", "web"]


def _observe(cluster: Cluster, web: Pod, rule: dict[str, Any]) -> dict[int, bool]:
    """Which ports of an outside address the pod reaches with this one rule."""
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": [rule]}
    metadata = {"name": "one", "namespace": "differs"}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
    cluster.replace_policies([policy])
    ports = (80, 8080)
    observed = probe([Attempt(web.network, OUTSIDE, "TCP", port) for port in ports])
    return {port: one.is_allowed for port, one in zip(ports, observed, strict=True)}


def test_namespaces_by_what_they_lack_leave_out_the_outside(cluster: Cluster, web: Pod) -> None:
    expression = {"key": "team", "operator": "NotIn", "values": ["red"]}
    lacking = {"to": [{"namespaceSelector": {"matchExpressions": [expression]}}]}
    assert _observe(cluster, web, lacking) == {80: False, 8080: False}


def test_a_named_port_is_no_number_at_addresses(cluster: Cluster, web: Pod) -> None:
    named = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": "http"}]}
    assert _observe(cluster, web, named) == {80: False, 8080: False}


def test_a_range_is_all_its_ports(cluster: Cluster, web: Pod) -> None:
    ranged = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": 80, "endPort": 9000}]}
    assert _observe(cluster, web, ranged) == {80: True, 8080: True}
