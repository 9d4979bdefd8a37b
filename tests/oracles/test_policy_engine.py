"""Cilium's own policy engine, as other tests ask it: what it refuses, and verdicts that tell its rules apart."""

import re

import pytest
import yaml

from support.tables import each
from testbed.policy_engine import (
    HOST,
    KUBE_APISERVER,
    REMOTE_NODE,
    Flow,
    NamedPort,
    Place,
    Pod,
    PolicyEngine,
    World,
)

POLICIES = """
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: ai, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: ai}}
  egress:
  - toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s:k8s-app: kube-dns}}]
    toPorts:
    - ports: [{port: "53", protocol: UDP}]
      rules: {dns: [{matchPattern: "*"}]}
  - toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: data, k8s:app: qdrant}}]
    toPorts: [{ports: [{port: "6333", protocol: TCP}]}]
  - toEndpoints: [{matchLabels: {app: qdrant}}]
    toPorts: [{ports: [{port: "9999", protocol: TCP}]}]
  - toEndpoints: [{matchLabels: {k8s:io.cilium.k8s.namespace.labels.team: ml}}]
    toPorts: [{ports: [{port: "8080", endPort: 8089, protocol: TCP}]}]
  - toEndpoints: [{matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: Exists}]}]
    toPorts: [{ports: [{port: "8443", protocol: TCP}]}]
  - toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: data}}]
    toPorts: [{ports: [{port: "web", protocol: TCP}]}]
  - toFQDNs: [{matchName: api.openai.com}, {matchPattern: "*.anthropic.com"}, {matchPattern: "**.azure.com"}]
    toPorts: [{ports: [{port: "443", protocol: TCP}]}]
  - toCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}]
    toPorts: [{ports: [{port: "5432", protocol: TCP}]}]
  - toEntities: [world]
    toPorts: [{ports: [{port: "81", protocol: TCP}]}]
  - toEntities: [kube-apiserver]
    toPorts: [{ports: [{port: "6443", protocol: TCP}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ai-extra, namespace: shop}
spec:
  podSelector: {matchLabels: {app: ai}}
  policyTypes: [Egress]
  egress:
  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}}]
    ports: [{port: 7000, endPort: 7010, protocol: TCP}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: qdrant, namespace: data}
spec:
  podSelector: {matchLabels: {app: qdrant}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {}
      podSelector: {matchLabels: {app: ai}}
    - ipBlock: {cidr: 203.0.113.0/24}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: everybody, namespace: closed}
spec:
  endpointSelector: {}
  egress: [{}]
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: no-telnet}
spec:
  endpointSelector: {}
  enableDefaultDeny: {egress: false, ingress: false}
  egressDeny:
  - toEntities: [all]
    toPorts: [{ports: [{port: "23", protocol: TCP}]}]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guardrails}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  egress:
  - {name: no-metadata, action: Deny, to: [{networks: [169.254.169.254/32]}]}
  - {name: no-other-tenant, action: Deny, to: [{namespaces: {matchLabels: {tenant: b}}}]}
"""

WORLD = World(
    namespaces={"labs": {"team": "ml"}, "rival": {"team": "ml", "tenant": "b"}},
    pods={
        "ai": Pod("shop", {"app": "ai"}),
        "orders": Pod("shop", {"app": "orders"}),
        "qdrant": Pod("data", {"app": "qdrant"}, (NamedPort("web", "TCP", 8081),)),
        "plain": Pod("data", {"app": "plain"}),
        "dns": Pod("kube-system", {"k8s-app": "kube-dns"}),
        "lab": Pod("labs", {"app": "x", "pod-template-hash": "5b9"}),
        "rival": Pod("rival", {"app": "x"}),
        "closed": Pod("closed", {"app": "ai"}),
    },
    outside={
        "openai": Place("104.18.6.192", ("api.openai.com",)),
        "anthropic": Place("160.79.104.10", ("API.anthropic.com",)),
        "deep anthropic": Place("160.79.104.11", ("a.b.anthropic.com",)),
        "deep azure": Place("20.1.1.1", ("a.b.azure.com",)),
        "azure": Place("20.1.1.2", ("azure.com",)),
        "nameless": Place("1.2.3.4"),
        "nowhere": Place("", ("api.openai.com",)),
        "six": Place("2001:db8::1"),
        "private": Place("10.9.9.9"),
        "office": Place("203.0.113.5"),
        "metadata": Place("169.254.169.254"),
        "api server": Place("10.0.0.1", entity=KUBE_APISERVER),
        "node": Place("192.0.2.1", entity=HOST),
        "other node": Place("192.0.2.2", entity=REMOTE_NODE),
    },
)
FLOWS = {
    # Names are one label deep below `*.`, and as deep as you like below `**.`.
    Flow("ai", "openai", "TCP", 443): True,
    Flow("ai", "openai", "TCP", 80): False,
    Flow("ai", "anthropic", "TCP", 443): True,
    Flow("ai", "deep anthropic", "TCP", 443): False,
    Flow("ai", "deep azure", "TCP", 443): True,
    Flow("ai", "azure", "TCP", 443): False,
    Flow("ai", "nameless", "TCP", 443): False,
    Flow("ai", "nowhere", "TCP", 443): True,
    # A peer without a namespace is of the policy's own.
    Flow("ai", "qdrant", "TCP", 6333): True,
    Flow("ai", "qdrant", "TCP", 9999): False,
    Flow("ai", "lab", "TCP", 8089): True,
    Flow("ai", "lab", "TCP", 8090): False,
    # "Any namespace" is any pod, and neither an address nor the API server.
    Flow("ai", "lab", "TCP", 8443): True,
    Flow("ai", "nameless", "TCP", 8443): False,
    Flow("ai", "api server", "TCP", 8443): False,
    Flow("ai", "api server", "TCP", 6443): True,
    # An address block is no pod and no node, even if it is all addresses.
    Flow("ai", "nameless", "TCP", 5432): True,
    Flow("ai", "private", "TCP", 5432): False,
    Flow("ai", "qdrant", "TCP", 5432): False,
    Flow("ai", "other node", "TCP", 5432): False,
    # "World" is every address outside, of both families, private ones too.
    Flow("ai", "private", "TCP", 81): True,
    Flow("ai", "six", "TCP", 81): True,
    Flow("ai", "other node", "TCP", 81): False,
    # A named port is the number that the destination gives it.
    Flow("ai", "qdrant", "TCP", 8081): True,
    Flow("ai", "plain", "TCP", 8081): False,
    # Policies add up, and those of a cluster come first.
    Flow("ai", "dns", "UDP", 53): True,
    Flow("ai", "qdrant", "TCP", 7010): True,
    Flow("ai", "qdrant", "TCP", 7011): False,
    Flow("ai", "rival", "TCP", 8080): False,
    Flow("orders", "nameless", "TCP", 443): True,
    Flow("orders", "metadata", "TCP", 443): False,
    Flow("orders", "nameless", "TCP", 23): False,
    # The destination has its say, also about those outside, except about its own node.
    Flow("orders", "qdrant", "TCP", 6333): False,
    Flow("office", "qdrant", "TCP", 6333): True,
    Flow("nameless", "qdrant", "TCP", 6333): False,
    Flow("node", "qdrant", "TCP", 6333): True,
    Flow("other node", "qdrant", "TCP", 6333): False,
    Flow("nameless", "lab", "TCP", 23): True,
    # An empty selector is the namespace.
    Flow("closed", "nameless", "TCP", 443): False,
    Flow("closed", "lab", "TCP", 443): False,
}


def test_verdicts_of_whole_connections(policy_engine: PolicyEngine) -> None:
    answer = policy_engine.ask(list(yaml.safe_load_all(POLICIES)), WORLD, list(FLOWS))
    assert answer.refused == {}
    assert answer.warnings == ()
    assert dict(zip(FLOWS, answer.verdicts, strict=True)) == FLOWS


def test_questions_do_not_remember_each_other(policy_engine: PolicyEngine) -> None:
    flow = Flow("ai", "nameless", "TCP", 443)
    policies = list(yaml.safe_load_all(POLICIES))
    asked = [policy_engine.ask(given, WORLD, [flow]).verdicts for given in (policies, [], policies)]
    assert asked == [(False,), (True,), (False,)]


# Cilium leaves some labels of pods out of their identity: a policy that selects by one selects nobody.
def test_labels_that_differ_between_replicas_select_nobody(policy_engine: PolicyEngine) -> None:
    policy = yaml.safe_load("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: one, namespace: labs}
        spec: {podSelector: {matchLabels: {pod-template-hash: 5b9}}, policyTypes: [Egress]}
    """)
    assert policy_engine.ask([policy], WORLD, [Flow("lab", "nameless", "TCP", 443)]).verdicts == (True,)


def _ports(count: int) -> str:
    return ", ".join(f'{{port: "{port}", protocol: TCP}}' for port in range(1, count + 1))


@each(
    ("egress", "message"),
    [
        # Which of the two it names first differs from run to run.
        ("toFQDNs: [{matchName: a.test}], toCIDR: [10.0.0.0/8]", r"combining To(FQDNs and ToCIDR|CIDR and ToFQDNs) is"),
        ('toFQDNs: [{matchName: "https://a.test"}]', 'Invalid characters in MatchName: "https://a\\.test"'),
        (
            "toCIDRSet: [{cidr: 10.0.0.0/8, except: [192.168.0.0/16]}]",
            r"allow CIDR prefix 10\.0\.0\.0/8 does not contain exclude CIDR prefix 192\.168\.0\.0/16",
        ),
        (
            'toPorts: [{ports: [{port: "53", endPort: 60, protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]',
            "DNS rules do not support port ranges",
        ),
        ("toEntities: [internet]", "unsupported entity: internet"),
        ("toFQDN: [{matchName: a.test}]", r'unknown field "spec\.egress\[0\]\.toFQDN"'),
        (f"toPorts: [{{ports: [{_ports(41)}]}}]", "too many ports, the max is 40"),
    ],
)
def test_what_the_agent_would_not_take(policy_engine: PolicyEngine, egress: str, message: str) -> None:
    policy = yaml.safe_load(f"""
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {{name: one, namespace: shop}}
        spec: {{endpointSelector: {{}}, egress: [{{{egress}}}]}}
    """)
    good = next(yaml.safe_load_all(POLICIES))
    answer = policy_engine.ask([good, policy], WORLD, [Flow("ai", "openai", "TCP", 443)])
    assert list(answer.refused) == [1]
    assert re.search(message, answer.refused[1])
    assert answer.verdicts == ()


def test_a_cluster_policy_may_not_deny_names(policy_engine: PolicyEngine) -> None:
    policy = yaml.safe_load("""
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: one}
        spec:
          tier: Admin
          priority: 10
          subject: {namespaces: {}}
          egress: [{action: Deny, to: [{domainNames: [evil.test]}]}]
    """)
    assert policy_engine.ask([policy]).refused == {
        0: "egress.to.domainNames is only supported for egress.action=Accept"
    }


def test_a_kind_that_the_agent_does_not_read(policy_engine: PolicyEngine) -> None:
    answer = policy_engine.ask([{"apiVersion": "policy.networking.k8s.io/v1beta1", "kind": "ClusterNetworkPolicy"}])
    assert answer.refused == {0: "the agent does not read policy.networking.k8s.io/v1beta1 ClusterNetworkPolicy"}


def test_a_question_about_nobody(policy_engine: PolicyEngine) -> None:
    with pytest.raises(ValueError, match="flow from ai to nobody: nobody has that name"):
        policy_engine.ask([], WORLD, [Flow("ai", "nobody", "TCP", 443)])
    assert policy_engine.ask([], WORLD, [Flow("ai", "openai", "TCP", 443)]).verdicts == (True,)
