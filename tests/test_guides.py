"""docs/own-document.md, docs/hosts.md and docs/own-chart.md: every file is written and every command runs, in order.

tests/cluster/releases/test_guides.py runs the commands that need a cluster.
"""

import re
from pathlib import Path

import pytest

from support.guides import Reader, Step, steps
from support.helm_binaries import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    (tmp_path / "work").mkdir()
    return Reader(tmp_path / "work")


def needs_cluster(step: Step) -> bool:
    return bool(re.match("egressc (install|status)", step.text))


def test_from_a_document_to_values_files(reader: Reader) -> None:
    found = steps("own-document.md")
    assert sum(map(needs_cluster, found)) == 3
    said = {step.text: reader.do(step) for step in found if not needs_cluster(step)}
    assert "orders -> postgresql 5432/TCP\n" in said["egressc show"]
    assert sorted(path.name for path in (reader.folder / "values").iterdir()) == ["orders.yaml", "web.yaml"]


def test_hosts_in_the_dialects_of_the_page(reader: Reader) -> None:
    said = {step.text: reader.do(step) for step in steps("hosts.md")}
    assert "- matchName: api.llm.example\n" in said["egressc render assistant"]
    assert said['egressc explain assistant "LLM API"'].startswith("allowed: assistant -> LLM API on 443/TCP")
    assert (reader.folder / "values" / "cluster" / "egress-gateway.yaml").is_file()


def test_a_chart_with_the_library(reader: Reader) -> None:
    """The library is that of this repository."""
    project = Reader(reader.folder.parent / "project")
    project.folder.mkdir()
    for command in ("egressc init --ci none", "egressc compile"):
        project.do(Step("", command))
    (reader.folder / "values").symlink_to(project.folder / "values")
    rendered = []
    for step in steps("own-chart.md"):
        text = step.text.replace("oci://ghcr.io/egressc/charts", f"file://{ROOT}/charts/network-policy")
        said = reader.do(Step(step.file, text))
        rendered += [said] if text.startswith("helm template") else []
    dns_alone, with_values = rendered
    assert dns_alone.count("kind: NetworkPolicy") == with_values.count("kind: NetworkPolicy") == 1
    assert (re.findall(r"port: (\d+)", dns_alone), "port: 5432" in with_values) == (["53", "53"], True)
