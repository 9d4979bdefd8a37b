"""TAP 14 as its readers take it: plans, escapes, skips, and YAML blocks that are YAML."""

import re

import yaml

from egressc.renderers.probes import LeftOutRecord, LookedUp, ProbeReport, Tried
from egressc.renderers.tap import render_tap

DNS = LookedUp("resolved", "resolved", "ok", "reached", "it resolves")


def tried(verdict: str, **changes: str) -> Tried:
    words = {"name": "redis", "host": "10.0.0.1", "cause": "", "repair": "", "row": "services.md:3", **changes}
    return Tried(
        "redis-6379",
        "allow",
        words["name"],
        words["host"],
        6379,
        "TCP",
        "silent",
        "answered",
        verdict,
        "blocked",
        "no answer, and the control pod gets one",
        words["row"],
        words["cause"],
        words["repair"],
    )


def render(*connections: Tried, skipped: tuple[LeftOutRecord, ...] = ()) -> str:
    return render_tap(ProbeReport("web", DNS, connections, skipped))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match(r"(not )?ok ", line)]


def blocks(text: str) -> list[dict[str, object]]:
    return [yaml.safe_load(block) for block in re.findall(r"^  ---\n(.*?)^  \.\.\.$", text, re.DOTALL | re.MULTILINE)]


def test_each_verdict_is_a_test() -> None:
    text = render(tried("ok"), tried("not ok"), tried("inconclusive"))
    assert text.startswith("TAP version 14\n1..4\nok 1 - DNS: a name of the cluster resolves\n")
    line = "allow redis-6379: redis at 10.0.0.1 6379/TCP: silent"
    assert lines(text)[1:] == [
        f"ok 2 - {line}",
        f"not ok 3 - {line}",
        f"ok 4 - {line} # SKIP no answer, and the control pod gets one",
    ]


def test_what_was_not_tried_is_skipped_and_counted() -> None:
    text = render(
        skipped=(LeftOutRecord("allow", "Payments", "443/TCP", "there is no address to try", "services.md:9"),)
    )
    assert "1..2\n" in text
    assert lines(text)[1] == "ok 2 - allow Payments 443/TCP # SKIP there is no address to try"


def test_a_block_says_all_of_a_connection() -> None:
    (_, block) = blocks(render(tried("not ok", cause="the live policies allow it", repair="look")))
    assert block == {
        "key": "redis-6379",
        "expect": "allow",
        "host": "10.0.0.1",
        "port": 6379,
        "protocol": "TCP",
        "subject": "silent",
        "control": "answered",
        "reason": "blocked",
        "message": "no answer, and the control pod gets one",
        "row": "services.md:3",
        "cause": "the live policies allow it",
        "repair": "look",
    }


def test_names_forge_no_line_and_no_directive() -> None:
    text = render(tried("not ok", name="x # SKIP\nok 9 - \\#", row="a\n  ...\nok 3 - b"))
    assert lines(text)[1] == ("not ok 2 - allow redis-6379: x \\# SKIP\\\\nok 9 - \\\\\\# at 10.0.0.1 6379/TCP: silent")
    assert len(lines(text)) == 2
    assert blocks(text)[1]["row"] == "a\n  ...\nok 3 - b"
