"""The wheel carries the chart as Helm packages it: an installed compiler renders what a checkout renders."""

import shutil
import tomllib
from pathlib import Path

import helm_python

from egressc.helm.chart import unpack
from egressc.helm.choose import open_engine
from egressc.helm.loaded import load_chart
from support.helm_binaries import ROOT
from support.helm_cases import GOOD, job


def shipped_chart(folder: Path) -> Path:
    """What the build puts into the wheel, laid out in a folder."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included: dict[str, str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for origin, target in included.items():
        path = folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / origin).is_dir():
            shutil.copytree(ROOT / origin, path)
        else:
            shutil.copy(ROOT / origin, path)
    return folder / "egressc" / "_charts" / "service-policy"


def packaged(chart: Path, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    return unpack(Path(helm_python.Chart.load(chart).save(folder)))


def test_helm_packages_the_shipped_chart_as_it_does_the_checkout(tmp_path: Path) -> None:
    shipped = shipped_chart(tmp_path)
    assert packaged(shipped, tmp_path / "a").keys() == packaged(ROOT, tmp_path / "b").keys() - {"README.md"}


def test_the_shipped_chart_renders_the_same(tmp_path: Path) -> None:
    engine = open_engine("embedded", {})
    work = job("ai-service", *GOOD["compiled"])
    shipped = shipped_chart(tmp_path)
    assert engine.render(shipped, work) == engine.render(ROOT, work)
    assert load_chart(shipped).batch == load_chart(ROOT).batch
