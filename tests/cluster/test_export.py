"""What `egressc export` writes, as the API server and the tools' own programs take it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from support.command import run
from support.helm_binaries import MAJORS, helm_binary, kubectl_binary
from testbed.api import POLICIES
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane

ROOT: Final = Path(__file__).parents[2]
PROJECTS: Final = ("", "examples/prod-shop", "examples/internet-opt-in", "examples/payments", "examples/eks-workshop")


def export(project: str, folder: Path, *tools: str) -> Path:
    """A copy of a project with its values files, in a repository of its own, after exports."""
    parts = ("egressc.yaml", "platform", "values", "services.md", "catalog.yaml")
    for path in (ROOT / project).iterdir():
        if (project and path.name != "flows.csv") or path.name in parts:
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)
    (folder / ".git").mkdir()
    with (folder / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write("\nexport: {repository: https://git.example.com/shop/network.git}\n")
    assert run(["compile"], folder).exit_code == 0
    for tool in tools:
        done = run(["export", *tool.split()], folder)
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(params=PROJECTS, ids=lambda project: Path(project).name or "root")
def manifests(request: pytest.FixtureRequest, control_plane: ControlPlane, tmp_path: Path) -> Iterator[Path]:
    """The rendered manifests of a project, each in the folder of a namespace that is on the API server."""
    project = export(request.param, tmp_path, "manifests")
    namespaces = [it.name for it in (project / "gitops" / "manifests").iterdir()]
    for namespace in namespaces:
        ensure_namespace(control_plane.api, namespace, {})
    yield project / "gitops" / "manifests"
    for namespace in namespaces:
        control_plane.api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies")


def test_a_second_server_side_apply_finds_nothing_to_change(manifests: Path, control_plane: ControlPlane) -> None:
    """Argo CD and Flux compare like this, again and again: what differs for the server would never be in sync."""

    def kubectl(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "KUBECONFIG": str(control_plane.kubeconfig)}
        command = [kubectl_binary(), *arguments, "--server-side", "-R", "-f", str(manifests)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert kubectl("diff").returncode == 1, "what is not there yet differs"
    applied = kubectl("apply")
    assert applied.returncode == 0, applied.stderr
    second = kubectl("diff")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


@pytest.mark.parametrize("major", MAJORS)
def test_both_versions_of_helm_render_the_exported_manifests(major: str, tmp_path: Path) -> None:
    """What was compared with the API server is what either Helm renders, but for the wave of a baseline."""
    wave = re.compile(r"  annotations:\n    argocd\.argoproj\.io/sync-wave: \"1\"\n")
    for number, name in enumerate(PROJECTS):
        project = tmp_path / str(number)
        project.mkdir()
        export(name, project, "manifests", "helmfile")
        releases = yaml.safe_load((project / "gitops" / "helmfile.yaml").read_text("utf-8"))["releases"]
        for release in releases:
            values = [str(project / "gitops" / path) for path in release["values"]]
            chart = str(project / "gitops" / release["chart"])
            command = [
                helm_binary(major),
                "template",
                release["name"],
                chart,
                "-n",
                release["namespace"],
                "-f",
                *values,
            ]
            rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            path = project / "gitops" / "manifests" / release["namespace"] / f"{release['name']}.yaml"
            exported = path.read_text("utf-8").split("\n", 2)[2]
            assert wave.sub("", exported).replace("service-policy/", "") == rendered.replace("service-policy/", "")
            assert bool(wave.search(exported)) is (release["name"] == "namespace-policy")
