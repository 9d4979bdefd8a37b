"""What the catalog and the project file need, as YAML to complete: `egressc compile --missing`."""

from collections.abc import Sequence
from pathlib import Path

from egressc.diagnostics.core import Report
from egressc.lower.address_lists import split_lists
from egressc.missing.catalog_text import catalog_text
from egressc.missing.project_text import project_text
from egressc.missing.texts import HOW_TO, part
from egressc.pipeline import find_missing
from egressc.project.compiling import compile_project
from egressc.project.environments import environments_of, merge_reports
from egressc.project.workspace import open_workspace, read_all


def missing_text(project: Path | None, sources: Sequence[Path], environments: Sequence[str], report: Report) -> str:
    """The YAML; "" where nothing that it could say would help.

    Args:
        environments: names; of several it is what the rows of all of them ask for. One that is empty: there are none.
        report: what a compile reports in each of them.
    """
    reports = {name: Report() for name in environments}
    for name, found in reports.items():
        compile_project(project, found, sources=sources, environment=name)
    report.absorb(merge_reports(reports, environments_of(project) or environments))
    if not report.has_errors:
        return ""
    workspace = open_workspace(project, Report(), environments[0] if len(environments) == 1 else "")
    if workspace is None:
        return ""
    requirements, catalogs = read_all(workspace, sources, Report())
    names = [it.name for it in split_lists(catalogs, workspace.project.address_lists)[0]]
    needs = find_missing(workspace.project, requirements, catalogs)
    into = names[0] if names else f"catalog.yaml, which {workspace.source.name} lists under `catalog`"
    text = part(into, catalog_text(needs, names, names_hosts=workspace.project.cluster.names_hosts)) + part(
        workspace.source.name, project_text(needs)
    )
    return HOW_TO + text if text else ""
