"""EG4xx: allowances: they have to hide something, and cannot hide an error."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located


@code("EG416", Severity.WARNING, "An allowance allows nothing that was found.")
def idle_allowance(code: Code, allowed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"allowance of {allowed.value} hides nothing",
        Label(allowed.span, "nothing to allow"),
        help="remove it",
    )


@code("EG417", Severity.ERROR, "An allowance names a code that cannot be allowed.")
def unallowable(code: Code, allowed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"{allowed.value} is an error and cannot be allowed",
        Label(allowed.span, "an error"),
        help="repair what it points at; only warnings and notes can be allowed",
    )
