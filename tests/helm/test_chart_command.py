"""The chart that `egressc chart` writes is the one that egressc renders with, as helm takes it."""

import subprocess
from pathlib import Path

import pytest

from support.command import run
from support.helm_binaries import MAJORS, helm_binary

DOCUMENT = (
    "| Service | Listens on | Depends on |\n|---|---|---|\n| Orders | 8080 | Ledger |\n| Ledger | 9090 | None |\n"
)
CATALOG = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
HOLDS = "values.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "services.md").write_text(DOCUMENT, "utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, "utf-8")
    (tmp_path / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\n", "utf-8")
    result = run(["compile"], tmp_path)
    assert result.exit_code == 0, result.output
    return tmp_path


@pytest.mark.parametrize("major", MAJORS)
def test_helm_renders_it_as_egressc_does(project: Path, major: str) -> None:
    assert run(["chart"], project).output == "wrote service-policy\n"
    helm = helm_binary(major)
    values = ["-f", "values/orders.yaml"]
    lint = [helm, "lint", "--strict", "service-policy", *values]
    linted = subprocess.run(lint, cwd=project, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout
    template = [helm, "template", "orders", "service-policy", "-n", "shop", *values]
    rendered = subprocess.run(template, cwd=project, capture_output=True, text=True, check=True).stdout
    assert rendered == run(["render", "orders"], project).stdout


def test_the_installing_command_of_a_values_file_names_it(project: Path) -> None:
    run(["chart"], project)
    (line,) = [line for line in (project / "values" / "orders.yaml").read_text().splitlines() if "helm install" in line]
    assert (project / line.split()[4] / "Chart.yaml").is_file()


def test_it_replaces_itself_whole(project: Path) -> None:
    run(["chart"], project)
    (project / "service-policy" / "templates" / "gone.yaml").write_text("of an earlier version", "utf-8")
    before = (project / "service-policy" / HOLDS).read_bytes()
    (project / "service-policy" / HOLDS).write_text("", "utf-8")
    assert run(["chart"], project).exit_code == 0
    assert not (project / "service-policy" / "templates" / "gone.yaml").exists()
    assert (project / "service-policy" / HOLDS).read_bytes() == before
    assert sorted(path.name for path in project.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize("holds", ["notes.txt", "Chart.yaml"])
def test_it_replaces_nothing_else(project: Path, holds: str) -> None:
    mine = project / "mine" / holds
    mine.parent.mkdir()
    mine.write_text("name: mine\n", "utf-8")
    result = run(["chart", "mine"], project)
    assert result.exit_code == 2
    assert "mine has files that are not of the chart service-policy" in result.output
    assert [path.name for path in mine.parent.iterdir()] == [holds]
