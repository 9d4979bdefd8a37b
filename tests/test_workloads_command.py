"""`workloads` and --workloads: the same answers from a key, files, folders, the standard input and the live cluster."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.cluster import api
from egressc.cluster.objects import Access, ClusterError
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unreachable_cluster
from support.command import run
from support.fleet_projects import git
from support.recorded_cluster import RecordedCluster
from support.tables import each

CASE = Path(__file__).parent / "golden" / "EG480-translated-port"
MANIFESTS = (CASE / "k8s" / "shop.yaml").read_text("utf-8")
OBJECTS = tuple({"status": {}, **it} for it in yaml.safe_load_all(MANIFESTS) if it["kind"] != "StatefulSet")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project of the case, without its key, and its manifests elsewhere."""
    folder = tmp_path / "project"
    shutil.copytree(CASE, folder, ignore=shutil.ignore_patterns("expected"))
    (folder / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\n", "utf-8")
    (folder / "k8s").rename(tmp_path / "k8s")
    return folder


def contexts(monkeypatch: pytest.MonkeyPatch, objects: Sequence[Any] = OBJECTS) -> list[str | None]:
    """The contexts that commands ask for from now on; all of them hold the objects."""
    asked: list[str | None] = []

    def open_recorded(access: Access) -> RecordedCluster:
        asked.append(access.context)
        if access.context == "down":
            raise ClusterError(unreachable_cluster(whole_file("cluster"), "no answer"))
        return RecordedCluster(tuple(objects))

    monkeypatch.setattr(api, "ApiReader", open_recorded)
    return asked


def compiled(project: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (project / "values").iterdir()}


def test_option_and_key_compile_the_same_files(project: Path) -> None:
    with_key = project.parent / "with-key"
    shutil.copytree(CASE, with_key, ignore=shutil.ignore_patterns("expected"))
    assert run(["compile"], with_key).exit_code == 0
    for paths in (["../k8s"], ["../k8s/shop.yaml", "../k8s"]):
        given = [it for path in paths for it in ("--workloads", path)]
        result = run(["compile", *given], project)
        assert result.exit_code == 0
        assert result.output.count("note[EG480]") == 2
        assert compiled(project) == compiled(with_key)


@each("command", [["check"], ["verify"], ["explain", "Web", "Orders:8080"], ["report"]])
def test_commands_take_the_workloads_that_were_compiled_with(command: list[str], project: Path) -> None:
    option = ["--workloads", "../k8s"]
    assert run(["compile", *option], project).exit_code == 0
    assert run([*command, *option], project).exit_code == 0
    assert run(["check"], project).exit_code == 3
    assert "8080" in run(["report", *option], project).stdout
    assert "8080" not in run(["report"], project).stdout


def test_the_standard_input(project: Path) -> None:
    assert "note[EG480]" in run(["compile", "--workloads", "-"], project, given=MANIFESTS).output


def test_the_cluster_of_a_context(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = contexts(monkeypatch)
    result = run(["compile", "--workloads", "cluster:", "--workloads", "cluster:other"], project)
    assert asked == [None, "other"]
    assert '"Orders" is reached at 80/TCP of its Service' in result.output
    # Of a cluster everything is known: also that a namespace has no such pods.
    assert 'no pod in shop has the labels of "Search": app=search' in result.output
    assert "live/shop/Service/orders.yaml:" in result.output


def test_a_cluster_that_does_not_answer_ends_the_compile(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contexts(monkeypatch)
    result = run(["compile", "--workloads", "cluster:down"], project)
    assert result.exit_code == 1
    assert "error[EG640]" in result.output
    assert not (project / "values").exists()


def test_an_empty_namespace_is_judged_in_a_whole_cluster_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = [{**it, "metadata": {**it["metadata"], "namespace": "other"}} for it in OBJECTS]
    contexts(monkeypatch, elsewhere)
    assert "no pod in shop" in run(["check", "--workloads", "cluster:"], project).output
    (project.parent / "k8s" / "shop.yaml").write_text(MANIFESTS.replace("namespace: shop", "namespace: other"), "utf-8")
    assert "no pod in shop" not in run(["check", "--workloads", "../k8s"], project).output


def test_what_a_pull_request_names_stays_in_the_repository(project: Path) -> None:
    (project / ".git").mkdir()
    text = (project / "egressc.yaml").read_text("utf-8")
    (project / "egressc.yaml").write_text(f"{text}workloads: [../k8s/shop.yaml]\n", "utf-8")
    assert "error[EG520]" in run(["compile"], project).output


def test_a_path_that_does_not_exist_is_wrong_usage(project: Path) -> None:
    assert run(["check", "--workloads", "nowhere"], project).exit_code == 2


@each(
    ("entry", "message"),
    [
        ("{files: ../k8s/*.yaml, namespace: Shop}", "error[EG232]"),
        ("{files: nothing.yaml, namespace: shop}", "error[EG509]"),
        ("{files: x.yaml}", "error[EG231]"),
    ],
)
def test_an_entry_of_the_project_file_is_checked(entry: str, message: str, project: Path) -> None:
    path = project / "egressc.yaml"
    path.write_text(f"sources: [services.md]\ncatalog: catalog.yaml\nworkloads: [{entry}]\n", "utf-8")
    assert message in run(["compile"], project).output


def test_an_allowance_of_what_only_workloads_show_waits_for_them(project: Path) -> None:
    path = project / "egressc.yaml"
    path.write_text(path.read_text("utf-8") + "allow: [{code: EG480, reason: known}]\n", "utf-8")
    assert "EG480" not in run(["compile", "--workloads", "../k8s"], project).output
    assert "EG416" not in run(["check"], project).output
    (project.parent / "k8s" / "shop.yaml").write_text(MANIFESTS.replace("kind: Service", "kind: ConfigMap"), "utf-8")
    assert "warning[EG416]" in run(["check", "--workloads", "../k8s"], project).output


def test_read_and_diff_know_the_workloads_of_the_project(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASE, folder, ignore=shutil.ignore_patterns("expected"))
    (folder / "services.md").write_text("| Service | Depends on |\n|---|---|\n| Web | Orders:http, Search |\n", "utf-8")
    assert run(["read"], folder).exit_code == 0
    for line in ("init -q", "add .", "-c user.name=a -c user.email=a@example.com commit -qm one"):
        git(folder, *line.split())
    manifests = folder / "k8s" / "shop.yaml"
    manifests.write_text(manifests.read_text("utf-8").replace("9200", "9201"), "utf-8")
    shown = run(["diff", "HEAD", "."], folder).output
    assert "9200" in shown
    assert "9201" in shown
