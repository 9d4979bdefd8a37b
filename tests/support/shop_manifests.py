"""A NetworkPolicy that lets `web` reach `redis`, their pods, and what a command says of manifests in a project."""

from pathlib import Path

from support.command import run

WEB = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
      podSelector: {matchLabels: {app: redis}}
    ports: [{port: 6379, protocol: TCP}]
"""
PODS = """\
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: redis, namespace: shop, labels: {app: redis}}
"""
MANIFESTS = ("--manifests", "rules.yaml")


def said(project: Path, text: str, *command: str) -> tuple[int, str]:
    """The exit code and the output of a command on manifests, written to the folder of the project."""
    (project / "rules.yaml").write_text(text, "utf-8")
    result = run([*command, *MANIFESTS], project)
    return result.exit_code, f"{result.stdout}{result.stderr}"
