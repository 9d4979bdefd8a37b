"""What came of a service's connections as TAP 14: a test for DNS, for each connection, and for what was not tried.

Source: testanything.org, "TAP 14 specification": `#` and `\\` are escaped in descriptions, a YAML block follows its
test. JSON texts stand for YAML ones there.
"""

import json
from collections.abc import Iterator, Mapping

from egressc.renderers.excerpts import printable
from egressc.renderers.probes import NOT_OK, OK, ProbeReport, Tried


def render_tap(report: ProbeReport) -> str:
    """What proves nothing is a skipped test: it has not failed, and nobody should count on it."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: ProbeReport) -> Iterator[str]:
    dns = report.dns
    yield "TAP version 14"
    yield f"1..{1 + len(report.connections) + len(report.skipped)}"
    resolves = "resolves" if dns.expect == "allow" else "does not resolve"
    yield _test(1, f"DNS: a name of the cluster {resolves}", dns.verdict, dns.words)
    yield from _block({"subject": dns.subject, "control": dns.control, "reason": dns.reason})
    number = 1
    for it in report.connections:
        number += 1
        words = f"{it.expect} {it.key}: {it.name} at {it.host} {it.port}/{it.protocol}: {it.subject}"
        yield _test(number, words, it.verdict, it.words)
        yield from _block(_members(it))
    for left in report.skipped:
        number += 1
        yield _test(number, f"{left.expect} {left.name} {left.port}", "", left.reason)
        yield from _block({"row": left.row})


def _test(number: int, words: str, verdict: str, reason: str) -> str:
    result = NOT_OK if verdict == NOT_OK else OK
    skip = "" if verdict in (OK, NOT_OK) else f" # SKIP {_escaped(reason)}"
    return f"{result} {number} - {_escaped(words)}{skip}"


def _members(it: Tried) -> Mapping[str, object]:
    members: dict[str, object] = {
        "key": it.key,
        "expect": it.expect,
        "host": it.host,
        "port": it.port,
        "protocol": it.protocol,
        "subject": it.subject,
        "control": it.control,
        "reason": it.reason,
        "message": it.words,
        "row": it.row,
    }
    return members | {name: text for name, text in (("cause", it.cause), ("repair", it.repair)) if text}


def _block(members: Mapping[str, object]) -> Iterator[str]:
    yield "  ---"
    for name, value in members.items():
        yield f"  {name}: {json.dumps(value)}"
    yield "  ..."


def _escaped(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("#", "\\#")
