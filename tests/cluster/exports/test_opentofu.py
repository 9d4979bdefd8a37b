"""What `egressc export terraform` writes, as OpenTofu itself reads it and installs it with the provider for Helm."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from cluster.conftest import require_owners
from cluster.exports.installed import (
    PROJECTS,
    Exported,
    assert_order,
    changes_since,
    egressc,
    export_for,
    version_of_policies,
)
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane
from testbed.programs import HELM_PROVIDER, OPENTOFU, cache

_OUTPUT: Final = """
output "releases" {
  value = { services = local.services, namespaces = local.namespaces }
}
"""
_POLICY: Final = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}"}
spec: {podSelector: {}}
"""
_USE: Final = 'module "network_policies" {\n  source = "./gitops/terraform"\n}\n'
# The provider that the testbed built. It is 1.3, the only version that the Go module proxy has; the module asks for a
# later one, which OpenTofu then does not check.
_SETTINGS: Final = (
    'provider_installation {{\n  dev_overrides {{\n    "hashicorp/helm" = "{}"\n  }}\n  direct {{}}\n}}\n'
)


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Exported:
    require_owners(OPENTOFU, HELM_PROVIDER)
    return export_for("terraform", request.param, tmp_path)


def test_the_module_is_formatted(project: Exported) -> None:
    assert tofu(project.gitops / "terraform", "fmt", "-check", "-diff") == ""


def test_the_module_finds_every_release(project: Exported) -> None:
    assert found(project) == wanted(project)


@pytest.mark.parametrize("origin", PROJECTS[:2])
def test_a_new_service_is_found_without_a_change_in_the_module(origin: str, tmp_path: Path) -> None:
    require_owners(OPENTOFU, HELM_PROVIDER)
    project = export_for("terraform", origin, tmp_path)
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


def test_baselines_come_last_and_leave_first(project: Exported, control_plane: ControlPlane) -> None:
    api, kubeconfig = control_plane.api, control_plane.kubeconfig
    for release in project.releases().values():
        ensure_namespace(api, release.namespace, {})
    (project.folder / "main.tf").write_text(_USE, "utf-8")
    for name in ("service-policy", "namespace-policy"):
        _write_stand_in(project.gitops / "charts" / name)
    tofu(project.folder, "get")
    tofu(project.folder, "validate")
    version = version_of_policies(api)
    tofu(project.folder, "apply", "-auto-approve", kubeconfig=kubeconfig)
    tofu(project.folder, "plan", "-detailed-exitcode", kubeconfig=kubeconfig)
    tofu(project.folder, "destroy", "-auto-approve", kubeconfig=kubeconfig)
    assert_order(changes_since(version, api), project)


def _write_stand_in(chart: Path) -> None:
    """A chart that the Helm 3.3 in the provider can render: ours need `.Chart.IsRoot`."""
    shutil.rmtree(chart, ignore_errors=True)
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: {chart.name}\nversion: 0.1.0\n", "utf-8")
    (chart / "templates" / "policy.yaml").write_text(_POLICY, "utf-8")


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


def tofu(folder: Path, *arguments: str, kubeconfig: Path | None = None, status: int = 0) -> str:
    """What it prints, with errors if it fails; it must end with this status. Settings of the user have no effect."""
    settings = folder / ".tofurc"
    settings.write_text(_SETTINGS.format(cache() / "bin"), "utf-8")
    try:
        done = subprocess.run(
            [cache() / "bin" / "tofu", *arguments],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "TF_CLI_CONFIG_FILE": str(settings),
                "KUBECONFIG": str(kubeconfig or folder / "none"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        settings.unlink()
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr if status else done.stdout
