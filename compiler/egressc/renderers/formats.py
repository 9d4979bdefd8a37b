"""Findings in the format that a reader asks for."""

from collections.abc import Callable, Sequence
from typing import Literal, assert_never

from egressc import __version__
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.registry import all_codes
from egressc.renderers.gitlab import render_gitlab
from egressc.renderers.json import render_json
from egressc.renderers.junit import render_junit
from egressc.renderers.proof import ProofSummary
from egressc.renderers.sarif import render_sarif
from egressc.renderers.status import FleetStatus
from egressc.renderers.text import render_text

Format = Literal["text", "json", "sarif", "gitlab", "junit"]


def lay_out_findings(
    found: Sequence[Diagnostic],
    form: Format,
    folder: str,
    fails: Callable[[Diagnostic], bool],
    proof: ProofSummary | None,
    status: FleetStatus | None,
) -> str:
    """The findings, and what a proof or a comparison with the cluster came to.

    Args:
        folder: path of the project from the root of its repository.
        fails: whether a finding is why a command fails.
    """
    match form:
        case "text":
            return render_text(found)
        case "json":
            return render_json(found, tool_version=__version__, proof=proof, status=status)
        case "sarif":
            codes = all_codes()
            return render_sarif(found, codes, tool_version=__version__, folder=folder, proof=proof, status=status)
        case "gitlab":
            return render_gitlab(found, folder=folder)
        case "junit":
            return render_junit(found, fails, folder=folder)
    assert_never(form)
