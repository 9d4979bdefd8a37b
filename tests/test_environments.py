"""Environments of a project: docs/environments.md is true, and none of them opens what another one asks for."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from egressc.cli import ERRORS, OK, OUT_OF_DATE, USAGE
from reports.test_diff_revisions import commit, git, needs_git
from support.command import run
from support.tables import each

PAGE = (Path(__file__).parents[1] / "docs" / "environments.md").read_text("utf-8")
FILES = dict(re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
_BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [line for block in _BLOCKS for line in block.splitlines()]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The project of the page, compiled."""
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_command_of_the_page_works(shop: Path) -> None:
    commands = [line.split()[1:] for line in COMMANDS if line.startswith("egressc ")]
    assert len(commands) == 8
    assert [line for line in commands if run(line, shop).exit_code != OK] == []


def test_the_page_tells_what_is_written(shop: Path) -> None:
    assert sorted(files_in(shop / "values")) == [
        "dev/debug-console.yaml",
        "dev/orders.yaml",
        "dev/web.yaml",
        "prod/orders.yaml",
        "prod/web.yaml",
    ]


def test_a_row_holds_where_it_says(shop: Path) -> None:
    flows = {name: run(["show", "--environment", name], shop).stdout for name in ("dev", "prod")}
    assert "orders -> stripe 443/TCP" not in flows["dev"]
    assert "orders -> stripe 443/TCP" in flows["prod"]
    assert ("debug-console" in flows["dev"], "debug-console" in flows["prod"]) == (True, False)


def test_facts_are_those_of_the_environment(shop: Path) -> None:
    rendered = {name: run(["render", "orders", "--environment", name], shop).stdout for name in ("dev", "prod")}
    kinds = {name: {it["kind"] for it in yaml.safe_load_all(text)} for name, text in rendered.items()}
    assert kinds == {"dev": {"NetworkPolicy"}, "prod": {"CiliumNetworkPolicy"}}
    assert ("10.1.0.5" in rendered["dev"], "10.9.0.5" in rendered["dev"]) == (True, False)
    assert ("10.1.0.5" in rendered["prod"], "10.9.0.5" in rendered["prod"]) == (False, True)
    assert "namespace: shop-prod" in rendered["prod"]


def test_an_error_in_one_environment_writes_nothing_in_any(shop: Path) -> None:
    before = files_in(shop / "values")
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Orders:9000 | dev |\n| Web | Nowhere | prod |")
    result = run(["compile"], shop)
    assert result.exit_code == ERRORS
    assert 'destination "Nowhere" is not defined (in prod)' in result.stderr
    assert files_in(shop / "values") == before


def test_a_finding_of_all_environments_is_reported_once(shop: Path) -> None:
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Nowhere | dev, prod |")
    found = json.loads(run(["check", "--format", "json"], shop).stdout)
    assert [it["message"] for it in found["diagnostics"] if it["code"] == "EG301"] == [
        'destination "Nowhere" is not defined'
    ]
    assert found["summary"]["errors"] == 1


def test_what_one_environment_uses_is_not_unused(shop: Path) -> None:
    assert "EG413" not in run(["check"], shop).stderr
    for options in ([], ["--environment", "dev"], ["--environment", "prod"]):
        for command in ("check", "verify", "compile"):
            result = run([command, "--strict", *options], shop)
            assert (result.exit_code, "EG413" in result.stderr) == (OK, False), (command, options, result.output)
    edit(shop / "services.md", "| Orders | Stripe | prod |\n", "")
    assert 'destination "Stripe" is unused\n' in run(["check"], shop).stderr


def test_a_file_out_of_date_in_one_environment_decides_the_status(shop: Path) -> None:
    (shop / "values" / "prod" / "web.yaml").unlink()
    assert run(["check"], shop).exit_code == OUT_OF_DATE
    assert run(["check", "--environment", "dev"], shop).exit_code == OK


def test_rules_of_operators_stay_in_their_environment(shop: Path) -> None:
    path = shop / "values" / "dev" / "web.yaml"
    text = path.read_text("utf-8")
    head, mark, _ = text.partition("  # egressc-extras")
    line = mark + text.partition(mark)[2].splitlines()[0]
    rule = "  egress:\n    - to:\n        - ipBlock: {cidr: 192.0.2.1/32}\n      ports: [{port: 22}]\n"
    path.write_text(f"{head}{line}\n{rule}", "utf-8")
    assert run(["compile"], shop).exit_code == OK
    assert "192.0.2.1/32" in run(["render", "web", "--environment", "dev"], shop).stdout
    assert "192.0.2.1/32" not in run(["render", "web", "--environment", "prod"], shop).stdout
    assert "192.0.2.1" in run(["diff", "dev", "prod"], shop).stdout


def test_the_proof_is_that_of_all_environments(shop: Path) -> None:
    proof = json.loads(run(["verify", "--format", "json"], shop).stdout)["proof"]
    assert (proof["proven"], proof["services"]) == (True, 5)
    edit(shop / "values" / "prod" / "orders.yaml", "10.9.0.5", "10.9.0.6")
    changed = run(["verify", "--format", "json"], shop)
    assert (changed.exit_code, json.loads(changed.stdout)["proof"]["proven"]) == (ERRORS, False)


@each(
    "command",
    [
        ["render"],
        ["status"],
        ["install", "--yes"],
        ["uninstall", "web", "--yes"],
        ["rollback", "web", "--yes"],
        ["probe", "web", "--script"],
        ["report", "--format", "json"],
        ["report", "--output", "report.html"],
        ["show", "--format", "json"],
        ["explain", "web", "orders", "--format", "json"],
        ["verify", "--manifests", "values"],
        ["diff", "values", "--namespace", "shop"],
    ],
)
def test_what_is_about_one_environment_asks_which(shop: Path, command: list[str]) -> None:
    result = run(command, shop)
    assert (result.exit_code, "add --environment" in result.stderr) == (USAGE, True), result.output


@each("command", ["compile", "check", "verify", "show", "read", "presets", "diff .", "report", "export argocd"])
def test_an_unknown_environment_is_refused(shop: Path, command: str) -> None:
    result = run([*command.split(), "--environment", "prd"], shop)
    assert (result.exit_code, 'no environment "prd", did you mean "prod"?' in result.stderr) == (USAGE, True)


def test_a_project_without_environments_has_none_to_name(shop: Path) -> None:
    edit(shop / "egressc.yaml", "environments:", "x:")
    result = run(["check", "--environment", "dev"], shop)
    assert (result.exit_code, "has no `environments`" in result.stderr) == (USAGE, True)


def test_manifests_of_both_go_into_folders_of_their_own(shop: Path) -> None:
    assert run(["render", "--output-dir", "out"], shop).exit_code == OK
    assert sorted(files_in(shop / "out")) == [f"{it}" for it in sorted(files_in(shop / "values"))]


def test_exports_of_environments_share_no_name(shop: Path) -> None:
    edit(
        shop / "egressc.yaml",
        "environments:",
        "export: {repository: https://git.example.com/shop.git, argocd: {cluster: in-cluster}}\nenvironments:",
    )
    assert run(["compile"], shop).exit_code == OK
    assert run(["export", "argocd"], shop).exit_code == OK
    sets = {
        name: yaml.safe_load((shop / "gitops" / name / "argocd.yaml").read_text("utf-8")) for name in ("dev", "prod")
    }
    assert {name: it["metadata"]["name"] for name, it in sets.items()} == {
        "dev": "network-policies-dev",
        "prod": "network-policies-prod",
    }
    paths = {name: json.dumps(it["spec"]["generators"]) for name, it in sets.items()}
    assert ("values/dev/*.yaml" in paths["dev"], "values/prod" in paths["dev"]) == (True, False)
    assert run(["check"], shop).exit_code == OK
    edit(shop / "gitops" / "prod" / "argocd.yaml", "network-policies-prod", "other")
    assert "[EG524]" in run(["check"], shop).stderr


def test_an_export_of_an_environment_that_is_gone_is_reported(shop: Path) -> None:
    edit(
        shop / "egressc.yaml",
        "environments:",
        "export: {repository: https://git.example.com/shop.git, argocd: {cluster: in-cluster}}\nenvironments:",
    )
    assert run(["compile"], shop).exit_code == OK
    assert run(["export", "argocd"], shop).exit_code == OK
    assert "EG527" not in run(["check"], shop).stderr
    (shop / "gitops" / "prod").rename(shop / "gitops" / "production")
    found = run(["check"], shop)
    assert "export for argocd in gitops belongs to no environment\n --> gitops/production" in found.stderr


@needs_git
def test_differences_from_a_revision_are_those_of_each_environment(shop: Path) -> None:
    shutil.rmtree(shop / ".git")
    git(shop, "init", "--quiet", "--initial-branch", "main")
    commit(shop)
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Orders | dev, prod |\n| Web | Stripe | prod |")
    text = run(["diff", "main"], shop).stdout
    assert "main in dev -> the project as it is now in dev: no flow changes" in text
    assert "main in prod -> the project as it is now in prod: 1 flow added" in text
    assert run(["diff", "main", "--environment", "dev", "--fail-on", "any"], shop).exit_code == OK
    assert run(["diff", "main", "prod"], shop).stdout == text.partition("\n\n")[2].replace(
        "the project as it is now in prod", "prod"
    )
    assert run(["diff", "main", "--fail-on", "widened"], shop).exit_code == ERRORS
    comment = run(["diff", "main", "--format", "markdown", "--marker", "x"], shop).stdout
    assert (comment.count("<!-- egressc diff"), comment.count("### Flows")) == (1, 2)


@needs_git
def test_a_revision_before_there_were_environments_is_the_same_for_all(shop: Path) -> None:
    shutil.rmtree(shop / ".git")
    with_environments = (shop / "egressc.yaml").read_text("utf-8")
    (shop / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\n", "utf-8")
    catalog = (shop / "catalog.yaml").read_text("utf-8")
    (shop / "catalog.yaml").write_text(catalog.partition("environments:")[0], "utf-8")
    git(shop, "init", "--quiet", "--initial-branch", "main")
    commit(shop)
    (shop / "egressc.yaml").write_text(with_environments, "utf-8")
    (shop / "catalog.yaml").write_text(catalog, "utf-8")
    text = run(["diff", "main"], shop).stdout
    assert "main in dev -> the project as it is now in dev: 0 flows added, 1 removed" in text
    assert "- Orders -> Stripe 443/TCP" in text.partition("main in prod")[0]


def test_namespaces_are_matched_by_what_is_in_them(shop: Path) -> None:
    result = run(["diff", "dev", "prod"], shop)
    assert result.stdout.startswith("dev (namespace shop as shop-prod) -> prod: ")
    assert "moved service" not in result.stdout
    assert "Web -> Orders" not in result.stdout
    assert "+ Orders -> Stripe 443/TCP" in result.stdout
    assert "10.9.0.5" in result.stdout


def test_the_repairs_of_cells_work(shop: Path) -> None:
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Orders | Production |\n| Web | Orders DB | |")
    stderr = run(["compile"], shop).stderr
    assert ("[EG260]" in stderr, "[EG261]" in stderr) == (True, True)
    edit(
        shop / "egressc.yaml",
        "environments:",
        'tables: {readAs: {"Production": "prod"}, at: {"Services": {blank: {"Environment": all}}}}\nenvironments:',
    )
    assert run(["compile"], shop).exit_code == OK
    assert "web -> orders-db" in run(["show", "web", "--environment", "dev"], shop).stdout
    assert "web -> orders 8080" not in run(["show", "web", "--environment", "dev"], shop).stdout


def test_a_name_in_a_list_is_dropped_alone(shop: Path) -> None:
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Orders | dev, test, Production |")
    stderr = run(["compile"], shop).stderr
    assert 'readAs: {"test": "leave out"}} to drop it' in stderr
    edit(
        shop / "egressc.yaml",
        "environments:",
        'tables: {readAs: {"test": "leave out", "Production": "prod"}}\nenvironments:',
    )
    assert run(["compile"], shop).exit_code == OK
    assert sorted(files_in(shop / "values")) == [
        "dev/debug-console.yaml",
        "dev/orders.yaml",
        "dev/web.yaml",
        "prod/orders.yaml",
        "prod/web.yaml",
    ]


def test_a_missing_list_offers_what_the_cells_may_mean(shop: Path) -> None:
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Orders | live |")
    for options in ([], ["--environment", "prod"]):
        text = run(["compile", "--missing", *options], shop).stdout
        assert ("live:" in text, "dev or prod or all or leave out" in text) == (True, True)


def test_a_service_that_one_environment_lacks(shop: Path) -> None:
    result = run(["show", "debug-console"], shop)
    assert (result.exit_code, 'prod: no service "debug-console"' in result.stderr) == (OK, True)
    assert run(["show", "debug-consol"], shop).exit_code == USAGE


def test_the_whole_project_is_quiet_about_nothing(shop: Path) -> None:
    assert run(["check", "--quiet", "--strict"], shop).output == ""


def test_namespaces_of_tables_have_other_names_in_an_environment(shop: Path) -> None:
    (shop / "services.md").write_text(
        "| Service | Namespace | Dependencies |\n|---|---|---|\n| Web | front | Orders |\n| Orders | back | None |\n",
        "utf-8",
    )
    catalog = shop / "catalog.yaml"
    catalog.write_text(catalog.read_text("utf-8").partition("environments:")[0], "utf-8")
    (shop / "egressc.yaml").write_text(
        "sources: [services.md]\ncatalog: catalog.yaml\n"
        "environments: {dev: , prod: {tables: {readAs: {front: web-prod, back: shop-prod}}}}\n",
        "utf-8",
    )
    assert run(["compile", "--prune"], shop).exit_code == OK
    rendered = run(["render", "web", "--environment", "prod"], shop).stdout
    assert ("namespace: web-prod" in rendered, "kubernetes.io/metadata.name: shop-prod" in rendered) == (True, True)
    assert run(["diff", "dev", "prod", "--fail-on", "any"], shop).exit_code == OK


@each(
    ("header", "cell"),
    [
        ("Target environment", "prod"),
        ("Deployed in", "prod"),
        ("Cluster", "Production"),
        ("Notes", "prod only"),
        ("Purpose", "prod"),
    ],
)
def test_what_limits_a_row_outside_of_the_column_is_not_granted_elsewhere(shop: Path, header: str, cell: str) -> None:
    (shop / "services.md").write_text(
        f"# Services\n\n| From | To | Port | {header} |\n|---|---|---|---|\n| Orders | Stripe | 443 | {cell} |\n",
        "utf-8",
    )
    before = files_in(shop / "values")
    result = run(["compile"], shop)
    assert (result.exit_code, "EG223" in result.stderr or "EG218" in result.stderr) == (ERRORS, True), result.stderr
    assert files_in(shop / "values") == before


@each("heading", ["prod", "Environment: prod", "Flows in production", "2. Prod"])
def test_a_heading_holds_rows_to_its_environment_once_it_is_settled(shop: Path, heading: str) -> None:
    settings = FILES["egressc.yaml"]
    (shop / "egressc.yaml").write_text(settings, "utf-8")  # each heading starts from the page
    rows = "| Service | Dependencies |\n|---|---|\n| Orders | Stripe |\n"
    (shop / "services.md").write_text(
        f"# Shop\n\n## {heading}\n\n### Details\n\n{rows}\n## Both\n\n{rows.replace('Stripe', 'Orders DB')}", "utf-8"
    )
    stderr = run(["compile"], shop).stderr
    assert stderr.count("error[EG262]") == 1
    (shop / "egressc.yaml").write_text(
        settings.replace("  dev:\n", f'  dev:\n    tables: {{leaveOut: ["{heading}"]}}\n'), "utf-8"
    )
    assert run(["compile"], shop).exit_code == OK
    flows = {name: run(["show", "orders", "--environment", name], shop).stdout for name in ("dev", "prod")}
    assert ("stripe" in flows["dev"], "stripe" in flows["prod"]) == (False, True)
    (shop / "egressc.yaml").write_text(f'tables: {{readAs: {{"{heading}": allow}}}}\n{settings}', "utf-8")
    assert run(["compile"], shop).exit_code == OK
    assert "stripe" in run(["show", "orders", "--environment", "dev"], shop).stdout


def test_a_map_of_no_environments_is_refused(shop: Path) -> None:
    (shop / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\nenvironments: {}\n", "utf-8")
    result = run(["compile"], shop)
    assert (result.exit_code, "[EG232]" in result.stderr) == (ERRORS, True)


def test_strict_still_fails_for_what_is_reported_and_for_what_is_out_of_date(shop: Path) -> None:
    edit(shop / "services.md", "| Web | Orders | dev, prod |", "| Web | Orders:any | dev, prod |")
    assert run(["compile"], shop).exit_code == OK
    assert (run(["check"], shop).exit_code, run(["check", "--strict"], shop).exit_code) == (OK, ERRORS)
    (shop / "services.md").write_text(FILES["services.md"], "utf-8")
    assert run(["check", "--environment", "prod"], shop).exit_code == OUT_OF_DATE
    assert run(["check", "--strict"], shop).exit_code == OUT_OF_DATE


def test_a_values_file_beside_the_environments_is_reported(shop: Path) -> None:
    (shop / "values" / "orders.yaml").write_text("networkPolicy: {enabled: false}\n", "utf-8")
    (shop / "values" / "common.yaml").write_text("other: 1\n", "utf-8")
    stderr = run(["check"], shop).stderr
    assert (stderr.count("[EG527]"), "values/orders.yaml" in stderr) == (1, True)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
@pytest.mark.parametrize("audit", [[], ["--audit"]])
def test_a_report_names_its_environment(shop: Path, form: str, audit: list[str]) -> None:
    result = run(["report", *audit, "--environment", "prod", "--format", form], shop)
    assert (result.exit_code, "prod: services.md" in result.stdout) == (OK, True)
