"""What a shell offers to complete."""

import shutil
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from egressc.cli import OK, run_command
from support.command import run


def offered(*words: str) -> list[str]:
    *before, incomplete = words
    found = BashComplete(run_command, {}, "egressc", "_EGRESSC_COMPLETE").get_completions(list(before), incomplete)
    return [it.value for it in found]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compiled")
    assert run(["init"], folder).exit_code == OK
    assert run(["compile"], folder).exit_code == OK
    return folder


@pytest.fixture
def project(compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(compiled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_commands_and_options(tmp_path: Path) -> None:
    assert offered("re") == ["read", "render", "report"]
    assert "--output-dir" in offered("render", "--o")


@pytest.mark.parametrize("command", ["explain", "render", "show", "probe", "install", "verify", "status", "rollback"])
def test_services(command: str, project: Path) -> None:
    assert offered(command, "") == ["orders", "web-shop"]
    assert offered(command, "w") == ["web-shop"]


def test_a_service_is_offered_once(project: Path) -> None:
    assert offered("render", "orders", "") == ["web-shop"]


def test_services_of_another_project_file_and_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "values").rename(project / "compiled")
    file = project / "egressc.yaml"
    file.write_text(
        file.read_text("utf-8").replace("\nvalues: values\n", "\n") + "values: 'compiled' # here\n", "utf-8"
    )
    assert offered("render", "o") == ["orders"]
    monkeypatch.chdir("/")
    assert offered("render", "--project", str(file), "o") == ["orders"]
    assert offered("render", "o") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_completes_egressc(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_EGRESSC_COMPLETE", f"{shell}_source")
    assert "_EGRESSC_COMPLETE" in run([], tmp_path).output


def test_services_of_environments(project: Path) -> None:
    (project / "values").rename(project / "dev")
    (project / "values").mkdir()
    (project / "dev").rename(project / "values" / "dev")
    assert offered("render", "o") == []
    file = project / "egressc.yaml"
    file.write_text(f"{file.read_text('utf-8')}environments: {{dev: }}\n", "utf-8")
    assert offered("render", "o") == ["orders"]


def test_environments(project: Path) -> None:
    assert offered("render", "--environment", "") == []
    file = project / "egressc.yaml"
    file.write_text(f"{file.read_text('utf-8')}environments: {{dev: , prod: , preview: }}\n", "utf-8")
    assert offered("render", "--environment", "") == ["dev", "prod", "preview"]
    assert offered("diff", "--environment", "prod", "--environment", "p") == ["preview"]
    assert offered("read", "--environment", "d") == ["dev"]
