"""EG6xx: Helm, the chart, and what comes out of them."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located, Span


@code("EG601", Severity.ERROR, "The helm program that was asked for is not there.")
def helm_not_found(code: Code, program: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'there is no program "{program.value}" to render with',
        Label(program.span, "no such program"),
        help="name the helm binary with --helm or EGRESSC_HELM, or leave both out to use the embedded Helm",
    )


@code("EG602", Severity.ERROR, "The helm program that was asked for does not answer as Helm 3.17 or later does.")
def helm_unusable(code: Code, program: Located[str], oldest: str, answer: str) -> Diagnostic:
    """`answer` is what the program printed when asked for its version; it may be empty."""
    said = f'it answers "{answer}"' if answer else "it gives no version"
    return Diagnostic(
        code,
        f'"{program.value}" is not a Helm that can render the chart: {said}',
        Label(program.span, f"not Helm {oldest} or later"),
        help=f"name a helm binary of version {oldest} or later with --helm or EGRESSC_HELM",
    )


@code("EG603", Severity.ERROR, "The embedded Helm cannot be loaded on this machine.")
def no_embedded_helm(code: Code, choice: Located[str], reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"the embedded Helm cannot be loaded: {reason}",
        Label(choice.span),
        help="its library is built for glibc Linux on amd64, macOS and Windows; elsewhere name a helm binary with "
        "--helm or EGRESSC_HELM",
    )


@code("EG604", Severity.ERROR, "There is no chart where one is expected, or Helm cannot load it.")
def unusable_chart(code: Code, chart: Located[str], reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{chart.value}" is not a chart that Helm can load: {reason}',
        Label(chart.span),
        help="name a folder that holds Chart.yaml and, in charts/, the library chart network-policy",
    )


@code("EG605", Severity.ERROR, "Helm cannot read a values file as one YAML mapping.")
def unreadable_values(code: Code, place: Span, reason: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the values of "{service}" cannot be read: {reason}',
        Label(place),
        help="write one YAML mapping, or an empty file",
        service=service,
    )


@code("EG606", Severity.ERROR, "The chart refuses the values of a service: its schema or its own checks say why.")
def refused_values(code: Code, place: Span, reasons: str, *, service: str) -> Diagnostic:
    """`reasons` is what Helm says, one problem a line."""
    return Diagnostic(code, f'the chart refuses the values of "{service}"', Label(place), help=reasons, service=service)


@code("EG607", Severity.ERROR, "Helm fails on a release for a reason that is not in its values.")
def failed_render(code: Code, place: Span, reason: str, *, service: str) -> Diagnostic:
    """`reason` is what Helm says, in full."""
    return Diagnostic(code, f'helm cannot render "{service}"', Label(place), help=reason, service=service)
