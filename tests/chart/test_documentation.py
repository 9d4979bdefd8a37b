"""The library's README and the values.yaml of the charts say the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.contract.validation import is_valid
from support.helm_engines import ROOT, Embedded
from support.values_table import values_table

LIBRARY = ROOT / "charts" / "network-policy"
# The README of the project is that of the chart service-policy, so its table is in the library's.
TABLES = {
    ROOT: LIBRARY,
    **{ROOT / name: ROOT / name for name in ("namespace-policy", "guardrail-policy", "egress-gateway")},
}
ROW = re.compile(r"^\| `([A-Za-z.]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)
# Keys of Helm itself.
HELD_BY_HELM = {"global", "network-policy"}


@pytest.mark.parametrize("chart", TABLES, ids=lambda chart: chart.name)
def test_the_values_table_is_that_of_values_yaml(chart: Path) -> None:
    """`python tests/support/values_table.py values.yaml` prints the table to paste."""
    table = values_table((chart / "values.yaml").read_text(encoding="utf-8"))
    assert table in (TABLES[chart] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("chart", TABLES, ids=lambda chart: chart.name)
def test_the_values_table_is_that_of_the_schema(chart: Path) -> None:
    """Every key is in the schema, every key of the schema is in the table, and every word that a key can be."""
    schema = json.loads((chart / "values.schema.json").read_text(encoding="utf-8"))
    section = (
        (TABLES[chart] / "README.md").read_text(encoding="utf-8").partition("\n## Values\n")[2].partition("\n## ")[0]
    )
    rows = {key: meaning for key, _, meaning in ROW.findall(section)}
    described = {key: schema_at(schema, key) for key in rows}
    assert [key for key, found in described.items() if found is None] == []
    keys = {*schema["properties"]} - HELD_BY_HELM
    keys |= {f"networkPolicy.{key}" for key in properties(schema, schema["properties"]["networkPolicy"])}
    assert {key for key in keys if not any(it == key or it.startswith(f"{key}.") for it in rows)} == set()
    elsewhere = {key for key, meaning in rows.items() if "as in the chart service-policy" in meaning}
    words = [(key, str(word)) for key, found in described.items() if found for word in found.get("enum", ()) if word]
    assert [(key, word) for key, word in words if key not in elsewhere and word not in rows[key]] == []


def properties(schema: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """The keys of a part of a schema, which may be a reference, or may be null instead."""
    for part in (held, *held.get("anyOf", ())):
        named = part.get("$ref", "").rpartition("/")[2]
        if found := (schema["definitions"][named] if named else part).get("properties"):
            return dict(found)
    return {}


def schema_at(schema: dict[str, Any], key: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = schema
    for name in key.split("."):
        found = properties(schema, found).get(name) if found else None
    return found


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
