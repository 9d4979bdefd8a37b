"""Rows that deny against rows that grant: what contradicts, what is an exception, and the way out of it."""

import re

from egressc.checks.row_texts import Rereading, RowTexts
from egressc.diagnostics.core import Report
from egressc.lower.requirements import lower_sources
from egressc.model.project import Project
from egressc.source import Source, Span
from support.compiled import codes, compile_text, findings, flows, services
from support.tables import each

HEADER = "From | To | Port | Allowed | Ticket"
CATALOG = """
defaults: {namespace: apps, selector: {app: "{id}"}}
destinations:
  web: {}
  api: {}
  redis: {ports: [6379]}
  store: {ports: [5432], selector: {app: redis}}
  named: {ports: [http]}
  elsewhere: {namespace: elsewhere, selector: {app: redis}, ports: [6379]}
  partner: {addresses: [203.0.113.0/24], ports: [443]}
  host: {addresses: [203.0.113.9/32], ports: [443]}
  ten: {addresses: [10.0.0.0/8], ports: [443]}
  both: {to: [{podSelector: {matchLabels: {app: redis}}}, {ipBlock: {cidr: 203.0.113.9/32}}], ports: [443]}
groups:
  caches: {members: [redis, store]}
"""


def contradictions(*rows: str, catalog: str = CATALOG) -> list[str]:
    found = findings(services(*rows, header=HEADER), catalog)
    return [it for it in found if it.startswith(("EG428", "EG429"))]


@each(
    ("granted", "denied", "contradicts"),
    [
        ("redis | 6379", "redis | 6379", True),
        ("redis | 6379", "redis | any", True),
        ("redis | 6379", "redis | ", True),
        ("redis | 6379", "redis | 6000-7000", True),
        ("redis | 6379", "redis | 6380", False),
        ("redis | 6379", "redis | 6379/UDP", False),
        ("redis | 6379", "caches | 6379", True),
        ("redis | 6379", "api | 6379", False),
        # The same pods by another name, and pods of another namespace by the same labels.
        ("redis | 6379", "store | 6379", True),
        ("redis | 6379", "elsewhere | 6379", False),
        # A pod may call any number by the name.
        ("named | http", "named | http", True),
        ("named | http", "named | 8080", True),
        # Addresses: one network out of the internet is an exception, and one denied out of many granted is none.
        ("partner | 443", "Internet | any", False),
        ("partner | 443", "host | 443", True),
        ("host | 443", "partner | 443", False),
        ("host | 443", "host | 443", True),
        ("host | 443", "ten | 443", False),
        ("Internet | 443", "Internet | 443", True),
        ("Internet | 443", "ten | 443", False),
        # Some of the pods, and some of the addresses.
        ("both | 443", "host | 443", True),
        ("host | 443", "both | 443", False),
        ("both | 443", "partner | 443", True),
        ("redis | 6379", "any | any", False),
    ],
)
def test_what_one_service_is_granted_and_denied(granted: str, denied: str, contradicts: bool) -> None:
    destination = denied.split(" |")[0]
    found = contradictions(f"web | {granted} | yes | 1", f"web | {denied} | no | 2")
    assert found == ([f"EG428 {destination}"] if contradicts else [])


def test_another_service_may_have_what_one_is_denied() -> None:
    assert contradictions("web | redis | 6379 | yes | 1", "api | redis | 6379 | no | 2") == []


def test_the_order_of_the_rows_makes_no_difference() -> None:
    assert contradictions("web | redis | 6379 | no | 1", "web | redis | 6379 | yes | 2") == ["EG428 redis"]


def test_one_finding_for_a_row_about_many_services() -> None:
    rows = ("web | redis | 6379 | yes | 1", "api | redis | 6379 | yes | 2", "All services | redis | 6379 | no | 3")
    _, report = compile_text(services(*rows, header=HEADER), CATALOG)
    (found,) = [it for it in report.sorted() if it.code.id == "EG428"]
    assert found.primary.span.text == "redis"
    assert [label.span.line for label in found.related] == [3, 4]


WAYS_OUT = re.compile(r"tables: (\{readAs: \{.*?\}\}) if the (grant|denial) is right")


@each(
    ("table", "by_grant", "by_denial"),
    [
        (
            services(
                "web | redis | 6379 | yes | N-1",
                "web | api | 80 | yes | N-2",
                "web | redis | 6379 | no | N-3",
                header=HEADER,
            ),
            ["web -> api 80/TCP", "web -> redis 6379/TCP"],
            ["web -> api 80/TCP"],
        ),
        (
            services("web | redis:6379, partner | None") + services("web | redis | 6379 | no | N-3", header=HEADER),
            ["web -> partner 443/TCP", "web -> redis 6379/TCP"],
            ["web -> partner 443/TCP"],
        ),
    ],
)
def test_both_ways_out_lead_to_what_they_say(table: str, by_grant: list[str], by_denial: list[str]) -> None:
    _, report = compile_text(table, CATALOG)
    (found,) = [it for it in report.sorted() if it.code.id == "EG428"]
    ways = {right: f"tables: {keys}" for keys, right in WAYS_OUT.findall(found.help)}
    assert flows(table, CATALOG, project("grant", ways)) == by_grant
    assert flows(table, CATALOG, project("denial", ways)) == by_denial
    kept, _ = compile_text(table, CATALOG, project("denial", ways))
    assert kept is not None
    assert len(kept.denials) == 1


def project(right: str, ways: dict[str, str]) -> str:
    return f"sources: [services.md]\n{ways[right]}\n"


def test_dns_that_is_denied_needs_a_profile_without_it() -> None:
    rows = ("web | redis | 6379 | yes | 1", "web | DNS | 53 | no | 2")
    assert contradictions(*rows) == ["EG429 DNS"]
    assert contradictions(*rows, catalog=CATALOG.replace("web: {}", "web: {dns: {profile: none}}")) == []
    # DNS over TLS is another thing.
    assert contradictions(rows[0], "web | DNS | 853 | no | 2") == []


@each(
    ("rows", "name", "expected"),
    [
        # Any other text may come again, and what it is read as would go with it.
        (("a | x | yes | 1 | once", "a | x | no | 2 | again"), "x", Rereading("a | x | yes | 1 | once", "leave out")),
        # An item of a list leaves alone, and only where no other cell or list has it.
        (("a | x, y | yes | 1 | ", "a | x | no | 2 | "), "y", Rereading("y", "ignore")),
        (("a | x, y | yes | 1 | ", "a | x | no | 2 | "), "x", Rereading("a | x, y | yes | 1 | ", "a | y | yes | 1 | ")),
        (("a | x, y:80 | yes | 1 | ", "a | y | no | 2 | "), "y", Rereading("y:80", "ignore")),
        (("a | x, yy | yes | 1 | ", "a | z | no | 2 | "), "y", None),
        (
            ("a | y, x | yes | 1 | ", "a | z; **Y** | no | 2 | "),
            "y",
            Rereading("a | y, x | yes | 1 | ", "a | x | yes | 1 | "),
        ),
    ],
)
def test_a_text_that_speaks_of_one_row_alone(rows: tuple[str, ...], name: str, expected: Rereading | None) -> None:
    text = services(*rows, header="From | To | Allowed | Ticket | Why")
    source = Source("services.md", text)
    texts = RowTexts(lower_sources([source], Project(), Report()))
    start = text.index(f"| {rows[0][4:].split(' |')[0]} |") + 2
    assert texts.leaving_out(Span(source, start, start + 1), name) == expected


def test_without_denials_nothing_is_looked_at() -> None:
    policies, report = compile_text(services("web | redis | 6379 | yes | 1", header=HEADER), CATALOG)
    assert policies is not None, report.sorted()
    assert policies.denials == ()
    assert not [it for it in codes(report) if it.startswith("EG42")]
