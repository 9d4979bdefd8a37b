"""A finding in plain data: the path it is about, and how to say it once the path is a place in a text.

Checks that find nothing need no places: a fleet of values files is checked as plain data, and only a file with findings
is read again with the place of every value.
"""

from collections.abc import Callable
from typing import NamedTuple

from egressc.diagnostics.core import Diagnostic
from egressc.source import Span

Path = tuple[str | int, ...]
# Makes the diagnostic from the place of the path and, where there is one, of the related path.
Say = Callable[[Span, Span | None], Diagnostic]


class Finding(NamedTuple):
    """With `at_key` the place is the key that ends the path, else the value there."""

    path: Path
    say: Say
    at_key: bool = False
    related: Path | None = None
