"""What `egressc export helmfile` writes, as Helmfile itself reads, renders, installs and removes it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cluster.conftest import require_owners
from cluster.exports.installed import (
    PROJECTS,
    Exported,
    Release,
    assert_order,
    changes_since,
    export_for,
    version_of_policies,
)
from support.helm_binaries import MAJORS, helm_binary
from testbed.control_plane import ControlPlane
from testbed.programs import HELMFILE, cache


@dataclass(frozen=True)
class Helmfile:
    """Helmfile in the folder of an exported project, with one helm binary and a home folder of its own."""

    project: Exported
    helm: str
    home: Path

    def run(self, *arguments: str, kubeconfig: Path | None = None) -> str:
        """What it prints; it must succeed and leave the exported files as they are."""
        before = self.project.state()
        done = subprocess.run(
            [cache() / "bin" / "helmfile", "-b", self.helm, "-f", "gitops/helmfile.yaml", "--quiet", *arguments],
            cwd=self.project.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "KUBECONFIG": str(kubeconfig or self.home / "none"),
                "HELMFILE_UPGRADE_NOTICE_DISABLED": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert self.project.state() == before
        return done.stdout


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Exported:
    require_owners(HELMFILE)
    folder = tmp_path / "project"
    folder.mkdir()
    return export_for("helmfile", request.param, folder)


@pytest.fixture(params=MAJORS)
def helmfile(request: pytest.FixtureRequest, project: Exported, tmp_path: Path) -> Helmfile:
    home = tmp_path / "home"
    home.mkdir()
    return Helmfile(project, helm_binary(request.param), home)


def test_each_release_renders_as_egressc_renders_it(helmfile: Helmfile) -> None:
    """Byte for byte, but for the empty line that Helmfile adds to what Helm prints."""
    rendered = {it: f"{text}\n" for it, text in helmfile.project.rendered().items()}
    each = {it: helmfile.run("-l", f"namespace={it.namespace},name={it.name}", "template") for it in rendered}
    assert each == rendered


def test_all_releases_render_at_once(helmfile: Helmfile) -> None:
    rendered = helmfile.project.rendered()
    assert _documents(helmfile.run("template")) == _documents("".join(rendered.values()))


def test_baselines_need_the_services_of_their_namespace(helmfile: Helmfile) -> None:
    _, *lines = helmfile.run("show-dag").splitlines()
    groups: dict[Release, int] = {}
    needs: dict[Release, list[Release]] = {}
    for line in lines:
        group, release, needed = [*line.replace(", ", ",").split(), ""][:3]
        groups[_release(release)] = int(group)
        needs[_release(release)] = [_release(it) for it in needed.split(",") if it]
    project = helmfile.project
    assert sorted(groups) == sorted(project.releases().values())
    baselines = project.baselines()
    for it, before in needs.items():
        assert sorted(before) == sorted(project.services_of(it.namespace) if it in baselines else [])
        assert all(groups[other] < groups[it] for other in before)


def test_baselines_come_last_and_leave_first(helmfile: Helmfile, control_plane: ControlPlane) -> None:
    api = control_plane.api
    version = version_of_policies(api)
    helmfile.run("sync", kubeconfig=control_plane.kubeconfig)
    helmfile.run("destroy", kubeconfig=control_plane.kubeconfig)
    assert_order(changes_since(version, api), helmfile.project)


def _documents(text: str) -> list[str]:
    """The documents of a text, in any order: Helmfile renders the releases of one group side by side."""
    return sorted(it.rstrip("\n") for it in text.split("---\n"))


def _release(text: str) -> Release:
    """One that Helmfile names by namespace and name."""
    namespace, _, name = text.partition("/")
    return Release(namespace, name)
