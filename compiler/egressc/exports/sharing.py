"""Environments that would get into each other's way in one cluster, or under one name."""

import re
from collections.abc import Iterator
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import shared_export_name, shared_release
from egressc.exports.project import ExportedProject, ExportedRelease
from egressc.files.folder import FILE_LIMIT
from egressc.files.reading import read_bounded
from egressc.model.project import ExportSettings
from egressc.project.workspace import Workspace, open_workspace

# As a compile writes it, near the top of a values file.
_RELEASE: Final = re.compile(r"^  release:\n    name: (?P<name>\S+)\n    namespace: (?P<namespace>\S+)\n", re.MULTILINE)


def report_sharing(workspace: Workspace, project: ExportedProject, *, by_cluster: bool, report: Report) -> None:
    """EG529 for a release that another environment installs in the same cluster, EG530 for the name of its export.

    Args:
        by_cluster: the tool is told which cluster it installs in, as Argo CD is.
    """
    settings, environments = project.settings, workspace.project.environments
    place = settings.place or workspace.place
    for name, others, values in _others(workspace):
        if others.name == settings.name:
            report.add(shared_export_name(place, environments.current, name, settings.name))
        if by_cluster and others.argocd_cluster == settings.argocd_cluster:
            shared = (it for it in project.releases if _is_installed(workspace, values, it))
            if (first := next(shared, None)) is not None:
                where = (first.name, first.namespace, settings.argocd_cluster)
                report.add(shared_release(place, environments.current, name, *where))


def _others(workspace: Workspace) -> Iterator[tuple[str, ExportSettings, str]]:
    """The other environments, with their settings and their folder of values files."""
    environments = workspace.project.environments
    for name in environments.names if environments.current else ():
        if name != environments.current:
            other = open_workspace(workspace.folder / workspace.source.name, Report(), name)
            if other is not None:
                yield name, other.project.export, other.project.values


def _is_installed(workspace: Workspace, values: str, release: ExportedRelease) -> bool:
    """Whether a values file of another environment is for the same release in the same namespace."""
    try:
        data = read_bounded(workspace.folder / values / release.values_file, FILE_LIMIT, follow=False)
    except OSError:
        return False
    found = _RELEASE.search(data.decode("utf-8", "replace"))
    return found is not None and (found["name"], found["namespace"]) == (release.name, release.namespace)
