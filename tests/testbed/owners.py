"""What Argo CD, Flux and Kubernetes say of manifests: an oracle each, asked by tests of what is handed over to them."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from testbed import definitions
from testbed.api import Api, Object, Refused
from testbed.programs import APPLICATION_SET, Program

PROGRESSIVE_SYNCS: Final = "--enable-progressive-syncs"
NEW_GLOBBING: Final = "--enable-new-git-file-globbing"


@dataclass(frozen=True)
class Generated:
    """One Application of an ApplicationSet.

    Attributes:
        application: the object, as the controller creates it.
        step: of a RollingSync, from "1"; "-1" for none, and "" without progressive syncs.
        deletion: the turn, from 1, in which it goes when the ApplicationSet is deleted; 0 for no order.
    """

    application: Object
    step: str
    deletion: int


@dataclass(eq=False)  # not frozen: contextlib notes its traceback on it
class NotGenerated(Exception):
    """The controller refuses an ApplicationSet or one of its Applications."""

    message: str

    def __str__(self) -> str:
        return self.message


def generate(manifest: Path, folder: Path, *options: str) -> list[Generated]:
    """What Argo CD's controller makes of an ApplicationSet, by name; the folder stands for its Git repositories.

    Options are the controller's own, all of which are off there too: PROGRESSIVE_SYNCS, NEW_GLOBBING. Raises
    NotGenerated.

    Source: tests/testbed/go/applicationset/main.go.
    """
    done = subprocess.run(
        [APPLICATION_SET.path, *options, manifest, folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotGenerated(done.stderr.strip())
    return [
        Generated(one["application"], one.get("step", ""), one.get("deletion", 0)) for one in json.loads(done.stdout)
    ]


def objections(api: Api, manifest: Object) -> list[str]:
    """What an API server says against creating an object, field by field and strictly. Nothing is made.

    The namespace need not exist: one that does takes its place.
    """
    version, kind = manifest["apiVersion"], manifest["kind"]
    root = f"/api/{version}" if "/" not in version else f"/apis/{version}"
    try:
        resources = api.get(root)["resources"]
    except Refused as refused:
        return [f"error: {version}: {refused.message}"]
    found = [one for one in resources if one["kind"] == kind and "/" not in one["name"]]
    if not found:
        return [f"error: {version} has no kind {kind}"]
    if not found[0]["namespaced"]:
        return api.rehearse(f"{root}/{found[0]['name']}", manifest)
    moved = {**manifest, "metadata": {**manifest["metadata"], "namespace": "default"}}
    return api.rehearse(f"{root}/namespaces/default/{found[0]['name']}", moved)


def why_unavailable(*programs: Program) -> str | None:
    """What keeps the owners from being asked; None when all is there. Kubernetes itself is asked at a testbed."""
    missing = [it.name for it in programs if not it.is_built()]
    missing += [] if definitions.are_copied() else ["definitions"]
    return f"{', '.join(missing)} missing: run `make testbed`" if missing else None
