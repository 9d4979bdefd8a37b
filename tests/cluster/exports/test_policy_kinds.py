"""Kinds of policies that Kubernetes does not have: an API server takes what is right, and names what is wrong."""

import re
from pathlib import Path

import pytest
import yaml

from cluster.conftest import require_owners
from egressc.model.dialects import DIALECTS, ISTIO
from support.dialect_projects import NAMING, in_dialect, render_project
from testbed.api import Api
from testbed.owners import objections
from testbed.policy_engine import PolicyEngine
from testbed.programs import POLICY_ENGINE

OF_EGRESS_GATEWAY = frozenset({"AuthorizationPolicy", "DestinationRule", "Gateway", "ServiceEntry", "VirtualService"})
CILIUM_POLICY = """
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: one, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: ai}}
  egress:
  - toFQDNs: [{matchName: api.example.com}, {matchPattern: "**.example.org"}]
    toPorts: [{ports: [{port: "8080", endPort: 8089, protocol: TCP}]}]
"""
CILIUM_CLUSTERWIDE = CILIUM_POLICY.replace("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
CLUSTER = """
apiVersion: policy.networking.k8s.io/v1beta1
kind: ClusterNetworkPolicy
metadata: {name: one}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  egress:
  - {action: Deny, to: [{networks: [169.254.169.254/32]}]}
  - {action: Accept, to: [{domainNames: ["*.example.com"]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
"""
CLUSTER_BEFORE = CLUSTER.replace("v1beta1", "v1alpha2")
GKE = """
apiVersion: networking.gke.io/v1alpha1
kind: FQDNNetworkPolicy
metadata: {name: one, namespace: shop}
spec:
  podSelector: {matchLabels: {app: ai}}
  egress:
  - matches: [{name: api.example.com}, {pattern: "*.example.org"}]
    ports: [{protocol: TCP, port: 443}]
"""


@pytest.mark.parametrize("manifest", [CILIUM_POLICY, CILIUM_CLUSTERWIDE, CLUSTER, CLUSTER_BEFORE, GKE])
def test_what_is_right(api: Api, manifest: str) -> None:
    assert objections(api, yaml.safe_load(manifest)) == []


@pytest.mark.parametrize(
    ("project", "dialect"),
    [(path, dialect) for dialect, paths in NAMING.items() for path in paths],
    ids=lambda it: it if isinstance(it, str) else it.parent.name,
)
def test_what_is_rendered(api: Api, project: Path, dialect: str, tmp_path: Path) -> None:
    manifests = render_project(in_dialect(project, dialect, tmp_path)).manifests
    of_gateway = OF_EGRESS_GATEWAY if dialect == ISTIO else frozenset()
    assert {it["kind"] for it in manifests} <= {*DIALECTS[dialect].kinds, *of_gateway}
    assert [objections(api, it) for it in manifests] == [[]] * len(manifests)


@pytest.mark.parametrize(
    ("manifest", "old", "new", "message"),
    [
        (
            CILIUM_POLICY,
            "matchName: api",
            "matchName: https://api",
            "spec.egress[0].toFQDNs[0].matchName in body should match",
        ),
        (CILIUM_POLICY, "toFQDNs", "toFQDN", 'unknown field "spec.egress[0].toFQDN"'),
        (CILIUM_CLUSTERWIDE, "- toFQDNs:", "- toEntities: [internet]\n    toFQDNs:", "Unsupported value"),
        (CLUSTER, "169.254.169.254/32", "169.254.169.254/16", "networks[0]"),
        (CLUSTER, "priority: 10", "priority: 1001", "should be less than or equal to 1000"),
        (GKE, "port: 443", "port: 443, endPort: 444", 'unknown field "spec.egress[0].ports[0].endPort"'),
        (GKE, "name: api.example.com", 'name: a.test, pattern: "*.test"', "must have at most 1 item"),
    ],
)
def test_what_is_wrong(api: Api, manifest: str, old: str, new: str, message: str) -> None:
    assert old in manifest
    objection = "\n".join(objections(api, yaml.safe_load(manifest.replace(old, new))))
    assert message in objection


@pytest.mark.parametrize(
    ("manifest", "old", "new", "message"),
    [
        (
            CILIUM_POLICY,
            "- toFQDNs",
            "- toCIDR: [10.0.0.0/8]\n    toFQDNs",
            # Which of the two it names first differs from run to run.
            r"combining To(FQDNs and ToCIDR|CIDR and ToFQDNs) is not supported yet",
        ),
        (CLUSTER_BEFORE, "action: Accept", "action: Deny", r"egress\.to\.domainNames is only supported for"),
    ],
)
def test_what_only_cilium_refuses(api: Api, manifest: str, old: str, new: str, message: str) -> None:
    """An API server stores it, the agent ignores it: so policies for Cilium need both opinions."""
    require_owners(POLICY_ENGINE)
    assert old in manifest
    wrong = yaml.safe_load(manifest.replace(old, new))
    assert objections(api, wrong) == []
    with PolicyEngine() as engine:
        assert re.search(message, engine.ask([wrong]).refused[0])
