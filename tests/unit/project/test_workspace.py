"""Which project a command works on."""

from pathlib import Path

import pytest

from egressc.cli import OK
from support.command import run


def test_a_project_is_found_from_any_folder_of_its_repository(tmp_path: Path) -> None:
    assert run(["init"], tmp_path).exit_code == OK
    inside = tmp_path / "docs" / "network"
    inside.mkdir(parents=True)
    refused = run(["compile"], inside)
    assert "no egressc.yaml here or above" in refused.stderr, "without a repository only the current folder counts"
    (tmp_path / ".git").mkdir()
    assert run(["compile"], inside).exit_code == OK
    assert (tmp_path / "values" / "orders.yaml").is_file()
    assert run(["check"], inside).exit_code == OK


@pytest.mark.slow
def test_the_nearest_project_goes_first(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "teams" / "a"
    inner.mkdir(parents=True)
    assert run(["init"], tmp_path).exit_code == OK
    assert run(["init"], inner).exit_code == OK
    assert run(["compile"], inner).exit_code == OK
    assert (inner / "values").is_dir()
    assert not (tmp_path / "values").exists()


def test_another_repository_inside_has_no_project_of_the_outer_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "vendor"
    (inner / ".git").mkdir(parents=True)
    assert run(["init"], tmp_path).exit_code == OK
    assert "no egressc.yaml here or above" in run(["check"], inner).stderr
