"""What the project file says about tools that install the policies: `export`."""

import re
from typing import Final

from egressc.diagnostics.core import Report
from egressc.lower.models import Path
from egressc.lower.selections import refuse
from egressc.model.project import ExportSettings
from egressc.model.project_file import ProjectDocument
from egressc.model.scalars import dns_label_problem, dns_subdomain_problem, repository_problem
from egressc.tables.yaml import YamlNode, span_at

_REGISTRY: Final = re.compile(r"oci://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)*/?")
# A name of a branch or tag that Git takes and that no option of a program begins with.
# Source: git-check-ref-format(1).
_REVISION: Final = re.compile(r"(?!-)(?!.*(?:\.\.|@\{|//|\.lock$))[^\s~^:?*\[\\\x00-\x1f\x7f]+(?<![./])")


def lower_handover(document: ProjectDocument, node: YamlNode, report: Report) -> ExportSettings:
    """What `export` says, checked; EG232."""
    entry = document.export
    at: Path = ("export",)
    folder = generated_folder(entry.folder, node, (*at, "folder"), report)
    ours, values = _parts(folder), _parts(document.values)
    if ours[: len(values)] == values or values[: len(ours)] == ours:
        problem = f'is not apart from the folder "{document.values}" of the values files'
        refuse(node, (*at, "folder"), problem, "write another folder, beside it", report)
    if entry.repository and (wrong := repository_problem(entry.repository)):
        expected = 'write a URL such as "https://git.example.com/shop/network.git"; the tools keep credentials'
        refuse(node, (*at, "repository"), wrong, expected, report)
    if not _REVISION.fullmatch(entry.revision):
        refuse(node, (*at, "revision"), "is not the name of a branch", 'write one such as "main"', report)
    if entry.charts and not _REGISTRY.fullmatch(entry.charts):
        expected = 'write one such as "oci://registry.example.com/charts"'
        refuse(node, (*at, "charts"), "is not a registry of charts", expected, report)
    if entry.charts and document.chart:
        repair = "remove it; the chart for namespaces is then exported too"
        refuse(node, (*at, "charts"), "has no effect on services, which use `chart`", repair, report)
    names = {
        ("name",): (entry.name, dns_label_problem),
        ("argocd", "namespace"): (entry.argocd.namespace, dns_label_problem),
        ("argocd", "project"): (entry.argocd.project, dns_subdomain_problem),
        ("flux", "namespace"): (entry.flux.namespace, dns_label_problem),
    }
    for path, (name, problem_of) in names.items():
        if wrong := problem_of(name):
            refuse(node, (*at, *path), wrong, "write the name of a Kubernetes object", report)
    return ExportSettings(
        folder=folder,
        name=entry.name,
        repository=entry.repository,
        revision=entry.revision,
        charts=entry.charts.rstrip("/"),
        argocd_namespace=entry.argocd.namespace,
        argocd_project=entry.argocd.project,
        argocd_cluster=entry.argocd.cluster,
        flux_namespace=entry.flux.namespace,
        place=span_at(node, at) if "export" in document.model_fields_set else None,
    )


def generated_folder(folder: str, node: YamlNode, path: Path, report: Report) -> str:
    """A folder for generated files as written; EG232 where it lies outside the project.

    A project file may come from somebody else's pull request: what it names is read, and written only below it.
    """
    if folder.startswith("/") or ".." in folder.split("/"):
        refuse(node, path, "is outside the project file's folder", "write a folder inside it", report)
    return folder


def _parts(folder: str) -> list[str]:
    return [part for part in folder.split("/") if part not in ("", ".")]
