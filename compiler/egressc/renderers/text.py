"""Reports for people: message, place, the line with carets under the span, related places, help."""

from collections import Counter
from collections.abc import Sequence

from egressc.diagnostics.core import Diagnostic, Label, Severity
from egressc.diagnostics.phrases import say_count
from egressc.renderers.excerpts import excerpt, printable

WIDTH = 120
# A large document can give a warning per row; nobody reads past the first screens of them.
LIMIT = 1000

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_FRAME = "\x1b[1;34m"
_COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.NOTE: "\x1b[1;36m"}


def render_text(
    diagnostics: Sequence[Diagnostic], *, colour: bool = False, width: int = WIDTH, limit: int = LIMIT
) -> str:
    """Lay out sorted diagnostics and the summary line; empty for none. `width` counts character cells of an excerpt.

    Past `limit` findings the rest is counted, not shown: the JSON and SARIF forms hold all.
    """
    if not diagnostics:
        return ""
    blocks = [render_finding(diagnostic, colour=colour, width=width) for diagnostic in diagnostics[:limit]]
    if len(diagnostics) > limit:
        blocks.append(f"{len(diagnostics) - limit} more not shown; --format json lists every one\n")
    blocks.append(summary(diagnostics) + "\n")
    return "\n".join(blocks)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """How many of each kind, such as "2 errors, 1 warning"; empty for none."""
    counts = Counter(diagnostic.code.severity for diagnostic in diagnostics)
    return ", ".join(say_count(counts[severity], severity) for severity in Severity if counts[severity])


def render_finding(diagnostic: Diagnostic, *, colour: bool = False, width: int = WIDTH) -> str:
    """Lay out one, as `render_text` does."""
    severity = diagnostic.code.severity
    mark = _COLOURS[severity]
    labels = (diagnostic.primary, *diagnostic.related)
    gutter = max(len(str(label.span.line)) for label in labels)
    head = _paint(f"{severity}[{diagnostic.code.id}]", mark, colour=colour)
    lines = [head + _paint(f": {printable(diagnostic.message)}", _BOLD, colour=colour)]
    for label in labels:
        primary = label is diagnostic.primary
        lines += _place(
            label,
            gutter,
            "^" if primary else "-",
            mark if primary else _FRAME,
            first=primary,
            colour=colour,
            width=width,
        )
    if diagnostic.help:
        first, *more = diagnostic.help.splitlines()
        frame = " " * (gutter + 1)
        lines.append(f"{frame}{_paint('= help:', _FRAME, colour=colour)} {printable(first)}")
        lines += [f"{frame}        {printable(line)}" for line in more]
    return "\n".join(lines) + "\n"


def _place(label: Label, gutter: int, caret: str, mark: str, *, first: bool, colour: bool, width: int) -> list[str]:
    arrow = " " * gutter + _paint("-->", _FRAME, colour=colour)
    if not label.span.source.text:
        # A file as a whole: missing, unreadable or empty. There is no line to show.
        words = f": {printable(label.text)}" if label.text else ""
        return [f"{arrow} {printable(label.span.source.name)}{words}"]
    bar = " " * (gutter + 1) + _paint("|", _FRAME, colour=colour)
    number = _paint(f"{label.span.line:>{gutter}} |", _FRAME, colour=colour)
    shown = excerpt(label.span, width)
    carets = caret * shown.mark_width + (f" {printable(label.text)}" if label.text else "")
    lines = [f"{arrow} {printable(str(label.span))}"]
    if first:
        lines.append(bar)
    lines.append(f"{number} {shown.text}".rstrip())
    lines.append(f"{bar} {' ' * shown.mark}{_paint(carets, mark, colour=colour)}")
    return lines


def _paint(text: str, paint: str, *, colour: bool) -> str:
    return f"{paint}{text}{_RESET}" if colour else text
