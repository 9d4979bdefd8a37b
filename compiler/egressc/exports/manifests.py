"""Rendered manifests, in a folder for each namespace: for tools that apply a folder, such as Argo CD."""

from collections.abc import Mapping
from typing import Final

from egressc.exports.project import ExportedProject

FOLDER: Final = "manifests"
WAVE: Final = 'networkPolicy: {commonAnnotations: {argocd.argoproj.io/sync-wave: "1"}}\n'
"""Values for baselines: Argo CD applies them after everything without a wave, and deletes them before."""


def export_manifests(project: ExportedProject) -> Mapping[str, str]:
    """A file for each release that renders something."""
    rendered = project.render()
    found = {it.path: rendered.get(it.id, "") for it in project.releases}
    return {f"{FOLDER}/{path}": text for path, text in found.items() if text.strip()}
