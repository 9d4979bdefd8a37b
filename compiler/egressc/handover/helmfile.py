"""Helmfile: the list of all releases."""

from collections.abc import Mapping
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.handover.releases import Chart, ExportedRelease, Releases

FILE: Final = "helmfile.yaml"

_ABOUT: Final = """\
# `helmfile apply` installs the baseline of a namespace after its services, `helmfile destroy` removes it before them.
# A release that is removed takes its policy with it: pods that no other policy selects can then reach everything.
"""


def export_releases(fleet: Releases) -> Mapping[str, str]:
    """One file; a baseline `needs` the services of its namespace."""
    document: dict[str, Data] = {"releases": [_release(fleet, it) for it in fleet.releases]}
    return {FILE: _ABOUT + mapping_lines(document, "")}


def _release(fleet: Releases, release: ExportedRelease) -> dict[str, Data]:
    before: list[Data] = [f"{it.namespace}/{it.name}" for it in fleet.beside(release)] if release.is_baseline else []
    return {
        "name": release.name,
        "namespace": release.namespace,
        **_chart(fleet, fleet.chart_of(release)),
        "values": [fleet.from_folder(f"{fleet.values}/{release.id}.yaml")],
        **({"needs": before} if before else {}),
    }


def _chart(fleet: Releases, chart: Chart) -> dict[str, Data]:
    if chart.registry:
        return {"chart": chart.url, "version": chart.version}
    folder = fleet.from_folder(chart.folder)
    # What begins with no dot could be a repository of charts.
    return {"chart": folder if folder.startswith(".") else f"./{folder}"}
