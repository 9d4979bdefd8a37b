"""What says, in whatever way, that a row holds in one environment must not open another; what is lost is told."""

from pathlib import Path

import pytest
import yaml

from egressc.cli import ERRORS, OK, USAGE
from reports.test_diff_revisions import commit, git, needs_git
from support.command import run
from support.tables import each

CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Stripe: {addresses: [198.51.100.0/24], ports: [443]}
  Orders: {ports: [8080]}
"""
TABLE = "| Service | Dependencies |\n|---|---|\n| Orders | Stripe |\n| Web | Orders |\n"
ROWS = "# S\n\n| Service | Dependencies | Env |\n|---|---|---|\n| Orders | Stripe | prod |\n| Web | Orders | all |\n"


def project(folder: Path, document: str, settings: str = "environments: {dev: , prod: }\n", catalog: str = "") -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{settings}", "utf-8")
    (folder / "catalog.yaml").write_text(CATALOG + catalog, "utf-8")
    (folder / "services.md").write_text(document, "utf-8")
    return folder


def flows(folder: Path, environment: str) -> str:
    return run(["show", "--environment", environment], folder).stdout


HEADINGS = [
    # environments, heading, in which one its rows must not be granted
    ("dev: , prod: ", "Production", "dev"),
    ("dev: , prod: ", "Live", "dev"),
    ("dev: , prod-eu: , prod-us: ", "Production", "dev"),
    ("dev: , prod-eu: , prod-us: ", "Prod EU", "prod-us"),
    ("staging: , prd: ", "Production", "staging"),
    ("stg: , prod: ", "Staging", "prod"),
    ("dev: , prod: ", "Preview", "prod"),
    ("pre-prod: , prod: ", "Production", "pre-prod"),
    ("prod: , prod-eu: ", "Production", "prod-eu"),
    ("prod-eu: , dev: ", "prod_eu only", "dev"),
]


@each("case", HEADINGS)
def test_a_heading_that_is_about_another_environment_is_refused(case: tuple[str, str, str], tmp_path: Path) -> None:
    names, heading, elsewhere = case
    project(tmp_path, f"# Svc\n\n## {heading}\n\n{TABLE}", f"environments: {{{names}}}\n")
    result = run(["compile", "--environment", elsewhere], tmp_path)
    assert (result.exit_code, "[EG262]" in result.stderr) == (ERRORS, True)


def test_a_heading_that_is_about_this_environment_is_none_of_another(tmp_path: Path) -> None:
    project(tmp_path, f"# Svc\n\n## Prod EU\n\n{TABLE}", "environments: {dev: , prod-eu: , prod-us: }\n")
    assert run(["compile", "--environment", "prod-eu"], tmp_path).exit_code == OK


@each("line", ["**Production**", "Environment: prod", "In prod:", "only prod", "_except dev_"])
def test_a_line_that_is_about_another_environment_is_refused(line: str, tmp_path: Path) -> None:
    result = run(["compile"], project(tmp_path, f"# Svc\n\n{line}\n\n{TABLE}"))
    assert (result.exit_code, "[EG263]" in result.stderr) == (ERRORS, True)


@each("line", ["- prod", "* prod\n* dev", "1. prod", "The data of prod is not here."])
def test_a_list_of_environments_and_a_sentence_limit_nothing(line: str, tmp_path: Path) -> None:
    assert run(["compile"], project(tmp_path, f"# Svc\n\n{line}\n\n{TABLE}")).exit_code == OK


def test_a_line_can_be_settled(tmp_path: Path) -> None:
    settings = "environments: {dev: , prod: }\ntables: {readAs: {'In prod:': ignore}}\n"
    assert run(["compile"], project(tmp_path, f"# S\n\nIn prod:\n\n{TABLE}", settings)).exit_code == OK


def test_a_file_that_is_called_like_an_environment_is_refused_in_others(tmp_path: Path) -> None:
    project(tmp_path, "", "environments: {dev: , prod: }\n").joinpath("prod.csv").write_text(
        "Service,Dependencies\nOrders,Stripe\nWeb,Orders\n", "utf-8"
    )
    project_file = tmp_path / "egressc.yaml"
    project_file.write_text(project_file.read_text("utf-8").replace("services.md", "prod.csv"), "utf-8")
    result = run(["compile"], tmp_path)
    assert (result.exit_code, "[EG262]" in result.stderr) == (ERRORS, True)
    project_file.write_text("catalog: catalog.yaml\nenvironments: {dev: , prod: {sources: [prod.csv]}}\n", "utf-8")
    assert run(["compile", "--environment", "prod"], tmp_path).exit_code == OK


NOTES = [
    "prod",
    "except dev",
    "all but dev",
    "not dev",
    "no dev",
    "off in dev",
    "dev: disabled",
    "prd",
    "live",
    "prod 1",
]
NOTES += ["Only deployed to prod", "production use only", "valid for prod", "applies to prod"]


@each("header", ["Notes", "Purpose", "Where", "Team"])
@each("note", NOTES)
def test_a_cell_that_is_about_another_environment_is_refused(note: str, header: str, tmp_path: Path) -> None:
    rows = f"| Orders | Stripe | {note} |\n| Web | Orders | both |\n"
    result = run(["compile"], project(tmp_path, f"# S\n\n| Service | Dependencies | {header} |\n|---|---|---|\n{rows}"))
    assert result.exit_code == ERRORS
    assert any(code in result.stderr for code in ("[EG218]", "[EG223]")), result.stderr


@each("note", ["production database", "the prod bucket of dev", "billing", "all"])
def test_a_note_with_more_to_it_limits_nothing(note: str, tmp_path: Path) -> None:
    rows = f"| Orders | Stripe | {note} |\n| Web | Orders | |\n"
    assert (
        run(
            ["compile"], project(tmp_path, f"# S\n\n| Service | Dependencies | Notes |\n|---|---|---|\n{rows}")
        ).exit_code
        == OK
    )


def test_a_column_that_the_project_file_ignores_is_settled(tmp_path: Path) -> None:
    document = (
        "# S\n\n| Service | Dependencies | Where |\n|---|---|---|\n| Orders | Stripe | prod |\n| Web | Orders | x |\n"
    )
    settings = "environments: {dev: , prod: }\ntables: {ignoreColumns: [Where]}\n"
    result = run(["compile"], project(tmp_path, document, settings))
    assert result.exit_code == OK, result.stderr


def test_a_port_with_the_name_of_an_environment_is_refused(tmp_path: Path) -> None:
    document = "# S\n\n| From | To | Port |\n|---|---|---|\n| Orders | Stripe | 443 (blue) |\n| Web | Orders | 8080 |\n"
    result = run(["compile"], project(tmp_path, document, "environments: {dev: , blue: }\n"))
    assert (result.exit_code, "[EG218]" in result.stderr) == (ERRORS, True)


def test_a_row_over_rows_is_refused(tmp_path: Path) -> None:
    document = (
        "# S\n\n| From | To | Port |\n|---|---|---|\n| prod | | |\n| Orders | Stripe | 443 |\n| Web | Orders | 8080 |\n"
    )
    settings = "environments: {dev: , prod: }\ntables: {at: {S: {blank: as above}}}\n"
    result = run(["compile"], project(tmp_path, document, settings))
    assert (result.exit_code, "[EG218]" in result.stderr) == (ERRORS, True)


def test_a_grid_has_a_column_of_environments(tmp_path: Path) -> None:
    document = (
        "# S\n\n| From \\ To | Stripe | Environment |\n|---|---|---|\n| Orders | yes | prod |\n| Web | yes | all |\n"
    )
    assert run(["compile"], project(tmp_path, document)).exit_code == OK
    assert "orders -> stripe" not in flows(tmp_path, "dev")
    assert "orders -> stripe" in flows(tmp_path, "prod")
    assert "web -> stripe" in flows(tmp_path, "dev")
    (tmp_path / "services.md").write_text(document.replace("| prod |", "| nowhere |"), "utf-8")
    assert "[EG260]" in run(["compile"], tmp_path).stderr


@each("cell", ["non-prod", "not prod", "no prod", "dev-not"])
def test_what_excludes_an_environment_is_not_proposed_as_that(cell: str, tmp_path: Path) -> None:
    result = run(["compile"], project(tmp_path, ROWS.replace("| prod |", f"| {cell} |")))
    assert "[EG260]" in result.stderr
    assert f'"{cell}": "prod"' not in result.stderr
    assert f'"{cell}": "dev"' not in result.stderr


GUARDED = "cluster: {namespaces: {shop: {labels: {tenant: a}}, kube-system: {labels: {}}}}\nguardrails:\n"


def test_a_guardrail_that_guards_nobody_in_one_environment_is_told(tmp_path: Path) -> None:
    settings = f"{GUARDED}  no-net: {{purpose: x, namespaces: {{tenant: a}}, denyTo: [10.0.0.0/8]}}\n"
    settings += "environments: {dev: , prod: {cluster: {namespaces: {shop: {labels: {tenant: b}}}}}}\n"
    result = run(["compile", "--strict"], project(tmp_path, ROWS, settings))
    assert (result.exit_code, result.stderr.count("[EG498]"), "(in prod)" in result.stderr) == (ERRORS, 1, True)


def test_a_guardrail_changes_key_by_key(tmp_path: Path) -> None:
    settings = (
        f"{GUARDED}  no-net: {{purpose: x, namespaces: {{tenant: a}}, denyTo: [198.51.100.0/24], exceptTo: [Stripe]}}\n"
    )
    project(tmp_path, ROWS, settings + "environments: {dev: , prod: {guardrails: {no-net: {exceptTo: []}}}}\n")
    assert "[EG495]" in run(["compile"], tmp_path).stderr
    changed = settings.replace("tenant: a}, denyTo", "team: z}, denyTo")
    project(
        tmp_path, ROWS, changed + "environments: {dev: , prod: {guardrails: {no-net: {namespaces: {tenant: a}}}}}\n"
    )
    assert "(in dev)" in run(["compile"], tmp_path).stderr  # team=z AND tenant=a would guard nobody in prod either


def test_an_entry_of_one_environment_that_nobody_uses_is_told(tmp_path: Path) -> None:
    wrong = "environments: {prod: {destinations: {Strip: {addresses: [10.9.0.5], ports: [443]}}}}\n"
    result = run(["compile", "--strict"], project(tmp_path, ROWS, catalog=wrong))
    assert (result.exit_code, 'destination "Strip" is unused (in prod)' in result.stderr) == (ERRORS, True)
    legacy = "  Legacy: {addresses: [10.1.0.5], ports: [443]}\n"
    legacy += "environments: {prod: {destinations: {Legacy: {addresses: [10.9.0.5]}}}}\n"
    result = run(["compile", "--strict"], project(tmp_path, ROWS, catalog=legacy))
    assert (result.exit_code, result.stderr.count("[EG413]")) == (ERRORS, 1)


@each("override", ["baseline:", "namespaces: {shop: {dns: }}", "namespaces:"])
def test_a_key_with_nothing_after_it_removes_nothing(override: str, tmp_path: Path) -> None:
    settings = "cluster: {baseline: {deny: both}, namespaces: {shop: {dns: {profile: none}}}}\n"
    result = run(
        ["compile"], project(tmp_path, ROWS, f"{settings}environments: {{dev: , prod: {{cluster: {{{override} }}}}}}\n")
    )
    assert (result.exit_code, "[EG232]" in result.stderr, "is empty" in result.stderr) == (ERRORS, True, True)


def test_an_entry_of_the_catalog_with_nothing_after_it_loses_nothing(tmp_path: Path) -> None:
    catalog = "environments: {prod: {destinations: {Stripe: }}}\n"
    result = run(["compile"], project(tmp_path, ROWS, catalog=catalog))
    assert (result.exit_code, "[EG232]" in result.stderr) == (ERRORS, True)


def test_what_one_environment_cannot_have_is_no_success_of_all(tmp_path: Path) -> None:
    """A service that another environment has is passed over; a chart that cannot be used is not."""
    export = "export: {repository: 'https://x.example/y.git', argocd: {cluster: NAME}}"
    settings = f"environments:\n  dev: {{{export}}}\n  prod: {{{export}}}\n".replace("NAME", "one", 1)
    catalog = "environments: {prod: {defaults: {namespace: shop-prod}}}\n"
    project(tmp_path, ROWS, settings, catalog)
    assert run(["compile"], tmp_path).exit_code == OK
    assert run(["export", "argocd"], tmp_path).exit_code == OK
    packed = settings.replace("prod: {", "prod: {chart: chart.tgz, ")
    (tmp_path / "chart.tgz").write_bytes(b"")
    project(tmp_path, ROWS, packed, catalog)
    assert run(["compile"], tmp_path).exit_code == OK
    for command in (["check", "--quiet"], ["export", "argocd", "--quiet"]):
        result = run(command, tmp_path)
        assert result.exit_code == USAGE, (command, result.output)
        assert "Argo CD reads charts from folders" in result.stderr
    project(tmp_path, ROWS.replace("| all |", "| prod |"), catalog=catalog)
    (tmp_path / "services.md").write_text(
        ROWS.replace("| Orders | Stripe | prod |\n", "| Orders | Stripe | dev |\n"), "utf-8"
    )
    assert run(["compile"], tmp_path).exit_code == OK
    result = run(["show", "orders"], tmp_path)
    assert (result.exit_code, 'prod: no service "orders"' in result.stderr) == (OK, True)


@needs_git
def test_an_environment_that_is_gone_is_in_the_difference(tmp_path: Path) -> None:
    project(tmp_path, ROWS)
    (tmp_path / ".git").rmdir()
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    assert run(["compile"], tmp_path).exit_code == OK
    commit(tmp_path)
    project(tmp_path, ROWS, "environments: {dev: }\ntables: {readAs: {prod: leave out}}\n")
    result = run(["diff", "main", "--fail-on", "any"], tmp_path)
    assert (result.exit_code, "main in prod -> " in result.stdout) == (ERRORS, True)
    assert "gone" in run(["diff", "main", "--environment", "prod"], tmp_path).stdout
    (tmp_path / "services.md").write_text(f"# S\n\n{TABLE}", "utf-8")
    (tmp_path / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\n", "utf-8")
    assert "main in dev -> " in run(["diff", "main"], tmp_path).stdout


def test_values_of_environments_that_were_are_told(tmp_path: Path) -> None:
    project(tmp_path, ROWS)
    assert run(["compile"], tmp_path).exit_code == OK
    project(tmp_path, f"# S\n\n{TABLE}", "")
    result = run(["compile", "--strict"], tmp_path)
    assert (result.exit_code, result.stderr.count("[EG527]")) == (ERRORS, 3)


@needs_git
def test_an_extra_rule_into_the_namespace_of_the_other_side_is_a_difference(tmp_path: Path) -> None:
    project(tmp_path, ROWS, catalog="environments: {prod: {defaults: {namespace: shop-prod}}}\n")
    assert run(["compile"], tmp_path).exit_code == OK
    rule = "  egress:\n    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop-prod}}}]\n"
    for name in ("dev", "prod"):
        path = tmp_path / "values" / name / "web.yaml"
        path.write_text(path.read_text("utf-8").replace("  egress: []\n", rule), "utf-8")
    result = run(["diff", "dev", "prod", "--fail-on", "any"], tmp_path)
    assert (result.exit_code, "no flow changes" in result.stdout) == (ERRORS, False)


def test_a_table_without_headers_is_no_defect(tmp_path: Path) -> None:
    for document in ("|\n|-|\n", "| Service | Dependencies\n |\n|---|---|\n| Orders | Stripe |\n"):
        assert "[EG901]" not in run(["compile"], project(tmp_path, document)).stderr


@each(
    "cell",
    ["!prod", "dev+prod", "dev (until March)", "not prod", "dev-prod", "all but prod", "dev*", "ex-prod", "preprod"],
)
def test_no_single_environment_is_proposed_for_a_cell_that_says_more(cell: str, tmp_path: Path) -> None:
    project(tmp_path, ROWS.replace("| prod |", f"| {cell} |"))
    told = run(["check"], tmp_path).stderr
    assert "[EG260]" in told
    assert f'"{cell}": "leave out"' in told, told
    assert 'such as "dev, prod"' in told


@each("cell", ["-", "none", "n/a"])
def test_a_cell_that_names_no_environment_has_a_repair_that_works(cell: str, tmp_path: Path) -> None:
    project(tmp_path, ROWS.replace("| prod |", f"| {cell} |"))
    assert f'tables: {{readAs: {{"{cell}": "leave out"}}}}' in run(["check"], tmp_path).stderr
    with (tmp_path / "egressc.yaml").open("a") as settings:
        settings.write(f'tables: {{readAs: {{"{cell}": "dev, prod"}}}}\n')
    compiled = run(["compile"], tmp_path)
    assert compiled.exit_code == OK, compiled.stderr
    assert "orders -> stripe" in flows(tmp_path, "dev")
    assert "orders -> stripe" in flows(tmp_path, "prod")


def test_a_line_is_seen_however_much_text_is_before_it(tmp_path: Path) -> None:
    text = "".join(f"Paragraph {it} of the guide.\n\n" for it in range(20_001))
    project(
        tmp_path, f"# Guide\n\n| Service | Dependencies |\n|---|---|\n| Web | Orders |\n\n{text}**Prod:**\n\n{TABLE}"
    )
    assert "[EG263]" in run(["check"], tmp_path).stderr


@each("matter", ["environment: prod", "env: [prod]", "environments:\n  - prod", "stage: production"])
def test_front_matter_about_another_environment_is_refused_and_left_out(matter: str, tmp_path: Path) -> None:
    project(tmp_path, f"---\n{matter}\nowner: team\n---\n{TABLE}")
    told = run(["check"], tmp_path).stderr
    assert "[EG263]" in told
    repair = 'environments: {dev: {tables: {leaveOut: ["services.md"]}}}'
    assert repair in told
    assert "also in prod?" not in told
    held = TABLE.replace("Stripe", "None")
    project(tmp_path, f"---\n{matter}\n---\n{TABLE}", f"{repair[:-1]}, prod: }}\n")
    (tmp_path / "both.md").write_text(held, "utf-8")
    settings = (tmp_path / "egressc.yaml").read_text("utf-8").replace("[services.md]", "[services.md, both.md]")
    (tmp_path / "egressc.yaml").write_text(settings, "utf-8")
    compiled = run(["compile"], tmp_path)
    assert compiled.exit_code == OK, compiled.stderr
    assert "orders -> stripe" not in flows(tmp_path, "dev")
    assert "orders -> stripe" in flows(tmp_path, "prod")


@each("matter", ["environments: [dev, prod]", "title: Production services", "owner: prod-team"])
def test_front_matter_about_every_environment_or_none_is_no_obstacle(matter: str, tmp_path: Path) -> None:
    project(tmp_path, f"---\n{matter}\n---\n{TABLE}")
    assert run(["compile"], tmp_path).exit_code == OK


@each("heading", ["Prod", "Only prod", "Production"])
def test_a_heading_about_one_environment_limits_nothing_there(heading: str, tmp_path: Path) -> None:
    leave_out = f'environments: {{dev: {{tables: {{leaveOut: ["{heading}"]}}}}, prod: }}\n'
    other = "# All\n\n| Service | Dependencies |\n|---|---|\n| Web | Orders |\n"
    project(
        tmp_path, f"{other}\n# {heading}\n\n| Service | Dependencies |\n|---|---|\n| Orders | Stripe |\n", leave_out
    )
    compiled = run(["compile"], tmp_path)
    assert compiled.exit_code == OK, compiled.stderr
    assert not {"[EG224]", "[EG259]"} & set(compiled.stderr.split())
    assert "warning" not in compiled.stderr
    assert "orders -> stripe" not in flows(tmp_path, "dev")
    assert "orders -> stripe" in flows(tmp_path, "prod")


def test_a_column_for_each_environment_is_read_where_its_header_says(tmp_path: Path) -> None:
    project(
        tmp_path,
        "# S\n\n| Service | Dependencies (dev) | Dependencies (prod) |\n|---|---|---|\n"
        "| Orders | None | Stripe |\n| Web | Orders | Orders |\n",
    )
    told = run(["check"], tmp_path).stderr
    repairs = [line.partition("environments: ")[2] for line in told.splitlines() if "help:" in line]
    assert len(repairs) == 2
    parts = [yaml.safe_load(it) for it in repairs]
    merged = {name: {"tables": {**parts[0][name]["tables"], **parts[1][name]["tables"]}} for name in ("dev", "prod")}
    (tmp_path / "egressc.yaml").write_text(
        yaml.safe_dump({"sources": ["services.md"], "catalog": "catalog.yaml", "environments": merged}), "utf-8"
    )
    compiled = run(["compile"], tmp_path)
    assert compiled.exit_code == OK, compiled.stderr
    assert "orders -> stripe" not in flows(tmp_path, "dev")
    assert "orders -> stripe" in flows(tmp_path, "prod")


ABSENT = {
    "services.md": (
        "| Service | Dependencies | Env |\n|---|---|---|\n| Orders | Stripe | prod |\n| Web | Orders | all |\n"
    ),
    "flows.md": (
        "| From | To | Port | Env |\n|---|---|---|---|\n"
        "| Orders | Stripe | 443 | prod |\n| Web | Orders | 8080 | all |\n"
    ),
    "requirements.yaml": (
        "services:\n- {service: Orders, dependencies: [Stripe], environments: [prod]}\n"
        "- {service: Web, dependencies: [Orders], environments: all}\n"
    ),
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_service_that_is_reached_where_no_row_is_about_it_is_told(name: str, tmp_path: Path) -> None:
    project(tmp_path, "")
    (tmp_path / name).write_text(ABSENT[name], "utf-8")
    settings = (tmp_path / "egressc.yaml").read_text("utf-8").replace("services.md", name)
    (tmp_path / "egressc.yaml").write_text(settings, "utf-8")
    told = run(["compile"], tmp_path)
    assert (told.exit_code, told.stderr.count("[EG264]")) == (OK, 1), told.stderr
    assert '"Orders" gets no policy in dev, where other services reach it (in dev)' in told.stderr
    assert run(["check", "--strict"], tmp_path).exit_code == ERRORS


def test_a_service_that_needs_nothing_elsewhere_or_never_gets_a_policy_is_not_told(tmp_path: Path) -> None:
    project(tmp_path, ABSENT["services.md"] + "| Orders | None | dev |\n")
    assert "[EG264]" not in run(["compile"], tmp_path).stderr
    assert (tmp_path / "values" / "dev" / "orders.yaml").exists()
    project(tmp_path, ABSENT["flows.md"])
    catalog = CATALOG.replace("{ports: [8080]}", "{ports: [8080], policy: none}")
    (tmp_path / "catalog.yaml").write_text(catalog, "utf-8")
    assert "[EG264]" not in run(["check"], tmp_path).stderr


@each("cell", ["prdo", "production", "prod cluster", "PROD 1"])
def test_the_environment_that_a_cell_resembles_is_proposed(cell: str, tmp_path: Path) -> None:
    project(tmp_path, ROWS.replace("| prod |", f"| {cell} |"))
    assert f'"{cell}": "prod"' in run(["check"], tmp_path).stderr
