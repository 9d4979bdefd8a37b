"""Which releases wait for which, and what each kind of release adds to the files for a tool."""

import yaml

from egressc.exports.argocd import export_namespaces, export_services
from egressc.exports.flux import export_releases as export_flux
from egressc.exports.helmfile import export_releases as export_helmfile
from egressc.exports.project import ChartFolder, ChartInRegistry, ExportedRelease
from egressc.exports.terraform import export_module
from support.exported_releases import BASELINE, GATEWAY, GUARDRAIL, SERVICE, project_of
from support.tables import each

ALL = (SERVICE, BASELINE, GUARDRAIL, GATEWAY)


def test_only_a_baseline_waits_and_only_for_services() -> None:
    project = project_of(*ALL)
    assert [project.needed_before(it) for it in ALL] == [[], [SERVICE], [], []]


def test_each_release_has_its_chart() -> None:
    project = project_of(*ALL)
    names = ["service-policy", "namespace-policy", "guardrail-policy", "egress-gateway"]
    assert [project.chart_of(it.kind) for it in ALL] == [ChartFolder(it, f"gitops/charts/{it}") for it in names]
    assert list(project.charts) == [project.chart_of(it.kind) for it in ALL]
    assert [it.name for it in project_of(SERVICE, GUARDRAIL).charts] == ["service-policy", "guardrail-policy"]
    registry = project_of(*ALL, charts="oci://registry.example.com/charts")
    assert {type(it) for it in registry.charts} == {ChartInRegistry}


@each(
    ("releases", "tells"),
    [((SERVICE,), False), ((SERVICE, BASELINE), False), ((SERVICE, GUARDRAIL), True), (ALL, True)],
)
def test_the_files_know_of_guardrails_where_there_are_some(releases: tuple[ExportedRelease, ...], tells: bool) -> None:
    project = project_of(*releases)
    for export in (export_services, export_namespaces, export_flux, export_helmfile, export_module):
        text = next(iter(export(project).values()))
        assert ("can then reach everything, even what guardrails deny." in " ".join(text.split())) is tells, export
    for export in (export_services, export_flux, export_helmfile, export_module):
        text = "".join(f"{path}\n{text}" for path, text in export(project).items())
        assert ("guardrail" in text.replace("even what guardrails deny", "").replace("  guardrails: {", "")) is tells, (
            export
        )


def test_flux_and_helmfile_install_guardrails_whatever_the_others_do() -> None:
    project = project_of(*ALL)
    files = export_flux(project)
    held = {path: yaml.safe_load(text) for path, text in files.items() if path != "flux.yaml"}
    names = ("dns", "namespace-policy", "guardrail-policy", "egress-gateway")
    assert set(held) == {f"flux/kube-system/{it}.yaml" for it in names}
    assert held["flux/kube-system/guardrail-policy.yaml"]["spec"]["chartRef"]["name"] == (
        "network-policies-guardrail-policy"
    )
    waiting = {path for path, it in held.items() if "dependsOn" in it["spec"]}
    assert waiting == {"flux/kube-system/namespace-policy.yaml"}
    releases = {it["name"]: it for it in yaml.safe_load(export_helmfile(project)["helmfile.yaml"])["releases"]}
    assert releases["guardrail-policy"]["chart"] == "./charts/guardrail-policy"
    assert releases["guardrail-policy"]["values"] == ["../values/cluster/guardrails.yaml"]
    assert [name for name, it in releases.items() if "needs" in it] == ["namespace-policy"]
    assert releases["namespace-policy"]["needs"] == ["kube-system/dns"]


def test_guardrails_alone_need_no_order_in_argo_cd() -> None:
    spec = yaml.safe_load(export_services(project_of(SERVICE, GUARDRAIL))["argocd.yaml"])["spec"]
    assert "strategy" not in spec
    assert [it["git"]["files"][0]["path"] for it in spec["generators"]] == ["values/*.yaml", "values/cluster/*.yaml"]
    ordered = yaml.safe_load(export_services(project_of(*ALL))["argocd.yaml"])["spec"]
    steps = [it["matchExpressions"][0]["values"] for it in ordered["strategy"]["rollingSync"]["steps"]]
    assert steps == [["guardrails"], ["egress-gateway"], ["ingress"], ["egress"], ["namespace"]]


def test_the_gateway_has_a_place_of_its_own_in_the_files_of_each_tool() -> None:
    project = project_of(SERVICE, GATEWAY)
    paths = [
        it["git"]["files"][0]["path"]
        for it in yaml.safe_load(export_services(project)["argocd.yaml"])["spec"]["generators"]
    ]
    assert paths == ["values/*.yaml", "values/cluster/*.yaml"]
    (release,) = [
        it
        for it in yaml.safe_load(export_helmfile(project)["helmfile.yaml"])["releases"]
        if it["name"] == "egress-gateway"
    ]
    assert (release["chart"], release["values"]) == (
        "./charts/egress-gateway",
        ["../values/cluster/egress-gateway.yaml"],
    )
    module = export_module(project)["terraform/main.tf"]
    assert 'resource "helm_release" "gateway"' in module
    assert 'if file == "cluster/egress-gateway.yaml"' in module
    assert "guardrail" not in module
    assert "even what guardrails deny" not in module
