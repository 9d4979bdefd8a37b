"""A project as exports see it: its releases, their values files and charts, and where all of it is."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from egressc import __version__
from egressc.model.policy import NAMESPACE_CHART, SERVICE_CHART
from egressc.model.project import ExportSettings

CHARTS_FOLDER: Final = "charts"
CONSEQUENCE: Final = "Pods that no other policy selects can then reach everything."
"""What every file says of the deletion of policies."""


class ExportedRelease(NamedTuple):
    """One release of Helm; `is_baseline`: of a whole namespace. `values` is the text of its values file."""

    id: str
    name: str
    namespace: str
    is_baseline: bool
    values_file: str
    values: str

    @property
    def path(self) -> str:
        """Where a file about this release is, in a folder for each namespace."""
        # Kustomize takes a file of this name for its own; no release has a dot in its name.
        return f"{self.namespace}/{self.name}{'.release' if self.name == 'kustomization' else ''}.yaml"


class ChartFolder(NamedTuple):
    """A chart in a folder, or packaged in a file, from the folder of the project."""

    name: str
    folder: str


class ChartInRegistry(NamedTuple):
    """A chart in a registry, which has a URL with the scheme `oci`."""

    name: str
    registry: str
    version: str


Chart = ChartFolder | ChartInRegistry


@dataclass(frozen=True, slots=True)
class ExportedProject:
    """All releases of a project, services first.

    Args:
        place: the folder of the project from the root of the repository; "." for the root itself.
        root: the same as an absolute path.
        values: the folder of the values files, from the project.
        own_chart: the chart that the project file names for services; empty for ours.
        render: what Helm makes of all releases, by id. It takes time.
    """

    settings: ExportSettings
    place: str
    root: str
    values: str
    own_chart: str
    releases: tuple[ExportedRelease, ...]
    render: Callable[[], Mapping[str, str]]

    @property
    def has_baselines(self) -> bool:
        return any(it.is_baseline for it in self.releases)

    @property
    def service_chart(self) -> Chart:
        return ChartFolder(SERVICE_CHART, self.own_chart) if self.own_chart else self._chart(SERVICE_CHART)

    @property
    def namespace_chart(self) -> Chart:
        return self._chart(NAMESPACE_CHART)

    def chart_of(self, release: ExportedRelease) -> Chart:
        return self.namespace_chart if release.is_baseline else self.service_chart

    def needed_before(self, release: ExportedRelease) -> list[ExportedRelease]:
        """What a tool must install before a release: before a baseline, the services of its namespace."""
        if not release.is_baseline:
            return []
        return [it for it in self.releases if it.namespace == release.namespace and not it.is_baseline]

    def in_repository(self, path: str) -> str:
        """A path of the project, from the root of the repository."""
        return posixpath.normpath(posixpath.join(self.place, path))

    def from_folder(self, path: str, within: str = "") -> str:
        """A path of the project, from the folder of exported files or one within it."""
        start = posixpath.join(self.root, self.settings.folder, within)
        return posixpath.relpath(posixpath.join(self.root, path), start)

    def _chart(self, name: str) -> Chart:
        if self.settings.charts:
            return ChartInRegistry(name, self.settings.charts, __version__)
        return ChartFolder(name, posixpath.join(self.settings.folder, CHARTS_FOLDER, name))
