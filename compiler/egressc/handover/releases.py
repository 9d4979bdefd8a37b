"""What every tool is told: the releases, their values files, the charts, and where all of it is in the repository."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from egressc import __version__
from egressc.model.policy import NAMESPACE_RELEASE
from egressc.model.project import ExportSettings

SERVICE_CHART: Final = "service-policy"
NAMESPACE_CHART: Final = NAMESPACE_RELEASE
CHARTS_FOLDER: Final = "charts"


class ExportedRelease(NamedTuple):
    """One release of Helm; `is_baseline`: of a whole namespace. `values` is the whole text of its values file."""

    id: str
    name: str
    namespace: str
    is_baseline: bool
    values: str

    @property
    def path(self) -> str:
        """Where a file about this release is, in a folder for each namespace."""
        return f"{self.namespace}/{self.name}.yaml"


class Chart(NamedTuple):
    """A chart in a folder, from the project, or in a registry, with its version there."""

    name: str
    folder: str
    registry: str = ""
    version: str = ""

    @property
    def url(self) -> str:
        return f"{self.registry}/{self.name}"


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases of a project, services first.

    Args:
        place: the folder of the project from the root of the repository; empty for the root itself.
        values: the folder of the values files, from the project.
        own_chart: the chart that the project file names for services; empty for ours.
        render: what Helm makes of all releases, by id; takes time.
    """

    settings: ExportSettings
    place: str
    values: str
    own_chart: str
    releases: tuple[ExportedRelease, ...]
    render: Callable[[], Mapping[str, str]]

    @property
    def baselines(self) -> tuple[ExportedRelease, ...]:
        return tuple(it for it in self.releases if it.is_baseline)

    @property
    def service_chart(self) -> Chart:
        return Chart(SERVICE_CHART, self.own_chart) if self.own_chart else self._chart(SERVICE_CHART)

    @property
    def namespace_chart(self) -> Chart:
        return self._chart(NAMESPACE_CHART)

    def chart_of(self, release: ExportedRelease) -> Chart:
        return self.namespace_chart if release.is_baseline else self.service_chart

    def beside(self, release: ExportedRelease) -> list[ExportedRelease]:
        """The services of the namespace of a baseline: they are to be there before it."""
        return [it for it in self.releases if it.namespace == release.namespace and not it.is_baseline]

    def in_repository(self, path: str) -> str:
        """A path of the project, from the root of the repository."""
        return posixpath.normpath(posixpath.join(self.place, path))

    def from_folder(self, path: str, within: str = "") -> str:
        """A path of the project, from the folder of exported files or one within it."""
        return posixpath.relpath(posixpath.normpath(path), posixpath.join(self.settings.folder, within))

    def _chart(self, name: str) -> Chart:
        folder = posixpath.join(self.settings.folder, CHARTS_FOLDER, name)
        return Chart(name, folder, self.settings.charts, __version__)
