"""The keys that are prepared for a project file."""

import yaml

from egressc.diagnostics.core import Report
from egressc.missing.project_text import project_text
from egressc.pipeline import find_missing, read_project
from egressc.source import Source


def prepared(document: str, project: str = "") -> object:
    settings = read_project(Source("egressc.yaml", project), Report())
    text = project_text(find_missing(settings, [Source("services.md", document)], []))
    return yaml.safe_load("\n".join(it.removeprefix("# ") for it in text.splitlines() if not it.startswith("##")))


def table(heading: str, header: str, *rows: str) -> str:
    lines = [f"| {header} |", f"|{'---|' * len(header.split('|'))}", *(f"| {row} |" for row in rows)]
    return "\n".join([f"## {heading}", "", *lines, "", ""])


def test_each_cell_that_cannot_be_read_is_asked_for_once() -> None:
    rows = ("web | Redis | 9000 (or 9010) | ", "shop | Redis | 9000 (or 9010) | ")
    found = prepared(table("Flows", "From | To | Port | Notes", *rows))
    assert found == {"tables": {"readAs": {"9000 (or 9010)": "<what it means>"}}}


def test_blank_cells_are_a_key_of_their_table() -> None:
    found = prepared(table("Who needs whom", "Service | Dependencies", "web | Redis", " | Kafka"))
    assert found == {"tables": {"at": {"Who needs whom": {"blank": "as above"}}}}


def test_a_blank_verdict_is_one_too() -> None:
    rows = ("web | Redis | 80 | yes", "web | Kafka | 80 | ")
    found = prepared(table("Flows", "From | To | Port | Allowed", *rows))
    assert found == {"tables": {"at": {"Flows": {"blank": {"Allowed": "<what it means>"}}}}}


def test_a_table_that_is_not_read_lists_its_headers() -> None:
    rows = ("Redis | 6379",)
    found = prepared(table("Flows", "To | Port | Allowed | Direction", *rows).replace("| To |", "| Service |"))
    assert isinstance(found, dict)
    (row,) = found["tables"]["at"]
    assert row == "Service | Port | Allowed | Direction"
    assert found["tables"]["at"][row]["columns"].keys() == {"Service", "Port", "Allowed", "Direction"}


def test_two_keys_of_one_table_are_one_entry() -> None:
    rows = ("web | Redis | 80 | yes", " | Kafka | 80 | ")
    found = prepared(table("Flows", "From | To | Port | Allowed", *rows))
    assert isinstance(found, dict)
    assert found["tables"]["at"].keys() == {"Flows"}


def test_a_table_in_another_language_is_no_obstacle() -> None:
    document = table("A", "Dienst | Benötigt", "web | Kubernetes API")
    assert prepared(document) == {
        "cluster": {"apiServer": {"addresses": ["<address>"], "port": 6443}},
    }


def test_headers_that_are_almost_known_go_below_their_role() -> None:
    found = prepared(table("A", "Service | Dependency 1 | Dependency 2", "web | a | b"))
    assert found == {"tables": {"headers": {"dependencies": ["Dependency 1", "Dependency 2"]}}}
