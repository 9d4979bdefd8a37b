"""What `egressc export` writes for Helm is what Helm renders, whichever version it is."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml

from support.exported import PROJECTS, export
from support.helm_binaries import MAJORS, helm_binary

WAVE: Final = re.compile(r"  annotations:\n    argocd\.argoproj\.io/sync-wave: \"1\"\n")


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("name", PROJECTS)
def test_either_helm_renders_the_exported_manifests(name: str, major: str, tmp_path: Path) -> None:
    """But for the wave of a baseline, which only Argo CD asks for."""
    gitops = export(name, tmp_path, "manifests", "helmfile") / "gitops"
    for release in yaml.safe_load((gitops / "helmfile.yaml").read_text("utf-8"))["releases"]:
        of = ["template", release["name"], str(gitops / release["chart"]), "-n", release["namespace"]]
        values = [option for path in release["values"] for option in ("-f", str(gitops / path))]
        rendered = subprocess.run([helm_binary(major), *of, *values], capture_output=True, text=True, check=True).stdout
        exported = (gitops / "manifests" / release["namespace"] / f"{release['name']}.yaml").read_text("utf-8")
        assert WAVE.sub("", exported.split("\n", 2)[2]) == rendered
        assert bool(WAVE.search(exported)) is (release["name"] == "namespace-policy")
