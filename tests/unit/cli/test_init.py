"""`egressc init`: a project that works, and never over what is there."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from egressc.cli import OK, USAGE
from egressc.project.ci import GITLAB_PIPELINE, HOSTS, packages_folder
from egressc.project.distribution import own_wheel
from support.command import run

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[3]
PACKAGES = packages_folder("github")
PINS = f"{PACKAGES}/requirements.txt"


def test_the_project_compiles_checks_and_renders_at_once(tmp_path: Path) -> None:
    assert run(["init", "shop"], tmp_path).exit_code == OK
    project = tmp_path / "shop"
    for command in (["compile", "--strict"], ["check", "--strict"], ["render", "-o", "manifests"]):
        result = run(command, project)
        assert result.exit_code == OK, result.output
        assert "error" not in result.output
        assert "warning" not in result.output
    assert sorted(path.name for path in (project / "manifests").iterdir()) == ["orders.yaml", "web-shop.yaml"]


def test_the_workflow_pins_what_it_runs(tmp_path: Path) -> None:
    """Actions by commit; packages by hash, egressc among them."""
    assert run(["init"], tmp_path).exit_code == OK
    workflow = (tmp_path / ".github" / "workflows" / "egress.yaml").read_text("utf-8")
    assert yaml.safe_load(workflow)["jobs"]["check"]["steps"]
    assert re.findall(r"uses: \S+@(\S+)", workflow) == re.findall(r"uses: \S+@([0-9a-f]{40})\b", workflow)
    assert "persist-credentials: false" in workflow
    assert re.findall(r"run: (pip .*)", workflow) == [f"pip install --require-hashes -r {PINS}"]
    (wheel,) = (tmp_path / PACKAGES).glob("egressc-*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert f"./{PACKAGES}/{wheel.name} \\\n    --hash=sha256:{digest}\n" in (tmp_path / PINS).read_text("utf-8")


def installed_own(project: Path, folder: Path) -> dict[str, str]:
    """Install egressc as the workflow does, without what it needs, which the tests have; the environment to run it."""
    pins = (project / PINS).read_text("utf-8")
    (project / "own.txt").write_text(pins[pins.index("./.github") :], "utf-8")
    command = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--require-hashes", "-r", "own.txt"]
    command += ["--target", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    return {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


def test_the_egressc_that_the_workflow_installs_is_the_one_that_wrote_it(tmp_path: Path) -> None:
    """What is installed from the new project starts a project that differs in nothing, its own wheel included."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert run(["init", "first"], tmp_path).exit_code == OK
    environment = installed_own(first, tmp_path / "site")
    (first / "own.txt").unlink()
    for words in ("init", "compile", "check --strict", "verify"):
        command = [str(tmp_path / "site" / "bin" / "egressc"), *words.split()]
        second.mkdir(exist_ok=True)
        done = subprocess.run(command, cwd=second, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    for path in sorted(it for it in first.rglob("*") if it.is_file()):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path


def test_the_wheel_holds_what_a_build_puts_into_it(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.whl")
    name, content = own_wheel()
    assert name == built.name
    with zipfile.ZipFile(io.BytesIO(content)) as own, zipfile.ZipFile(built) as theirs:
        assert own.testzip() is None
        assert sorted(own.namelist()) == sorted(it for it in theirs.namelist() if "/licenses/" not in it)
        code = [it for it in own.namelist() if ".dist-info/" not in it or it.endswith("entry_points.txt")]
        assert [it for it in code if own.read(it) != theirs.read(it)] == []


def test_the_packages_are_written_anew_after_an_upgrade(tmp_path: Path) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    old = tmp_path / PACKAGES / "egressc-0.0.1-py3-none-any.whl"
    old.write_bytes(b"")
    (tmp_path / PINS).write_text("old", "utf-8")
    (tmp_path / "services.md").write_text("mine", "utf-8")
    result = run(["init", "--packages"], tmp_path)
    assert result.exit_code == OK
    assert f"removed {old.relative_to(tmp_path).as_posix()}" in result.stdout
    assert not old.exists()
    assert "--hash" in (tmp_path / PINS).read_text("utf-8")
    assert (tmp_path / "services.md").read_text("utf-8") == "mine"


def test_nothing_is_written_where_one_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text("mine: true\n", "utf-8")
    result = run(["init"], tmp_path)
    assert result.exit_code == USAGE
    assert "catalog.yaml" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.yaml"]


def test_a_dangling_link_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "services.md").symlink_to(tmp_path / "elsewhere.md")
    assert run(["init"], tmp_path).exit_code == USAGE
    assert not (tmp_path / "elsewhere.md").exists()


@pytest.mark.parametrize("link", [".github", PACKAGES, PINS])
def test_no_link_leads_out_of_the_folder(link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine").write_text("mine", "utf-8")
    at = tmp_path / "project" / link
    at.parent.mkdir(parents=True)
    at.symlink_to(outside / "mine" if link == PINS else outside)
    for words in (["init", "project"], ["init", "--packages", "project"]):
        result = run(words, tmp_path)
        assert result.exit_code == USAGE
        assert link in result.stderr
    assert [it.read_text("utf-8") for it in outside.iterdir()] == ["mine"]
    assert [it.name for it in (tmp_path / "project").iterdir()] == [".github"]


def written(folder: Path) -> list[str]:
    """Every file without the schemas, and without the names of wheels."""
    found = (it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file())
    return sorted(re.sub(r"egressc-.*\.whl", "*.whl", it) for it in found if "schemas/" not in it)


PROJECT = ["catalog.yaml", "egressc.yaml", "services.md"]
CI = {
    "github": [".github/egressc/*.whl", ".github/egressc/requirements.txt", ".github/workflows/egress.yaml"],
    "gitlab": [".gitlab-ci.yml", ".gitlab/egress.yml", ".gitlab/egressc/*.whl", ".gitlab/egressc/requirements.txt"],
    "none": [],
}


@pytest.mark.parametrize("ci", CI)
def test_the_files_for_ci_are_those_of_one_host(ci: str, tmp_path: Path) -> None:
    assert run(["init", "--ci", ci], tmp_path).exit_code == OK
    assert written(tmp_path) == CI[ci] + PROJECT


def test_a_project_that_is_there_gets_the_files_for_ci_alone(tmp_path: Path) -> None:
    (tmp_path / "egressc.yaml").write_text("mine", "utf-8")
    for host in HOSTS:
        result = run(["init", "--ci", host], tmp_path)
        assert (result.exit_code, result.stderr) == (OK, "")
    assert written(tmp_path) == sorted(CI["github"] + CI["gitlab"] + ["egressc.yaml"])
    assert (tmp_path / "egressc.yaml").read_text("utf-8") == "mine"


def test_files_for_ci_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    assert run(["init", "--ci", "none"], tmp_path).exit_code == OK
    workflow = tmp_path / ".github" / "workflows" / "egress.yaml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("mine", "utf-8")
    result = run(["init"], tmp_path)
    assert result.exit_code == USAGE
    assert ".github/workflows/egress.yaml already there; write another folder, or remove" in result.stderr
    assert written(tmp_path) == [".github/workflows/egress.yaml", *PROJECT]
    assert workflow.read_text("utf-8") == "mine"


def test_files_that_are_there_and_the_same_are_no_obstacle(tmp_path: Path) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    again = run(["init", "--ci", "github"], tmp_path)
    assert (again.exit_code, again.stdout, again.stderr) == (OK, "", "nothing to write: all files are there\n")
    (tmp_path / CI["github"][-1]).unlink()
    assert run(["init", "--ci", "github"], tmp_path).stdout.count("wrote ") == 1


def test_a_pipeline_of_gitlab_that_is_there_is_told_what_to_include(tmp_path: Path) -> None:
    (tmp_path / GITLAB_PIPELINE).write_text("mine", "utf-8")
    result = run(["init", "--ci", "gitlab"], tmp_path)
    assert result.exit_code == OK
    assert f"next: add to {GITLAB_PIPELINE}: include: [{{local: .gitlab/egress.yml}}]\n" in result.stderr
    assert (tmp_path / GITLAB_PIPELINE).read_text("utf-8") == "mine"
    assert written(tmp_path) == CI["gitlab"] + PROJECT


def test_no_ci_for_a_project_that_is_there_is_nothing_to_write(tmp_path: Path) -> None:
    (tmp_path / "egressc.yaml").write_text("mine", "utf-8")
    result = run(["init", "--ci", "none"], tmp_path)
    assert result.exit_code == USAGE
    assert "already has egressc.yaml; write --ci github or --ci gitlab to add CI" in result.stderr
    renewed = run(["init", "--ci", "none", "--packages"], tmp_path)
    assert (renewed.exit_code, written(tmp_path)) == (USAGE, ["egressc.yaml"])


def test_projects_in_one_repository_have_jobs_of_their_own_at_its_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for folder in ("shop", "teams/my bank"):
        for host in HOSTS:
            assert run(["init", folder, "--ci", host], tmp_path).exit_code == OK
    jobs = sorted(it for it in written(tmp_path) if "egressc" not in it and it.startswith("."))
    assert jobs == [
        *(".github/workflows/egress-shop.yaml", ".github/workflows/egress-teams-my bank.yaml"),
        *(".gitlab-ci.yml", ".gitlab/egress-shop.yml", ".gitlab/egress-teams-my bank.yml"),
    ]
    workflow = yaml.safe_load((tmp_path / jobs[1]).read_text("utf-8"))
    assert workflow["name"] == "egress-teams-my bank"
    assert workflow["jobs"]["check"]["defaults"]["run"]["working-directory"] == "teams/my bank"
    assert yaml.safe_load((tmp_path / jobs[2]).read_text("utf-8")) == {"include": [{"local": jobs[3]}]}
    (job,) = yaml.safe_load((tmp_path / jobs[4]).read_text("utf-8")).items()
    assert (job[0], job[1]["variables"]["EGRESSC_FOLDER"]) == ("egress-teams-my bank", "teams/my bank")
    assert (tmp_path / "shop" / PINS).exists()


def test_packages_are_renewed_for_each_host_that_has_them(tmp_path: Path) -> None:
    assert run(["init", "--ci", "gitlab"], tmp_path).exit_code == OK
    (wheel,) = (tmp_path / packages_folder("gitlab")).glob("*.whl")
    wheel.write_bytes(b"")
    assert run(["init", "--packages"], tmp_path).exit_code == OK
    assert wheel.stat().st_size > 0
    assert written(tmp_path) == CI["gitlab"] + PROJECT


def test_the_project_knows_the_repository_that_it_is_in(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    (git / "objects").mkdir(parents=True)
    (git / "refs").mkdir()
    (git / "HEAD").write_text("ref: refs/heads/trunk\n")
    (git / "config").write_text('[remote "origin"]\n\turl = https://me:secret@git.example.com/shop/network.git\n')
    assert run(["init", "policies"], tmp_path).exit_code == 0
    project = tmp_path / "policies"
    said = yaml.safe_load((project / "egressc.yaml").read_text())["export"]
    assert said == {"repository": "https://git.example.com/shop/network.git", "revision": "trunk"}
    assert run(["compile"], project).exit_code == 0
    assert run(["export", "argocd"], project).exit_code == 0
    assert "path: policies/values/*.yaml" in (project / "gitops" / "argocd.yaml").read_text()


def test_an_export_that_would_fail_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "services.txt").write_text("| Service | Depends on |\n|---|---|\n| Orders | None |\n", "utf-8")
    for words, problem in (
        (["--export", "argocd"], "run: git remote add origin URL"),
        (["--export", "flux", "--from", "services.txt"], "complete the project, then run: egressc compile"),
        (["--export", "flux", "--packages"], "remove --from and --export"),
    ):
        result = run(["init", "shop", *words] if "--from" not in words else ["init", *words, "shop"], tmp_path)
        assert (result.exit_code, problem in " ".join(result.output.split())) == (USAGE, True), result.output
        assert not (tmp_path / "shop").exists()
    assert run(["init", "shop"], tmp_path).exit_code == OK
    result = run(["init", "shop", "--export", "manifests"], tmp_path)
    assert (result.exit_code, "egressc export manifests" in result.output) == (USAGE, True)


def test_a_new_project_is_exported(tmp_path: Path) -> None:
    assert run(["init", "shop", "--ci", "none", "--export", "manifests"], tmp_path).exit_code == OK
    assert (tmp_path / "shop" / "gitops" / "manifests" / "shop" / "orders.yaml").is_file()
    assert run(["check", "--strict"], tmp_path / "shop").exit_code == OK
