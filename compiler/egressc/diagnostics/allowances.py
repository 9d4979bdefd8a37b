"""EG4xx: allowances: they must hide a finding, and cannot hide an error."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located


@code("EG416", Severity.WARNING, "An allowance is unused.")
def unused_allowance(code: Code, allowed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"allowance of {allowed.value} is unused",
        Label(allowed.span, "nothing to allow"),
        help="remove it",
    )


@code("EG417", Severity.ERROR, "An allowance is for a code that cannot be allowed.")
def unallowable(code: Code, allowed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"{allowed.value} is an error and cannot be allowed",
        Label(allowed.span, "an error"),
        help="remove it, and the error that it is for: only warnings, notes and EG474 can be allowed",
    )
