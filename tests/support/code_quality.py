"""Code Quality reports against their format.

Source: docs.gitlab.com, "Code Quality report format": `description`, `check_name`, `fingerprint`, `severity`,
`location.path` and `location.lines.begin`. GitLab's own schema has fewer demands.
"""

import json
from typing import Any

from jsonschema_rs import Draft202012Validator


def _object(**properties: object) -> dict[str, object]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


_TEXT = {"type": "string", "minLength": 1}
_VIOLATION = _object(
    description=_TEXT,
    check_name=_TEXT,
    fingerprint=_TEXT,
    severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
    location=_object(
        # Relative to the root of the repository, and not out of it.
        path={"type": "string", "pattern": r"^(?!/|\./|\.\./)."},
        lines=_object(begin={"type": "integer", "minimum": 1}),
    ),
)
_SCHEMA = Draft202012Validator({"type": "array", "items": _VIOLATION})


def read_code_quality(text: str) -> list[dict[str, Any]]:
    """The violations of a report, once it agrees with the format. GitLab shows one of each fingerprint."""
    document: list[dict[str, Any]] = json.loads(text)
    found = [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in _SCHEMA.iter_errors(document)]
    assert found == []
    assert len({it["fingerprint"] for it in document}) == len(document)
    return document
