"""EG209, EG218-EG229: columns and cells that say less, more or something else than a row can grant."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located

# Names that help lists before it only counts.
_MOST_NAMES = 3


@code("EG221", Severity.ERROR, "A cell that names one thing holds several.")
def several_names(code: Code, names: Located[Sequence[str]], column: str) -> Diagnostic:
    shown = ", ".join(f'"{name}"' for name in names.value[:_MOST_NAMES])
    more = ", \u2026" if len(names.value) > _MOST_NAMES else ""
    return Diagnostic(
        code,
        f'cell under "{column}" holds {len(names.value)} names: a row is about one',
        Label(names.span, "one name is read here"),
        help=f"write a row for each: {shown}{more}; where it is one name, write it on one line, without separators",
    )
