"""The library's README and values.yaml say the same."""

import json

import yaml

from helm_engines import ROOT
from values_table import values_table

LIBRARY = ROOT / "charts" / "network-policy"


def test_the_values_table_is_that_of_values_yaml() -> None:
    """`python tests/values_table.py charts/network-policy/values.yaml` prints the table to paste."""
    table = values_table((LIBRARY / "values.yaml").read_text(encoding="utf-8"))
    assert table in (LIBRARY / "README.md").read_text(encoding="utf-8")


def test_the_defaults_in_the_templates_are_those_of_values_yaml() -> None:
    template = (LIBRARY / "templates" / "internal" / "check" / "_defaults.tpl").read_text(encoding="utf-8")
    values = yaml.safe_load((LIBRARY / "values.yaml").read_text(encoding="utf-8"))
    assert json.dumps(values["networkPolicy"], sort_keys=True, separators=(",", ":")) + "\n" in template


def test_both_charts_have_the_same_values() -> None:
    texts = [(folder / "values.yaml").read_text(encoding="utf-8") for folder in (ROOT, LIBRARY)]
    root, library = (text.split("\n\n", 1)[1] for text in texts)
    assert root == library


def test_the_readme_example_is_the_dependency_of_the_charts() -> None:
    readme = (LIBRARY / "README.md").read_text(encoding="utf-8")
    version = yaml.safe_load((LIBRARY / "Chart.yaml").read_text(encoding="utf-8"))["version"]
    assert f"    version: {version}\n" in readme
