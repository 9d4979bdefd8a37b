"""README.md keeps its word: its commands run, in order, in a fresh folder, from a wheel and without the checkout."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a shell in which egressc is installed from its wheel."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    command = folder / "bin" / "egressc"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m egressc "$@"\n', "utf-8")
    command.chmod(0o755)
    return {
        "PATH": f"{command.parent}:/usr/bin:/bin",
        "PYTHONPATH": str(folder / "site"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "LANG": os.environ.get("LANG", "C"),
    }


def shell(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", "-e", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, after every command of the README ran in it."""
    folder = tmp_path_factory.mktemp("five-minutes")
    assert BLOCKS[0] == "pip install .\n"
    for block in BLOCKS[1:]:
        result = shell(block, folder, environment)
        assert result.returncode == 0, f"{block}\n{result.stdout}\n{result.stderr}"
    return folder


def test_every_command_of_the_readme_works(project: Path) -> None:
    assert {path.name for path in (project / "values").iterdir()} == {"orders.yaml", "web-shop.yaml"}


def test_what_runs_is_the_wheel_and_not_the_checkout(project: Path, environment: dict[str, str]) -> None:
    script = f'{sys.executable} -c "import egressc; print(egressc.__file__)"'
    assert shell(script, project, environment).stdout.startswith(environment["PYTHONPATH"])


def test_the_wheel_holds_the_documents_that_messages_cite(environment: dict[str, str], tmp_path: Path) -> None:
    package = Path(environment["PYTHONPATH"]) / "egressc"
    cited = {
        name for path in package.rglob("*.py") for name in re.findall(r"\bdocs/([a-z-]+\.md)", path.read_text("utf-8"))
    }
    assert cited
    assert cited <= {path.name for path in (package / "_docs").iterdir()}
    assert shell("egressc rule EG301", tmp_path, environment).stdout.startswith("EG301 unknown-destination\n")


def test_the_wheel_says_whose_it_is(environment: dict[str, str]) -> None:
    (folder,) = Path(environment["PYTHONPATH"]).glob("egressc-*.dist-info")
    metadata = (folder / "METADATA").read_text("utf-8")
    assert "License-Expression: Apache-2.0" in metadata
    assert "Project-URL: Homepage, https://github.com/" in metadata
    assert (folder / "licenses" / "LICENSE").is_file()


def test_the_error_that_the_readme_shows_is_the_real_one(project: Path, environment: dict[str, str]) -> None:
    document = project / "services.md"
    text = document.read_text("utf-8")
    document.write_text(text.replace("| Orders | 8080 | PostgreSQL |", "| Orders | 8080 | PostgreSQl |"), "utf-8")
    result = shell("egressc compile", project, environment)
    document.write_text(text, "utf-8")
    assert result.returncode == 1
    shown = re.search(r"^```\n(error\[.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert shown is not None
    assert shown[1] in result.stderr


def test_the_table_of_commands_is_complete() -> None:
    from egressc.cli import COMMANDS

    assert re.findall(r"^\| `egressc ([a-z]+)", README, re.MULTILINE) == list(COMMANDS)
