"""A dialect is its folder and one line: the compiler writes for it and the proof reads it; nothing else changes."""

from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK
from egressc.model.dialects import DIALECTS, Dialect
from support.command import run

CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  redis: {ports: [6379]}
"""
ALLOWED = """\
apiVersion: named.example/v1
kind: NamedRules
metadata: {name: web}
from: web
rules:
  - {to: redis, port: 6379}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(DIALECTS, "Named", Dialect("dialects.named", "NamedRules"))
    (tmp_path / "services.md").write_text("| Service | Depends on |\n|---|---|\n| web | redis |\n", "utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, "utf-8")
    (tmp_path / "egressc.yaml").write_text(
        "sources: [services.md]\ncatalog: catalog.yaml\ncluster: {dialect: Named, dns: {profile: none}}\n", "utf-8"
    )
    return tmp_path


def test_its_policies_are_read_and_proven(project: Path) -> None:
    (project / "rules.yaml").write_text(ALLOWED, "utf-8")
    proven = run(["verify", "--manifests", "rules.yaml", "-n", "shop"], project)
    assert (proven.exit_code, proven.stderr.splitlines()[-1]) == (
        OK,
        "1 service: policies equal the 1 row read",
    )


def test_what_they_open_beside_the_table_is_found(project: Path) -> None:
    (project / "rules.yaml").write_text(ALLOWED + "  - {to: payments, port: 80}\n", "utf-8")
    proven = run(["verify", "--manifests", "rules.yaml", "-n", "shop"], project)
    assert proven.exit_code == ERRORS
    assert "EG620" in proven.stderr
    assert "rules.yaml:7:5" in proven.stderr
    assert "rules[1] of policy shop/web allows it" in proven.stderr


def test_policies_of_both_dialects_with_one_name_are_two(project: Path) -> None:
    plain = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
        "spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: []}\n"
    )
    (project / "rules.yaml").write_text(ALLOWED + plain, "utf-8")
    assert run(["verify", "--manifests", "rules.yaml", "-n", "shop"], project).exit_code == OK


def test_its_denials_are_read_and_proven(project: Path) -> None:
    """A denial wins over a rule of another policy. Where a row asks for the flow, it is reported."""
    opened = ALLOWED + "  - {to: payments, port: 80}\n"
    denial = ALLOWED.replace("{name: web}", "{name: guard}").partition("  - {")[0]
    (project / "rules.yaml").write_text(f"{opened}---\n{denial}  - {{to: payments, port: 80, action: deny}}\n", "utf-8")
    proven = run(["verify", "--manifests", "rules.yaml", "-n", "shop"], project)
    assert proven.exit_code == OK, proven.stderr
    (project / "rules.yaml").write_text(f"{ALLOWED}---\n{denial}  - {{to: redis, port: 6379, action: deny}}\n", "utf-8")
    refused = run(["verify", "--manifests", "rules.yaml", "-n", "shop"], project)
    assert "EG621" in refused.stderr
    assert "denies it" in refused.stderr
    explained = run(["explain", "web -> redis", "--manifests", "rules.yaml", "-n", "shop"], project)
    assert "rules[0]: deny" in explained.stdout
    assert "narrow or remove rules[0] of policy shop/guard" in explained.stdout


@pytest.mark.parametrize("command", [["render"], ["verify"], ["install", "--yes"], ["chart"]])
def test_a_dialect_that_the_chart_lacks_is_not_rendered(project: Path, command: list[str]) -> None:
    assert run(["compile"], project).exit_code == OK
    refused = run(command, project)
    assert refused.exit_code == ERRORS, refused.stderr
    assert 'error[EG608]: the chart of egressc does not render the dialect "Named"' in refused.stderr
    assert "egressc.yaml:3:20" in refused.stderr
    settings = project / "egressc.yaml"
    settings.write_text(settings.read_text("utf-8").replace("Named", "NetworkPolicy"), "utf-8")
    run(["compile"], project)
    assert "EG608" not in run(command, project).stderr


def test_what_it_cannot_express_is_refused_or_approximate(project: Path) -> None:
    catalog = CATALOG.replace("[6379]", '["6379-6380"]')
    (project / "catalog.yaml").write_text(catalog, "utf-8")
    refused = run(["check"], project)
    assert refused.exit_code == ERRORS
    assert '"redis" needs a port range, which Named cannot express: a rule has one port' in refused.stderr
    assert "EG447" in refused.stderr
    (project / "catalog.yaml").write_text(CATALOG + "  web2: {internet: true, ports: [443]}\n", "utf-8")
    (project / "services.md").write_text("| Service | Depends on |\n|---|---|\n| web | redis, web2 |\n", "utf-8")
    warned = run(["compile"], project)
    assert warned.exit_code == OK, warned.stderr
    assert "EG448" in warned.stderr


def test_what_callers_need_it_cannot_express_either(project: Path) -> None:
    table = "| Service | Listens on | Depends on | Called by |\n|---|---|---|---|\n| web | 8000-8010 | None | redis |\n"
    (project / "services.md").write_text(table, "utf-8")
    settings = project / "egressc.yaml"
    settings.write_text(settings.read_text("utf-8") + "directions: both\n", "utf-8")
    refused = run(["check"], project)
    assert refused.exit_code == ERRORS
    assert '"redis" needs a port range, which Named cannot express: a rule has one port' in refused.stderr
    assert '"web" needs ingress rules, which Named expresses approximately: it has no ports there' in refused.stderr


@pytest.mark.parametrize(("dialect", "is_told"), [("Named", False), ("NetworkPolicy", True)])
def test_addresses_for_a_host_are_approximate_where_the_dialect_knows_no_names(
    project: Path, dialect: str, is_told: bool
) -> None:
    host = "  llm: {hosts: [api.example.com], addresses: [203.0.113.7], ports: [443]}\n"
    (project / "catalog.yaml").write_text(CATALOG + host, "utf-8")
    (project / "services.md").write_text("| Service | Depends on |\n|---|---|\n| web | redis, llm |\n", "utf-8")
    settings = project / "egressc.yaml"
    settings.write_text(settings.read_text("utf-8").replace("Named", dialect), "utf-8")
    compiled = run(["compile"], project)
    assert compiled.exit_code == OK, compiled.stderr
    assert ("EG414" in compiled.stderr) == is_told
    assert "203.0.113.7/32" in (project / "values" / "web.yaml").read_text("utf-8")


def test_a_dialect_that_nobody_knows_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(DIALECTS, "Named")
    refused = run(["check"], project)
    assert 'error[EG232]: value "Named" of "dialect" is not "NetworkPolicy"' in refused.stderr
