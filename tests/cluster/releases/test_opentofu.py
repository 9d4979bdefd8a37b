"""What `egressc export terraform` writes, as OpenTofu itself reads it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from cluster.conftest import require_testbed
from cluster.exports import PROJECTS, Exported, egressc, export
from testbed.programs import cache

_OUTPUT: Final = """
output "releases" {
  value = { services = local.services, namespaces = local.namespaces }
}
"""


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Exported:
    require_testbed()
    return export(request.param, tmp_path, "terraform")


def test_the_module_is_formatted(project: Exported) -> None:
    assert tofu(project.gitops / "terraform", "fmt", "-check", "-diff") == ""


def test_the_module_finds_every_release(project: Exported) -> None:
    assert found(project) == wanted(project)


@pytest.mark.parametrize("origin", PROJECTS[:2])
def test_a_new_service_is_found_without_a_change_in_the_module(origin: str, tmp_path: Path) -> None:
    require_testbed()
    project = export(origin, tmp_path, "terraform")
    before, module = wanted(project), project.state()
    assert found(project) == before
    project.add_service()
    assert len(wanted(project)["services"]) == len(before["services"]) + 1
    assert found(project) == wanted(project)
    egressc(project.folder, "export")
    assert project.state() == module


def test_files_of_others_name_no_release(project: Exported) -> None:
    before = wanted(project)
    values = project.folder / "values"
    (values / "namespaces").mkdir(exist_ok=True)
    for name in ("kustomization.yaml", "namespaces/kustomization.yaml"):
        (values / name).write_text("resources: [extra.yaml]\n", "utf-8")
    (values / "list.yaml").write_text("[networkPolicy]\n", "utf-8")
    assert found(project) == before


def test_what_is_no_yaml_is_not_skipped(project: Exported) -> None:
    """If a values file were skipped, its release would be destroyed."""
    path = project.folder / "values" / next(iter(project.releases()))
    path.write_text(path.read_text("utf-8") + "  ingress: [\n", "utf-8")
    assert 'Call to function "yamldecode" failed' in evaluate(project, status=1)


def found(project: Exported) -> dict[str, Any]:
    """The releases in the locals of the module, by the resource that installs them."""
    releases: dict[str, Any] = json.loads(evaluate(project))["releases"]["value"]
    return releases


def evaluate(project: Exported, *, status: int = 0) -> str:
    """The outputs of a module with the locals alone, in a folder beside the other; it needs no provider."""
    text = (project.gitops / "terraform" / "main.tf").read_text("utf-8")
    _, begin, rest = text.partition("locals {")
    folder = project.gitops / "locals"
    folder.mkdir()
    try:
        (folder / "main.tf").write_text(begin + rest.partition("\nresource ")[0] + _OUTPUT, "utf-8")
        printed = tofu(folder, "apply", "-auto-approve", status=status)
        return printed if status else tofu(folder, "output", "-json")
    finally:
        shutil.rmtree(folder)


def wanted(project: Exported) -> dict[str, Any]:
    told = {path: {"name": it.name, "namespace": it.namespace} for path, it in project.releases().items()}
    return {
        "services": {path: it for path, it in told.items() if "/" not in path},
        "namespaces": {path: it for path, it in told.items() if path.startswith("namespaces/")},
    }


def tofu(folder: Path, *arguments: str, status: int = 0) -> str:
    """What it prints, with errors if it fails; it must end with this status. Settings of the user have no effect."""
    done = subprocess.run(
        [cache() / "bin" / "tofu", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr if status else done.stdout
