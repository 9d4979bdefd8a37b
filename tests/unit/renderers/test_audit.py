"""What leaves the cluster in each format: groups, and words that stay words."""

import csv
import io
import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from egressc.renderers.audit import AuditReport
from egressc.renderers.audit_page import render_page
from egressc.renderers.audit_tables import render_csv, render_json, render_markdown, render_text
from reports.samples import HOSTILE, hostile_leaving, leaving


def test_groups_are_by_value_in_any_letter_case_and_what_is_not_stated_comes_last() -> None:
    one, two, three = leaving(4).flows[1:]
    report = AuditReport(
        "a.md",
        (
            replace(one, stated={"region": ("EU-1", "us-1")}),
            replace(two, stated={"region": ("eu-1",)}),
            replace(three, stated={}),
            replace(three, service=one.service, stated={}),
        ),
    )
    assert [(it.value, it.services, it.destinations, it.flows) for it in report.groups("region")] == [
        ("EU-1", 2, ("Partner 1", "Partner 2"), 2),
        ("us-1", 1, ("Partner 1",), 1),
        ("not stated", 2, ("Partner 3",), 2),
    ]
    assert report.summary() == (
        "3 services, 3 destinations outside the cluster, 4 flows; "
        "not stated: data of 3, region of 1, via of 3, owner of 3"
    )


def test_a_report_without_flows() -> None:
    empty = AuditReport("a.md", ())
    assert render_text(empty) == "# 0 services, 0 destinations outside the cluster, 0 flows\n"
    assert len(render_csv(empty).splitlines()) == 1
    assert "|" not in render_markdown(empty)
    assert json.loads(render_json(empty, tool_version="1"))["groups"] == {
        it: [] for it in ("data", "region", "via", "owner")
    }
    assert "<tbody>" in render_page(empty, tool_version="1")


def test_csv_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(render_csv(hostile_leaving()), newline="")))
    assert [len(row) for row in rows] == [15] * (len(HOSTILE) + 1)
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for text in row)
    assert rows[7][4] == f"'{HOSTILE[6]}"


def test_text_is_one_line_a_flow_or_group() -> None:
    text = render_text(hostile_leaving())
    assert len(text.splitlines()) == len(HOSTILE) * 5 + 1
    assert "\x1b" not in text


def test_markdown_holds_tables_and_nothing_else() -> None:
    text = render_markdown(hostile_leaving())
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inline = [child.type for token in tokens for child in token.children or ()]
    assert set(inline) <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}
    assert sum(token.type == "tr_open" for token in tokens) == len(HOSTILE) * 5 + 5


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_has_its_style_and_nothing_else() -> None:
    page = render_page(hostile_leaving(), tool_version="1.2.3")
    tags = _Tags()
    tags.feed(page)
    names = {tag for tag, _ in tags.found}
    assert names.isdisjoint({"script", "img", "iframe", "object", "link", "form"})
    assert not any(name.startswith("on") or name == "style" for _, held in tags.found for name in held)
    style = re.findall(r"(?s)<style>(.*?)</style>", page)[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = [held["content"] for _, held in tags.found if "http-equiv" in held]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.count('<th scope="row">') == len(HOSTILE) * 5


def test_many_destinations_are_folded() -> None:
    flows = leaving(9).flows
    many = tuple(replace(flows[1], destination=f"d{i}", destination_name=f"D{i}") for i in range(13))
    assert render_page(AuditReport("a.md", many[:12]), tool_version="1").count("<details>") == 0
    assert "<details><summary>13 destinations</summary>" in render_page(AuditReport("a.md", many), tool_version="1")
