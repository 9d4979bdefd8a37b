"""EG6xx: Helm, the chart, and what comes out of them."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located, Span


@code("EG601", Severity.ERROR, "The requested helm program does not exist.")
def helm_not_found(code: Code, program: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'program "{program.value}" does not exist',
        Label(program.span, "not found"),
        help="write the path of a helm binary to --helm or EGRESSC_HELM, or remove both to use the embedded Helm",
    )


@code("EG602", Severity.ERROR, "The requested helm program is not Helm 3.17 or later.")
def helm_unusable(code: Code, program: Located[str], oldest: str, answer: str) -> Diagnostic:
    """`answer` is what the program printed when asked for its version; it may be empty."""
    said = f'it answers "{answer}"' if answer else "it prints no version"
    return Diagnostic(
        code,
        f'"{program.value}" is not a Helm that can render the chart: {said}',
        Label(program.span, f"not Helm {oldest} or later"),
        help=f"write the path of Helm {oldest} or later to --helm or EGRESSC_HELM",
    )


@code("EG603", Severity.ERROR, "The embedded Helm cannot be loaded on this machine.")
def no_embedded_helm(code: Code, choice: Located[str], reason: str, *, is_installed: bool) -> Diagnostic:
    """`is_installed`: whether it is there at all; egressc-core is installed without it."""
    if is_installed:
        message = f"the embedded Helm cannot be loaded: {reason}"
        more = ": the embedded Helm runs on glibc Linux (amd64), macOS and Windows only"
    else:
        message = "the embedded Helm is not installed"
        more = ', or "binary" for helm from PATH; or install the embedded Helm: pip install "egressc-core[helm]"'
    return Diagnostic(
        code,
        message,
        Label(choice.span),
        help=f"write the path of a helm binary to --helm or EGRESSC_HELM{more}",
    )


@code("EG604", Severity.ERROR, "The chart does not exist, or Helm cannot load it.")
def unusable_chart(code: Code, chart: Located[str], reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{chart.value}" is not a chart that Helm can load: {reason}',
        Label(chart.span),
        help="write the path of a folder with Chart.yaml and, in charts/, the library chart network-policy",
    )


@code("EG605", Severity.ERROR, "Helm cannot read a values file as a YAML mapping.")
def unreadable_values(code: Code, place: Span, reason: str, *, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'values of "{service}" cannot be read: {reason}',
        Label(place),
        help="write one YAML mapping, or an empty file",
        service=service,
    )


@code("EG606", Severity.ERROR, "The chart refuses the values of a service, by its schema or its own checks.")
def refused_values(code: Code, place: Span, reasons: str, *, service: str) -> Diagnostic:
    """`reasons` is what Helm says, one problem a line."""
    return Diagnostic(code, f'chart refuses the values of "{service}"', Label(place), help=reasons, service=service)


@code("EG607", Severity.ERROR, "Helm fails on a release for a reason that is not in its values.")
def failed_render(code: Code, place: Span, reason: str, *, service: str) -> Diagnostic:
    """`reason` is what Helm says, in full."""
    return Diagnostic(code, f'helm cannot render "{service}"', Label(place), help=reason, service=service)
