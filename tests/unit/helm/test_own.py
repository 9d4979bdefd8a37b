"""Our own chart is known by its bytes, and no range of ports that falls is taken for checked."""

import shutil
from pathlib import Path

import pytest

from egressc.helm.chart import own_chart
from egressc.helm.loaded import load_chart
from egressc.helm.own import ranges_rise
from unit.model.values_corpus import ARITHMETIC, PEER, VALID, Document, dependency, extra, policy, port


def copy_chart(folder: Path) -> Path:
    """Our own chart in another place."""
    copied = folder / "chart"
    copied.mkdir()
    for name in ("Chart.yaml", "values.yaml", "values.schema.json"):
        shutil.copy(own_chart() / name, copied / name)
    for name in ("templates", "charts"):
        shutil.copytree(own_chart() / name, copied / name)
    return copied


def test_our_own_chart_is_known_wherever_it_lies(tmp_path: Path) -> None:
    assert load_chart(own_chart()).is_own
    copied = copy_chart(tmp_path)
    (copied / "Chart.yaml").write_text((copied / "Chart.yaml").read_text().replace("name: service-policy", "name: own"))
    assert load_chart(copied).is_own


@pytest.mark.parametrize(
    "changed",
    [
        "values.yaml",
        "values.schema.json",
        "templates/networkpolicy.yaml",
        "charts/network-policy/values.yaml",
        "charts/network-policy/templates/policy/_validate.tpl",
    ],
)
def test_a_changed_chart_is_another_one(changed: str, tmp_path: Path) -> None:
    copied = copy_chart(tmp_path)
    with (copied / changed).open("a") as file:
        file.write("\n")
    assert not load_chart(copied).is_own


def test_a_chart_with_a_file_more_or_less_is_another_one(tmp_path: Path) -> None:
    copied = copy_chart(tmp_path)
    (copied / "templates" / "more.yaml").write_text("# nothing\n")
    assert not load_chart(copied).is_own
    (copied / "templates" / "more.yaml").unlink()
    (copied / "charts" / "network-policy" / "templates" / "policy" / "_validate.tpl").unlink()
    assert not load_chart(copied).is_own


def test_of_our_own_chart_only_what_renders_is_parsed() -> None:
    """A third of it in bytes: what a render takes is mostly the parsing of templates."""
    whole = load_chart(own_chart())
    assert len(whole.lean) < len(whole.exact) / 3


@pytest.mark.parametrize("name", VALID)
def test_ranges_of_sound_values_rise(name: str) -> None:
    assert ranges_rise(VALID[name])


@pytest.mark.parametrize(
    "values",
    [
        *(values for name, values in ARITHMETIC.items() if name.startswith("endPort")),
        policy(dns={"profile": "custom", "to": [PEER], "ports": [{"port": 54, "endPort": 53, "protocol": "UDP"}]}),
        policy(egress=[{}, {"ports": [{"port": 1}, {"port": 9, "endPort": 8}]}]),
        extra(ports=[{"endPort": 8}]),
        port(port="http", endPort=90),
        port(port=80, endPort=None),
        dependency(ports=[{"port": "80", "endPort": 90, "protocol": "TCP"}]),
    ],
)
def test_a_range_that_falls_or_is_none_is_not_taken_for_checked(values: Document) -> None:
    assert not ranges_rise(values)


@pytest.mark.parametrize(
    "values", [{}, {"networkPolicy": None}, policy(dependencies={"db": None}, dns=None, egress=None)]
)
def test_nothing_has_no_range(values: Document) -> None:
    assert ranges_rise(values)
