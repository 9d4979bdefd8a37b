"""Marks of a merge that nobody finished: both sides of it stand in the text, and both would be read."""

import re
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import unmerged_source
from egressc.source import Source, Span

_OURS: Final = re.compile(r"^<{7} .*$", re.MULTILINE)
_THEIRS: Final = re.compile(r"^>{7} ", re.MULTILINE)


def report_merge_marks(source: Source, report: Report) -> bool:
    """EG108 at the first conflict of a text, and whether there is one."""
    if "<<<<<<< " not in source.text:
        return False
    ours = _OURS.search(source.text)
    if ours is None or _THEIRS.search(source.text, ours.end()) is None:
        return False
    report.add(unmerged_source(Span(source, ours.start(), ours.end())))
    return True
