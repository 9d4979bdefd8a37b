"""The container image: its recipe is one that a parser accepts, and it is built and started.

The base is made of Debian's packages here, with another version of Python than the pinned image has.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from egressc import __version__
from support.containers import BASE, Podman, podman
from support.helm_binaries import ROOT
from support.install_page import commands
from support.packages import package, tree_copy

RECIPE = ROOT / "Containerfile"
NAME = f"ghcr.io/egressc/egressc:{__version__}"

OFFLINE = re.compile("Temporary failure resolving|Failed to establish a new connection|Could not connect to")

pytestmark = pytest.mark.slow


def faults(recipe: Path) -> str:
    command = [str(Path(sys.executable).with_name("hadolint")), str(recipe)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", ""),
        ("ENTRYPOINT", "ENTRY", "unexpected"),
        ("USER 65532:65532", "USER root", "DL3002"),
        ('ENTRYPOINT ["egressc"]', "ENTRYPOINT egressc", "DL3025"),
    ],
)
def test_a_linter_reads_the_recipe_and_notices_faults(before: str, after: str, found: str, tmp_path: Path) -> None:
    text = RECIPE.read_text("utf-8")
    assert before in text
    (tmp_path / "Containerfile").write_text(text.replace(before, after), "utf-8")
    said = faults(tmp_path / "Containerfile")
    assert (said == "") == (found == "")
    assert found in said


def test_the_base_is_pinned_by_digest() -> None:
    text = RECIPE.read_text("utf-8")
    (base,) = re.findall(r"^ARG PYTHON_IMAGE=(.+)$", text, re.MULTILINE)
    assert re.fullmatch(r"docker\.io/library/python:[\d.]+-slim-[a-z]+@sha256:[0-9a-f]{64}", base)
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2


@dataclass(frozen=True)
class Image:
    """The image of this tree, after `.ci/image` has built and tried it."""

    podman: Podman
    output: str

    def config(self) -> Any:
        return json.loads(self.podman.run("podman", "image", "inspect", NAME).stdout)[0]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    engine = podman(folder)
    tree = tree_copy(folder / "tree")
    package("python", tree / "dist", tree=tree)
    done = engine.run(".ci/image", NAME, "--build-arg", f"PYTHON_IMAGE={BASE}", folder=tree)
    if done.returncode and OFFLINE.search(done.stdout + done.stderr):
        pytest.skip("NO IMAGE: the archives of packages do not answer")
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    yield Image(engine, done.stdout)
    engine.run("podman", "rmi", "--force", NAME)
    engine.run("podman", "image", "prune", "--force")


def test_it_works_for_anybody_with_everything_read_only(image: Image) -> None:
    tried = dict(re.findall(r"^=== egressc (.+)\n((?:(?!===).*\n)*)", image.output, re.MULTILINE))
    assert tried.keys() == {"--version", "check", "verify", "diff HEAD"}
    assert tried["--version"] == f"egressc {__version__}\n"
    assert "no flow changes" in tried["diff HEAD"]


def test_it_starts_egressc_without_a_shell_and_not_as_root(image: Image) -> None:
    config = image.config()["Config"]
    assert (config["Entrypoint"], config["User"], config["WorkingDir"]) == (["egressc"], "65532:65532", "/project")
    labels = config["Labels"]
    assert labels["org.opencontainers.image.source"] == "https://github.com/egressc/egressc"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_it_has_no_pip_and_nothing_of_the_build(image: Image) -> None:
    def status(*words: str) -> int:
        return image.podman.run("podman", "run", "--rm", "--entrypoint", words[0], NAME, *words[1:]).returncode

    assert status("python", "-c", "import egressc") == 0
    assert status("python", "-c", "import pip") != 0
    assert status("ls", "/packages") != 0


def test_the_documented_command_works(image: Image, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text('#!/bin/sh\nexec podman "$@"\n', "utf-8")
    (tmp_path / "bin" / "docker").chmod(0o755)
    project = tmp_path / "shop"
    project.mkdir()
    environment = {**image.podman.environment, "PATH": f"{tmp_path / 'bin'}:{image.podman.environment['PATH']}"}
    for command in commands("Container image"):
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", command], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (project / "values").iterdir()) == ["orders.yaml", "web-shop.yaml"]
