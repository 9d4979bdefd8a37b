"""EG447, EG448 and EG608: what a kind of policy cannot express, or the chart cannot render."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import say_allow
from egressc.source import Span


@code("EG447", Severity.ERROR, "The dialect cannot express what a row asks for.")
def unsupported_feature(
    code: Code, place: Span, name: str, feature: str, dialect: str, reason: str, *, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" needs {feature}, which {dialect} cannot express: {reason}',
        Label(place, f"needs {feature}"),
        help=f"ask for it without {feature}, or write another `dialect` under cluster in the project file",
        service=service,
        destination=destination,
    )


@code("EG448", Severity.WARNING, "The dialect expresses what a row asks for approximately.")
def approximate_feature(
    code: Code, place: Span, name: str, feature: str, dialect: str, reason: str, *, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name}" needs {feature}, which {dialect} expresses approximately: {reason}',
        Label(place, "approximate"),
        help=f"ask for it without {feature}, or {say_allow(code)}",
        service=service,
        destination=destination,
    )


@code("EG608", Severity.ERROR, "The chart of this egressc does not render the dialect of the project.")
def unrendered_dialect(code: Code, place: Span, dialect: str, rendered: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the chart of egressc does not render the dialect "{dialect}"',
        Label(place, "not rendered"),
        help=f"write `dialect: {rendered}`, or the path of a chart that renders {dialect} as `chart`; "
        "`egressc verify --manifests` proves manifests from elsewhere",
    )
