"""EG9xx: defects of the compiler itself, shown with its version and the input that brought them out."""

import traceback
from types import TracebackType

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Source, Span

_PACKAGE = __file__[: -len("diagnostics/defects.py")]


class CompilerBug(Exception):
    """The compiler broke a promise of its own; `span` is the input that it was working on, where known."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.span = span


@code("EG901", Severity.ERROR, "The compiler itself failed; the input may be right or wrong.")
def compiler_defect(code: Code, error: BaseException, version: str, fallback: Span) -> Diagnostic:
    """What is shown in place of a traceback; `fallback` is the place when no input can be told from the failure."""
    found = error.span if isinstance(error, CompilerBug) else None
    found = found or _input_of(error.__traceback__)
    words = " ".join(str(error).split())
    what = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return Diagnostic(
        code,
        f"egressc {version} failed{_place_of(error.__traceback__)}: {what[:500]}",
        Label(found or fallback, "while working on this" if found else "while working on this project"),
        help="this is a defect of egressc, not of your input; report it with these lines and the source they show",
    )


def _place_of(trace: TracebackType | None) -> str:
    for frame in reversed(traceback.extract_tb(trace)):
        if frame.filename.startswith(_PACKAGE):
            inside = frame.filename.removeprefix(_PACKAGE).replace("\\", "/")
            return f" in {frame.name}, {inside}:{frame.lineno}"
    return ""


def _input_of(trace: TracebackType | None) -> Span | None:
    """The span held by the innermost function that holds one; without any, the innermost source as a whole."""
    found: Span | None = None
    source: Source | None = None
    while trace is not None:
        for value in trace.tb_frame.f_locals.values():
            if isinstance(value, Source):
                source = value
            elif isinstance(value, Span):
                found = value
            elif isinstance(held := getattr(value, "span", None), Span):
                found = held
        trace = trace.tb_next
    return found or (Span(source, 0, 0) if source is not None else None)
