"""Reports for merge requests on GitLab: Code Quality.

Source: docs.gitlab.com, "Code Quality report format".
"""

import json
from collections.abc import Sequence

from egressc.diagnostics.core import Diagnostic, Severity
from egressc.renderers.excerpts import printable
from egressc.renderers.findings import fingerprints, path_of

_SEVERITIES = {Severity.ERROR: "blocker", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render_gitlab(diagnostics: Sequence[Diagnostic], *, folder: str = "") -> str:
    """Lay out sorted diagnostics as a list of violations; GitLab shows one of each fingerprint.

    `folder`: where source names start, as a path from the root of the repository; empty for the root itself.
    """
    violations = [
        _violation(diagnostic, fingerprint, folder)
        for diagnostic, fingerprint in zip(diagnostics, fingerprints(diagnostics, folder), strict=True)
    ]
    return json.dumps(violations, indent=2, ensure_ascii=True) + "\n"


def _violation(diagnostic: Diagnostic, fingerprint: str, folder: str) -> dict[str, object]:
    span = diagnostic.primary.span
    help = f"; {' '.join(diagnostic.help.split())}" if diagnostic.help else ""
    return {
        "description": printable(diagnostic.message + help),
        "check_name": f"{diagnostic.code.id} {diagnostic.code.slug}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.code.severity],
        "location": {"path": printable(path_of(span.source.name, folder)), "lines": {"begin": span.line}},
    }
