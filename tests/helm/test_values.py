"""Several values files over a chart's defaults become what Helm makes of them, nulls included."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import helm_python
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.helm.values import lay_over, merge_files
from support.helm_binaries import MAJORS, helm_binary

DEFAULTS: dict[str, object] = {"a": {"b": {"c": 1, "d": [1]}, "c": "x"}, "b": 2, "c": [{"a": 1}], "d": {}, "e": False}
keys = st.sampled_from("abcde")
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "x", "1e3", "~"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)
documents = st.dictionaries(keys, values, max_size=4)


@pytest.fixture(scope="module")
def chart_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chart that prints the values it sees."""
    folder = tmp_path_factory.mktemp("chart")
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: shows-values\nversion: 0.1.0\n")
    (folder / "values.yaml").write_text(json.dumps(DEFAULTS))
    (folder / "templates" / "values.yaml").write_text("seen: {{ .Values | toJson }}\n")
    return folder


@pytest.fixture(scope="module")
def chart(chart_folder: Path) -> helm_python.Chart:
    return helm_python.Chart.load(chart_folder)


@given(document=documents)
def test_values_over_defaults_as_the_embedded_helm_lays_them(chart: helm_python.Chart, document: object) -> None:
    assert isinstance(document, dict)
    assert lay_over(DEFAULTS, document) == chart.merge_values(document)


@pytest.mark.parametrize("major", MAJORS)
@given(files=st.lists(documents, min_size=1, max_size=3))
@settings(max_examples=25)
def test_files_over_defaults_as_the_binary_lays_them(
    chart_folder: Path, major: str, files: list[dict[str, object]]
) -> None:
    command = [helm_binary(major), "template", "x", str(chart_folder)]
    for number, document in enumerate(files):
        path = chart_folder.parent / f"{number}.yaml"
        path.write_text(json.dumps(document))
        command += ["-f", str(path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seen = json.loads(printed.partition("seen: ")[2])
    assert lay_over(DEFAULTS, merge_files(files)) == seen


def test_nothing_that_was_given_is_changed() -> None:
    first: Mapping[str, object] = {"a": {"b": 1}}
    second: Mapping[str, object] = {"a": {"c": None}}
    assert merge_files([first, second]) == {"a": {"b": 1, "c": None}}
    assert lay_over(first, second) == {"a": {"b": 1, "c": None}}
    assert (first, second) == ({"a": {"b": 1}}, {"a": {"c": None}})
