"""What the project file says about tools that install the policies: `export`."""

from egressc.diagnostics.core import Report
from egressc.lower.models import Path
from egressc.lower.overlays import in_folder
from egressc.lower.selections import generated_folder, refuse
from egressc.model.environments import Environments
from egressc.model.project import ExportSettings
from egressc.model.project_file import ProjectDocument
from egressc.model.scalars import (
    branch_problem,
    dns_label_problem,
    dns_subdomain_problem,
    do_folders_overlap,
    registry_problem,
    repository_problem,
)
from egressc.tables.yaml import YamlNode, span_at

_OF_KUBERNETES = "write the name of a Kubernetes object"


def lower_export(
    document: ProjectDocument, node: YamlNode, report: Report, environments: Environments
) -> ExportSettings:
    """What `export` says, checked; EG232. Each environment has its own folder, and names of its own."""
    entry = document.export
    at: Path = ("export",)
    if "export" not in document.model_fields_set and not environments.current:
        return ExportSettings()
    folder = generated_folder(entry.folder, node, (*at, "folder"), report)
    if "folder" in entry.model_fields_set and do_folders_overlap(folder, document.values):
        problem = f'overlaps the folder "{document.values}" of the values files'
        refuse(node, (*at, "folder"), problem, "write a folder outside it", report)
    charts = entry.charts.rstrip("/")
    texts = {
        ("repository",): (
            *(entry.repository, repository_problem),
            'write a URL such as "https://git.example.com/shop/network.git"; the tools keep credentials',
        ),
        ("revision",): (entry.revision, branch_problem, 'write one such as "main"'),
        ("charts",): (charts, registry_problem, 'write one such as "oci://registry.example.com/charts"'),
        ("name",): (entry.name, dns_label_problem, _OF_KUBERNETES),
        ("argocd", "namespace"): (entry.argocd.namespace, dns_label_problem, _OF_KUBERNETES),
        ("argocd", "project"): (entry.argocd.project, dns_subdomain_problem, _OF_KUBERNETES),
        ("flux", "namespace"): (entry.flux.namespace, dns_label_problem, _OF_KUBERNETES),
    }
    for path, (text, problem_of, expected) in texts.items():
        if text and (wrong := problem_of(text)):
            refuse(node, (*at, *path), wrong, expected, report)
    if charts and document.chart:
        repair = "remove it; the chart of namespaces is then exported too"
        refuse(node, (*at, "charts"), "has no effect on services, which use `chart`", repair, report)
    is_named = not environments.current or "cluster" in entry.argocd.model_fields_set
    return ExportSettings(
        folder=in_folder(folder, environments),
        name=f"{entry.name}-{environments.current}" if environments.current else entry.name,
        repository=entry.repository,
        revision=entry.revision,
        charts=charts,
        argocd_namespace=entry.argocd.namespace,
        argocd_project=entry.argocd.project,
        argocd_cluster=entry.argocd.cluster if is_named else "",
        flux_namespace=entry.flux.namespace,
        place=span_at(node, at) if "export" in document.model_fields_set else None,
    )
