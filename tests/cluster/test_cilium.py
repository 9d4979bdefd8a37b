"""Where Cilium 1.15 does otherwise than NetworkPolicy says: docs/parity.md tells users, and these show it.

A newer Cilium that fails here has mended it: then the text goes, and policy_chance.py may ask for it too.
"""

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


def test_namespaces_by_what_they_lack_take_in_the_outside(cluster: Cluster, web: Pod) -> None:
    expression = {"key": "team", "operator": "NotIn", "values": ["red"]}
    lacking = {"to": [{"namespaceSelector": {"matchExpressions": [expression]}}]}
    assert _observe(cluster, web, lacking) == {80: True, 8080: True}
    present = {"key": "kubernetes.io/metadata.name", "operator": "Exists"}
    both = {"to": [{"namespaceSelector": {"matchExpressions": [expression, present]}}]}
    assert _observe(cluster, web, both) == {80: False, 8080: False}


def test_a_named_port_is_its_number_at_addresses_too(cluster: Cluster, web: Pod) -> None:
    named = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": "http"}]}
    assert _observe(cluster, web, named) == {80: False, 8080: True}


def test_a_range_is_its_first_port(cluster: Cluster, web: Pod) -> None:
    ranged = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": 80, "endPort": 9000}]}
    assert _observe(cluster, web, ranged) == {80: True, 8080: False}
