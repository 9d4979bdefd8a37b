"""Helmfile: the list of all releases."""

from collections.abc import Mapping
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.exports.project import Chart, ChartInRegistry, ExportedProject, ExportedRelease

FILE: Final = "helmfile.yaml"

_ABOUT: Final = """\
# `helmfile apply` installs the baseline of a namespace after its services. It does not uninstall a release that is no
# longer in the list: `helm uninstall` does. `helmfile destroy` removes baselines first, and deletes all policies.
# {consequence}
"""


def export_releases(project: ExportedProject) -> Mapping[str, str]:
    """One file; a baseline `needs` the services of its namespace."""
    document: dict[str, Data] = {"releases": [_release(project, it) for it in project.releases]}
    return {FILE: _ABOUT.format(consequence=project.consequence) + mapping_lines(document, "")}


def _release(project: ExportedProject, release: ExportedRelease) -> dict[str, Data]:
    before: list[Data] = [f"{it.namespace}/{it.name}" for it in project.needed_before(release)]
    return {
        "name": release.name,
        "namespace": release.namespace,
        **_chart(project, project.chart_of(release.kind)),
        "values": [project.from_folder(f"{project.values}/{release.values_file}")],
        **({"needs": before} if before else {}),
    }


def _chart(project: ExportedProject, chart: Chart) -> dict[str, Data]:
    if isinstance(chart, ChartInRegistry):
        return {"chart": f"{chart.registry}/{chart.name}", "version": chart.version}
    folder = project.from_folder(chart.folder)
    # What begins with no dot could be a repository of charts.
    return {"chart": folder if folder.startswith(".") else f"./{folder}"}
