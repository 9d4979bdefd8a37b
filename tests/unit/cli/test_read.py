"""`egressc read`: where the account goes, of which documents, and the exit status."""

import json
from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK, USAGE
from support.command import run


def table(row: str, header: str = "| Service | Depends on |") -> str:
    return f"{header}\n|{'---|' * (header.count('|') - 1)}\n{row}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    texts = {
        "egressc.yaml": "sources: [services.md, more.md]\ncatalog: catalog.yaml\n",
        "catalog.yaml": 'defaults: {namespace: a, selector: {app: "{id}"}}\ndestinations: {Redis: {ports: [6379]}}\n',
        "services.md": table("| Orders | Redis |"),
        "more.md": table("| More | Redis |"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def sources(folder: Path, *arguments: str) -> set[str]:
    found = json.loads(run(["read", "--format", "json", *arguments], folder).stdout)
    return {table["source"] for table in found["tables"]}


def test_documents_choose_what_is_shown(project: Path) -> None:
    assert sources(project) == {"services.md", "more.md"}
    assert sources(project, "more.md") == sources(project, "./more.md") == {"more.md"}
    assert sources(project.parent, "--project", f"{project.name}/egressc.yaml", f"{project.name}/more.md") == {
        "more.md"
    }


def test_a_document_that_is_no_source_is_a_misuse(project: Path) -> None:
    result = run(["read", "mroe.md"], project)
    assert result.exit_code == USAGE
    assert 'did you mean "more.md"?' in result.stderr
    assert "its sources are more.md, services.md" in run(["read", "x"], project).stderr


def test_a_document_that_does_not_compile_is_shown_and_its_errors_reported(project: Path) -> None:
    (project / "more.md").write_text(table("| More | Rediss |"), "utf-8")
    for form in ("text", "json"):
        result = run(["read", "--format", form], project)
        assert result.exit_code == ERRORS
        assert "error[EG301]" in result.stderr
        assert "EG301" in result.stdout


def test_what_is_ignored_is_in_the_account_and_no_warning(project: Path) -> None:
    (project / "more.md").write_text(table("| More | Redis | red |", "| Service | Depends on | Colour |"), "utf-8")
    result = run(["read"], project)
    assert (result.exit_code, result.stderr) == (OK, "")
    assert "~ red" in result.stdout


def test_the_account_goes_to_a_file_when_asked(project: Path) -> None:
    result = run(["read", "-o", "account.txt"], project)
    assert (result.exit_code, result.output) == (OK, "")
    assert (project / "account.txt").read_text("utf-8") == run(["read"], project).stdout


def test_nothing_but_the_sources_is_looked_at(project: Path) -> None:
    """Files of the values folder are for `check` to judge."""
    (project / "values").mkdir(exist_ok=True)
    (project / "values" / "orders.yaml").write_text("edited: by hand\n", "utf-8")
    assert run(["read"], project).exit_code == OK
