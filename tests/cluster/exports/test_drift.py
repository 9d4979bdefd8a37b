"""Rendered policies are what the API server stores: tools that compare again and again find nothing to change."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.exported import PROJECTS, export
from support.helm_binaries import kubectl_binary
from testbed.api import POLICIES
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane


@pytest.fixture(params=PROJECTS, ids=lambda project: Path(project).name or "root")
def manifests(request: pytest.FixtureRequest, control_plane: ControlPlane, tmp_path: Path) -> Iterator[Path]:
    """The rendered manifests of a project, each in the folder of a namespace that is on the API server."""
    folder = export(request.param, tmp_path, "manifests") / "gitops" / "manifests"
    namespaces = [it.name for it in folder.iterdir()]
    for namespace in namespaces:
        ensure_namespace(control_plane.api, namespace, {})
    yield folder
    for namespace in namespaces:
        control_plane.api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies")


def test_a_second_server_side_apply_finds_nothing_to_change(manifests: Path, control_plane: ControlPlane) -> None:
    def kubectl(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "KUBECONFIG": str(control_plane.kubeconfig)}
        command = [kubectl_binary(), *arguments, "--server-side", "-R", "-f", str(manifests)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert kubectl("diff").returncode == 1, "what is not there yet differs"
    applied = kubectl("apply")
    assert applied.returncode == 0, applied.stderr
    second = kubectl("diff")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
