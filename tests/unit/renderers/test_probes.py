"""What came of connections, for people and for programs."""

import json

from egressc.renderers.probes import LeftOutRecord, LookedUp, ProbeReport, Tried, render_probe_json, render_probe_text

REPORT = ProbeReport(
    "web",
    LookedUp("resolved", "resolved", "ok", "reached", "it resolves"),
    (
        Tried(
            *("redis-6379", "allow", "Redis\x1b[31m", "10.0.0.1", 6379, "TCP", "silent", "answered", "not ok"),
            *(
                "blocked",
                "no answer, and the control pod gets one",
                "services.md:3",
                "the live policies allow it",
                "look",
            ),
        ),
    ),
    (LeftOutRecord("allow", "Payments", "443/TCP", "there is no address to try", "services.md:9"),),
)


def test_a_line_for_each_in_columns_and_nothing_for_the_terminal_to_act_on() -> None:
    header, dns, redis, payments = render_probe_text(REPORT).splitlines()
    assert header.split() == [
        "verdict",
        "expected",
        "destination",
        "at",
        "service",
        "control",
        "why",
        "asked",
        "for",
        "in",
    ]
    assert dns.split()[:3] == ["ok", "allow", "DNS"]
    assert redis.startswith("not ok     allow     Redis\\x1b[31m  10.0.0.1 6379/TCP  silent")
    assert redis.endswith("services.md:3")
    assert payments.startswith("not tried  allow")
    assert redis.index("10.0.0.1") == header.index("at ")


def test_programs_find_the_same_keys_each_time() -> None:
    document = json.loads(render_probe_json(REPORT, tool_version="1.2.3"))
    assert document == {
        "version": 1,
        "tool": {"name": "egressc", "version": "1.2.3"},
        "service": "web",
        "dns": {"expect": "allow", "subject": "resolved", "control": "resolved", "verdict": "ok", "reason": "reached"},
        "connections": [
            {
                "key": "redis-6379",
                "expect": "allow",
                "name": "Redis\x1b[31m",
                "host": "10.0.0.1",
                "port": 6379,
                "protocol": "TCP",
                "subject": "silent",
                "control": "answered",
                "verdict": "not ok",
                "reason": "blocked",
                "cause": "the live policies allow it",
                "repair": "look",
                "row": "services.md:3",
            }
        ],
        "skipped": [
            {
                "expect": "allow",
                "name": "Payments",
                "port": "443/TCP",
                "reason": "there is no address to try",
                "row": "services.md:9",
            }
        ],
    }
