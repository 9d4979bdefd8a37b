"""What Argo CD and Flux do after `kubectl apply`, done with what the API server holds and with what was pushed.

Argo CD's own generator makes the applications; Helm renders or installs what each application or HelmRelease names.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from support.exported import REPOSITORY
from support.first_policy import EmptyRepository
from testbed.api import Object
from testbed.owners import Generated


@dataclass(frozen=True)
class Synced:
    """A user's clone at a cluster, and what a tool has cloned after the last command."""

    user: EmptyRepository
    pushed: Path

    def get(self, kind: str, name: str, namespace: str) -> Object:
        found: Object = json.loads(self.user.run(f"kubectl get {kind} {name} -n {namespace} -o json"))
        return found

    def policies(self) -> set[str]:
        """The names of the policies that the API server holds."""
        return set(self.user.run("kubectl get networkpolicies -A -o name").split())

    def pull(self) -> None:
        """The tool takes what was pushed since."""
        self.user.run(f"git -C {self.pushed} pull --quiet")


def sync_argo_cd(synced: Synced, argo: Callable[..., list[Generated]], folder: Path) -> None:
    applied = synced.get("applicationset", "network-policies", "argocd")
    manifest = folder / "applied.yaml"
    manifest.write_text(yaml.safe_dump(applied), "utf-8")
    for generated in argo(manifest, synced.pushed):
        made = folder / "application.yaml"
        made.write_text(yaml.safe_dump(generated.application), "utf-8")
        synced.user.run(f"kubectl apply -n argocd -f {made}")
        spec = generated.application["spec"]
        assert {source["repoURL"] for source in spec["sources"]} == {REPOSITORY}
        (helm,) = (source for source in spec["sources"] if "helm" in source)
        files = " ".join("-f " + it.replace("$values", str(synced.pushed)) for it in helm["helm"]["valueFiles"])
        namespace = spec["destination"]["namespace"]
        chart, name = synced.pushed / helm["path"], helm["helm"]["releaseName"]
        rendered = folder / f"{generated.application['metadata']['name']}.yaml"
        text = synced.user.run(f"helm template {name} {chart} -n {namespace} {files} --skip-tests")
        rendered.write_text(text, "utf-8")
        if "kind: NetworkPolicy" in text:
            synced.user.run(f"kubectl apply --server-side -n {namespace} -f {rendered}")
        else:  # Argo CD prunes what is no longer rendered.
            label = f"app.kubernetes.io/instance={name}"
            synced.user.run(f"kubectl delete networkpolicies -n {namespace} -l {label}")


def sync_flux(synced: Synced, folder: Path) -> None:
    kustomization = synced.get("kustomization", "network-policies", "flux-system")["spec"]
    repository = synced.get("gitrepository", kustomization["sourceRef"]["name"], "flux-system")["spec"]
    branch = synced.user.run(f"git -C {synced.pushed} branch --show-current").strip()
    assert (repository["url"], repository["ref"]) == (REPOSITORY, {"branch": branch})
    synced.user.run(f"kubectl apply -R -f {synced.pushed / kustomization['path']}")
    releases = json.loads(synced.user.run("kubectl get helmreleases -A -o json"))["items"]
    for release in releases:
        spec, namespace = release["spec"], release["metadata"]["namespace"]
        source = synced.get(spec["chartRef"]["kind"], spec["chartRef"]["name"], spec["chartRef"]["namespace"])["spec"]
        values = folder / "values.yaml"
        values.write_text(yaml.safe_dump(spec["values"]), "utf-8")
        synced.user.run(
            f"helm upgrade --install {spec['releaseName']} {synced.pushed / source['chart']} -n {namespace} -f {values}"
        )
