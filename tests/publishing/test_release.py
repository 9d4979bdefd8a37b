"""The workflow of a release: what of it can run here runs here, and it trusts only what is pinned."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.project.ci import PINS, TEMPLATES
from support.helm_binaries import ROOT
from support.packages import CHARTS, EPOCH

WORKFLOW = ROOT / ".github" / "workflows" / "release.yaml"
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
BASH = shutil.which("bash") or "bash"
VERSION = str(yaml.safe_load((ROOT / "Chart.yaml").read_text("utf-8"))["version"])


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of a release, made as the workflow makes them."""
    first = next(it for it in commands("build") if it.startswith("make"))
    folder = tmp_path_factory.mktemp("release") / "dist"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    command = [*first.split(), f"DIST={folder}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("PASSED") == 3, "twine has looked at each package for Python"
    return folder


@pytest.mark.slow
def test_a_release_has_every_package(dist: Path) -> None:
    python = [
        f"egressc-{VERSION}-py3-none-any.whl",
        f"egressc-{VERSION}.tar.gz",
        f"egressc_core-{VERSION}-py3-none-any.whl",
    ]
    wanted = {*python, *(f"{chart}-{VERSION}.tgz" for chart in CHARTS), "egressc.cdx.json", "SHA256SUMS"}
    assert {path.name for path in dist.iterdir()} == wanted


@pytest.mark.slow
def test_packages_that_are_there_are_not_mixed_with_others(dist: Path) -> None:
    done = subprocess.run(
        [shutil.which("make") or "make", "packages", f"DIST={dist}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "exists; remove it first" in done.stderr


@pytest.mark.slow
def test_the_sbom_has_every_pinned_package(dist: Path) -> None:
    sbom = json.loads((dist / "egressc.cdx.json").read_text("utf-8"))
    assert (sbom["bomFormat"], sbom["metadata"]["component"]["name"]) == ("CycloneDX", "egressc")
    pins = PINS.read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9._-]+)==([^ ;\n]+)", pins, re.MULTILINE))
    assert {(it["name"], it["version"]) for it in sbom["components"]} == pinned


@pytest.mark.slow
def test_jobs_that_publish_take_only_what_the_first_one_built(dist: Path, tmp_path: Path) -> None:
    (say,) = (it for it in commands("build") if "SHA256SUMS" in it)
    takers = JOBS.keys() - {"build", "image"}
    (check,) = {it for job in takers for it in commands(job) if "sha256sum" in it}
    assert all(check in commands(job) for job in takers)
    folder = tmp_path / "dist"
    shutil.copytree(dist, folder)
    output = tmp_path / "output"

    def shell(script: str, **variables: str) -> int:
        command = ["bash", "-e", "-o", "pipefail", "-c", script]
        return subprocess.run(command, cwd=tmp_path, env={**os.environ, **variables}, capture_output=True).returncode

    assert shell(say, GITHUB_OUTPUT=str(output)) == 0
    digests = output.read_text("utf-8").removeprefix("digests=").strip()
    assert base64.b64decode(digests) == (dist / "SHA256SUMS").read_bytes()
    assert shell(check, DIGESTS=digests) == 0
    changed = folder / f"egressc-{VERSION}.tar.gz"
    changed.write_bytes(changed.read_bytes() + b"\0")
    assert shell(check, DIGESTS=digests) == 1


@pytest.mark.slow
def test_a_tag_must_be_the_version_of_the_packages(dist: Path) -> None:
    (check,) = (it for it in commands("build") if it.startswith("test -f"))
    for tag, status in ((f"v{VERSION}", 0), ("v9.9.9", 1)):
        environment = {**os.environ, "GITHUB_REF_NAME": tag}
        command = ["sh", "-c", check]
        assert subprocess.run(command, cwd=dist.parent, env=environment, check=False).returncode == status


@pytest.mark.slow
def test_digests_are_of_the_files(dist: Path) -> None:
    for line in (dist / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest


def test_every_action_is_pinned_by_commit() -> None:
    """To that of the workflow of `egressc init`, if it uses the action too."""
    ours, theirs = (
        dict(re.findall(r"uses: (\S+)@([0-9a-f]{40})  # v[\d.]+$", path.read_text("utf-8"), re.MULTILINE))
        for path in (WORKFLOW, TEMPLATES / "github" / ".github" / "workflows" / "egress.yaml")
    )
    assert {name: ours[name] for name in theirs} == theirs
    used = {step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step}
    assert used == {f"{name}@{commit}" for name, commit in ours.items()}


def test_the_job_that_builds_has_no_rights() -> None:
    assert JOBS["build"]["permissions"] == {"contents": "read"}
    assert "environment" not in JOBS["build"]
    rights = {name: job["permissions"] for name, job in JOBS.items()}
    assert {name for name, it in rights.items() if "id-token" in it} == JOBS.keys() - {"build"}
    assert {name for name, it in rights.items() if it.get("contents") == "write"} == {"release"}
    assert {name for name, it in rights.items() if "packages" in it} == {"charts", "image"}


def test_jobs_that_publish_only_publish() -> None:
    for name in JOBS.keys() - {"build"}:
        assert JOBS[name]["environment"] == "release"
        assert re.findall(r"\b(make|pip|uv|npm|go|setup|build) ", " ".join(commands(name))) == []
        used = [step["uses"].partition("@")[0] for step in JOBS[name]["steps"] if "uses" in step]
        assert used[0] == "actions/download-artifact"
        assert "actions/checkout" not in used


@pytest.mark.slow
def test_the_index_gets_the_packages_for_python_alone(dist: Path, tmp_path: Path) -> None:
    (pick,) = (it for it in commands("python") if it.startswith("mkdir"))
    (tmp_path / "dist").symlink_to(dist)
    subprocess.run([BASH, "-e", "-c", pick], cwd=tmp_path, check=True)
    (action,) = (it for it in JOBS["python"]["steps"] if "gh-action-pypi-publish" in it.get("uses", ""))
    suffixes = sorted(path.suffix for path in (tmp_path / action["with"]["packages-dir"]).iterdir())
    assert suffixes == [".gz", ".whl", ".whl"]


def test_the_image_that_is_pushed_is_the_one_that_was_built(tmp_path: Path) -> None:
    (say,) = (it for it in commands("build") if "podman save" in it)
    (check,) = (it for it in commands("image") if "sha256sum" in it)
    (tmp_path / "image.tar").write_bytes(b"built")
    output = tmp_path / "output"
    environment = {**os.environ, "GITHUB_OUTPUT": str(output)}
    subprocess.run([BASH, "-e", "-c", say.splitlines()[-1]], cwd=tmp_path, env=environment, check=True)
    said = output.read_text("utf-8").removeprefix("sha256=").strip()
    for content, is_right in ((b"built", True), (b"another", False)):
        (tmp_path / "image.tar").write_bytes(content)
        done = subprocess.run(
            [BASH, "-e", "-o", "pipefail", "-c", check],
            cwd=tmp_path,
            env={**os.environ, "IMAGE_SHA256": said},
            capture_output=True,
        )
        assert (done.returncode == 0) == is_right


def test_a_release_comes_last() -> None:
    assert set(JOBS["release"]["needs"]) == JOBS.keys() - {"release"}
    assert all(JOBS[name]["needs"] == "build" for name in ("python", "charts", "image"))


def test_the_image_is_signed_by_its_digest() -> None:
    (push,) = (it for it in commands("image") if "podman push" in it)
    assert 'cosign sign --yes "$IMAGE@$(cat digest)"' in push
    (attest,) = (it for it in JOBS["image"]["steps"] if it.get("uses", "").startswith("actions/attest@"))
    assert attest["with"]["subject-digest"] == "${{ steps.push.outputs.digest }}"
