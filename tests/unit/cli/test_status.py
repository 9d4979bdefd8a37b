"""`egressc status` in the forms for programs: what is compiled, installed and live of each service."""

import json
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import status
from egressc.cluster.objects import Object
from support.command import run
from support.recorded_cluster import RecordedCluster
from support.recorded_shop import AROUND, RecordedShop


@pytest.fixture
def shop(tmp_path: Path) -> RecordedShop:
    return RecordedShop(tmp_path)


def connect(monkeypatch: pytest.MonkeyPatch, *objects: Object) -> None:
    """A cluster of these objects, wherever the configuration leads."""
    monkeypatch.setattr(status, "open_reader", lambda *_: RecordedCluster(objects))


def row(service: str, *words: Any) -> dict[str, Any]:
    keys = ("compiled", "revision", "installed", "live")
    return {"service": service, "namespace": "shop", **dict(zip(keys, words, strict=True))}


def test_json_and_sarif_hold_the_table(shop: RecordedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, *AROUND, *shop.installed("web"))
    result = run(["status", "--format", "json"], shop.folder)
    assert result.exit_code == 1
    found = json.loads(result.stdout)["status"]
    assert found == {
        "cluster": "https://recorded",
        "services": [
            row("orders", "up to date", None, "missing", "missing"),
            row("web", "up to date", 1, "current", "as installed"),
        ],
    }
    sarif = json.loads(run(["status", "--format", "sarif"], shop.folder).stdout)
    assert sarif["runs"][0]["properties"]["status"] == found


def test_the_text_form_says_the_same(shop: RecordedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, *AROUND, *shop.installed("web"))
    lines = run(["status"], shop.folder).stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["service", "namespace", "compiled", "revision", "installed", "live"],
        ["orders", "shop", "up", "to", "date", "-", "missing", "missing"],
        ["web", "shop", "up", "to", "date", "1", "current", "as", "installed"],
    ]


def test_where_a_file_is_not_compiled_the_cluster_is_not_read(shop: RecordedShop) -> None:
    (shop.folder / "values" / "web.yaml").unlink()
    table = shop.folder / "services.md"
    table.write_text(table.read_text("utf-8").replace("| orders | 8080 | - |", "| orders | 8080 | web |"), "utf-8")
    result = run(["status", "--format", "json"], shop.folder)
    assert result.exit_code != 0
    assert json.loads(result.stdout)["status"] == {
        "cluster": None,
        "services": [
            row("orders", "out of date", None, "unknown", "unknown"),
            row("web", "missing", None, "unknown", "unknown"),
        ],
    }


@pytest.mark.slow
def test_a_policy_that_is_switched_off_is_named(shop: RecordedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its release is upgraded, and after."""
    before = list(shop.everything())
    with (shop.folder / "values" / "web.yaml").open("a") as file:
        file.write("  enabled: false\n")
    connect(monkeypatch, *AROUND, *before)
    result = run(["status"], shop.folder)
    assert "web      shop       switched off  1         outdated   as installed" in result.stdout
    assert "warning[EG515]" in result.output
    connect(monkeypatch, *AROUND, *shop.everything())
    result = run(["status"], shop.folder)
    assert "web      shop       switched off  1         current    as installed" in result.stdout
    assert "warning[EG515]" in result.output
    assert json.loads(run(["status", "web", "--format", "json"], shop.folder).stdout)["status"]["services"] == [
        row("web", "switched off", 1, "current", "as installed")
    ]
    assert "EG515" not in run(["status", "orders"], shop.folder).output
