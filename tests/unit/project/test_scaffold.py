"""`egressc init --from`: a project around a document that is there, and where completing it leads."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from egressc.cli import ERRORS, OK, USAGE
from reading.corpus import read_documents
from reading.questions import hold_against_truth
from support.command import run
from support.completing import proposed, with_decisions, with_facts

pytestmark = pytest.mark.slow


DOCUMENTS = {document.id: document for document in read_documents()}
TABLE = "| Service | Dependencies |\n|---|---|\n| web | Redis |\n"
# What texts of single documents mean: an operator decides it, beside the facts.
DECISIONS: Mapping[str, Mapping[str, str]] = {
    "03-schema-and-topic-columns": {"Tensorhub (text-embedders)": "Tensorhub"},
    "08-port-or-port": {
        "9000 (or 9010 as mapped on laptops)": "9000",
        "4317 (or 4318 with the HTTP exporter)": "4317",
    },
    "11-test-sheet-status": {},
    "23-german-headers": {},
}


@pytest.mark.parametrize("name", DECISIONS)
def test_completing_what_is_prepared_leads_to_the_policies_of_the_document(name: str, tmp_path: Path) -> None:
    document = DOCUMENTS[name]
    assert run(["init", "--from", str(document.file), "project"], tmp_path).exit_code == OK
    project = tmp_path / "project"
    assert run(["compile"], project).exit_code == ERRORS
    catalog, settings = project / "catalog.yaml", project / "egressc.yaml"
    catalog.write_text(with_facts(document, catalog.read_text("utf-8")), "utf-8")
    settings.write_text(with_decisions(settings.read_text("utf-8"), DECISIONS[name]), "utf-8")
    result = run(["compile", "--missing"], project)
    assert (result.exit_code, result.stdout) == (OK, ""), result.output
    assert run(["compile"], project).exit_code == OK
    rendered = run(["render"], project)
    policies = [it for it in yaml.safe_load_all(rendered.stdout) if it and it["kind"] == "NetworkPolicy"]
    assert hold_against_truth(document, policies).is_right


def test_a_prepared_project_reads_as_it_is_and_asks_for_the_same(tmp_path: Path) -> None:
    """Nothing that is prepared counts before somebody completes it."""
    (tmp_path / "services.md").write_text(TABLE, "utf-8")
    assert run(["init", "--from", "services.md"], tmp_path).exit_code == OK
    result = run(["compile", "--missing"], tmp_path)
    assert result.exit_code == ERRORS
    assert "[EG301]" in result.stderr
    assert proposed(result.stdout) == proposed((tmp_path / "catalog.yaml").read_text("utf-8"))


def test_what_is_not_completed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "services.md").write_text(TABLE, "utf-8")
    run(["init", "--from", "services.md"], tmp_path)
    catalog = tmp_path / "catalog.yaml"
    prepared = catalog.read_text("utf-8")
    catalog.write_text(yaml.safe_dump(proposed(prepared)), "utf-8")
    result = run(["compile"], tmp_path)
    assert result.exit_code == ERRORS
    for place in ("<namespace>", "<label>", "<port>"):
        assert place in result.stderr


def test_a_document_inside_the_folder_is_named_and_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "who calls whom.md").write_text(TABLE, "utf-8")
    assert run(["init", "--from", "docs/who calls whom.md"], tmp_path).exit_code == OK
    settings = yaml.safe_load((tmp_path / "egressc.yaml").read_text("utf-8"))
    assert settings["sources"] == ["docs/who calls whom.md"]
    assert "allow" not in settings
    assert not (tmp_path / "who calls whom.md").exists()
    assert not (tmp_path / "services.md").exists()


def test_a_document_outside_of_the_folder_is_copied(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TABLE, "utf-8")
    assert run(["init", "--from", "a.md", "project"], tmp_path).exit_code == OK
    assert (tmp_path / "project" / "a.md").read_text("utf-8") == TABLE


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(TABLE, "utf-8")
    result = run(["init", "--from", "one/a.md", "--from", "two/a.md", "project"], tmp_path)
    assert result.exit_code == USAGE
    assert not (tmp_path / "project").exists()


def test_a_document_that_is_no_text_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xfe|")
    assert run(["init", "--from", "a.md", "project"], tmp_path).exit_code == USAGE
    assert not (tmp_path / "project").exists()


def test_the_address_of_the_api_server_goes_below_the_key_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TABLE.replace("Redis", "Kubernetes API"), "utf-8")
    run(["init", "--from", "a.md"], tmp_path)
    settings = tmp_path / "egressc.yaml"
    text = settings.read_text("utf-8").replace("#   apiServer", "  apiServer").replace("<address>", "192.0.2.1/32")
    settings.write_text(text, "utf-8")
    assert "EG314" not in run(["compile"], tmp_path).stderr
    assert yaml.safe_load(text)["cluster"].keys() == {"dns", "apiServer"}


def test_a_document_never_gives_way_to_another_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TABLE, "utf-8")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "a.md").write_text("other", "utf-8")
    assert run(["init", "--from", "a.md", "project"], tmp_path).exit_code == USAGE
    assert (tmp_path / "project" / "a.md").read_text("utf-8") == "other"
