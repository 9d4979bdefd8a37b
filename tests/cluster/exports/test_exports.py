"""What `egressc export` writes for Argo CD and Flux, as their own code and their resources take it."""

import shutil
import subprocess
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Final

import pytest
import yaml
from bench.fleet import write_project

from egressc.helm.embedded import EmbeddedEngine
from egressc.helm.engine import Rendered, RenderJob, ValuesFile
from egressc.source import Source
from support.command import run
from support.exported import PROJECTS, REPOSITORY, export
from support.helm_binaries import helm_binary
from testbed.api import Api, Object
from testbed.owners import NEW_GLOBBING, PROGRESSIVE_SYNCS, Generated, objections

Argo = Callable[..., list[Generated]]
FINALIZER: Final = "resources-finalizer.argocd.argoproj.io"
REGISTRY: Final = "charts: oci://registry.example.com/charts"

named = pytest.mark.parametrize("name", PROJECTS, ids=lambda project: Path(project).name or "root")


def expected_releases(project: Path) -> dict[tuple[str, str], Path]:
    """The values file of each release by its namespace and name, as the files say it."""
    found = {}
    for path in sorted((project / "values").rglob("*.yaml")):
        release = yaml.safe_load(path.read_text("utf-8"))["networkPolicy"]["release"]
        found[release["namespace"], release["name"]] = path.relative_to(project)
    return found


def source_of(application: Object) -> tuple[str, Path]:
    """The chart and the values file of an application whose sources are all of one repository."""
    chart, values = application["spec"]["sources"]
    assert values == {"repoURL": REPOSITORY, "targetRevision": "main", "ref": "values"}
    (file,) = chart["helm"]["valueFiles"]
    return chart["path"], Path(file.removeprefix("$values/"))


@named
@pytest.mark.parametrize("options", [(), (NEW_GLOBBING,)], ids=["pathspec", "doublestar"])
def test_argo_cd_installs_every_release(name: str, options: tuple[str, ...], argo: Argo, tmp_path: Path) -> None:
    """Each application, rendered by Helm, is what `egressc render` prints, byte for byte."""
    project = export(name, tmp_path, "argocd")
    expected = expected_releases(project)
    (project / "values" / "notes").mkdir()
    for foreign in ("values/mine.yaml", "values/notes/mine.yaml"):
        (project / foreign).write_text("replicas: 3\n")
    # Of another project, say: what is deeper in the folder is not of this one.
    shutil.copyfile(next((project / "values").glob("*.yaml")), project / "values" / "notes" / "copy.yaml")
    made = [it.application for it in argo(project / "gitops" / "argocd.yaml", project, *options)]
    found = {}
    for application in made:
        chart, values = source_of(application)
        release = application["spec"]["sources"][0]["helm"]["releaseName"]
        namespace = application["spec"]["destination"]["namespace"]
        found[namespace, release] = values
        of = ["template", release, str(project / chart), "-n", namespace, "-f", str(project / values)]
        rendered = subprocess.run([helm_binary("4"), *of], capture_output=True, text=True, check=True).stdout
        service = values.relative_to("values").with_suffix("").as_posix()
        assert run(["render", service], project).stdout == rendered
    assert found == expected


def test_argo_cd_follows_the_order_and_reverses_it(argo: Argo, tmp_path: Path) -> None:
    project = export("examples/prod-shop", tmp_path, "argocd")
    made = argo(project / "gitops" / "argocd.yaml", project, PROGRESSIVE_SYNCS)
    baselines = [it for it in made if source_of(it.application)[0].endswith("namespace-policy")]
    services = [it for it in made if it not in baselines]
    assert baselines
    assert {it.step for it in baselines} == {"3"}
    assert {it.step for it in services} <= {"1", "2"}
    assert max(it.deletion for it in baselines) < min(it.deletion for it in services)


def test_a_new_service_changes_no_line_for_argo_cd(argo: Argo, tmp_path: Path) -> None:
    project = export("examples/prod-shop", tmp_path, "argocd")
    manifest = project / "gitops" / "argocd.yaml"
    before = manifest.read_bytes()
    made = {it.application["metadata"]["name"] for it in argo(manifest, project)}
    values = project / "values" / "main-api.yaml"
    (project / "values" / "new-api.yaml").write_text(values.read_text().replace("name: main-api\n", "name: new-api\n"))
    more = {it.application["metadata"]["name"] for it in argo(manifest, project)}
    assert more - made == {"network-policies.prod-api.new-api"}
    assert manifest.read_bytes() == before


@named
def test_argo_cd_installs_every_namespace(name: str, argo: Argo, tmp_path: Path) -> None:
    project = export(name, tmp_path, "argocd --per namespace")
    made = [it.application["spec"] for it in argo(project / "gitops" / "argocd.yaml", project)]
    found = {it["source"]["path"]: it["destination"]["namespace"] for it in made}
    assert found == {f"gitops/manifests/{it}": it for it in {namespace for namespace, _ in expected_releases(project)}}
    held = {(it.parent.name, it.stem) for it in (project / "gitops" / "manifests").rglob("*.yaml")}
    assert held == expected_releases(project).keys()


@named
@pytest.mark.parametrize("settings", ["", REGISTRY], ids=["own charts", "registry"])
def test_the_api_server_takes_every_object(name: str, settings: str, api: Api, argo: Argo, tmp_path: Path) -> None:
    project = export(name, tmp_path, "argocd", "flux", "manifests", settings=settings)
    gitops = project / "gitops"
    texts = [path.read_text("utf-8") for path in (gitops / "argocd.yaml", gitops / "flux.yaml")]
    texts += [path.read_text("utf-8") for folder in ("flux", "manifests") for path in (gitops / folder).rglob("*.yaml")]
    objects = [it for text in texts for it in yaml.safe_load_all(text) if it]
    objects += [it.application for it in argo(gitops / "argocd.yaml", project)]
    releases = expected_releases(project)
    kinds = [it["kind"] for it in objects]
    assert (kinds.count("HelmRelease"), kinds.count("Application")) == (len(releases), len(releases))
    assert {"ApplicationSet", "GitRepository", "Kustomization", "NetworkPolicy"} < set(kinds)
    assert ("OCIRepository" if settings else "HelmChart") in kinds
    said = [f"{it['kind']} {it['metadata']['name']}: {one}" for it in objects for one in objections(api, it)]
    # Argo CD's own name for its finalizer has no path, which Kubernetes asks for.
    assert [it for it in said if FINALIZER not in it] == []


@pytest.mark.slow
def test_argo_cd_installs_ten_thousand_services(argo: Argo, tmp_path: Path) -> None:
    project = tmp_path / "project"
    write_project(project, 10_000, "both")
    with (project / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write(f"export: {{repository: {REPOSITORY}}}\ncluster: {{baseline: {{deny: both}}}}\n")
    for command in ("compile", "export argocd"):
        assert run(command.split(), project).exit_code == 0
    made = [it.application for it in argo(project / "gitops" / "argocd.yaml", project)]
    assert len(made) == 10_001
    found = {
        (it["spec"]["destination"]["namespace"], it["spec"]["sources"][0]["helm"]["releaseName"]): source_of(it)
        for it in made
    }
    assert len(found) == len(made)
    assert {(chart, values.parent.as_posix()) for chart, values in found.values()} == {
        ("gitops/charts/service-policy", "values"),
        ("gitops/charts/namespace-policy", "values/namespaces"),
    }
    assert run(["render", "--output-dir", "rendered"], project).exit_code == 0
    jobs = (
        RenderJob(
            values.relative_to("values").with_suffix("").as_posix(),
            namespace,
            (ValuesFile(Source(str(values), (project / values).read_text("utf-8"))),),
            release,
            project / chart,
        )
        for (namespace, release), (chart, values) in sorted(found.items(), key=lambda it: it[1])
    )
    engine, different, count = EmbeddedEngine(), [], 0
    for chart, held in groupby(jobs, key=lambda job: job.chart or project):
        for outcome in engine.render_fleet(chart, held):
            assert isinstance(outcome, Rendered)
            count += 1
            text = (project / "rendered" / f"{outcome.job.service}.yaml").read_text("utf-8")
            if text.partition("\n")[2] != outcome.text.removeprefix("---\n"):
                different.append(outcome.job.service)
    assert (different, count) == ([], len(made))
