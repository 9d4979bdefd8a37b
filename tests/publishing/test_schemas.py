"""The JSON Schemas that others fetch: each has the address of its version, and SchemaStore's entry leads to one.

Source: SchemaStore's CONTRIBUTING.md and its src/schemas/json/schema-catalog.json, by which it checks entries.
"""

import json
from fnmatch import fnmatch
from typing import Any

import jsonschema
import yaml

from egressc import __version__
from support.helm_binaries import ROOT
from support.tables import each

RAW = "https://raw.githubusercontent.com/egressc/egressc"
SCHEMAS = sorted((ROOT / "schemas").iterdir())
ENTRY: dict[str, Any] = json.loads((ROOT / ".ci" / "schemastore.json").read_text("utf-8"))
# What an entry of SchemaStore's catalog is.
ENTRY_SCHEMA = {
    "type": "object",
    "required": ["name", "url", "description"],
    "properties": {
        "name": {"type": "string"},
        "description": {"type": "string", "minLength": 1},
        "fileMatch": {"type": "array", "uniqueItems": True, "minItems": 1, "items": {"type": "string"}},
        "url": {"type": "string", "pattern": "^https://"},
        "versions": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^https://"}},
    },
    "additionalProperties": False,
}


@each("path", SCHEMAS)
def test_a_schema_has_the_address_of_its_version(path: Any) -> None:
    schema = json.loads(path.read_text("utf-8"))
    assert schema["$id"] == f"{RAW}/v{__version__}/schemas/{path.name}"
    assert jsonschema.validators.validator_for(schema) is jsonschema.Draft7Validator


@each("path", SCHEMAS)
def test_a_schema_needs_no_other_file(path: Any) -> None:
    """Every reference stays inside: with an `$id`, another one would be fetched."""
    references = json.loads(path.read_text("utf-8"), object_pairs_hook=_references)
    assert {it for it in references if not it.startswith("#/definitions/")} == set()


def _references(pairs: list[tuple[str, Any]]) -> set[str]:
    found = {value for key, value in pairs if key == "$ref" and isinstance(value, str)}
    return found.union(*(_within(value) for _, value in pairs))


def _within(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_within, value))
    return value if isinstance(value, set) else set()


def test_schemas_of_charts_have_no_address() -> None:
    for path in (ROOT / "values.schema.json", *ROOT.glob("*-*/values.schema.json")):
        assert "$id" not in json.loads(path.read_text("utf-8")), "Helm knows them by their chart"


def test_the_entry_is_one_of_schemastore() -> None:
    jsonschema.validate(ENTRY, ENTRY_SCHEMA)
    assert "schema" not in ENTRY["name"].lower(), "SchemaStore's rule"
    assert ENTRY["versions"][__version__] == f"{RAW}/v{__version__}/schemas/project.schema.json"
    assert ENTRY["url"] == f"{RAW}/main/schemas/project.schema.json"


def test_the_entry_matches_project_files_and_no_other_tools_files() -> None:
    for name, is_ours in {
        "egressc.yaml": True,
        "shop.egressc.yaml": True,
        "catalog.yaml": False,
        "values.yaml": False,
    }.items():
        assert any(fnmatch(name, pattern) for pattern in ENTRY["fileMatch"]) == is_ours


def test_an_editor_accepts_the_project_file_of_this_repository() -> None:
    schema = json.loads((ROOT / "schemas" / "project.schema.json").read_text("utf-8"))
    jsonschema.validate(yaml.safe_load((ROOT / "egressc.yaml").read_text("utf-8")), schema)
