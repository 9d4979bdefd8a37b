"""A project as exports see it: its releases, their values files and charts, and where all of it is."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from egressc import __version__
from egressc.model.policy import GUARDRAIL_CHART, GUARDRAILS, NAMESPACE_CHART, SERVICE_CHART
from egressc.model.project import ExportSettings

CHARTS_FOLDER: Final = "charts"
GUARDRAILS_FOLDER: Final = GUARDRAILS.partition("/")[0]
"""The folder, within that of the values files, with those of the guardrails."""
_CONSEQUENCE: Final = "Pods that no other policy selects can then reach everything."
_CONSEQUENCE_WITH_GUARDRAILS: Final = f"{_CONSEQUENCE[:-1]}, even what guardrails deny."


class ExportedRelease(NamedTuple):
    """One release of Helm. `chart` is the name of our chart for such a release; `values` is the text of its file."""

    id: str
    name: str
    namespace: str
    chart: str
    values_file: str
    values: str

    @property
    def is_baseline(self) -> bool:
        """Whether it is of a whole namespace."""
        return self.chart == NAMESPACE_CHART

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
    def has_guardrails(self) -> bool:
        return any(it.chart == GUARDRAIL_CHART for it in self.releases)

    @property
    def consequence(self) -> str:
        """What the files say of the deletion of all policies."""
        return _CONSEQUENCE_WITH_GUARDRAILS if self.has_guardrails else _CONSEQUENCE

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of all releases."""
        held = {it.chart for it in self.releases}
        return self.service_chart, *(self._chart(it) for it in (NAMESPACE_CHART, GUARDRAIL_CHART) if it in held)

    @property
    def service_chart(self) -> Chart:
        return ChartFolder(SERVICE_CHART, self.own_chart) if self.own_chart else self._chart(SERVICE_CHART)

    @property
    def namespace_chart(self) -> Chart:
        return self._chart(NAMESPACE_CHART)

    @property
    def guardrail_chart(self) -> Chart:
        return self._chart(GUARDRAIL_CHART)

    def chart_of(self, release: ExportedRelease) -> Chart:
        return self.service_chart if release.chart == SERVICE_CHART else self._chart(release.chart)

    def needed_before(self, release: ExportedRelease) -> list[ExportedRelease]:
        """What a tool must install before a release: before a baseline, the services of its namespace.

        Guardrails need nothing, and nothing needs them: they deny nothing that other policies allow, and if they fail,
        a tool that goes by needs would leave out all the others.
        """
        if not release.is_baseline:
            return []
        return [it for it in self.releases if it.namespace == release.namespace and it.chart == SERVICE_CHART]

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
