"""SARIF against the schema of its standard, and against what that schema cannot say and code scanning asks for."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft4Validator, Draft7Validator


@cache
def _schema() -> Draft4Validator:
    text = (Path(__file__).parent / "sarif-schema-2.1.0.json").read_text("utf-8")
    # The schema is of draft 4, and asks for a format that came with draft 6.
    reference = Draft7Validator({"format": "uri-reference"}, validate_formats=True)
    return Draft4Validator(json.loads(text), validate_formats=True, formats={"uri-reference": reference.is_valid})


def read_sarif(text: str) -> dict[str, Any]:
    """The one run of a log, once both agree with it."""
    document = json.loads(text)
    found = [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in _schema().iter_errors(document)]
    assert found == []
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]
        assert len(result["locations"]) == 1
    checked: dict[str, Any] = run
    return checked
