"""Every form of `egressc report` and `egressc diff` on the example platform, byte for byte."""

import shutil
from pathlib import Path

import pytest

from support.command import run
from support.screens import hold, without_style

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"
FLOWS = ("flows.txt", "flows.csv", "flows.md", "flows.json", "flows.dot", "flows.mmd", "flows.html")
AUDITS = ("audit.txt", "audit.csv", "audit.md", "audit.json", "audit.html")
CHANGES = {"changes.txt": "text", "changes.md": "markdown", "changes.json": "json"}

# One change of each kind: a port more, another port, an entry less, an entry more that leaves the cluster, a service
# that comes and one that goes.
EDITS = {
    "services.md": [
        ("| Redis | matih-data-plane | 6379 |", "| Redis | matih-data-plane | 6379, 6380 |"),
        ("| Kafka | matih-data-plane | 9092 |", "| Kafka | matih-data-plane | 9093 |"),
        ("PostgreSQL, Trino, ClickHouse | None", "PostgreSQL, Trino | LLM APIs (HTTPS 443)"),
        ("| Catalog Service | PostgreSQL, OpenMetadata | None |", "| Web | Redis | LLM APIs (HTTPS 443) |"),
    ],
    "catalog.yaml": [("  Catalog Service: {ports: [8080]}\n", "  Web: {ports: [80]}\n")],
}


def platform(folder: Path) -> Path:
    """A copy of the example platform."""
    folder.mkdir()
    shutil.copy(ROOT / "egressc.yaml", folder)
    for name in ("platform", "values"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def edited(folder: Path) -> Path:
    """A copy of the example platform with the edits."""
    platform(folder)
    for name, edits in EDITS.items():
        path = folder / "platform" / name
        text = path.read_text("utf-8")
        for before, after in edits:
            assert before in text
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
    return folder


def stated(folder: Path) -> Path:
    """A copy whose catalog states data for audits, with rules, extra rules and a service that may reach anything."""
    platform(folder)
    catalog = (folder / "platform" / "catalog.yaml").read_text("utf-8")
    for before, after in (
        ("    internet: true\n", "    internet: true\n    region: [us-east-1, us-west-2]\n    data: personal\n"),
        ("ML Service: {", "ML Service: {directions: ingress, "),
        (
            "\ngroups:",
            "  Archive: {addresses: [203.0.113.0/24], owner: =1+1|<b>, region: eu-west-1, via: 192.0.2.10}\n\ngroups:",
        ),
    ):
        assert before in catalog
        catalog = catalog.replace(before, after)
    (folder / "platform" / "catalog.yaml").write_text(catalog, "utf-8")
    rules = "audit:\n  - {when: {data: personal}, require: {region: eu-*}, reason: GDPR}\n  - {require: [owner]}\n"
    with (folder / "egressc.yaml").open("a", encoding="utf-8") as project:
        project.write(rules)
    values = folder / "values" / "query-engine.yaml"
    peers = "[{ipBlock: {cidr: 203.0.113.128/25}}, {ipBlock: {cidr: 10.20.0.0/16}}]"
    extras = f"  egress:\n    - to: {peers}\n      ports: [{{port: 8443}}]\n"
    values.write_text(values.read_text("utf-8").replace("  egress: []\n", extras), "utf-8")
    return folder


@pytest.mark.parametrize("name", FLOWS)
def test_flows(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    project = platform(tmp_path / "platform")
    (project / "values" / "query-engine.yaml").write_text(
        (project / "values" / "query-engine.yaml")
        .read_text("utf-8")
        .replace(
            "  egress: []\n",
            "  egress:\n    - to: [{ipBlock: {cidr: 10.20.0.0/16}}]\n      ports: [{port: 8443}]\n",
        ),
        "utf-8",
    )
    result = run(["report", "--output", name], project)
    assert (result.exit_code, result.output) == (0, "")
    text = (project / name).read_bytes().decode()
    if name.endswith(".html"):
        text = without_style(text)
    hold(EXPECTED / name, text, request)


@pytest.mark.parametrize("name", CHANGES)
def test_changes(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    platform(tmp_path / "before")
    edited(tmp_path / "after")
    result = run(["diff", "before", "after", "--format", CHANGES[name]], tmp_path)
    assert result.exit_code == 0, result.stderr
    hold(EXPECTED / name, result.stdout, request)


@pytest.mark.parametrize("name", AUDITS)
def test_audits(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    project = stated(tmp_path / "platform")
    result = run(["report", "--audit", "--output", name], project)
    assert (result.exit_code, result.output) == (0, "")
    text = (project / name).read_bytes().decode()
    hold(EXPECTED / name, without_style(text) if name.endswith(".html") else text, request)


def test_every_expected_file_is_used() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == {*FLOWS, *AUDITS, *CHANGES}
