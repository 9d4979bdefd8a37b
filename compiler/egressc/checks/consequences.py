"""Findings that only follow from another one: a reader repairs the cause, and they are gone."""

from collections.abc import Mapping, Sequence

from egressc.diagnostics.core import Diagnostic, Family
from egressc.source import Span


def without_consequences(findings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The findings without what a cell means (EG2xx, EG3xx) where its text can't be read (EG1xx)."""
    unread: dict[str, list[Span]] = {}
    for found in findings:
        if found.code.family is Family.TEXT:
            unread.setdefault(found.primary.span.source.name, []).append(found.primary.span)
    return [it for it in findings if not _follows(it, unread)] if unread else findings


def _follows(found: Diagnostic, unread: Mapping[str, Sequence[Span]]) -> bool:
    at = found.primary.span
    return found.code.family in (Family.VALUE, Family.NAME) and any(
        at.start < span.end and span.start < at.end for span in unread.get(at.source.name, ())
    )
