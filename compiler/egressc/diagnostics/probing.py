"""EG658 to EG661: connections that were tried for real, and what they show about a service's policy."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span


@code("EG658", Severity.ERROR, "A tried connection contradicts the sources.")
def probe_contradiction(
    code: Code, place: Span, connection: str, contradiction: str, cause: str, repair: str, *, service: str
) -> Diagnostic:
    """`contradiction` says what was seen, `cause` what the live policies say about that; `repair` may be ""."""
    return Diagnostic(
        code, f'"{service}" to {connection}: {contradiction}', Label(place, cause), help=repair, service=service
    )


@code("EG659", Severity.WARNING, "A probe is inconclusive: the other end did not answer.")
def probe_inconclusive(code: Code, place: Span, connection: str, reason: str, help: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code, f'"{service}" to {connection} proves nothing: {reason}', Label(place), help=help, service=service
    )


@code("EG660", Severity.ERROR, "The pods that try a service's connections did not finish.")
def probe_not_run(code: Code, place: Span, reason: str, help: str, *, service: str) -> Diagnostic:
    """`reason` is the API server's or the pod's own, as far as there is one."""
    return Diagnostic(
        code, f'connections of "{service}" were not tried: {reason}', Label(place), help=help, service=service
    )


@code("EG661", Severity.ERROR, "The control pod got no answer at all, so a missing answer proves nothing.")
def probe_without_control(code: Code, place: Span, isolating: str, *, service: str) -> Diagnostic:
    """`isolating` names the policies that isolate the control pod; "" where none is known to."""
    cause = (
        f"{isolating} isolates the control pod too" if isolating else "no policy is known to isolate the control pod"
    )
    return Diagnostic(
        code,
        f'no destination of "{service}" answers the control pod, so there is no positive control',
        Label(place, cause),
        help="start the destinations, or add one that answers with --allow or --deny HOST:PORT; if a policy "
        "isolates every pod of the namespace, add a rule for pods with the label network-policy/role=control",
        service=service,
    )
