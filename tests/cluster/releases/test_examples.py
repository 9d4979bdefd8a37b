"""Every example, installed by `egressc install`."""

import re
import shutil
from pathlib import Path

import pytest

from cluster.projects import ROOT, Shop
from support.helm_binaries import MAJORS, helm_binary
from testbed.control_plane import ControlPlane

PROJECTS = sorted(path.parent for path in ROOT.glob("examples/*/egressc.yaml"))


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("project", PROJECTS, ids=lambda folder: folder.name)
def test_every_example_installs_and_is_what_its_sources_give(
    project: Path, major: str, control_plane: ControlPlane, tmp_path: Path
) -> None:
    example = Shop(shutil.copytree(project, tmp_path / "project"), "", helm_binary(major), control_plane.kubeconfig)
    example.run("install", "--yes", "--create-namespace")
    try:
        assert "nothing to change" in example.run("install", "--yes")
        assert not re.search(r"^error", example.run("status"), re.MULTILINE)
    finally:
        example.run("uninstall", "--all", "--yes")
