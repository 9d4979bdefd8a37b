"""The projects of this repository in another dialect, and the policies that Helm renders from them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from egressc.diagnostics.core import Report
from egressc.model.dialects import CILIUM, NETWORK_POLICY
from egressc.model.policy import HostPeer, ServicePolicy
from egressc.project.compiling import Compiled, compile_project
from egressc.project.rendering import jobs_of, render_jobs

ROOT: Final = Path(__file__).parents[2]
BY_NAME: Final = ROOT / "tests" / "flows" / "by-name" / "egressc.yaml"
"""A project of the dialect Cilium with what the examples do not ask for: wildcards, the API server, a port range."""

PROJECTS: Final = {
    path.parent.name if path.parent != ROOT else "platform": path
    for path in (
        ROOT / "egressc.yaml",
        *sorted(ROOT.glob("examples/*/egressc.yaml")),
        ROOT / "tests" / "golden" / "both-directions" / "egressc.yaml",
    )
}
_SETTINGS: Final[dict[str, dict[str, Any]]] = {
    NETWORK_POLICY: {"dialect": NETWORK_POLICY},
    CILIUM: {"dialect": CILIUM, "cilium": {"version": "1.20"}},
}


@dataclass(frozen=True)
class RenderedProject:
    compiled: Compiled
    manifests: list[dict[str, Any]]

    @property
    def services(self) -> Sequence[ServicePolicy]:
        return self.compiled.policies.policies


def in_dialect(project: Path, dialect: str, folder: Path) -> Path:
    """The project file of a copy in `folder`, with its sources and nothing else, in another dialect."""
    settings = yaml.safe_load(project.read_text(encoding="utf-8"))
    for source in (*settings["sources"], settings["catalog"]):
        place = folder / source
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.parent / source, place)
    cluster = {key: it for key, it in settings.get("cluster", {}).items() if key not in ("dialect", "cilium")}
    copied = folder / project.name
    text = yaml.safe_dump({**settings, "cluster": {**cluster, **_SETTINGS[dialect]}})
    copied.write_text(text, encoding="utf-8")
    return copied


def render_project(project: Path) -> RenderedProject:
    """What a compile and a render of all services would give, in the order of the services; nothing is written."""
    report = Report()
    compiled = compile_project(project, report)
    assert compiled is not None, report.sorted()
    count, jobs = jobs_of(compiled, [it.service.id for it in compiled.values], planned=True)
    texts = [it.text for it in render_jobs(compiled.workspace, jobs, count, "embedded", report)]
    assert not report.has_errors, report.sorted()
    return RenderedProject(compiled, [document for text in texts for document in yaml.safe_load_all(text) if document])


def names_ends(service: ServicePolicy) -> list[str]:
    """The keys of the grants of a service that its dialect says by a name: hosts, and entities of the plugin."""
    return [it.destination.key for it in service.grants if any(isinstance(p, HostPeer) for p in it.destination.peers)]
