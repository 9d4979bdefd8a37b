from pathlib import Path

import pytest

import egressc.helm.chart
from egressc.helm.chart import chart_name, check_chart, own_chart, pack, unpack
from egressc.helm.choose import open_engine
from egressc.helm.engine import EngineError
from egressc.model.release_kinds import RELEASE_KINDS, SERVICES

ROOT = Path(__file__).parents[3]


def test_in_a_checkout_the_chart_is_the_folder_around_the_compiler() -> None:
    assert own_chart() == ROOT
    assert (own_chart() / "Chart.yaml").is_file()


def test_the_other_charts_are_next_to_it() -> None:
    names = [it.chart for it in RELEASE_KINDS]
    assert [chart_name(own_chart(it)) for it in names] == names
    assert own_chart(SERVICES.chart) == own_chart()


def test_an_installed_compiler_carries_its_charts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = {it.chart: tmp_path / "_charts" / it.chart for it in RELEASE_KINDS}
    for folder in folders.values():
        folder.mkdir(parents=True)
    monkeypatch.setattr(egressc.helm.chart, "_PACKAGE", tmp_path)
    assert {name: own_chart(name) for name in folders} == folders
    assert own_chart() == folders[SERVICES.chart]


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
