"""The library's README and the values.yaml of the charts say the same."""

import re
from pathlib import Path

import yaml

from egressc.contract.validation import is_valid
from support.helm_engines import ROOT, Embedded
from support.values_table import values_table

LIBRARY = ROOT / "charts" / "network-policy"


def test_the_values_table_is_that_of_values_yaml() -> None:
    """`python tests/support/values_table.py values.yaml` prints the table to paste."""
    table = values_table((ROOT / "values.yaml").read_text(encoding="utf-8"))
    assert table in (LIBRARY / "README.md").read_text(encoding="utf-8")


def test_the_readme_example_is_the_dependency_of_the_charts() -> None:
    readme = (LIBRARY / "README.md").read_text(encoding="utf-8")
    version = yaml.safe_load((LIBRARY / "Chart.yaml").read_text(encoding="utf-8"))["version"]
    assert f"    version: {version}\n" in readme


def test_the_example_in_the_library_is_that_of_the_readme() -> None:
    comments = (LIBRARY / "values.yaml").read_text(encoding="utf-8").partition("\n#\n")[2]
    example = "".join(line.removeprefix("# ") for line in comments.splitlines(keepends=True))
    readme = (LIBRARY / "README.md").read_text(encoding="utf-8")
    assert f"# values.yaml: nothing is needed; for example\n{example}```" in readme


def test_the_values_in_the_readme_are_valid() -> None:
    readme = (LIBRARY / "README.md").read_text(encoding="utf-8")
    examples = [
        yaml.safe_load(text) for text in re.findall(r"```yaml\n((?:#[^\n]*\n)?networkPolicy:.*?)```", readme, re.DOTALL)
    ]
    assert [is_valid(it) for it in examples] == [True] * 6


def test_the_examples_for_dialects_render(unchecked_chart: Path) -> None:
    readme = (LIBRARY / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(networkPolicy:\n  dialect:.*?)```", readme, re.DOTALL)
    eks, istio, cilium = (Embedded().template(unchecked_chart, yaml.safe_load(it)) for it in examples)
    assert "domainNames" in eks
    assert "kind: Sidecar" in istio
    assert "toFQDNs" in cilium
