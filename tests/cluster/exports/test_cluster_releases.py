"""Files for a project with guardrails and an egress gateway, as Argo CD's controller and OpenTofu read them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cluster.conftest import require_owners
from cluster.exports.test_opentofu import tofu
from egressc.exports.argocd import export_services
from egressc.exports.project import ExportedProject, ExportedRelease
from egressc.exports.terraform import export_module
from support.exported_releases import BASELINE, GATEWAY, GUARDRAIL, SERVICE, project_of, write_values
from testbed.owners import PROGRESSIVE_SYNCS, Generated
from testbed.programs import OPENTOFU

Argo = Callable[..., list[Generated]]
REGISTRY = "oci://registry.example.com/charts"


def written(folder: Path, exported: dict[str, str], project: ExportedProject) -> Path:
    """The folder of the exported files, beside that of the values."""
    write_values(project)
    for path, text in exported.items():
        file = folder / "gitops" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder / "gitops"


@pytest.mark.parametrize("charts", ["", REGISTRY], ids=["own charts", "registry"])
@pytest.mark.parametrize(
    "releases",
    [(SERVICE, BASELINE, GUARDRAIL, GATEWAY), (SERVICE, GUARDRAIL), (SERVICE, GATEWAY)],
    ids=["all", "guardrails", "gateway"],
)
def test_argo_cd_finds_the_chart_of_each(
    releases: tuple[ExportedRelease, ...], charts: str, argo: Argo, tmp_path: Path
) -> None:
    project = project_of(*releases, root=tmp_path, charts=charts)
    gitops = written(tmp_path, dict(export_services(project)), project)
    made = argo(gitops / "argocd.yaml", tmp_path, PROGRESSIVE_SYNCS)
    found = {}
    for one in made:
        source = one.application["spec"]["sources"][0]
        found[source["helm"]["releaseName"]] = source.get("chart") or Path(source["path"]).name
        (values,) = source["helm"]["valueFiles"]
        assert (tmp_path / values.removeprefix("$values/")).is_file()
    assert found == {it.name: it.kind.chart for it in releases}


def test_argo_cd_syncs_what_is_for_the_cluster_first_and_deletes_it_last(argo: Argo, tmp_path: Path) -> None:
    project = project_of(SERVICE, BASELINE, GUARDRAIL, GATEWAY, root=tmp_path)
    gitops = written(tmp_path, dict(export_services(project)), project)
    made = argo(gitops / "argocd.yaml", tmp_path, PROGRESSIVE_SYNCS)
    order = sorted(made, key=lambda it: int(it.step))
    names = [it.application["spec"]["sources"][0]["helm"]["releaseName"] for it in order]
    assert names == ["guardrail-policy", "egress-gateway", "dns", "namespace-policy"]
    assert [it.deletion for it in order] == sorted((it.deletion for it in order), reverse=True)


def test_the_module_finds_what_is_for_the_cluster(tmp_path: Path) -> None:
    require_owners(OPENTOFU)
    project = project_of(SERVICE, BASELINE, GUARDRAIL, GATEWAY, root=tmp_path)
    module = written(tmp_path, dict(export_module(project)), project) / "terraform"
    assert tofu(module, "fmt", "-check", "-diff") == ""
    text = (module / "main.tf").read_text("utf-8")
    assert text.count("depends_on") == 1
    kinds = ("services", "namespaces", "guardrails", "gateways")
    parts = ", ".join(f"{it} = local.{it}" for it in kinds)
    begin, end = text.index("locals {"), text.index("\nresource ")
    (module / "main.tf").write_text(f'{text[begin:end]}\noutput "releases" {{\n  value = {{ {parts} }}\n}}\n', "utf-8")
    tofu(module, "apply", "-auto-approve")
    releases = json.loads(tofu(module, "output", "-json"))["releases"]["value"]
    assert {kind: list(found) for kind, found in releases.items()} == {
        "services": [SERVICE.values_file],
        "namespaces": [BASELINE.values_file],
        "guardrails": [GUARDRAIL.values_file],
        "gateways": [GATEWAY.values_file],
    }
