"""A folder of exported files: all or none, nothing of others touched, nothing of ours left behind."""

import re
import shutil
import tempfile
from pathlib import Path

import pytest
import yaml

from egressc.exports.marks import with_chart_mark
from support.command import run
from support.exported import export
from support.tables import each

pytestmark = pytest.mark.slow  # each test runs commands on a whole project

ROOT = Path(__file__).parents[3]
TOOLS = ("argocd", "flux", "helmfile", "terraform", "manifests")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with services and namespaces, in a repository, one folder below its root."""
    folder = tmp_path / "repository" / "platform"
    shutil.copytree(ROOT / "examples" / "prod-shop", folder)
    (tmp_path / "repository" / ".git").mkdir()
    with (folder / "egressc.yaml").open("a") as file:
        file.write("\nexport: {repository: https://git.example.com/shop/network.git}\n")
    return folder


def state(folder: Path) -> dict[str, bytes]:
    return {it.relative_to(folder).as_posix(): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


def test_paths_are_those_of_the_repository(project: Path) -> None:
    assert run(["export", "argocd"], project).exit_code == 0
    spec = yaml.safe_load((project / "gitops" / "argocd.yaml").read_text())["spec"]
    files = [it["path"] for generator in spec["generators"] for it in generator["git"]["files"]]
    assert files[::2] == ["platform/values/*.yaml", "platform/values/namespaces/*.yaml"]
    assert "platform/gitops/charts/service-policy" in spec["template"]["spec"]["sources"][0]["path"]


def test_a_second_export_changes_nothing(project: Path) -> None:
    for tool in TOOLS:
        assert run(["export", tool], project).exit_code == 0
    before = state(project)
    assert run(["export"], project).exit_code == 0
    assert state(project) == before
    assert run(["check"], project).exit_code == 0


def test_files_of_others_stay(project: Path) -> None:
    gitops = project / "gitops"
    for name in ("README.md", "flux/kustomization.yaml", "flux/prod-api/extra.yaml", "charts/mine/Chart.yaml"):
        (gitops / name).parent.mkdir(parents=True, exist_ok=True)
        (gitops / name).write_text(f"# {name}\n")
    before = state(gitops)
    assert run(["export", "flux"], project).exit_code == 0
    after = state(gitops)
    assert before.items() <= after.items()
    assert run(["check"], project).exit_code == 0


def test_what_no_release_needs_is_removed_with_its_folder(project: Path) -> None:
    run(["export", "flux"], project)
    run(["export", "manifests"], project)
    gone = project / "gitops" / "flux" / "gone"
    shutil.copytree(project / "gitops" / "flux" / "prod-api", gone)
    chart = project / "gitops" / "charts" / "service-policy"
    older = {"Chart.yaml": "name: service-policy\n", "old.tpl": "of an older version\n"}
    shutil.rmtree(chart)
    chart.mkdir()
    for name, text in with_chart_mark(older).items():
        (chart / name).write_text(text)
    checked = run(["check"], project)
    assert checked.exit_code == 3
    assert '"gitops/flux/gone/main-api.yaml" is no longer needed' in checked.output
    assert '"gitops/charts/service-policy" is out of date' in checked.output
    assert run(["export"], project).exit_code == 0
    assert not gone.exists()
    assert not (chart / "old.tpl").exists()
    assert (chart / "templates" / "networkpolicy.yaml").exists()
    assert run(["check"], project).exit_code == 0


def test_charts_go_with_the_last_tool_that_reads_them(project: Path) -> None:
    run(["export", "argocd"], project)
    assert run(["export", "argocd", "--per", "namespace"], project).exit_code == 0
    assert not (project / "gitops" / "charts").exists()
    assert run(["check"], project).exit_code == 0
    run(["export", "argocd"], project)
    run(["export", "helmfile"], project)
    charts = project / "gitops" / "charts"
    assert run(["export", "argocd", "--per", "namespace"], project).exit_code == 0
    assert charts.exists(), "helmfile reads them"
    (project / "gitops" / "helmfile.yaml").unlink()
    checked = run(["check"], project)
    assert '"gitops/charts/namespace-policy" is no longer needed' in checked.output
    assert run(["export"], project).exit_code == 0
    assert not charts.exists()
    assert run(["check"], project).stderr.endswith("gitops: argocd --per namespace, manifests, up to date\n")


@each(
    ("name", "text", "code"),
    [
        ("Chart.yaml", "name: service-policy\nversion: 9.9.9\n", "EG523"),
        ("values.yaml", "mine: true\n", "EG524"),
        ("templates/mine.yaml", "mine: true\n", "EG524"),
    ],
)
def test_a_chart_of_somebody_else_stays(name: str, text: str, code: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = export("examples/prod-shop", Path(folder), "helmfile")
        (project / "gitops" / "charts" / "service-policy" / name).write_text(text)
        before = state(project)
        refused = run(["export"], project)
        assert refused.exit_code == 1
        assert f"error[{code}]" in refused.output
        assert run(["check"], project).exit_code == 1
        assert state(project) == before
        is_ours = code == "EG524"
        assert (run(["export", "--discard-edits"], project).exit_code == 0) is is_ours


def test_one_refusal_leaves_everything_as_it_was(project: Path) -> None:
    run(["export", "flux"], project)
    (project / "gitops" / "flux" / "prod-api" / "main-api.yaml").write_text("mine: true\n")
    (project / "gitops" / "flux.yaml").unlink()
    before = state(project)
    assert run(["export", "flux"], project).exit_code == 1
    assert state(project) == before


def test_line_ends_of_a_checkout_are_no_change(project: Path) -> None:
    run(["export", "helmfile"], project)
    for file in (project / "gitops").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    before = state(project)
    assert run(["check"], project).exit_code == 0
    assert run(["export"], project).exit_code == 0
    assert state(project) == before


def test_nothing_is_written_through_a_link(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / "gitops").symlink_to(elsewhere)
    assert "EG510" in run(["export", "helmfile"], project).output
    (project / "gitops").unlink()
    (project / "gitops").mkdir()
    (project / "gitops" / "flux").symlink_to(elsewhere)
    assert "EG510" in run(["export", "flux"], project).output
    assert not list(elsewhere.iterdir())


@each(
    ("values", "folder", "problem"),
    [
        ("values", "values", "values overlaps the folder of the values files"),
        ("./values", "values/gitops", "values/gitops overlaps the folder of the values files"),
        ("out/values", "out", "out overlaps the folder of the values files"),
        ("gitops", "", "gitops overlaps the folder of the values files"),
        ("values", ".", ". is not inside the project's folder"),
        ("values", "..", ".. is not inside the project's folder"),
        ("values", "/elsewhere", "/elsewhere is not inside the project's folder"),
        ("values", "..gitops", ""),
    ],
)
def test_the_folder_is_apart_from_all_others(values: str, folder: str, problem: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "project"
        shutil.copytree(ROOT / "examples" / "prod-shop", project)
        shutil.rmtree(project / "values")
        settings = (project / "egressc.yaml").read_text()
        (project / "egressc.yaml").write_text(settings.replace("values: values\n", f"values: {values}\n"))
        assert run(["compile"], project).exit_code == 0
        before = state(Path(place))
        result = run(["export", "helmfile", *(["--output", folder] if folder else [])], project)
        assert (result.exit_code, problem in result.output) == (2 if problem else 0, True), result.output
        assert (state(Path(place)) == before) is bool(problem)


def test_the_repair_names_the_repository_of_the_checkout_without_its_token(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "prod-shop", folder)
    (folder / ".git" / "objects").mkdir(parents=True)
    (folder / ".git" / "refs").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    origin = "https://me:secret@git.example.com/shop/network.git"
    (folder / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {origin}\n')
    output = run(["export", "flux"], folder).output
    assert 'export: {repository: "https://git.example.com/shop/network.git"}' in output
    assert "secret" not in output


def test_every_command_of_the_document_works(project: Path) -> None:
    text = (ROOT / "docs" / "gitops.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    lines = [line.partition("#")[0].split() for block in blocks for line in block.splitlines()]
    lines = [line for line in lines if line[:2] == ["egressc", "export"]]  # others: tests/test_first_policy.py
    assert len(lines) == len(TOOLS) + 1
    assert [run(line[1:], project).exit_code for line in lines] == [0] * len(lines)
    assert {line[2] for line in lines} == set(TOOLS)
    applied = set(re.findall(r"gitops/[\w./-]+", text))
    assert [path for path in applied if not (project / path).exists()] == []


def test_a_tool_gets_no_chart_that_it_cannot_use(project: Path) -> None:
    (project / "service-policy-0.1.0.tgz").write_bytes(b"")
    settings = (project / "egressc.yaml").read_text()
    (project / "egressc.yaml").write_text(f"{settings}\nchart: service-policy-0.1.0.tgz\n")
    run(["compile"], project)
    refused = run(["export", "argocd"], project)
    assert refused.exit_code == 2
    assert "Argo CD reads charts from folders: unpack service-policy-0.1.0.tgz" in refused.output
    assert run(["export", "helmfile"], project).exit_code == 0
    text = (project / "gitops" / "helmfile.yaml").read_text()
    assert "chart: ../service-policy-0.1.0.tgz" in text.replace('"', "")
    assert not (project / "gitops" / "charts" / "service-policy").exists()


def test_a_merge_conflict_is_seen_and_the_next_export_resolves_it(project: Path) -> None:
    run(["export", "helmfile"], project)
    file = project / "gitops" / "helmfile.yaml"
    text = file.read_text()
    lines = text.splitlines(keepends=True)
    ours, theirs = lines[1], lines[1].replace("digest: ", "digest: 0")
    conflict = ["<<<<<<< HEAD\n", ours, "=======\n", theirs, ">>>>>>> other\n"]
    file.write_text("".join([lines[0], *conflict, *lines[2:]]))
    checked = run(["check"], project)
    assert checked.exit_code == 3
    assert '"gitops/helmfile.yaml" is out of date' in checked.output
    assert run(["export"], project).exit_code == 0
    assert file.read_text() == text


@each("before", ["---\n", "\ufeff", "# Copyright: the team\n\n"])
def test_what_is_written_above_the_first_line_is_seen(before: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = export("examples/prod-shop", Path(place), "flux")
        for file in (project / "gitops" / "flux").rglob("*.yaml"):
            file.write_text(before + file.read_text(), "utf-8")
        checked = run(["check"], project)
        assert checked.exit_code == 1
        assert '"gitops/flux/prod-api/main-api.yaml" was edited by hand' in checked.output
        assert run(["export", "--discard-edits"], project).exit_code == 0
        assert run(["check"], project).exit_code == 0


def test_the_content_does_not_depend_on_the_current_folder(project: Path) -> None:
    chart = project.parent / "mine"
    shutil.copytree(ROOT / "charts" / "network-policy", chart)
    (project / "egressc.yaml").write_text((project / "egressc.yaml").read_text() + "chart: ../mine\n")
    run(["compile"], project)
    for tool in ("helmfile", "terraform"):
        run(["export", tool], project)
    before = state(project)
    for folder in (Path("/"), project.parent, project / "values"):
        assert run(["export", "--project", str(project / "egressc.yaml")], folder).exit_code == 0
    assert state(project) == before
    assert "chart: ../../mine" in (project / "gitops" / "helmfile.yaml").read_text().replace('"', "")


@each("stray", ["link", "hidden", "no text"])
def test_nothing_else_is_in_an_exported_chart(stray: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = export("examples/prod-shop", Path(place), "helmfile")
        templates = project / "gitops" / "charts" / "service-policy" / "templates"
        (templates.parent / ".DS_Store").write_bytes(b"\xff")
        assert run(["check"], project).exit_code == 0
        if stray == "link":
            (project / "open.yaml").write_text("kind: NetworkPolicy\n")
            (templates / "open.yaml").symlink_to(project / "open.yaml")
        else:
            (templates / (".open.yaml" if stray == "hidden" else "open.yaml")).write_bytes(b"\xff")
        checked = run(["check"], project)
        assert checked.exit_code == 1
        assert "open.yaml" in checked.output


def test_nothing_is_exported_while_a_values_file_belongs_to_no_service(project: Path) -> None:
    shutil.copyfile(project / "values" / "main-api.yaml", project / "values" / "copy.yaml")
    for tool in TOOLS:
        refused = run(["export", tool], project)
        assert refused.exit_code == 3
        assert "EG505" in refused.output
        assert run(["export", tool, "--quiet"], project).output == refused.output
    assert not (project / "gitops").exists()


@each(
    ("settings", "said"),
    [
        ("values: 'va[l]ues'\n", "Argo CD does not read platform/va[l]ues as a path"),
        ("export: {repository: R, folder: .gitops}\n", "Argo CD does not read platform/.gitops as a path"),
    ],
)
def test_argo_cd_gets_paths_alone(settings: str, said: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "platform"
        (Path(place) / ".git").mkdir()
        shutil.copytree(ROOT / "examples" / "prod-shop", project)
        text = (project / "egressc.yaml").read_text()
        if "values:" in settings:
            text = text.replace("values: values\n", "export: {repository: R}\n")
        text = (text + settings).replace("repository: R", "repository: https://git.example.com/shop/network.git")
        (project / "egressc.yaml").write_text(text)
        assert run(["compile"], project).exit_code == 0
        for mode in ([], ["--per", "namespace"]):
            refused = run(["export", "argocd", *mode], project)
            assert refused.exit_code == 2
            assert said in " ".join(refused.output.split())
        assert run(["export", "helmfile"], project).exit_code == 0


def test_tests_of_helm_are_no_manifests(project: Path) -> None:
    values = project / "values" / "main-api.yaml"
    values.write_text(values.read_text() + "  probe: {enabled: true}\n")
    assert "helm.sh/hook: test" in run(["render", "main-api"], project).stdout
    assert run(["export", "manifests"], project).exit_code == 0
    text = (project / "gitops" / "manifests" / "prod-api" / "main-api.yaml").read_text()
    assert [it["kind"] for it in yaml.safe_load_all(text)] == ["NetworkPolicy"]
