"""Findings that only follow from another one: a reader repairs the cause, and they are gone."""

from collections.abc import Mapping, Sequence

from egressc.diagnostics.core import Diagnostic, Report
from egressc.source import Span


def drop_consequences(report: Report) -> None:
    """Take what a cell means (EG2xx, EG3xx) out of the report where its text can't be read (EG1xx)."""
    unread: dict[str, list[Span]] = {}
    for found in report.diagnostics:
        if found.code.id.startswith("EG1"):
            unread.setdefault(found.primary.span.source.name, []).append(found.primary.span)
    if unread:
        report.diagnostics[:] = [it for it in report.diagnostics if not _follows(it, unread)]


def _follows(found: Diagnostic, unread: Mapping[str, Sequence[Span]]) -> bool:
    at = found.primary.span
    return found.code.id.startswith(("EG2", "EG3")) and any(
        at.start < span.end and span.start < at.end for span in unread.get(at.source.name, ())
    )
