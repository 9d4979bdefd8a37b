"""`egressc schema`: writes what is out of date, and only the charts' schemas where the charts lie."""

from pathlib import Path

import pytest

from egressc.cli import OK, OUT_OF_DATE
from support.command import run


@pytest.mark.slow
def test_writes_once_and_then_nothing(tmp_path: Path) -> None:
    assert run(["schema", "--check"], tmp_path).exit_code == OUT_OF_DATE
    assert list(tmp_path.iterdir()) == []
    assert "schemas/service-values.schema.json" in run(["schema"], tmp_path).stdout
    assert run(["schema"], tmp_path).stdout == ""
    assert run(["schema", "--check"], tmp_path).exit_code == OK


def test_a_folder_without_charts_gets_no_chart_schema(tmp_path: Path) -> None:
    assert run(["schema"], tmp_path).exit_code == OK
    assert [path.name for path in tmp_path.iterdir()] == ["schemas"]


@pytest.mark.slow
def test_names_what_is_out_of_date(tmp_path: Path) -> None:
    run(["schema"], tmp_path)
    stale = tmp_path / "schemas" / "catalog.schema.json"
    stale.write_text("{}", "utf-8")
    result = run(["schema", "--check"], tmp_path)
    assert result.exit_code == OUT_OF_DATE
    assert "schemas/catalog.schema.json is out of date" in result.stderr
    assert stale.read_text("utf-8") == "{}"


def test_the_checkout_is_fresh() -> None:
    assert run(["schema", "--check"], Path(__file__).parents[3]).exit_code == OK
