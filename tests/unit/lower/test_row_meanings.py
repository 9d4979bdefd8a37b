"""Rows as they are meant: a document of many tables is looked through once, not once a table."""

from pathlib import Path

import pytest

from egressc.lower.wording import Wording
from support.command import run
from support.fleet_projects import FleetProject, rows_of


def test_a_table_is_looked_through_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = FleetProject(tmp_path, rows_of(50))
    project.write()
    looked_at: list[int] = []
    may_repeat = Wording.may_repeat

    def counted(self: Wording, text: str) -> bool:
        looked_at.append(len(text))
        return may_repeat(self, text)

    monkeypatch.setattr(Wording, "may_repeat", counted)
    assert run(["compile"], tmp_path).exit_code == 0
    assert len(looked_at) == 50
    assert sum(looked_at) < (tmp_path / "services.md").stat().st_size
