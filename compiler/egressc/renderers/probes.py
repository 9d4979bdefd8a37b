"""What came of a service's connections, as plain words in order; laid out as a table and as JSON.

Nothing here is safe for any format yet: each renderer escapes what it writes.
"""

from dataclasses import dataclass

from egressc.renderers.document import render_document
from egressc.renderers.excerpts import printable

SHAPE_VERSION = 1
OK, NOT_OK = "ok", "not ok"


@dataclass(frozen=True, slots=True)
class Tried:
    """One connection. `subject` and `control` are what the two pods saw, `verdict` is ok, not ok or inconclusive.

    `reason` is a word for programs, `words` say it; `cause` and `repair` are "" unless the verdict is not ok.
    """

    key: str
    expect: str
    name: str
    host: str
    port: int
    protocol: str
    subject: str
    control: str
    verdict: str
    reason: str
    words: str
    row: str
    cause: str = ""
    repair: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """DNS, before all else: whether a name of the cluster resolves for either pod. `expect` is of the subject."""

    subject: str
    control: str
    verdict: str
    reason: str
    words: str
    expect: str = "allow"


@dataclass(frozen=True, slots=True)
class LeftOutRecord:
    """What was not tried, and why; `port` as tables write it."""

    expect: str
    name: str
    port: str
    reason: str
    row: str


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """`service` is its id; `removed`: how many pods of an earlier run that was killed were removed first."""

    service: str
    dns: LookedUp
    connections: tuple[Tried, ...]
    skipped: tuple[LeftOutRecord, ...]
    removed: int = 0


def render_probe_json(report: ProbeReport, *, tool_version: str) -> str:
    """One document; keys are stable."""
    dns = report.dns
    document = {
        "service": report.service,
        "dns": {
            "expect": dns.expect,
            "subject": dns.subject,
            "control": dns.control,
            "verdict": dns.verdict,
            "reason": dns.reason,
        },
        "connections": [
            {
                "key": it.key,
                "expect": it.expect,
                "name": it.name,
                "host": it.host,
                "port": it.port,
                "protocol": it.protocol,
                "subject": it.subject,
                "control": it.control,
                "verdict": it.verdict,
                "reason": it.reason,
                "cause": it.cause,
                "repair": it.repair,
                "row": it.row,
            }
            for it in report.connections
        ],
        "skipped": [
            {"expect": it.expect, "name": it.name, "port": it.port, "reason": it.reason, "row": it.row}
            for it in report.skipped
        ],
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def render_probe_text(report: ProbeReport) -> str:
    """A line for each connection, in columns."""
    dns = report.dns
    rows = [("verdict", "expected", "destination", "at", "service", "control", "why", "asked for in")]
    rows.append((dns.verdict, dns.expect, "DNS", "", dns.subject, dns.control, dns.words, ""))
    for it in report.connections:
        at = f"{it.host} {it.port}/{it.protocol}"
        rows.append((it.verdict, it.expect, it.name, at, it.subject, it.control, it.words, it.row))
    for left in report.skipped:
        rows.append(("not tried", left.expect, left.name, left.port, "-", "-", left.reason, left.row))
    safe = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in safe) for column in range(len(rows[0]))]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in safe)
    return "".join(f"{line}\n" for line in lines)
