"""Reports for code scanning: SARIF 2.1.0.

Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import json
from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity
from egressc.renderers.findings import fingerprints, uri_of
from egressc.renderers.json import region
from egressc.renderers.proof import ProofSummary, lay_out_proof
from egressc.renderers.status import FleetStatus, lay_out_status

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "egressc/v1"
_DOCUMENTATION = "https://github.com/egressc/egressc/blob/main/docs/diagnostics.md"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(
    diagnostics: Sequence[Diagnostic],
    codes: Sequence[Code],
    *,
    tool_version: str,
    folder: str = "",
    proof: ProofSummary | None = None,
    status: FleetStatus | None = None,
) -> str:
    """Lay out sorted diagnostics as one run whose rules are all `codes`, so a rule's index never depends on findings.

    Args:
        diagnostics: sorted, as every output shows them.
        codes: the whole registry, in order of id.
        tool_version: version of egressc.
        folder: where source names start, as a path from the root of the repository; empty for the root itself.
        proof: what it came to, where the command asked for one; it goes into the run's properties.
        status: likewise.
    """
    index = {code.id: position for position, code in enumerate(codes)}
    results = [
        _result(diagnostic, index[diagnostic.code.id], fingerprint, folder)
        for diagnostic, fingerprint in zip(diagnostics, fingerprints(diagnostics, folder), strict=True)
    ]
    properties = {
        **({} if proof is None else {"proof": lay_out_proof(proof)}),
        **({} if status is None else {"status": lay_out_status(status)}),
    }
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "egressc", "version": tool_version, "rules": [_rule(code) for code in codes]}
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
                **({"properties": properties} if properties else {}),
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _rule(code: Code) -> dict[str, object]:
    return {
        "id": code.id,
        "name": "".join(word.capitalize() for word in code.slug.split("-")),
        "shortDescription": {"text": code.summary},
        "help": {"text": f"{code.summary} `egressc rule {code.id}` shows an example and the repair."},
        "helpUri": f"{_DOCUMENTATION}#{code.id.lower()}-{code.slug}",
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str, folder: str) -> dict[str, object]:
    text = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
    result: dict[str, object] = {
        "ruleId": diagnostic.code.id,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.code.severity],
        "message": {"text": text},
        "locations": [_location(diagnostic.primary, folder)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_location(label, folder)} for number, label in enumerate(diagnostic.related, 1)
        ]
    return result


def _location(label: Label, folder: str) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": uri_of(label.span.source.name, folder)}}
    if label.span.source.text:
        physical["region"] = region(label.span)
    location: dict[str, object] = {"physicalLocation": physical}
    if label.text:
        location["message"] = {"text": label.text}
    return location
