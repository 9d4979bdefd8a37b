"""`egressc compile --missing`: what is missing on standard output, findings as ever, nothing written."""

from pathlib import Path

from egressc.cli import ERRORS, OK, USAGE
from support.command import run

DEFAULTS = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'


def project(folder: Path, document: str, catalog: str = "", settings: str = "catalog: catalog.yaml\n") -> Path:
    (folder / "services.md").write_text(document, "utf-8")
    (folder / "catalog.yaml").write_text(catalog, "utf-8")
    (folder / "egressc.yaml").write_text(f"sources: [services.md]\n{settings}", "utf-8")
    return folder


TABLE = "| Service | Dependencies |\n|---|---|\n| web | Redis |\n"


def test_what_is_missing_is_printed_and_nothing_is_written(tmp_path: Path) -> None:
    result = run(["compile", "--missing"], project(tmp_path, TABLE, DEFAULTS))
    assert result.exit_code == ERRORS
    assert "## ----- For catalog.yaml\n" in result.stdout
    assert "egressc.yaml" not in result.stdout
    assert "error[EG301]" in result.stderr
    assert not (tmp_path / "values").exists()


def test_a_project_without_a_catalog_is_told_how_to_name_one(tmp_path: Path) -> None:
    result = run(["compile", "--missing"], project(tmp_path, TABLE, settings=""))
    assert "For catalog.yaml, which egressc.yaml lists under `catalog`" in result.stdout


def test_nothing_is_missing(tmp_path: Path) -> None:
    result = run(["compile", "--missing"], project(tmp_path, TABLE.replace("Redis", "None"), DEFAULTS))
    assert (result.exit_code, result.stdout) == (OK, "")
    assert "nothing is missing: the sources compile" in result.stderr
    assert not (tmp_path / "values").exists()


def test_what_a_table_says_of_services_is_not_asked_for(tmp_path: Path) -> None:
    table = "| Service | Namespace | Dependencies |\n|---|---|---|\n| web | shop | None |\n| api | shop | web |\n"
    stdout = run(["compile", "--missing"], project(tmp_path, table)).stdout
    assert (stdout.count('namespace: "<namespace>"'), stdout.count("selector: {app: ")) == (0, 2)
    table = "| Service | Dependencies |\n|---|---|\n| web | None |\n| api | web |\n"
    stdout = run(["compile", "--missing"], project(tmp_path, table)).stdout
    assert (stdout.count('namespace: "<namespace>"'), stdout.count("selector: {app: ")) == (3, 2)


def test_errors_that_no_key_settles_are_told_apart(tmp_path: Path) -> None:
    result = run(["compile", "--missing"], project(tmp_path, TABLE.replace("Redis", "~~None~~"), DEFAULTS))
    assert (result.exit_code, result.stdout) == (ERRORS, "")
    assert "no key of the catalog or the project file resolves this" in result.stderr


def test_a_catalog_that_cannot_be_read_comes_first(tmp_path: Path) -> None:
    result = run(["compile", "--missing"], project(tmp_path, TABLE, "destination: {}\n"))
    assert (result.exit_code, result.stdout) == (ERRORS, "")


def test_two_results_do_not_share_standard_output(tmp_path: Path) -> None:
    project(tmp_path, TABLE, DEFAULTS)
    assert run(["compile", "--missing", "--format", "json"], tmp_path).exit_code == USAGE
    assert run(["compile", "--missing", "--format", "json", "--output", "r.json"], tmp_path).exit_code == ERRORS
    assert (tmp_path / "r.json").is_file()
