"""Rendered manifests, in a folder for each namespace: for tools that apply a folder, such as Argo CD."""

import re
from collections.abc import Mapping
from typing import Final

from egressc.exports.project import ExportedProject
from egressc.model.release_kinds import RELEASE_KINDS, ReleaseKind

FOLDER: Final = "manifests"
WAVES: Final[Mapping[ReleaseKind, str]] = {
    it: f'networkPolicy: {{commonAnnotations: {{argocd.argoproj.io/sync-wave: "{it.wave}"}}}}\n'
    for it in RELEASE_KINDS
    if it.wave
}
"""Values for releases of a kind: Argo CD applies baselines after everything without a wave, and deletes them before;
with what is for the whole cluster it is the other way round.
"""

# The pods of `helm test`: Helm runs them when it is asked to, and nobody applies them with a folder.
_TEST: Final = re.compile(r"""^ +["']?helm\.sh/hook["']?: *["']?test(?:-success|-failure)?["']?$""", re.MULTILINE)


def export_manifests(project: ExportedProject) -> Mapping[str, str]:
    """A file for each release that renders something, without the pods of `helm test`."""
    rendered = project.render()
    found = {it.path: _without_tests(rendered.get(it.id, "")) for it in project.releases}
    return {f"{FOLDER}/{path}": text for path, text in found.items() if text.strip()}


def _without_tests(text: str) -> str:
    if not _TEST.search(text):
        return text
    documents = (it for it in re.split(r"^---\n", text, flags=re.MULTILINE) if it.strip())
    return "".join(f"---\n{it}" for it in documents if not _TEST.search(it))
