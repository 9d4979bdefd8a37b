"""`egressc diff`: revisions, folders, manifests and sources; what counts as a change, and what the exit status says."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from command import run
from reports.test_expected import edited, platform

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not on PATH: revisions cannot be compared")

ROW = "| Redis | matih-data-plane | 6379 | TCP | Session cache |"


def git(folder: Path, *arguments: str) -> str:
    """Git as a stranger to this machine's settings."""
    assert GIT is not None
    who = {
        f"GIT_{role}_{what}": "someone@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run([GIT, *arguments], cwd=folder, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def commit(folder: Path, message: str = "a change") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The example platform as a repository with one commit and a tag."""
    folder = platform(tmp_path / "repository")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    git(folder, "tag", "v1")
    return folder


def edit(folder: Path, before: str, after: str, name: str = "platform/services.md") -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def render(project: Path, folder: str) -> None:
    for arguments in (["compile"], ["render", "--output-dir", folder]):
        result = run(arguments, project)
        assert result.exit_code == 0, result.stderr


def compared(folder: Path, *arguments: str) -> dict[str, Any]:
    result = run(["diff", *arguments, "--format", "json"], folder)
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def told(document: dict[str, Any]) -> list[str]:
    return [f"{it['kind']} {it['service']} {it['destination']}" for it in document["flows"]]


@needs_git
def test_a_revision_against_the_working_tree(repository: Path) -> None:
    assert compared(repository, "v1")["flows"] == []
    edit(repository, ROW, ROW.replace("6379", "6379, 6380"))
    document = compared(repository, "HEAD")
    assert told(document) == ["changed ai-service Redis"]
    (flow,) = document["flows"]
    assert (flow["was"], flow["opens"], flow["closes"]) == ("6379/TCP", ["6380/TCP"], [])
    assert "app.kubernetes.io/name=redis in matih-data-plane on 6380/TCP" in flow["nowAllowed"]
    assert flow["askedIn"] == ["platform/services.md:11", "platform/services.md:22"]
    assert document["summary"]["widened"]


@needs_git
def test_two_revisions_leave_the_checkout_alone(repository: Path) -> None:
    edit(repository, f"{ROW}\n", "")
    commit(repository)
    edit(repository, "# MATIH platform", "# Not yet committed")
    before = git(repository, "status", "--porcelain")
    document = compared(repository, "v1", "main")
    assert git(repository, "status", "--porcelain") == before
    # The matrix still asks for Redis, on the port of the catalog: nothing changes.
    assert document["flows"] == []


@needs_git
def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    project = platform(tmp_path / "team")
    (tmp_path / "shared").mkdir()
    (project / "platform" / "catalog.yaml").rename(tmp_path / "shared" / "catalog.yaml")
    edit(project, "platform/catalog.yaml", "../shared/catalog.yaml", "egressc.yaml")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    assert compared(project, "HEAD")["flows"] == []
    edit(project, "| Kafka | matih-data-plane | 9092 |", "| Kafka | matih-data-plane | 9093 |")
    document = compared(tmp_path, "HEAD", "--project", "team/egressc.yaml")
    assert told(document) == ["changed ai-service Kafka"]


@needs_git
def test_what_git_attributes_leave_out_of_archives_counts(repository: Path) -> None:
    (repository / ".gitattributes").write_text("platform export-ignore\n", "utf-8")
    commit(repository)
    assert compared(repository, "HEAD")["flows"] == []


@needs_git
def test_a_committed_link_is_followed(repository: Path) -> None:
    (repository / "platform" / "services.md").rename(repository / "services.md")
    (repository / "platform" / "services.md").symlink_to("../services.md")
    commit(repository)
    assert compared(repository, "v1", "HEAD")["flows"] == []


@needs_git
def test_a_revision_before_the_project_began(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "empty")
    git(repository, "rm", "-r", "--quiet", "--cached", ".")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    document = compared(repository, "empty")
    assert (document["flows"], document["summary"]["newServices"]) == ([], 5)


@needs_git
def test_a_broken_revision_says_which_side(repository: Path) -> None:
    edit(repository, "| Kafka |", "| Kafak |")
    commit(repository)
    edit(repository, "| Kafak |", "| Kafka |")
    edit(
        repository,
        "| AI Service | PostgreSQL, Redis, Qdrant, Kafka,",
        "| AI Service | PostgreSQL, Redis, Qdrant, Kafak,",
    )
    result = run(["diff", "v1"], repository)
    assert result.exit_code == 1
    assert result.stderr.startswith("the project as it stands can't be read:")
    assert result.stdout == ""


@needs_git
def test_a_name_that_is_a_path_and_a_revision_is_refused(repository: Path) -> None:
    git(repository, "branch", "values")
    result = run(["diff", "values"], repository)
    assert result.exit_code == 2
    assert 'write "./values" for the path, "values^0" for the revision' in result.stderr
    assert compared(repository, "values^0")["flows"] == []


def test_a_name_that_is_neither_is_refused(tmp_path: Path) -> None:
    result = run(["diff", "nonesuch"], platform(tmp_path / "platform"))
    assert result.exit_code == 2
    assert '"nonesuch" is neither a path nor a revision of Git' in result.stderr


def test_added_one_way_is_removed_the_other(tmp_path: Path) -> None:
    platform(tmp_path / "a")
    edited(tmp_path / "b")
    there, back = compared(tmp_path, "a", "b"), compared(tmp_path, "b", "a")
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(turned[it["kind"]], it["service"], it["destination"]) for it in there["flows"]] == [
        (it["kind"], it["service"], it["destination"]) for it in back["flows"]
    ]
    assert [it["opens"] for it in there["flows"]] == [it["closes"] for it in back["flows"]]
    assert [it["service"] for it in there["newServices"]] == [it["service"] for it in back["goneServices"]] == ["web"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Session cache", "Cache of sessions"),
        ("## AI Service Egress Rules", "## The rules of egress: AI Service"),
        ("| Redis | matih-data-plane | 6379 | TCP |", "| Redis | matih-data-plane | 6379/TCP | |"),
        ("PostgreSQL, Trino, ClickHouse", "ClickHouse, PostgreSQL, Trino, PostgreSQL (5432)"),
    ],
)
def test_other_words_for_the_same_flows_are_no_change(before: str, after: str, tmp_path: Path) -> None:
    platform(tmp_path / "a")
    edit(platform(tmp_path / "b"), before, after)
    assert run(["diff", "a", "b", "--fail-on", "any"], tmp_path).exit_code == 0


def test_an_extra_rule_is_a_change(tmp_path: Path) -> None:
    platform(tmp_path / "a")
    rule = "  egress:\n    - to: [{ipBlock: {cidr: 203.0.113.0/24}}]\n      ports: [{port: 443}]\n"
    edit(platform(tmp_path / "b"), "  egress: []\n", rule, "values/ml-service.yaml")
    document = compared(tmp_path, "a", "b")
    assert told(document) == ["added ml-service 203.0.113.0/24"]
    (flow,) = document["flows"]
    assert flow["askedIn"][0].startswith("values/ml-service.yaml:")


def test_manifests_against_the_sources_they_come_from(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    assert run(["diff", "rendered", ".", "--fail-on", "any"], project).exit_code == 0
    manifest = "rendered/ai-service.yaml"
    edit(project, "port: 6379", "port: 6380", manifest)
    document = compared(project, ".", "rendered")
    assert told(document) == ["changed ai-service Redis"]
    assert document["flows"][0]["opens"] == ["6380/TCP"]


def test_manifests_against_manifests(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    for name in ("one", "two"):
        render(project, name)
    edit(project, "port: 6379", "port: 6380", "two/ai-service.yaml")
    assert run(["diff", "one", "one", "--fail-on", "any"], project).exit_code == 0
    (flow,) = compared(project, "one", "two")["flows"]
    assert flow["destination"] == "pods app.kubernetes.io/name=redis in matih-data-plane"
    assert (flow["was"], flow["now"]) == ("6379/TCP", "6380/TCP")


def test_a_lost_manifest_frees_its_pods(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    (project / "rendered" / "ai-service.yaml").unlink()
    document = compared(project, ".", "rendered")
    (gone,) = document["goneServices"]
    assert gone["service"] == "ai-service"
    assert "may reach everything" in gone["note"]
    assert document["summary"]["widened"]


def test_a_moved_service_is_said_once(tmp_path: Path) -> None:
    platform(tmp_path / "a")
    edit(
        platform(tmp_path / "b"), "  AI Service: {ports: [8000]}", "  AI Service: {ports: [8000], selector: {app: ai}}",
        "platform/catalog.yaml",
    )  # fmt: skip
    document = compared(tmp_path, "a", "b")
    assert [it["service"] for it in document["movedServices"]] == ["ai-service"]
    # Who calls it calls other pods now.
    assert told(document) == ["changed api-gateway AI Service"]


@pytest.mark.parametrize(
    ("edits", "widened", "changed"),
    [
        ([], 0, 0),
        ([(ROW, ROW.replace("6379", "6379, 6380"))], 1, 1),
        ([("PostgreSQL, Trino, ClickHouse", "PostgreSQL, Trino")], 0, 1),
    ],
)
def test_the_exit_status(edits: list[tuple[str, str]], widened: int, changed: int, tmp_path: Path) -> None:
    platform(tmp_path / "a")
    for before, after in edits:
        edit(platform(tmp_path / "b"), before, after)
    if not edits:
        platform(tmp_path / "b")
    assert run(["diff", "a", "b"], tmp_path).exit_code == 0
    assert run(["diff", "a", "b", "--fail-on", "widened"], tmp_path).exit_code == widened
    assert run(["diff", "a", "b", "--fail-on", "any", "--format", "json"], tmp_path).exit_code == changed
