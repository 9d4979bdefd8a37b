"""Prove a folder of rendered manifests equal to a project's sources, in one process.

Usage: python -m bench.proof PROJECT MANIFESTS FOUND [CLUSTER [OTHER]]

PROJECT is a project file, MANIFESTS a folder of rendered files. The file FOUND gets the seconds for intent, manifests
and comparison together (start, imports and compiling the sources left out), and the number of differences. With
CLUSTER, the policies and a pod for every service and destination are also written there, as one stream for other tools;
and with OTHER the same policies, their rules in reverse order.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from egressc.cli import no_collection
from egressc.diagnostics.core import Report
from egressc.lower.project import lower_project
from egressc.model.policy import PodPeer, PolicySet, Selector
from egressc.pipeline import compile_sources
from egressc.source import Source
from egressc.verify.comparison.compare import compare
from egressc.verify.intent.table import intend
from egressc.verify.manifests.reader import read_manifests


def main(project: str, manifests: str, found: str, cluster: str = "", other: str = "") -> None:
    with no_collection():
        policies = read_policies(Path(project))
        report = Report()
        started = time.perf_counter()
        intended = intend(policies)
        rendered = read_manifests(read_sources(Path(manifests)), report)
        differences = compare(intended, rendered.policies)
        seconds = time.perf_counter() - started
    if report.has_errors or len(rendered.policies) != len(intended):
        raise RuntimeError("the manifests are not those of the project")
    Path(found).write_text(f"{seconds!r}\n{len(differences)}\n")
    if cluster:
        texts = [source.text for source in read_sources(Path(manifests))]
        Path(cluster).write_text("".join([*pods_of(policies), *texts]))
        if other:
            Path(other).write_text("".join(["---\n" + reverse_rules(text) for text in texts]))


def read_policies(project: Path) -> PolicySet:
    """What the sources ask for; the project is one that bench.fleet writes."""
    report = Report()
    settings = lower_project(Source(project.name, project.read_text("utf-8")), report)
    sources = [Source(name, (project.parent / name).read_text("utf-8")) for name in ("services.md", "catalog.yaml")]
    compiled = compile_sources(settings, sources[:1], sources[1:], report)
    policies = compiled and compiled.policies
    if policies is None:
        raise RuntimeError(report.sorted()[0].message)
    return policies


def read_sources(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.glob("*.yaml")):
        yield Source(path.name, path.read_text("utf-8"))


def reverse_rules(text: str) -> str:
    policy = yaml.load(text, yaml.CSafeLoader)
    policy["spec"]["egress"].reverse()
    return json.dumps(policy) + "\n"


def pods_of(policies: PolicySet) -> Iterator[str]:
    """A pod for every service, for every destination that is pods of one namespace, and for DNS; namespaces first."""
    pods: dict[tuple[str, tuple[tuple[str, str], ...]], None] = {("kube-system", (("k8s-app", "kube-dns"),)): None}
    for service in policies.services:
        pods[service.namespace, service.pod_selector.match_labels] = None
        for dependency in service.grants:
            for peer in dependency.destination.peers:
                if isinstance(peer, PodPeer) and peer.pods is not None:
                    pods[_only_value(peer.namespaces) or service.namespace, peer.pods.match_labels] = None
    for namespace in sorted({namespace for namespace, _ in pods}):
        metadata: dict[str, object] = {"name": namespace, "labels": {"kubernetes.io/metadata.name": namespace}}
        yield _manifest("Namespace", metadata, {})
    for number, (namespace, labels) in enumerate(pods):
        metadata = {"name": f"pod-{number}", "namespace": namespace, "labels": dict(labels)}
        yield _manifest("Pod", metadata, {"spec": {"containers": [{"name": "main", "image": "any"}]}})


def _only_value(namespaces: Selector | None) -> str:
    return namespaces.match_labels[0][1] if namespaces is not None else ""


def _manifest(kind: str, metadata: dict[str, object], rest: dict[str, object]) -> str:
    return f"---\n{json.dumps({'apiVersion': 'v1', 'kind': kind, 'metadata': metadata, **rest})}\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
