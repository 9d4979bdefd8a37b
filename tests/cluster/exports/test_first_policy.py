"""docs/gitops.md: from an empty repository to the first policy, at an API server that knows Argo CD's and Flux's kinds.

What both tools do after `kubectl apply` is done here with what the API server holds and what was pushed: Argo CD's own
generator makes the applications; Helm renders or installs what each application or HelmRelease names.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from support.exported import REPOSITORY
from support.first_policy import EmptyRepository, empty_repository, first_commands
from support.helm_binaries import helm_binary
from testbed.api import Object
from testbed.control_plane import ControlPlane
from testbed.owners import Generated

NAMESPACES = ("argocd", "flux-system", "shop")


@dataclass(frozen=True)
class Synced:
    """A user's clone at a cluster, and what a tool has cloned after the last command."""

    user: EmptyRepository
    pushed: Path
    kubeconfig: Path

    def get(self, kind: str, name: str, namespace: str) -> Object:
        found: Object = json.loads(self.user.run(f"kubectl get {kind} {name} -n {namespace} -o json"))
        return found

    def helm(self, arguments: str) -> str:
        return self.user.run(f"{helm_binary('4')} --kubeconfig {self.kubeconfig} {arguments}")


@pytest.fixture
def type_commands(owners_plane: ControlPlane, tmp_path: Path) -> Callable[[str], Synced]:
    """Runs the commands for a tool, at a cluster with the namespaces and without a policy."""
    repository = empty_repository(tmp_path, owners_plane.kubeconfig)
    for namespace in NAMESPACES:
        repository.run(f"kubectl create namespace {namespace} --dry-run=client -o yaml | kubectl apply -f -")
        repository.run(f"kubectl delete networkpolicies,secrets --all -n {namespace}")

    def run(tool: str) -> Synced:
        for command in first_commands(tool):
            repository.run(command)
        return Synced(repository, repository.pushed(tmp_path / "pushed"), owners_plane.kubeconfig)

    return run


def test_argo_cd(type_commands: Callable[[str], Synced], argo: Callable[..., list[Generated]], tmp_path: Path) -> None:
    synced = type_commands("argocd")
    applied = synced.get("applicationset", "network-policies", "argocd")
    manifest = tmp_path / "applied.yaml"
    manifest.write_text(yaml.safe_dump(applied), "utf-8")
    for generated in argo(manifest, synced.pushed):
        spec = generated.application["spec"]
        assert {source["repoURL"] for source in spec["sources"]} == {REPOSITORY}
        (helm,) = (source for source in spec["sources"] if "helm" in source)
        files = " ".join("-f " + it.replace("$values", str(synced.pushed)) for it in helm["helm"]["valueFiles"])
        namespace = spec["destination"]["namespace"]
        chart = synced.pushed / helm["path"]
        rendered = tmp_path / f"{generated.application['metadata']['name']}.yaml"
        text = synced.helm(f"template {helm['helm']['releaseName']} {chart} -n {namespace} {files} --skip-tests")
        rendered.write_text(text, "utf-8")
        synced.user.run(f"kubectl apply --server-side -n {namespace} -f {rendered}")
    assert_in_force(synced)


def test_flux(type_commands: Callable[[str], Synced], tmp_path: Path) -> None:
    synced = type_commands("flux")
    kustomization = synced.get("kustomization", "network-policies", "flux-system")["spec"]
    repository = synced.get("gitrepository", kustomization["sourceRef"]["name"], "flux-system")["spec"]
    branch = synced.user.run(f"git -C {synced.pushed} branch --show-current").strip()
    assert (repository["url"], repository["ref"]) == (REPOSITORY, {"branch": branch})
    synced.user.run(f"kubectl apply -R -f {synced.pushed / kustomization['path']}")
    releases = json.loads(synced.user.run("kubectl get helmreleases -A -o json"))["items"]
    for release in releases:
        spec, namespace = release["spec"], release["metadata"]["namespace"]
        source = synced.get(spec["chartRef"]["kind"], spec["chartRef"]["name"], spec["chartRef"]["namespace"])["spec"]
        values = tmp_path / "values.yaml"
        values.write_text(yaml.safe_dump(spec["values"]), "utf-8")
        synced.helm(
            f"upgrade --install {spec['releaseName']} {synced.pushed / source['chart']} -n {namespace} -f {values}"
        )
    assert_in_force(synced)


def assert_in_force(synced: Synced) -> None:
    """What the cluster has is what the tables of the sample ask for, by the proof over a dump of it."""
    dump = synced.user.clone / "dump.yaml"
    dump.write_text(synced.user.run("kubectl get networkpolicies -A -o yaml"), "utf-8")
    names = {it["metadata"]["name"] for it in yaml.safe_load(dump.read_text("utf-8"))["items"]}
    assert len(names) == len(list((synced.pushed / "values").glob("*.yaml"))) == 2
    synced.user.run("egressc verify --manifests dump.yaml")
