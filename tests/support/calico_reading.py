"""Policies of Calico, read as the manifests of a project are."""

from egressc.diagnostics.core import Report
from egressc.dialects.reading import KnownFacts
from egressc.model.flows import Policy
from egressc.model.policy import Selector
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests

NAMESPACES = """---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data, labels: {team: data}}
"""


def read(*texts: str, port: int = 6443, is_live: bool = False) -> tuple[tuple[Policy, ...], list[str]]:
    """The policies, and what is reported."""
    report = Report()
    source = Source("rules.yaml", "---".join(f"\n{it.strip()}\n" for it in texts))
    found = read_manifests([source], report, is_live=is_live, known=KnownFacts(api_server_port=port))
    return found.policies, [f"{it.code.id} {it.message}" for it in report.sorted()]


def policy_of(*texts: str) -> Policy:
    (policy,), said = read(*texts)
    assert said == []
    return policy


def allowing(rule: str, *more: str, kind: str = "NetworkPolicy", direction: str = "egress") -> Policy:
    text = f"""
apiVersion: projectcalico.org/v3
kind: {kind}
metadata: {{name: one, namespace: shop}}
spec: {{order: 1000, selector: app == 'web', {direction}: [{{action: Allow, {rule}}}]}}
"""
    return policy_of(text, *more)


def labels(**wanted: str) -> Selector:
    return Selector(tuple(wanted.items()))
