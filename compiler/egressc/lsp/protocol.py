"""Our values in the terms of the protocol: positions, diagnostics, edits."""

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.workspace import PositionCodec

from egressc.diagnostics.core import Diagnostic, Repair, Severity
from egressc.source import Source, Span

_DOCUMENTATION: Final = "https://github.com/egressc/egressc/blob/main/docs/diagnostics.md"
_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
# The protocol ends a line with CR alone, too; our sources do not.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
# Of one file; nobody looks at more, and each is sent again after every change.
MOST_SHOWN: Final = 1000

UriOf = Callable[[Source], str]
"""Gives the URI of the file that a source was read from."""


def path_of(uri: str) -> str:
    """The path of a file without links; empty for what is no file, such as a document that was never saved."""
    parts = urlsplit(uri)
    path = unquote(parts.path)
    return os.path.realpath(path) if parts.scheme == "file" and path.startswith("/") and "\0" not in path else ""


def file_uri(path: str) -> str:
    return Path(path).as_uri()


class Positions:
    """Offsets of texts, in code points, as positions in the units that the client counts in."""

    def __init__(self, codec: PositionCodec) -> None:
        self._codec = codec

    def position(self, text: str, offset: int) -> types.Position:
        starts = _line_starts(text)
        line = _line_of(starts, offset)
        return types.Position(line, self._codec.client_num_units(text[starts[line] : offset]))

    def range(self, span: Span) -> types.Range:
        text = span.source.text
        end = min(span.end, len(text))
        return types.Range(self.position(text, min(span.start, end)), self.position(text, end))

    def offset(self, text: str, position: types.Position) -> int:
        """The offset of a position; of one past the end of its line, or of the text, that end."""
        starts = _line_starts(text)
        if position.line >= len(starts):
            return len(text)
        start = starts[position.line]
        end = starts[position.line + 1] if position.line + 1 < len(starts) else len(text)
        line = text[start:end].rstrip("\r\n")
        left = position.character
        for number, letter in enumerate(line):
            if left <= 0:
                return start + number
            left -= self._codec.client_num_units(letter)
        return start + len(line)

    def diagnostic(self, found: Diagnostic, uri_of: UriOf, *, with_related: bool) -> types.Diagnostic:
        related = [
            types.DiagnosticRelatedInformation(self.location(label.span, uri_of), label.text or "see here")
            for label in found.related
        ]
        slug = f"{found.code.id.lower()}-{found.code.slug}"
        return types.Diagnostic(
            self.range(found.primary.span),
            found.message + (f"\nhelp: {found.help}" if found.help else ""),
            _SEVERITIES[found.code.severity],
            code=found.code.id,
            code_description=types.CodeDescription(f"{_DOCUMENTATION}#{slug}"),
            source="egressc",
            related_information=related if with_related and related else None,
        )

    def location(self, span: Span, uri_of: UriOf) -> types.Location:
        return types.Location(uri_of(span.source), self.range(span))

    def action(self, repair: Repair, shown: types.Diagnostic, uri_of: UriOf, *, is_only: bool) -> types.CodeAction:
        changes: dict[str, list[types.TextEdit]] = {}
        for span, text in repair.edits:
            changes.setdefault(uri_of(span.source), []).append(types.TextEdit(self.range(span), text))
        many = f" in {len(repair.edits)} places" if len(repair.edits) > 1 else ""
        return types.CodeAction(
            f"{repair.title[:1].upper()}{repair.title[1:]}{many}",
            types.CodeActionKind.QuickFix,
            [shown],
            is_preferred=is_only,
            edit=types.WorkspaceEdit(changes),
        )


def problem(message: str) -> types.Diagnostic:
    """What keeps a project from being compiled, if no place of a file is the reason."""
    return types.Diagnostic(
        types.Range(types.Position(0, 0), types.Position(0, 0)),
        message,
        types.DiagnosticSeverity.Error,
        source="egressc",
    )


def touches(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end


def is_wanted(kinds: Iterable[types.CodeActionKind | str] | None) -> bool:
    """Whether a client asks for quick fixes, perhaps among others."""
    return kinds is None or any(it in ("", types.CodeActionKind.QuickFix) for it in kinds)


@lru_cache(maxsize=16)
def _line_starts(text: str) -> list[int]:
    return [0, *(it.end() for it in _LINE_END.finditer(text))]


def _line_of(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1
