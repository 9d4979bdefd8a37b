"""The language server in a project with environments: all of them are compiled, and each says what holds in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.editor import Editor, editor

pytestmark = pytest.mark.slow

SERVICES = """\
# Shop

| Service | Dependencies | Environment |
|---|---|---|
| web | Redis | all |
| worker | Redis | prod |
| batch | Rediss | prod |
"""
PROJECT = "sources: [services.md]\ncatalog: catalog.yaml\nenvironments: {dev: , prod: {catalog: prod.yaml}}\n"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Editor]:
    (tmp_path / ".git").mkdir()
    (tmp_path / "egressc.yaml").write_text(PROJECT)
    (tmp_path / "services.md").write_text(SERVICES)
    (tmp_path / "catalog.yaml").write_text('defaults: {namespace: shop, selector: {app: "{id}"}}\n')
    (tmp_path / "prod.yaml").write_text("destinations: {Redis: {ports: [6379]}}\n")
    with editor(tmp_path) as opened:
        yield opened


def test_findings_name_the_environments_that_have_them(client: Editor) -> None:
    client.open("services.md")
    found = {(it.code, it.text, it.message.splitlines()[0]) for it in client.findings("services.md")}
    assert ("EG301", "Redis", 'destination "Redis" is not defined (in dev)') in found
    assert ("EG301", "Rediss", 'destination "Rediss" is not defined (in prod)') in found


def test_a_catalog_of_one_environment_is_a_file_of_the_project(client: Editor) -> None:
    client.open("prod.yaml")
    assert [it.code for it in client.findings("prod.yaml")] == []
    client.change("prod.yaml", "destinations: {Redis: {ports: [6379x]}}\n")
    assert [it.code for it in client.findings("prod.yaml")] == ["EG211"]


def test_a_row_says_what_it_gives_in_each_environment(client: Editor) -> None:
    client.open("services.md", SERVICES.replace("| batch | Rediss | prod |\n", ""))
    client.open(
        "egressc.yaml", PROJECT.replace("{catalog: prod.yaml}", "").replace("catalog.yaml", "[catalog.yaml, prod.yaml]")
    )
    assert [it.code for it in client.findings("services.md")] == []
    said = client.hover("services.md", "Redis", after="worker")
    assert ("for prod" in said, "worker -> redis 6379/TCP" in said) == (True, True), said
