"""Flows as text, CSV and Markdown: every word of a source stays a word."""

import csv
import io
from dataclasses import replace

from markdown_it import MarkdownIt

from egressc.renderers.flow_tables import render_csv, render_markdown, render_text
from egressc.renderers.flows import Denied
from reports.samples import HOSTILE, fleet, guardrails, hostile


def test_csv_reads_back_and_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(render_csv(hostile()), newline="")))
    assert len(rows) == len(HOSTILE) + 1
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for text in row)
    assert rows[1][8] == HOSTILE[0]
    assert rows[7][8] == f"'{HOSTILE[6]}"


def test_text_is_one_line_a_flow() -> None:
    lines = render_text(hostile()).splitlines()
    assert len(lines) == len(HOSTILE) + 1
    assert "\x1b" not in render_text(hostile())


def test_markdown_holds_tables_and_nothing_else() -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(render_markdown(hostile()))
    inline = [child.type for token in tokens for child in token.children or ()]
    assert set(inline) <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}
    assert not any(token.type.startswith("html") for token in tokens)
    assert sum(token.type == "tr_open" for token in tokens) == len(HOSTILE) + len(hostile().subjects)
    assert "@team" not in render_markdown(hostile())


def test_the_summary_counts() -> None:
    told = (
        "3 services, 9 other destinations, 19 flows (17 exact, 1 approximate, 1 extra); 1 service reaches the internet"
    )
    assert fleet(3).summary() == told


DENIED = Denied("service-1", "Store | 2", "5432/TCP", "services.md:9")


def test_what_rows_deny_comes_last_in_every_table() -> None:
    report = replace(fleet(2), denied=(DENIED,))
    lines = render_text(report).splitlines()
    assert lines[-2].split() == ["service-1", "->", "Store", "|", "2", "5432/TCP", "denied", "-", "services.md:9"]
    assert lines[-1] == f"# {fleet(2).summary()}; 1 denial"
    assert render_markdown(report).endswith(
        "## Denied by the document\n\n| Source | Destination | Port | Denied in |\n|---|---|---|---|\n"
        "| Service 1 | Store \\| 2 | 5432/TCP | services.md:9 |\n"
    )
    assert "Denied by" not in render_markdown(fleet(2))


def test_guardrails_come_after_flows() -> None:
    report = replace(fleet(1), guardrails=guardrails(["metadata"]))
    lines = render_text(report).splitlines()
    assert lines[-4:] == [
        "guardrail metadata: metadata  (metadata, enforced by metadata)",
        "    metadata: cannot reach metadata (atadatem) on metadata",
        "    metadata: cannot be reached by metadata (atadatem) on metadata",
        f"# {fleet(1).summary()}; 1 guardrail",
    ]
    hostile_lines = render_text(replace(hostile(), guardrails=guardrails(HOSTILE))).splitlines()
    assert len(hostile_lines) == len(HOSTILE) * 4 + 1
    tokens = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .parse(render_markdown(replace(hostile(), guardrails=guardrails(HOSTILE))))
    )
    assert not any(token.type.startswith("html") for token in tokens)
    rows = sum(token.type == "tr_open" for token in tokens)
    assert rows == len(HOSTILE) * 2 + len(hostile().subjects) + 1
