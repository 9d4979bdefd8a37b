"""Projects of a dialect whose policies are staged: which count in manifests from elsewhere, and what is said of it."""

from pathlib import Path

import pytest

from support.command import run

pytestmark = pytest.mark.slow  # each test runs commands on a whole project

PROJECT = "sources: [services.md]\ncatalog: catalog.yaml\ncluster: {dialect: CalicoStaged}\n"
TABLE = "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | orders |\n| orders | 8080 | - |\n"
OPEN = """---
apiVersion: {version}
kind: {kind}
metadata: {{name: others, namespace: shop}}
spec: {{podSelector: {{}}, policyTypes: [Egress], egress: [{{}}]}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "egressc.yaml").write_text(PROJECT, "utf-8")
    (tmp_path / "services.md").write_text(TABLE, "utf-8")
    (tmp_path / "catalog.yaml").write_text("defaults: {namespace: shop, selector: {app: '{id}'}}\n", "utf-8")
    assert run(["compile"], tmp_path).exit_code == 0
    (tmp_path / "rendered.yaml").write_text(run(["render"], tmp_path).stdout, "utf-8")
    return tmp_path


def verify(project: Path, more: str = "") -> tuple[int, str]:
    with (project / "rendered.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    result = run(["verify", "--manifests", "rendered.yaml"], project)
    return result.exit_code, result.output


def test_the_project_is_proven_and_nothing_is_enforced(project: Path) -> None:
    for result in (run(["verify"], project), run(["verify", "--manifests", "rendered.yaml"], project)):
        assert result.exit_code == 0, result.output
        assert "note[EG665]: nothing is enforced" in result.output
        assert "2 services: policies equal the 2 rows read" in result.output


def test_a_policy_that_is_renamed_is_not_ours(project: Path) -> None:
    path = project / "rendered.yaml"
    path.write_text(path.read_text("utf-8").replace("  name: web\n", "  name: website\n", 1), "utf-8")
    status, said = verify(project)
    assert status == 1
    assert "StagedKubernetesNetworkPolicy shop/website is staged" in said
    assert "EG622" in said


def test_staged_policies_of_others_neither_open_nor_isolate(project: Path) -> None:
    more = OPEN.format(version="projectcalico.org/v3", kind="StagedKubernetesNetworkPolicy")
    status, said = verify(project, more)
    assert status == 0, said
    assert "shop/others is staged" in said


def test_enforced_policies_of_others_count_as_they_would_then(project: Path) -> None:
    status, said = verify(project, OPEN.format(version="networking.k8s.io/v1", kind="NetworkPolicy"))
    assert status == 1
    assert "EG620" in said


def test_explain_says_that_nothing_is_enforced(project: Path) -> None:
    result = run(["explain", "web -> orders:9090"], project)
    assert "denied: web -> orders on 9090/TCP" in result.output
    assert "note[EG665]" in result.output


@pytest.mark.parametrize("order", [1, -1])
def test_a_difference_is_one_of_what_would_be_enforced(project: Path, order: int) -> None:
    result = run(["diff", *["rendered.yaml", "egressc.yaml"][::order]], project)
    assert "no flow changes" in result.output
    assert "EG664" not in result.output


def test_manifests_alone_enforce_nothing(project: Path) -> None:
    result = run(["report", "--manifests", "rendered.yaml"], project)
    assert "isolated: 0 for egress" in result.output
    assert result.output.count("note[EG664]") == 2


def beside(project: Path, folder: str, settings: str, table: str = TABLE) -> str:
    (project / folder).mkdir()
    (project / folder / "egressc.yaml").write_text(settings, "utf-8")
    (project / folder / "services.md").write_text(table, "utf-8")
    (project / folder / "catalog.yaml").write_text((project / "catalog.yaml").read_text("utf-8"), "utf-8")
    return folder


def test_a_step_to_staged_policies_opens_everything_and_says_so(project: Path) -> None:
    """In a comparison each side is what it enforces; of two staged ones, what they would."""
    enforced = beside(project, "enforced", PROJECT.replace("CalicoStaged", "NetworkPolicy"))
    opening = run(["diff", enforced, ".", "--fail-on", "widened"], project)
    assert (opening.exit_code, "EG665" in opening.stderr) == (1, True), opening.output
    assert "opens all egress" in opening.stdout
    assert "closes all egress" in run(["diff", ".", enforced], project).stdout
    smaller = beside(project, "smaller", PROJECT, TABLE.replace("| orders |\n|", "| - |\n|", 1))
    assert "- web -> orders 8080/TCP" in run(["diff", ".", smaller], project).stdout
    assert "no flow changes" in run(["diff", "rendered.yaml"], project).stdout
