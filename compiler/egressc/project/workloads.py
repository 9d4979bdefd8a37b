"""What runs in the cluster, for a compile: out of manifests that are named, or of the cluster itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from egressc.diagnostics.core import Report
from egressc.model.workloads import NO_WORKLOADS, Workloads
from egressc.pipeline import ReadWorkloads
from egressc.project.manifests import DEFAULT_NAMESPACE, ManifestFiles, read_sources
from egressc.project.workspace import Workspace, load_sources
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests

CLUSTER: Final = "cluster:"
"""In place of a path: the cluster of the current context of kubectl, or of the one that is named behind it."""


def workloads_of(workspace: Workspace, given: Sequence[str] = ()) -> ReadWorkloads:
    """Reads what the project names, and what the command line gives besides, once the compile asks for it."""
    return partial(_read_workloads, workspace, given)


def _read_workloads(workspace: Workspace, given: Sequence[str], default_namespace: str, report: Report) -> Workloads:
    """Objects without a namespace are in the one that the project file names with their files, else in the default."""
    named = workspace.project.workloads
    if not named and not given:
        return NO_WORKLOADS
    home = default_namespace or DEFAULT_NAMESPACE
    parts = [_read(load_sources(workspace, (it.files,), report), it.namespace or home, report) for it in named]
    if paths := tuple(Path(it) for it in given if not it.startswith(CLUSTER)):
        parts.append(_read(read_sources(ManifestFiles(paths), report), home, report))
    parts += [_read_cluster(it.removeprefix(CLUSTER), report) for it in given if it.startswith(CLUSTER)]
    return Workloads(
        tuple(workload for part in parts for workload in part.workloads),
        tuple(service for part in parts for service in part.services),
        any(part.is_whole for part in parts),
        {name: labels for part in parts for name, labels in part.namespaces.items()},
    )


def _read(sources: Sequence[Source] | Iterator[Source], namespace: str, report: Report) -> Workloads:
    read = read_manifests(sources, report, default_namespace=namespace, only_workloads=True)
    return Workloads(read.workloads, read.services, namespaces=read.namespaces)


def _read_cluster(context: str, report: Report) -> Workloads:
    # The client of the API server takes longer to import than most projects to compile.
    from egressc.cluster.api import ApiReader
    from egressc.cluster.objects import Access, ClusterError
    from egressc.cluster.workloads import read_live_workloads

    try:
        sources, is_whole = read_live_workloads(ApiReader(Access(context=context or None)), report)
    except ClusterError as error:
        report.add(error.diagnostic)
        return NO_WORKLOADS
    return replace(_read(sources, DEFAULT_NAMESPACE, report), is_whole=is_whole)
