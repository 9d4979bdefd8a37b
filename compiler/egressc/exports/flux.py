"""Flux: a HelmRelease for each release, the sources of the charts, and a Kustomization that keeps them in sync.

Sources: helm.toolkit.fluxcd.io/v2 HelmRelease (`chartRef`, `dependsOn`), source.toolkit.fluxcd.io/v1 OCIRepository and
HelmChart, kustomize.toolkit.fluxcd.io/v1 Kustomization.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.emit.scalars import comment
from egressc.emit.values import EXTRAS_PREFIX
from egressc.exports.project import Chart, ChartFolder, ChartInRegistry, ExportedProject, ExportedRelease

FILE: Final = "flux.yaml"
FOLDER: Final = "flux"

_ABOUT: Final = """\
# Flux installs a HelmRelease for each file in {folder}. A new service changes no line here.
# The baseline of a namespace waits for its services. Flux deletes in no order: to remove a namespace, delete the file
# of its baseline first, and the other files when the baseline is gone.
# If you delete one of the files, Flux deletes its policy. If you delete the Kustomization, it deletes all of them.
# {consequence} To keep the policies when you delete the Kustomization, run first:
#   kubectl patch kustomization {name} -n {namespace} --type merge -p '{{"spec": {{"deletionPolicy": "Orphan"}}}}'
"""
# The layer that `helm push` gives a chart.
_CHART_LAYER: Final = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_SHORT_FORM: Final = re.compile(r"\A([\w.-]+@[\w.-]+):/?(.+)")
# The end of a YAML document; in a values file nothing follows it.
_END: Final = re.compile(r"^\.\.\.", re.MULTILINE)


def export_releases(project: ExportedProject) -> Mapping[str, str]:
    """The sources, and a file with each HelmRelease in the folder of its namespace."""
    settings = project.settings
    folder = project.in_repository(f"{settings.folder}/{FOLDER}")
    about = _ABOUT.format(
        folder=comment(folder), consequence=project.consequence, name=settings.name, namespace=settings.flux_namespace
    )
    sources = "---\n".join(mapping_lines(it, "") for it in _sources(project, folder))
    releases = {f"{FOLDER}/{it.path}": _release(project, it) for it in project.releases}
    return {FILE: about + sources, **releases}


def _sources(project: ExportedProject, folder: str) -> Iterator[dict[str, Data]]:
    settings = project.settings
    git: Data = {"kind": "GitRepository", "name": settings.name}
    spec: dict[str, Data] = {"interval": "1m", "url": _url(settings.repository), "ref": {"branch": settings.revision}}
    yield _source(project, "GitRepository", settings.name, spec)
    for chart in project.charts:
        match chart:
            case ChartInRegistry(name, registry, version):
                layer: Data = {"mediaType": _CHART_LAYER, "operation": "copy"}
                spec = {"interval": "1h", "url": f"{registry}/{name}", "ref": {"tag": version}, "layerSelector": layer}
            case ChartFolder(_, place):
                spec = {"interval": "10m", "chart": f"./{project.in_repository(place)}", "sourceRef": git}
        yield _source(project, _kind(chart), _name(project, chart), spec)
    yield {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": settings.name, "namespace": settings.flux_namespace},
        "spec": {"interval": "10m", "path": f"./{folder}", "prune": True, "sourceRef": git},
    }


def _source(project: ExportedProject, kind: str, name: str, spec: dict[str, Data]) -> dict[str, Data]:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": project.settings.flux_namespace},
        "spec": spec,
    }


def _release(project: ExportedProject, release: ExportedRelease) -> str:
    chart = project.chart_of(release.kind)
    reference: Data = {
        "kind": _kind(chart),
        "name": _name(project, chart),
        "namespace": project.settings.flux_namespace,
    }
    before: list[Data] = [{"name": it.name} for it in project.needed_before(release)]
    document: dict[str, Data] = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": release.name, "namespace": release.namespace},
        "spec": {
            "interval": "10m",
            "releaseName": release.name,
            "chartRef": reference,
            **({"dependsOn": before} if before else {}),
            "driftDetection": {"mode": "enabled"},
        },
    }
    return mapping_lines(document, "") + "  values:\n" + _indented(release.values, "    ")


def _kind(chart: Chart) -> str:
    return "OCIRepository" if isinstance(chart, ChartInRegistry) else "HelmChart"


def _name(project: ExportedProject, chart: Chart) -> str:
    """The name of a chart's source: two projects in one cluster can have different versions."""
    return f"{project.settings.name}-{chart.name}"


def _url(repository: str) -> str:
    """Flux does not know the short form of ssh."""
    return _SHORT_FORM.sub(r"ssh://\1/\2", repository)


def _indented(values: str, indent: str) -> str:
    """A values file as the value of a key: its own text, so that a review shows what compile wrote.

    Without its head and its extras line, for here nothing is the operator's.
    """
    text = _END.split(values.removeprefix("\ufeff").replace("\r\n", "\n"), maxsplit=1)[0]
    lines = text.split("\n")
    first = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    held = (line for line in lines[first:] if not line.startswith(EXTRAS_PREFIX))
    return "\n".join(f"{indent}{line}" if line else "" for line in held)
