"""Flux: a HelmRelease for each release, the sources of the charts, and a Kustomization that keeps them in sync.

Sources: helm.toolkit.fluxcd.io/v2 HelmRelease (`chartRef`, `dependsOn`), source.toolkit.fluxcd.io/v1 OCIRepository and
HelmChart, kustomize.toolkit.fluxcd.io/v1 Kustomization.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.handover.releases import Chart, ExportedRelease, Releases

FILE: Final = "flux.yaml"
FOLDER: Final = "flux"

_ABOUT: Final = """\
# Flux installs one HelmRelease for each file in {folder}: a new file needs no change here. The baseline of a namespace
# waits for its services. Deletion has no order: to remove a namespace, delete the file of its baseline first, and the
# others once that is gone. Deleting a file deletes its policy, and deleting the Kustomization deletes all: pods that no
# other policy selects can then reach everything. To keep the policies, set spec.deletionPolicy: Orphan first.
"""
# What helm push gives the layer with the chart.
_CHART_LAYER: Final = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_SHORT_FORM: Final = re.compile(r"\A([\w.-]+@[\w.-]+):/?(.+)")

# The end of a YAML document: there is none after it in a values file.
_END: Final = re.compile(r"^\.\.\.", re.MULTILINE)


def export_releases(fleet: Releases) -> Mapping[str, str]:
    """The sources, and a file with each HelmRelease in the folder of its namespace."""
    settings = fleet.settings
    folder = fleet.in_repository(f"{settings.folder}/{FOLDER}")
    sources = "---\n".join(mapping_lines(it, "") for it in _sources(fleet, folder))
    releases = {f"{FOLDER}/{it.path}": _release(fleet, it) for it in fleet.releases}
    return {FILE: _ABOUT.format(folder=folder) + sources, **releases}


def _sources(fleet: Releases, folder: str) -> Iterator[dict[str, Data]]:
    settings = fleet.settings
    git: Data = {"kind": "GitRepository", "name": settings.name}
    yield _source(
        fleet,
        "GitRepository",
        settings.name,
        {"interval": "1m", "url": _url(settings.repository), "ref": {"branch": settings.revision}},
    )
    for chart in [fleet.service_chart, *([fleet.namespace_chart] if fleet.baselines else [])]:
        if chart.registry:
            layer: Data = {"mediaType": _CHART_LAYER, "operation": "copy"}
            spec: dict[str, Data] = {"interval": "1h", "url": chart.url, "ref": {"tag": chart.version}}
            yield _source(fleet, "OCIRepository", _name(fleet, chart), {**spec, "layerSelector": layer})
        else:
            place = f"./{fleet.in_repository(chart.folder)}"
            spec = {"interval": "10m", "chart": place, "sourceRef": git}
            yield _source(fleet, "HelmChart", _name(fleet, chart), spec)
    yield {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": settings.name, "namespace": settings.flux_namespace},
        "spec": {"interval": "10m", "path": f"./{folder}", "prune": True, "sourceRef": git},
    }


def _source(fleet: Releases, kind: str, name: str, spec: dict[str, Data]) -> dict[str, Data]:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": fleet.settings.flux_namespace},
        "spec": spec,
    }


def _release(fleet: Releases, release: ExportedRelease) -> str:
    chart = fleet.chart_of(release)
    before: list[Data] = [{"name": it.name} for it in fleet.beside(release)] if release.is_baseline else []
    document: dict[str, Data] = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": release.name, "namespace": release.namespace},
        "spec": {
            "interval": "10m",
            "releaseName": release.name,
            "chartRef": _reference(fleet, chart),
            **({"dependsOn": before} if before else {}),
            "driftDetection": {"mode": "enabled"},
        },
    }
    return mapping_lines(document, "") + "  values:\n" + _indented(release.values, "    ")


def _reference(fleet: Releases, chart: Chart) -> Data:
    kind = "OCIRepository" if chart.registry else "HelmChart"
    return {"kind": kind, "name": _name(fleet, chart), "namespace": fleet.settings.flux_namespace}


def _name(fleet: Releases, chart: Chart) -> str:
    """What the source of a chart is called: two projects of a cluster can have different versions."""
    return f"{fleet.settings.name}-{chart.name}"


def _url(repository: str) -> str:
    """Flux does not know the short form of ssh."""
    return _SHORT_FORM.sub(r"ssh://\1/\2", repository)


def _indented(values: str, indent: str) -> str:
    """A values file as the value of a key: its own text without its head, so that a review shows what compile wrote."""
    text = _END.split(values.removeprefix("\ufeff").replace("\r\n", "\n"), maxsplit=1)[0]
    lines = text.removesuffix("\n").split("\n")
    first = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    return "".join(f"{indent}{line}\n" if line else "\n" for line in lines[first:])
