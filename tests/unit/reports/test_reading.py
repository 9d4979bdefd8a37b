"""The account of a project: which cells its rules and its errors lie in, and that it counts what a compile counts."""

import shutil
from pathlib import Path

import pytest

from egressc.diagnostics.core import Report
from egressc.project.compiling import compile_project
from egressc.renderers.reading import CellRecord, ReadCounts, ReadReport
from egressc.reports.reading import read_project_tables

ROOT = Path(__file__).parents[3]
PROJECTS = [ROOT / "egressc.yaml", *sorted(ROOT.glob("examples/*/egressc.yaml"))]
PROJECTS += [it for it in sorted(ROOT.glob("tests/golden/*/egressc.yaml")) if not it.parent.name.startswith("EG")]
CATALOG = 'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations:\n  Redis: {ports: [6379]}\n'


def read(folder: Path, document: str, name: str = "services.md") -> tuple[ReadReport, Report]:
    (folder / "egressc.yaml").write_text(f"sources: [{name}]\ncatalog: catalog.yaml\n", "utf-8")
    (folder / "catalog.yaml").write_text(CATALOG, "utf-8")
    (folder / name).write_text(document, "utf-8")
    report = Report()
    found = read_project_tables(folder / "egressc.yaml", report)
    assert found is not None
    return found, report


def cells(found: ReadReport) -> list[CellRecord]:
    return [cell for table in found.tables for row in table.rows for cell in row.cells]


@pytest.mark.slow
@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.parent.name)
def test_a_compile_counts_what_the_account_counts_and_every_rule_has_a_cell_that_grants(
    path: Path, tmp_path: Path
) -> None:
    shutil.copytree(path.parent, tmp_path / "project", ignore=shutil.ignore_patterns(".*", "tests", "build"))
    project = tmp_path / "project" / "egressc.yaml"
    report = Report()
    found = read_project_tables(project, report)
    assert found is not None
    if report.has_errors:
        assert found.rules == ()
        return
    compiled = compile_project(project, report)
    if compiled is None:
        return  # policies of others are no part of the account
    assert found.counts == ReadCounts(*compiled.tally)
    held = {rule for cell in cells(found) for rule in cell.rules}
    assert held == set(range(len(found.rules)))
    assert {cell.use for cell in cells(found) if cell.rules} <= {"grants"}


def test_rules_stand_in_the_cell_that_asks(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "| Service | Depends on |\n|---|---|\n| A | Redis |\n| B | Redis, A (80) |\n")
    assert [[found.rules[at] for at in cell.rules] for cell in cells(found)] == [
        [], ["a -> redis 6379/TCP"], [], ["b -> a 80/TCP", "b -> redis 6379/TCP"],
    ]  # fmt: skip


def test_the_keys_of_an_entry_are_its_cells(tmp_path: Path) -> None:
    text = "services:\n  - service: A\n    dependencies: [Redis, B]\n  - {service: B, listensOn: 80}\n"
    found, report = read(tmp_path, text, "services.yaml")
    assert not report.has_errors
    assert [it.text for it in cells(found)] == ["A", "Redis, B", "", "B", "", "80"]
    assert len(cells(found)[1].rules) == 2


@pytest.mark.parametrize(
    ("row", "uses"),
    [
        ("| A | Rediss | 1 |", ["describes", "refused", "ignored"]),
        ("| A | Redis:99999 | 1 |", ["describes", "refused", "ignored"]),
        ("| | Redis | 1 |", ["refused", "describes", "ignored"]),
        ("| A | Redis | 1 |", ["describes", "grants", "ignored"]),
    ],
)
def test_a_cell_in_which_an_error_lies_is_refused(row: str, uses: list[str], tmp_path: Path) -> None:
    found, report = read(tmp_path, f"| Service | Depends on | Rank |\n|---|---|---|\n{row}\n| Z | Redis | 2 |\n")
    assert [cell.use for cell in cells(found)] == [*uses, "describes", "grants", "ignored"]
    assert found.tables[0].rows[0].use == ("refused" if "refused" in uses else "grants")
    for cell in cells(found):
        assert (cell.use == "refused") == bool(cell.faults)
        assert all(fault.text in [it.message for it in report.diagnostics] for fault in cell.faults)


def test_a_place_that_is_only_related_keeps_its_use(tmp_path: Path) -> None:
    table = "| Service | Depends on |\n|---|---|\n| Orders | Redis |\n| Web | Ordres |\n"
    found, _ = read(tmp_path, table)
    assert [(cell.use, *map(str, cell.faults)) for cell in cells(found)] == [
        ("describes", "EG301: similar name"),
        ("grants",),
        ("describes",),
        ("refused", 'EG301: destination "Ordres" is not defined'),
    ]


def test_a_table_whose_columns_are_refused_says_so_itself(tmp_path: Path) -> None:
    tables = "| From | Port |\n|---|---|\n| A | 1 |\n\n| Service | Needs |\n|---|---|\n| B | |\n"
    found, _ = read(tmp_path, tables)
    first, second = found.tables
    assert (first.kind, [it.code for it in first.faults]) == ("refused", ["EG201"])
    assert (second.kind, second.faults) == ("services", ())


def test_more_errors_than_anybody_reads_are_no_end_of_the_account(tmp_path: Path) -> None:
    rows = "".join(f"| S{at} | Nowhere{at} |\n" for at in range(300))
    found, report = read(tmp_path, f"| Service | Depends on |\n|---|---|\n{rows}")
    assert [it.code.id for it in report.diagnostics][-1] == "EG419"
    assert len(cells(found)) == 600
    assert sum(cell.use == "refused" for cell in cells(found)) == 200


@pytest.mark.parametrize(("directions", "use"), [("egress", "describes"), ("both", "grants"), ("ingress", "grants")])
def test_whom_a_service_lets_in_is_a_grant_where_its_policy_limits_that(
    tmp_path: Path, directions: str, use: str
) -> None:
    table = "| Service | Listens on | Depends on | Ingress from |\n|---|---|---|---|\n| A | 80 | None | B |\n"
    (tmp_path / "more.md").write_text(f"{table}| B | 81 | None | None |\n", "utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, "utf-8")
    project = f"sources: [more.md]\ncatalog: catalog.yaml\ndirections: {directions}\n"
    (tmp_path / "egressc.yaml").write_text(project, "utf-8")
    found = read_project_tables(tmp_path / "egressc.yaml", Report())
    assert found is not None
    assert [it.use for it in cells(found)] == [*["describes"] * 3, use, *["describes"] * 4]
    assert [len(it.rules) for it in cells(found)][3] == (use == "grants")
    compiled = compile_project(tmp_path / "egressc.yaml", Report())
    assert compiled is not None
    assert found.counts == ReadCounts(*compiled.tally)
