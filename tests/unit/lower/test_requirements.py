"""The same requirements from Markdown, CSV and YAML; parts of cells stand where spans say."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.diagnostics.core import MOST_HELD, Report, TooManyErrorsError
from egressc.lower.requirements import _Lowering, lower_sources
from egressc.model.policy import PolicySet
from egressc.model.project import Project
from egressc.pipeline import compile_sources, read_project
from egressc.source import Source
from support.compiled import CATALOG, codes, compile_text, findings, flows, services
from support.tables import each

HEADER = ("Service", "Namespace", "Selector", "Dependencies", "External Access", "Listens on", "Called by")
ROWS = [
    ("web", "front", "app=web", "Redis, cart", "203.0.113.0/24:443", "8443", "None"),
    ("cart", "", "", "Kafka (events)", "None", "8080, 9090", "web"),
]
YAML = """
services:
  - service: web
    namespace: front
    selector: {app: web}
    dependencies: [Redis, cart]
    external: "203.0.113.0/24:443"
    listensOn: 8443
  - {service: cart, dependencies: Kafka (events), listensOn: [8080, 9090], calledBy: [web]}
"""


def said(policies: PolicySet | None) -> list[object]:
    """Everything but places."""
    assert policies is not None
    return [
        (it.id, it.namespace, it.pod_selector, [(d.destination, d.ports, d.purpose) for d in it.grants])
        for it in policies.services
    ]


def test_every_spelling_of_a_table_means_the_same() -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *ROWS])
    markdown, report = compile_text(services(*(" | ".join(row) for row in ROWS), header=" | ".join(HEADER)))
    assert report.diagnostics == []
    assert len(said(markdown)) == 2
    assert said(compile_text({"services.csv": text.getvalue()})[0]) == said(markdown)
    assert said(compile_text({"services.yaml": YAML})[0]) == said(markdown)


def test_real_cells() -> None:
    rows = services(
        "**web** | `Redis`, [Kafka](#kafka)<br>cart | HTTPS\\|x",
        "cart | Redis[^1] | \u2014",
        header="Service | Depends on | Team",
    )
    text = rows.replace("| HTTPS", "| HTTPS").replace("cart |", "cart |") + "\n[^1]: a note\n"
    catalog = CATALOG + "  cart: {ports: [1]}\n"
    assert flows(text, catalog) == [
        "cart -> redis 6379/TCP",
        "web -> cart 1/TCP",
        "web -> kafka 9092/TCP",
        "web -> redis 6379/TCP",
    ]


def test_a_part_of_a_decorated_cell_is_pointed_at() -> None:
    text = services("web | **Redis**, `Kafcka:9092`, _x_ (any thing) | None")
    assert findings(text) == ["EG301 Kafcka", "EG318 any thing"]


def test_tables_left_out_grant_nothing() -> None:
    text = (
        services("web | None | None")
        + "## Second list\n\n### By us\n\n"
        + services("web | Redis | 6379", header="From | To | Port")
    )
    project = "tables: {leaveOut: [Second list]}"
    assert flows(text) == ["web -> redis 6379/TCP"]
    assert flows(text, project=project) == []
    assert findings(text, project=project) == ["EG205 Second list"]
    assert findings(text, project="tables: {leaveOut: [Second list, Never]}") == ["EG206 Never", "EG205 Second list"]


def test_header_words_of_the_project_file() -> None:
    text = services("web | Redis", header="Dienst | Ruft")
    project = "tables: {headers: {service: [Dienst], dependencies: [Ruft]}}"
    assert flows(text, project=project) == ["web -> redis 6379/TCP"]
    assert findings(text, project="tables: {headers: {service: [Port]}}")[0] == "EG208 Port"


def test_a_row_without_a_name_is_refused() -> None:
    assert findings(services("web | Redis | None", " | Kafka | None")) == ["EG207"]


def test_a_bad_cell_spoils_its_row_alone() -> None:
    text = services("web | X, Nope | None", "X | Redis | 99999", header="Service | Calls | Listens on")
    assert findings(text) == ["EG301 Nope", "EG212 99999"]


@each(
    ("text", "found"),
    [
        ("services: 3", "EG232 3"),
        ("services: [{}]", "EG231 {}"),
        ("- a", "EG232 - a"),
        ("services: [{service: [a]}]", "EG232 [a]"),
        ("services: [{service: a, b: c}]", "EG230 b"),
    ],
)
def test_documents_of_another_shape_are_refused(text: str, found: str) -> None:
    policies, report = compile_text({"a.yaml": text})
    assert policies is None
    assert codes(report) == [found]
    assert all(it.help for it in report.diagnostics)


CELL = st.text(alphabet="abR,;:()/ -*|`[]{}<>&\\0159\n\u00e4edis", max_size=25)


@settings(max_examples=300)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=4), st.sampled_from(["md", "csv", "yaml"]))
def test_any_table_gives_diagnostics_and_never_fails(rows: list[tuple[str, str, str]], kind: str) -> None:
    header = ("Service", "Dependencies", "Port")
    match kind:
        case "md":
            text = services(
                *(" | ".join(cell.replace("\n", " ") for cell in row) for row in rows), header=" | ".join(header)
            )
        case "csv":
            held = io.StringIO()
            csv.writer(held).writerows([header, *rows])
            text = held.getvalue()
        case _:
            text = "services:\n" + "".join(
                f"- {{service: {a!r}, dependencies: [{b!r}], listensOn: {c!r}}}\n" for a, b, c in rows
            )
    report = Report()
    source = Source(f"x.{kind}", text)
    compile_sources(read_project(None, report), [source], [Source("catalog.yaml", CATALOG)], report)
    for found in report.diagnostics:
        span = found.primary.span
        assert 0 <= span.start <= span.end <= len(span.source.text)


def test_a_full_report_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = services(*(f"web | Redis | denied {number}" for number in range(9)), header="From | To | Notes")
    read: list[str] = []
    add = _Lowering.add

    def add_and_tell(self: _Lowering, source: Source) -> bool:
        read.append(source.name)
        return add(self, source)

    monkeypatch.setattr(_Lowering, "add", add_and_tell)
    report = Report(room=5)
    with pytest.raises(TooManyErrorsError):
        lower_sources([Source("a.md", bad), Source("b.md", bad)], Project(), report)
    assert read == ["a.md"]
    assert len(report.diagnostics) == 5


@pytest.mark.slow
def test_what_a_report_does_not_hold_is_counted() -> None:
    rows = (f"web | s{number} | 80 | planned" for number in range(MOST_HELD + 7))
    _, report = compile_text(services(*rows, "web | Redis | 6379 | live", header="From | To | Port | State"))
    assert report.surplus["EG227"] == 7
