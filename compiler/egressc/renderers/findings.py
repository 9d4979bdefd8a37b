"""Findings as other tools know them from run to run: their place in the repository, and a fingerprint without lines."""

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from egressc.diagnostics.core import Diagnostic


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
