"""Memory is held by a chart that nothing renders, taken once many releases are rendered, and changes no byte."""

import tempfile
from pathlib import Path

import helm_python
import pytest

from egressc.helm import embedded
from egressc.helm.chart import own_chart
from egressc.helm.embedded import EmbeddedEngine
from egressc.helm.memory import hold_memory
from support.helm_cases import compiled_fleet


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with hold_memory() as held:
        assert held.metadata["name"] == "memory"
    assert list(tmp_path.iterdir()) == []


def test_memory_is_held_once_and_only_for_many_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def take() -> helm_python.Chart:
        taken.append(1)
        return hold_memory()

    monkeypatch.setattr(embedded, "_MANY", 3)
    monkeypatch.setattr(embedded, "hold_memory", take)
    engine = EmbeddedEngine()
    job = compiled_fleet(1)[0]
    texts = [engine.render(own_chart(), job) for _ in range(2)]
    assert not taken
    texts += [engine.render(own_chart(), job) for _ in range(3)]
    assert len(taken) == 1
    assert len(set(texts)) == 1
