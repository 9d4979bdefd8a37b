"""The workflow of a release: what of it can run here runs here, and it trusts only what is pinned."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.project.ci import PINS, TEMPLATES
from support.helm_binaries import ROOT
from support.packages import CHARTS, EPOCH

WORKFLOW = ROOT / ".github" / "workflows" / "release.yaml"
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
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
def test_the_second_job_takes_only_what_the_first_one_built(dist: Path, tmp_path: Path) -> None:
    (say,) = (it for it in commands("build") if "GITHUB_OUTPUT" in it)
    (check,) = (it for it in commands("publish") if "sha256sum" in it)
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
    (check,) = (it for it in commands("build") if "GITHUB_REF_NAME#v" in it)
    for tag, status in ((f"v{VERSION}", 0), ("v9.9.9", 1)):
        environment = {**os.environ, "GITHUB_REF_NAME": tag}
        command = ["sh", "-c", check]
        assert subprocess.run(command, cwd=dist.parent, env=environment, check=False).returncode == status


@pytest.mark.slow
def test_digests_are_of_the_files(dist: Path) -> None:
    for line in (dist / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest


def test_every_action_is_one_that_the_workflow_of_init_pins() -> None:
    ours, theirs = (
        set(re.findall(r"uses: (\S+@[0-9a-f]{40})  # v", path.read_text("utf-8")))
        for path in (WORKFLOW, TEMPLATES / "github" / ".github" / "workflows" / "egress.yaml")
    )
    assert ours == theirs
    used = {step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step}
    assert used == ours


def test_only_the_job_that_publishes_can_sign() -> None:
    assert [name for name, job in JOBS.items() if "id-token" in job["permissions"]] == ["publish"]
    assert JOBS["publish"]["environment"] == "release"


@pytest.mark.parametrize("program", ["uv publish", "pypi-attestations sign"])
def test_the_programs_that_publish_know_their_options(program: str) -> None:
    (command,) = (it for it in commands("publish") if program in it)
    name, verb = program.split()
    arguments = [str(Path(sys.executable).with_name(name)), verb, "--help"]
    told = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert [it for it in re.findall(r"--[a-z-]+", command) if it not in told] == []
