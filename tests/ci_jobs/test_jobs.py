"""The action and the jobs of `egressc init`: every step runs, in the shell of its host, on a change of a project.

What installs is replaced here by the environment of the tests; `.ci/workflow` runs it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import OK
from egressc.project.ci import TEMPLATES
from reports.comparing import edit
from reports.test_diff_revisions import commit, git, needs_git
from support.ci_files import ACTION, GITLAB, ROOT, job_of, read, scripts_of, shell, steps_of
from support.code_quality import read_code_quality
from support.command import run
from support.gitlab_notes import TOKEN, Notes, serve_notes
from support.sarif.official import read_sarif
from support.tables import each

has_programs = all(map(shutil.which, ("bash", "curl")))
needs_programs = pytest.mark.skipif(not has_programs, reason="bash or curl is not on PATH: no job can run")
pytestmark = [pytest.mark.slow, needs_git, needs_programs]

JOBS = {
    "github": TEMPLATES / "github" / ".github" / "workflows" / "egress.yaml",
    "gitlab": TEMPLATES / "gitlab" / ".gitlab" / "egress.yml",
}
ROW = "| Orders | 8080 | PostgreSQL |"
WIDER = "| Orders | 8080 | PostgreSQL, Redis |"
OPENED = "Flows: 1 flow added, 0 removed, 0 changed"
INSIDE = "teams/my shop"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the runners have, and egressc in place of what the jobs install."""
    folder = tmp_path_factory.mktemp("bin")
    for name, command in {
        "egressc": f'exec {sys.executable} -P -m egressc "$@"',
        "python": f'exec {sys.executable} "$@"',
        "gh": f'PYTHONPATH={ROOT / "tests"} exec {sys.executable} -m support.gh "$@"',
        "pip": 'test "$1 $2 $3" = "install --require-hashes -r" && grep -q "^./.*/egressc-.*whl" "$4"',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{command}\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def environment(programs: Path, tmp_path: Path) -> dict[str, str]:
    home = {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONDONTWRITEBYTECODE": "1"}
    return {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", **home}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a project on the main branch, and a commit on another that opens a flow."""
    root = tmp_path_factory.mktemp("repository")
    project = root / INSIDE
    git(root, "init", "--quiet", "--initial-branch", "main")
    for words in (["init", INSIDE], ["init", INSIDE, "--ci", "gitlab"]):
        assert run(words, root).exit_code == OK
    assert run(["compile"], project).exit_code == OK
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "main")
    git(root, "switch", "--quiet", "--create", "feature")
    change(project, ROW, WIDER)
    commit(root)
    return root


@pytest.fixture
def repository(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "repository")


def change(project: Path, before: str, after: str) -> None:
    edit(project, before, after, "services.md")
    assert run(["compile"], project).exit_code == OK


def the_file(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def test_every_step_of_the_workflow_runs(repository: Path, environment: dict[str, str]) -> None:
    path = the_file(repository, ".github/workflows/*")
    (job,) = read(path)["jobs"].values()
    folder = repository / job["defaults"]["run"]["working-directory"]
    assert folder == repository / INSIDE
    summary = repository.parent / "summary.md"
    environment |= {"GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": str(summary)}
    steps = steps_of(path)
    assert [re.split(r"\W", step["run"])[:2] for step in steps] == [
        *(["pip", "install"], ["egressc", "check"], ["egressc", "verify"], ["egressc", "diff"])
    ]
    for step in steps:
        done = shell(step["run"], folder, environment)
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
    assert OPENED in summary.read_text("utf-8")


@pytest.fixture
def notes() -> Iterator[Notes]:
    with serve_notes() as held:
        yield held


class Pipeline:
    """The job of a merge request on GitLab."""

    def __init__(self, repository: Path, notes: Notes, environment: dict[str, str]) -> None:
        (included,) = read(repository / ".gitlab-ci.yml")["include"]
        self.job = job_of(repository / included["local"])
        self.folder = repository
        self.report = repository / self.job["artifacts"]["reports"]["codequality"]
        self.variables = {
            **environment,
            **self.job["variables"],
            "CI_PROJECT_DIR": str(repository),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(repository, "merge-base", "main", "HEAD").strip(),
            "CI_API_V4_URL": notes.url,
            "CI_PROJECT_ID": "7",
            "CI_MERGE_REQUEST_IID": "3",
            "EGRESSC_TOKEN": TOKEN,
        }

    def run(self) -> subprocess.CompletedProcess[str]:
        return shell("\n".join(self.job["script"]), self.folder, self.variables, GITLAB)


@pytest.fixture
def pipeline(repository: Path, notes: Notes, environment: dict[str, str]) -> Pipeline:
    return Pipeline(repository, notes, environment)


def test_the_job_of_a_merge_request_has_one_comment(pipeline: Pipeline, notes: Notes) -> None:
    forged = "<!-- egressc diff: teams/my%20shop -->\nLooks good"
    notes.notes.append({"id": 1, "body": forged, "author": {"id": 1}})
    first = pipeline.run()
    assert first.returncode == 0, first.stdout + first.stderr
    assert OPENED in first.stdout
    theirs, ours = (it["body"] for it in notes.notes)
    assert theirs == forged
    assert ours.startswith("<!-- egressc diff: teams/my%20shop -->\n### Flows: ")
    change(pipeline.folder / INSIDE, WIDER, ROW)
    second = pipeline.run()
    assert second.returncode == 0, second.stdout + second.stderr
    assert ["no flow changes" in it["body"] for it in notes.notes] == [False, True]
    assert read_code_quality(pipeline.report.read_text("utf-8")) == []


@pytest.mark.parametrize("missing", ["EGRESSC_TOKEN", "CI_MERGE_REQUEST_DIFF_BASE_SHA"])
def test_the_job_needs_no_token_and_no_merge_request(missing: str, pipeline: Pipeline, notes: Notes) -> None:
    del pipeline.variables[missing]
    done = pipeline.run()
    assert (done.returncode, notes.notes) == (0, []), done.stderr
    assert ("### Flows" in done.stdout) == (missing == "EGRESSC_TOKEN")


def test_a_refused_token_fails_the_job(pipeline: Pipeline, notes: Notes) -> None:
    pipeline.variables["EGRESSC_TOKEN"] = "another"  # noqa: S105  of nobody
    done = pipeline.run()
    assert done.returncode != 0
    assert "401" in done.stderr


def test_a_broken_row_fails_the_job_and_is_in_its_report(pipeline: Pipeline, notes: Notes) -> None:
    edit(pipeline.folder / INSIDE, WIDER, WIDER.replace("SQL", "SQl"), "services.md")
    done = pipeline.run()
    assert (done.returncode, notes.notes) == (1, [])
    assert 'error[EG301]: destination "PostgreSQl" is not defined' in done.stderr
    (violation,) = read_code_quality(pipeline.report.read_text("utf-8"))
    assert violation["location"]["path"] == (Path(INSIDE) / "services.md").as_posix()


class PullRequest:
    """The action in a job of a pull request on GitHub."""

    def __init__(self, repository: Path, project: str, environment: dict[str, str]) -> None:
        self.folder = repository
        self.temporary = repository.parent / "temporary"
        python = self.temporary / "egressc" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', "utf-8")
        python.chmod(0o755)
        self.comments = repository.parent / "comments.json"
        self.values = {
            "inputs.project": project,
            "github.token": "of the job",
            "github.event.pull_request.number": "3",
        }
        self.variables = {
            **environment,
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_BASE_REF": "main",
            "GITHUB_REPOSITORY": "shop/network",
            "GITHUB_STEP_SUMMARY": str(repository.parent / "summary.md"),
            "GITHUB_OUTPUT": str(repository.parent / "output"),
            "GH_COMMENTS": str(self.comments),
        }

    def run(self) -> Iterator[tuple[str, subprocess.CompletedProcess[str]]]:
        """Every step after the one that installs, whatever came of those before."""
        install, *steps = steps_of(ACTION)
        assert install["name"] == "Install egressc"
        for step in steps:
            variables = {**self.variables, **self.expanded(step.get("env", {}))}
            yield step["name"], shell(step["run"], self.folder, variables)

    def expanded(self, given: dict[str, str]) -> dict[str, str]:
        return {name: re.sub(r"\$\{\{ (\S+) }}", lambda it: self.values[it[1]], text) for name, text in given.items()}


@pytest.fixture
def pull_request(repository: Path, environment: dict[str, str]) -> PullRequest:
    return PullRequest(repository, (Path(INSIDE) / "egressc.yaml").as_posix(), environment)


def bodies(pull_request: PullRequest) -> list[str]:
    return [it["body"] for it in json.loads(pull_request.comments.read_text("utf-8"))]


def test_every_step_of_the_action_runs(pull_request: PullRequest) -> None:
    marker = "<!-- egressc diff: teams/my%20shop/egressc.yaml -->\n"
    theirs = {"id": 1, "user": {"login": "someone"}, "body": f"{marker}of somebody else"}
    pull_request.comments.write_text(json.dumps([theirs]), "utf-8")
    for name, done in pull_request.run():
        assert done.returncode == 0, f"{name}\n{done.stdout}{done.stderr}"
    assert read_sarif((pull_request.temporary / "egressc.sarif").read_text("utf-8"))["results"] == []
    other, ours = bodies(pull_request)
    assert (other, OPENED in ours) == (theirs["body"], True)
    assert ours == Path(pull_request.variables["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert ours.startswith(f"{marker}### Flows: ")
    change(pull_request.folder / INSIDE, WIDER, ROW)
    assert [done.returncode for _, done in pull_request.run()] == [0] * 4
    assert ["no flow changes" in it for it in bodies(pull_request)] == [False, True]


def test_a_broken_row_is_in_code_scanning_and_fails_the_check(pull_request: PullRequest) -> None:
    edit(pull_request.folder / INSIDE, WIDER, WIDER.replace("SQL", "SQl"), "services.md")
    pull_request.comments.write_text("[]", "utf-8")
    done = dict(pull_request.run())
    assert {name: it.returncode for name, it in done.items()} == {
        "Check": 1,
        "Verify": 1,
        "Compare with the base branch": 1,
        "Comment": 1,
    }
    assert 'error[EG301]: destination "PostgreSQl" is not defined' in done["Check"].stderr
    (result,) = read_sarif((pull_request.temporary / "egressc.sarif").read_text("utf-8"))["results"]
    assert result["ruleId"] == "EG301"
    assert Path(pull_request.variables["GITHUB_OUTPUT"]).read_text("utf-8") == "report=true\n"


def test_a_project_that_is_not_there_fails_the_first_step(pull_request: PullRequest) -> None:
    pull_request.values["inputs.project"] = "nowhere.yaml"
    name, done = next(pull_request.run())
    assert (name, done.returncode) == ("Check", 2)
    assert "nowhere.yaml" in done.stderr
    assert not Path(pull_request.variables["GITHUB_OUTPUT"]).exists(), "nothing to upload"


@each("path", [ACTION, *JOBS.values()])
def test_the_scripts_have_no_fault_that_shellcheck_knows(path: Path) -> None:
    for script in scripts_of(path):
        checked = subprocess.run(
            [Path(sys.executable).parent / "shellcheck", "--shell", "bash", "-"],
            input=f"set -eo pipefail\n{script}", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, f"{script}\n{checked.stdout}"


SCHEMAS = {ACTION: "github-actions", JOBS["github"]: "github-workflows", JOBS["gitlab"]: "gitlab-ci"}


def refused(path: Path, schema: str) -> str:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout


@each(("path", "schema"), SCHEMAS.items())
def test_files_agree_with_the_schemas_of_their_hosts(path: Path, schema: str) -> None:
    assert refused(path, schema) == ""


@each(
    ("path", "before", "after"),
    [
        (ACTION, "using: composite", "using: composed"),
        (JOBS["github"], "runs-on: ubuntu-latest", "runs-in: ubuntu-latest"),
        (JOBS["gitlab"], "when: always", "when: sometimes"),
    ],
)
def test_what_a_host_does_not_accept_is_noticed(path: Path, before: str, after: str, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / "file.yml")
    edit(tmp_path, before, after, "file.yml")
    assert refused(tmp_path / "file.yml", SCHEMAS[path])


def actions_in(document: Any) -> list[str]:
    match document:
        case {"uses": str(name)}:
            return [name]
        case dict():
            return [name for value in document.values() for name in actions_in(value)]
        case list():
            return [name for value in document for name in actions_in(value)]
        case _:
            return []


@each("path", [ACTION, JOBS["github"]])
def test_actions_are_pinned_by_commit(path: Path) -> None:
    used = actions_in(read(path))
    assert used
    assert [name for name in used if not re.fullmatch(r"\S+@[0-9a-f]{40}", name)] == []
