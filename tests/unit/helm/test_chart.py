from pathlib import Path

import pytest

import egressc.helm.chart
from egressc.helm.chart import chart_name, check_chart, guardrail_chart, namespace_chart, own_chart, pack, unpack
from egressc.helm.choose import open_engine
from egressc.helm.engine import EngineError

ROOT = Path(__file__).parents[3]


def test_in_a_checkout_the_chart_is_the_folder_around_the_compiler() -> None:
    assert own_chart() == ROOT
    assert (own_chart() / "Chart.yaml").is_file()


def test_the_other_charts_are_next_to_it() -> None:
    assert [chart_name(it()) for it in (namespace_chart, guardrail_chart)] == ["namespace-policy", "guardrail-policy"]


def test_an_installed_compiler_carries_its_charts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = {own_chart: "_chart", namespace_chart: "_namespace_chart", guardrail_chart: "_guardrail_chart"}
    for folder in folders.values():
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(egressc.helm.chart, "_PACKAGE", tmp_path)
    assert {chart: chart() for chart in folders} == {chart: tmp_path / folder for chart, folder in folders.items()}


def test_what_is_packed_is_unpacked_again_and_packs_to_the_same_bytes(tmp_path: Path) -> None:
    files = {"templates/a.yaml": b"a", "Chart.yaml": b"name: c\n", "charts/l/Chart.yaml": b""}
    archive = tmp_path / "c.tgz"
    archive.write_bytes(pack("c", files))
    assert unpack(archive) == files
    assert pack("c", dict(reversed(files.items()))) == archive.read_bytes()


@pytest.mark.parametrize(("name", "reason"), [(".", "it has no Chart.yaml"), ("gone", "no such folder")])
def test_what_is_no_chart_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as raised:
        check_chart(tmp_path / name)
    assert raised.value.diagnostic.code.id == "EG604"
    assert raised.value.diagnostic.message.endswith(reason)


def test_a_chart_is_accepted() -> None:
    check_chart(ROOT)


def test_a_refused_chart_is_called_what_the_user_called_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EngineError) as raised:
        list(open_engine("embedded", {}).render_fleet(Path("charts/mine"), []))
    assert raised.value.diagnostic.message.startswith('"charts/mine" is not a chart')
