"""Which findings a report shows, and how other tools know them from run to run: by place, and without lines."""

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from egressc.diagnostics.core import Diagnostic, Report, Severity
from egressc.diagnostics.limits import more_findings

# How many warnings or notes of one code are shown.
MOST_SHOWN = 200


def shown(report: Report) -> list[Diagnostic]:
    """What a report shows, in order: all errors, the first warnings and notes of a code, and how many more (EG423)."""
    diagnostics = report.sorted()
    by_code: dict[str, list[Diagnostic]] = {}
    for found in diagnostics:
        if found.code.severity is not Severity.ERROR:
            by_code.setdefault(found.code.id, []).append(found)
    left_out: set[int] = set()
    notes = Report()
    for code, found_of_it in by_code.items():
        rest = found_of_it[MOST_SHOWN:]
        more = len(rest) + report.surplus.get(code, 0)
        if more:
            left_out.update(map(id, rest))
            last = found_of_it[:MOST_SHOWN][-1].primary.span
            notes.add(more_findings(code, last, min(len(found_of_it), MOST_SHOWN), more))
    if not left_out and not notes.diagnostics:
        return diagnostics
    notes.extend(found for found in diagnostics if id(found) not in left_out)
    return notes.sorted()


def path_of(name: str, folder: str) -> str:
    """Path of a source from the root of the repository, of which `folder` is a path; an absolute one stays as it is."""
    return name if posixpath.isabs(name) else posixpath.normpath(posixpath.join(folder, name))


def uri_of(name: str, folder: str) -> str:
    path = path_of(name, folder)
    return ("file://" if posixpath.isabs(path) else "") + quote(path, errors="surrogateescape")


def fingerprints(diagnostics: Sequence[Diagnostic], folder: str) -> list[str]:
    """One for each finding, in order; findings that are alike otherwise are counted."""
    seen: Counter[str] = Counter()
    found = []
    for diagnostic in diagnostics:
        identity = _identity(diagnostic, folder)
        seen[identity] += 1
        found.append(f"{identity}:{seen[identity]}")
    return found


def _identity(diagnostic: Diagnostic, folder: str) -> str:
    """What makes a finding the same one in the next run: never a line number.

    A finding about neither a service nor a destination is known by its file and the text it points at.
    """
    parts = [diagnostic.code.id, diagnostic.service, diagnostic.destination]
    if not (diagnostic.service or diagnostic.destination):
        parts += [uri_of(diagnostic.primary.span.source.name, folder), diagnostic.primary.span.text]
    content = json.dumps(parts, ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()[:32]
