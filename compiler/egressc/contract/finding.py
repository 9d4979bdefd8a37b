"""A finding in plain data: the path it is about, and how to say it once the path is a place in a text.

Checks that find nothing need no places: a fleet of values files is checked as plain data, and only a file with findings
is read again with the place of every value.
"""

from collections.abc import Callable
from typing import NamedTuple

from egressc.diagnostics.core import Diagnostic
from egressc.source import Span

Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """`say` makes the diagnostic from the place. With `at_key` that is the key that ends the path, else the value."""

    path: Path
    say: Callable[..., Diagnostic]
    at_key: bool = False
    related: Path | None = None

    def at(self, span: Span, related: Span | None = None) -> Diagnostic:
        return self.say(span, related=related) if related else self.say(span)
