"""Reports for programs: one JSON document, its shape described in docs/diagnostics.md and stable within `version`."""

from collections import Counter
from collections.abc import Sequence

from egressc.diagnostics.core import Diagnostic, Label, Severity
from egressc.renderers.document import render_document
from egressc.renderers.proof import ProofSummary, lay_out_proof
from egressc.renderers.status import FleetStatus, lay_out_status
from egressc.source import Span

SHAPE_VERSION = 1


def render_json(
    diagnostics: Sequence[Diagnostic],
    *,
    tool_version: str,
    proof: ProofSummary | None = None,
    status: FleetStatus | None = None,
) -> str:
    """Lay out sorted diagnostics. Lines and columns count from 1, columns in code points, ends exclusive.

    `proof`: what it came to, where the command asked for one; so is `status`.
    """
    counts = Counter(diagnostic.code.severity for diagnostic in diagnostics)
    document = {
        "summary": {f"{severity}s": counts[severity] for severity in Severity},
        **({} if proof is None else {"proof": lay_out_proof(proof)}),
        **({} if status is None else {"status": lay_out_status(status)}),
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in diagnostics],
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code.id,
        "name": diagnostic.code.slug,
        "severity": str(diagnostic.code.severity),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "service": diagnostic.service,
        "destination": diagnostic.destination,
        "location": _location(diagnostic.primary),
        "related": [_location(label) for label in diagnostic.related],
    }


def _location(label: Label) -> dict[str, object]:
    return {"path": label.span.source.name, **region(label.span), "label": label.text}


def region(span: Span) -> dict[str, int]:
    """Start and end of a span as lines and columns from 1; the names are SARIF's too."""
    start_line, start_column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column}
