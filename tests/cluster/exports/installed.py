"""Exported projects, for the programs of other tools, and what the API server says happened to policies."""

import json
import shutil
import ssl
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Final, NamedTuple

import yaml

import support.exported
from support.command import run
from testbed.api import POLICIES, Api

# The first has no baselines of namespaces.
PROJECTS: Final = ("", "examples/prod-shop", "examples/internet-opt-in")
# A last row of services for two of them.
_NEW_ROWS: Final = {
    "": ("platform/services.md", "| Trino | PostgreSQL | None |\n"),
    "examples/prod-shop": ("services.md", "| ad-service | prod-image | app=ad-service | 5001 | MinIO | main-api |\n"),
}
_LAST_ROWS: Final = ("| Catalog Service | PostgreSQL, OpenMetadata | None |\n", "| MinIO | main-api |\n")


class Release(NamedTuple):
    """A release of Helm, as its values file names it."""

    namespace: str
    name: str


@dataclass(frozen=True)
class Exported:
    """A compiled project in a Git repository of its own, with the files for one tool in `gitops/`."""

    folder: Path
    origin: str

    @property
    def gitops(self) -> Path:
        return self.folder / "gitops"

    def releases(self) -> dict[str, Release]:
        """All releases, by the path of the values file from `values/`."""
        values = self.folder / "values"
        found = {}
        for path in values.rglob("*.yaml"):
            release = yaml.safe_load(path.read_text("utf-8"))["networkPolicy"]["release"]
            found[path.relative_to(values).as_posix()] = Release(release["namespace"], release["name"])
        return found

    def services_of(self, namespace: str) -> list[Release]:
        return [it for path, it in self.releases().items() if it.namespace == namespace and "/" not in path]

    def baselines(self) -> list[Release]:
        return [it for path, it in self.releases().items() if path.startswith("namespaces/")]

    def rendered(self) -> dict[Release, str]:
        """What `egressc render` makes of each release, without the comment on the first line."""
        folder = self.folder / "rendered"
        egressc(self.folder, "render", "--output-dir", str(folder))
        texts = {path: (folder / path).read_text("utf-8").partition("\n")[2] for path in self.releases()}
        shutil.rmtree(folder)
        return {release: f"---\n{texts[path]}" for path, release in self.releases().items()}

    def add_service(self) -> None:
        """One more row in the table of services, compiled."""
        name, row = _NEW_ROWS[self.origin]
        path = self.folder / name
        before = path.read_text("utf-8")
        after = before
        for last in _LAST_ROWS:
            after = after.replace(last, last + row)
        assert after.count(row) == before.count(row) + 1
        path.write_text(after, "utf-8")
        egressc(self.folder, "compile")

    def state(self) -> dict[str, bytes]:
        """All exported files with their bytes."""
        return {
            it.relative_to(self.gitops).as_posix(): it.read_bytes() for it in self.gitops.rglob("*") if it.is_file()
        }


def export_for(tool: str, project: str, folder: Path) -> Exported:
    """A project of this repository, after one export into a folder that is empty."""
    return Exported(support.exported.export(project, folder, tool), project)


def egressc(folder: Path, *arguments: str) -> None:
    done = run(list(arguments), folder)
    assert done.exit_code == 0, done.output


def version_of_policies(api: Api) -> str:
    """The resource version from which `changes_since` can tell."""
    return str(api.get(f"{POLICIES}/networkpolicies")["metadata"]["resourceVersion"])


def changes_since(version: str, api: Api) -> list[tuple[str, Release]]:
    """ADDED, MODIFIED and DELETED with the policy, in the order in which the API server did it; it replays them."""
    tls = ssl.create_default_context(cafile=str(api.authority))
    connection = HTTPSConnection("127.0.0.1", api.port, context=tls, timeout=60)
    try:
        query = f"watch=1&resourceVersion={version}&timeoutSeconds=2"
        headers = {"Authorization": f"Bearer {api.token}"}
        connection.request("GET", f"{POLICIES}/networkpolicies?{query}", headers=headers)
        events = [json.loads(line) for line in connection.getresponse()]
    finally:
        connection.close()
    return [(it["type"], Release(it["object"]["metadata"]["namespace"], _owner(it["object"]))) for it in events]


def _owner(policy: dict[str, dict[str, dict[str, str]]]) -> str:
    """The release of Helm that a policy is part of."""
    return policy["metadata"]["annotations"]["meta.helm.sh/release-name"]


def assert_order(changes: list[tuple[str, Release]], project: Exported) -> None:
    """Each release came and left: the baseline of a namespace, with all its policies, after its services and before."""
    releases = set(project.releases().values())
    assert set(changes) == {(what, it) for what in ("ADDED", "DELETED") for it in releases}
    for baseline in project.baselines():
        for service in project.services_of(baseline.namespace):
            assert _places(changes, "ADDED", service)[-1] < _places(changes, "ADDED", baseline)[0]
            assert _places(changes, "DELETED", baseline)[-1] < _places(changes, "DELETED", service)[0]


def _places(changes: list[tuple[str, Release]], what: str, release: Release) -> list[int]:
    return [place for place, change in enumerate(changes) if change == (what, release)]
