"""What changes in values/ when the sources change, and that Git merges it wherever it merges the sources."""

import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from support.command import run
from support.fleet_projects import FleetProject, changed, git, rows_of

MANY = 1_500


def compile_all(project: FleetProject) -> dict[str, str]:
    project.write()
    result = run(["compile"], project.folder)
    assert result.exit_code == 0, result.output
    return project.values()


def test_a_sentence_changes_no_file_and_a_row_the_one_of_its_service(tmp_path: Path) -> None:
    project = FleetProject(tmp_path, rows_of(MANY))
    before = compile_all(project)
    assert len(before) == MANY
    project.prose["Service 0000"] = "What Service 0000 is for.\n\nOne more sentence of prose.\nAnd a second line of it."
    assert changed(before, compile_all(project)) == []
    project.rows["Service 0700"]["Store 19"] = "a row that was added"
    after = compile_all(project)
    assert changed(before, after) == ["service-0700.yaml"]
    assert not any(".md:" in text or ".yaml:" in text for text in after.values())


Change = Callable[[FleetProject], None]


def say_more(project: FleetProject) -> None:
    project.prose["Service 0001"] = "Other words.\n\nAnd more of them."


def add_a_row(project: FleetProject) -> None:
    project.rows["Service 0001"] = {"Store 00": "first", **project.rows["Service 0001"]}


def add_another_row(project: FleetProject) -> None:
    project.rows["Service 0001"]["Store 08"] = "last"


def drop_a_row(project: FleetProject) -> None:
    rows = project.rows["Service 0001"]
    rows.pop(list(rows)[3])


def change_a_purpose(project: FleetProject) -> None:
    rows = project.rows["Service 0001"]
    rows[list(rows)[1]] = "another reason"


def change_the_port_of_that(project: FleetProject) -> None:
    project.ports[list(project.rows["Service 0001"])[1]] = 8000


def change_a_port(project: FleetProject) -> None:
    project.ports[list(project.rows["Service 0001"])[2]] = 7000


def add_a_service(project: FleetProject) -> None:
    project.rows["Service 9999"] = {"Store 03": "new"}


def add_to_another_service(project: FleetProject) -> None:
    project.rows["Service 0003"]["Store 11"] = "new"


def remove_a_service(project: FleetProject) -> None:
    project.rows.pop("Service 0005")


def change_the_dns(project: FleetProject) -> None:
    project.settings = "cluster: {dns: {profile: openshift}}\n"


CHANGES: list[Change] = [
    say_more,
    add_a_row,
    add_another_row,
    drop_a_row,
    change_a_purpose,
    change_the_port_of_that,
    change_a_port,
    add_a_service,
    add_to_another_service,
    remove_a_service,
    change_the_dns,
]


# What changes every file, beside a file that comes or goes.
NEEDS_A_COMPILE = (add_a_service, change_the_dns)
OF_ALL_AND_NONE = (remove_a_service, change_the_dns)
PAIRS = [pair for pair in combinations(CHANGES, 2) if pair != OF_ALL_AND_NONE]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project under version control, with a branch for each change and what it compiles to."""
    if shutil.which("git") is None:
        pytest.skip("git is not on PATH")
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for name in ("main", *(change.__name__ for change in CHANGES)):
        git(folder, "checkout", "--quiet", "-b", name, "main")
        project = FleetProject(folder, rows_of(8, each=5))
        for change in CHANGES:
            if change.__name__ == name:
                change(project)
        project.write()
        assert run(["compile", "--prune"], folder).exit_code == 0
        git(folder, "add", "--all")
        assert git(folder, "commit", "--quiet", "--message", name, "--allow-empty").returncode == 0
    return folder


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: " and ".join(it.__name__ for it in pair))
def test_branches_that_merge_in_the_sources_merge_in_the_values(repository: Path, pair: tuple[Change, Change]) -> None:
    """What the merged sources give is what Git made of the two compiled folders."""
    one, other = (change.__name__ for change in pair)
    assert git(repository, "checkout", "--quiet", "--force", "--detach", one).returncode == 0
    merged = git(repository, "merge", "--quiet", "--no-edit", other)
    conflicts = git(repository, "diff", "--name-only", "--diff-filter=U").stdout.splitlines()
    assert (merged.returncode, conflicts) == (0, []), merged.stdout
    result = run(["check"], repository)
    assert result.exit_code == (3 if pair == NEEDS_A_COMPILE else 0), result.output
    assert run(["compile"], repository).exit_code == 0


def test_branches_of_a_whole_fleet_merge(tmp_path: Path) -> None:
    """One branch adds a row and a sentence, the other one changes a row of a neighbour and adds a service."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")

    def commit(branch: str, change: Change) -> dict[str, str]:
        git(tmp_path, "checkout", "--quiet", "-b", branch, "main")
        project = FleetProject(tmp_path, rows_of(MANY))
        change(project)
        values = compile_all(project)
        git(tmp_path, "add", "--all")
        assert git(tmp_path, "commit", "--quiet", "--message", branch).returncode == 0
        return values

    def one(project: FleetProject) -> None:
        project.prose["Service 0699"] = "Other words.\n\nAnd more of them."
        project.rows["Service 0700"]["Store 19"] = "a row that was added"

    def other(project: FleetProject) -> None:
        project.rows["Service 0701"] = dict.fromkeys(project.rows["Service 0701"], "another reason")
        project.rows["Service 9999"] = {"Store 03": "new"}

    before = commit("main", lambda _: None)
    assert changed(before, commit("one", one)) == ["service-0700.yaml"]
    assert changed(before, commit("other", other)) == ["service-0701.yaml", "service-9999.yaml"]
    merged = git(tmp_path, "merge", "--quiet", "--no-edit", "one")
    assert merged.returncode == 0, merged.stdout
    result = run(["check"], tmp_path)
    assert result.exit_code == 0, result.output


def test_two_rows_between_the_same_neighbours_are_settled_by_compiling(tmp_path: Path) -> None:
    """The one case that no line-by-line merge can do: each branch adds an entry in the same place of a file."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    rows = {"Web": {"Store 00": "a", "Store 10": "b", "Store 19": "c"}}
    for branch, name in (("main", ""), ("one", "Store 03"), ("other", "Store 05")):
        git(tmp_path, "checkout", "--quiet", "-b", branch, "main")
        project = FleetProject(tmp_path, {"Web": dict(rows["Web"])})
        if branch == "one":
            project.rows["Web"] = {name: "new", **rows["Web"]}
        elif branch == "other":
            project.rows["Web"][name] = "new"
        project.write()
        assert run(["compile"], tmp_path).exit_code == 0
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", branch)
    assert git(tmp_path, "merge", "--quiet", "--no-edit", "one").returncode != 0
    assert git(tmp_path, "diff", "--name-only", "--diff-filter=U").stdout.split() == ["values/web.yaml"]
    result = run(["compile"], tmp_path)
    assert result.exit_code == 0, result.output
    assert run(["check"], tmp_path).exit_code == 0
    assert "store-03" in (tmp_path / "values" / "web.yaml").read_text("utf-8")
    assert "store-05" in (tmp_path / "values" / "web.yaml").read_text("utf-8")
