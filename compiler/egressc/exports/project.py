"""A project as exports see it: its releases, their values files and charts, and where all of it is."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from egressc import __version__
from egressc.model.project import ExportSettings
from egressc.model.release_kinds import GUARDRAILS, NAMESPACES, RELEASE_KINDS, SERVICES, ReleaseKind

CHARTS_FOLDER: Final = "charts"
_CONSEQUENCE: Final = "Pods that no other policy selects can then reach everything."
_CONSEQUENCE_WITH_GUARDRAILS: Final = f"{_CONSEQUENCE[:-1]}, even what guardrails deny."


class ExportedRelease(NamedTuple):
    """One release of Helm; `values` is the text of its file."""

    id: str
    name: str
    namespace: str
    kind: ReleaseKind
    values_file: str
    values: str

    @property
    def is_baseline(self) -> bool:
        """Whether it is of a whole namespace."""
        return self.kind is NAMESPACES

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
    def kinds(self) -> tuple[ReleaseKind, ...]:
        """The kinds of all releases, in the order of the table."""
        held = {it.kind for it in self.releases}
        return tuple(it for it in RELEASE_KINDS if it in held)

    @property
    def cluster_kinds(self) -> tuple[ReleaseKind, ...]:
        """The kinds of the releases that are for the whole cluster."""
        return tuple(it for it in self.kinds if it.is_of_cluster)

    @property
    def consequence(self) -> str:
        """What the files say of the deletion of all policies."""
        return _CONSEQUENCE_WITH_GUARDRAILS if GUARDRAILS in self.kinds else _CONSEQUENCE

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of all releases; there is always that of services."""
        return tuple(map(self.chart_of, (SERVICES, *(it for it in self.kinds if it is not SERVICES))))

    def chart_of(self, kind: ReleaseKind) -> Chart:
        if kind is SERVICES and self.own_chart:
            return ChartFolder(kind.chart, self.own_chart)
        if self.settings.charts:
            return ChartInRegistry(kind.chart, self.settings.charts, __version__)
        return ChartFolder(kind.chart, posixpath.join(self.settings.folder, CHARTS_FOLDER, kind.chart))

    def needed_before(self, release: ExportedRelease) -> list[ExportedRelease]:
        """What a tool must install before a release: before a baseline, the services of its namespace.

        What is for the whole cluster needs nothing, and nothing needs it: if it fails, a tool that goes by needs would
        leave out all the others. Guardrails deny nothing that other policies allow.
        """
        if not release.is_baseline:
            return []
        return [it for it in self.releases if it.namespace == release.namespace and it.kind is SERVICES]

    def in_repository(self, path: str) -> str:
        """A path of the project, from the root of the repository."""
        return posixpath.normpath(posixpath.join(self.place, path))

    def from_folder(self, path: str, within: str = "") -> str:
        """A path of the project, from the folder of exported files or one within it."""
        start = posixpath.join(self.root, self.settings.folder, within)
        return posixpath.relpath(posixpath.join(self.root, path), start)
