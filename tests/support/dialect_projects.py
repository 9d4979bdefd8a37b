"""The projects of this repository in another dialect, and the policies that Helm renders from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from egressc.diagnostics.core import Report
from egressc.model.dialects import CALICO, CALICO_STAGED, CILIUM, EKS, GKE, ISTIO, NETWORK_POLICY
from egressc.model.policy import HostPeer, ServicePolicy
from egressc.project.compiling import Compiled, compile_project
from egressc.project.rendering import jobs_of, render_jobs

ROOT: Final = Path(__file__).parents[2]
BY_NAME: Final = ROOT / "tests" / "flows" / "by-name" / "egressc.yaml"
"""A project of the dialect Cilium with what the examples do not ask for: wildcards, the API server, a port range."""
BY_SERVICE: Final = ROOT / "tests" / "flows" / "by-service" / "egressc.yaml"
"""A project of the dialect Calico: selectors of every kind, and the API server."""

PROJECTS: Final = {
    path.parent.name if path.parent != ROOT else "platform": path
    for path in (
        ROOT / "egressc.yaml",
        *sorted(ROOT.glob("examples/*/egressc.yaml")),
        ROOT / "tests" / "golden" / "both-directions" / "egressc.yaml",
    )
}
NAMING: Final = {dialect: (*PROJECTS.values(), BY_NAME) for dialect in (CILIUM, EKS, GKE, ISTIO)}
"""The projects for each dialect with rules by name; the last has more of them than the others."""
OTHERWISE: Final = {**NAMING, CALICO: (*PROJECTS.values(), BY_SERVICE)}
"""The projects for each dialect with policies of another kind than NetworkPolicy."""
GUARDED: Final = (ROOT / "tests/flows/guarded/egressc.yaml", ROOT / "tests/mutants/guardrails/egressc.yaml")
"""The projects whose guardrails are enforced by policies of the cluster."""
_SETTINGS: Final[dict[str, dict[str, Any]]] = {
    NETWORK_POLICY: {"dialect": NETWORK_POLICY},
    CILIUM: {"dialect": CILIUM, "cilium": {"version": "1.20"}},
    EKS: {"dialect": EKS},
    GKE: {"dialect": GKE},
    CALICO: {"dialect": CALICO},
    CALICO_STAGED: {"dialect": CALICO_STAGED},
    ISTIO: {"dialect": ISTIO, "istio": {"gateway": {"namespace": "istio-egress"}}},
}

# GKE has no wildcard for several labels, and Istio none at all: something narrower has their place.
_OTHERWISE: Final[dict[str, dict[str, str]]] = {
    GKE: {'"**.': '"*.'},
    ISTIO: {'"**.': '"feed.', '"*.': '"eu.', "ports: [443, 8443]": "ports: [8443]"},
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
    settings = _copy_sources(project, folder, _OTHERWISE.get(dialect, {}))
    cluster = {key: it for key, it in settings.get("cluster", {}).items() if key not in ("dialect", "cilium")}
    return _write(folder / project.name, {**settings, "cluster": {**cluster, **_SETTINGS[dialect]}})


def guarded_by(project: Path, api_version: str, folder: Path) -> Path:
    """The project file of such a copy, whose guardrails policies of another apiVersion enforce."""
    settings = _copy_sources(project, folder)
    settings["cluster"]["guardrails"]["apiVersion"] = api_version
    return _write(folder / project.name, settings)


def _copy_sources(project: Path, folder: Path, otherwise: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Gives the settings; `otherwise`: what takes the place of some texts."""
    settings: dict[str, Any] = yaml.safe_load(project.read_text(encoding="utf-8"))
    for source in (*settings["sources"], settings["catalog"]):
        place = folder / source
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (project.parent / source).read_text(encoding="utf-8")
        for old, new in (otherwise or {}).items():
            text = text.replace(old, new)
        place.write_text(text, encoding="utf-8")
    return settings


def _write(project: Path, settings: dict[str, Any]) -> Path:
    project.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return project


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
