"""What tables state for audits, and rules of the project file about it."""

from egressc.diagnostics.core import Report
from egressc.lower.project import lower_project
from egressc.lower.requirements import lower_sources
from egressc.model.audit import AuditData, audit_data
from egressc.model.project import Project
from egressc.source import Source
from support.tables import each

HEADERS = "tables: {headers: {owner: [Owner], region: [Region, Data residency], via: [Via], data: [Data class]}}\n"


def project(text: str) -> tuple[Project, list[str]]:
    report = Report()
    found = lower_project(Source("egressc.yaml", text), report)
    return found, [f"{it.code.id} {it.message}" for it in report.sorted()]


@each(
    ("text", "problem"),
    [
        ("{}", 'EG231 key "require" is missing'),
        ("{require: []}", "EG232"),
        ("{require: {}}", 'of "require" names nothing'),
        ("{when: {}, require: [owner]}", 'of "when" names nothing'),
        ("{require: [owners]}", "EG232"),
        ("{require: {regions: eu}}", 'EG230 key "regions"'),
        ("{require: {region: []}}", "EG232"),
        ('{require: {region: " "}}', "EG232"),
        ('{require: [owner], reason: "a\\nb"}', "contains a line break"),
        ("{require: owner}", "EG232"),
    ],
)
def test_a_wrong_rule_is_refused(text: str, problem: str) -> None:
    _, found = project(f"audit:\n  - {text}\n")
    assert len(found) == 1, found
    assert problem in found[0]


def test_what_a_rule_says() -> None:
    found, problems = project(
        "audit:\n  - {when: {data: [a, b]}, require: {region: eu-*}}\n  - {require: [owner, via]}\n"
    )
    assert problems == []
    first, second = found.audit_rules
    assert [it.value for it in first.when[0].patterns] == ["a", "b"]
    assert [it.span.text for it in first.when[0].patterns] == ["a", "b"]
    assert (first.require[0].key, first.require[0].patterns[0].span.text) == ("region", "eu-*")
    assert [(it.key, it.patterns, it.place.text) for it in second.require] == [
        ("owner", (), "owner"),
        ("via", (), "via"),
    ]


def stated(header: str, row: str, rules: str = "", heading: str = "") -> tuple[list[AuditData], list[str]]:
    """What the destinations of a table state, and codes."""
    report = Report()
    lines = [f"# {heading}\n" if heading else "", f"| {header} |", "|---" * (header.count("|") + 1) + "|", f"| {row} |"]
    rows = lower_sources([Source("a.md", "\n".join(lines) + "\n")], project(rules)[0], report)
    return [it.facts.audit for it in rows.destinations], [it.code.id for it in report.diagnostics]


@each(
    ("header", "row", "expected"),
    [
        ("Owner | Region", "A | eu-1, eu-2", {"owner": "A", "region": "eu-1,eu-2"}),
        ("Via | Data class", "192.0.2.1 | x; y", {"via": "192.0.2.1", "data": "x,y"}),
        ("Owner", "-", {}),
        ("Owner", "", {}),
        ("Region", "n/a", {}),
        ("Region", "none", {}),
        ("Region | Data residency", "eu-1 | eu-2", {"region": "eu-1,eu-2"}),
        ("Region (cloud)", "eu-1", {}),
        ("Team", "A", {}),
    ],
)
def test_columns_of_destinations(header: str, row: str, expected: dict[str, str]) -> None:
    columns, cells = f"Destination | Address | Port | {header}", f"CRM | 203.0.113.0/24 | 443 | {row}"
    found, codes = stated(columns, cells, HEADERS)
    assert found == [audit_data((key, said.split(",")) for key, said in expected.items())]  # type: ignore[misc]
    assert codes == (["EG202"] if "(" in header else [])
    # Without the key such a column may say anything, and is looked at as any other.
    assert stated(columns, cells)[0] == [()]


def test_a_header_of_the_project_file() -> None:
    rules = "tables: {headers: {data: [Contains]}}\n"
    found, codes = stated("Destination | Address | Port | Contains", "CRM | 203.0.113.0/24 | 443 | x", rules)
    assert (found, codes) == ([audit_data([("data", ["x"])])], [])


@each("header", ["Owner", "Region", "Data class"])
def test_a_cell_that_denies_is_refused_as_in_any_column(header: str) -> None:
    for said in ("NOT ALLOWED", "no", "blocked"):
        _, codes = stated(
            f"Destination | Address | Port | {header}", f"CRM | 203.0.113.0/24 | 443 | {said}", HEADERS, "Orders"
        )
        assert codes == ["EG218"], said


@each(
    ("header", "row", "codes"),
    [
        ("Service | Depends on | Owner", "Web | Redis | Team blue", []),
        ("Service | Depends on | Region", "Web | Redis | EU", ["EG202"]),
        ("Service | Port | Owner | Data class", "Web | 80 | Team blue | personal", ["EG202"]),
        ("From | To | Port | Owner", "Web | Redis | 6379 | Team blue", []),
        ("From | To | Port | Region", "Web | Redis | 6379 | EU", ["EG202"]),
    ],
)
def test_columns_of_other_tables_have_no_effect(header: str, row: str, codes: list[str]) -> None:
    found, told = stated(header, row)
    assert (found, told) == ([], codes)


def test_a_document_in_yaml() -> None:
    text = "destinations:\n  - {destination: CRM, address: 203.0.113.0/24, port: 443, owner: A, data: [a, b]}\n"
    rows = lower_sources([Source("a.yaml", text)], Project(), report := Report())
    assert report.diagnostics == []
    assert rows.destinations[0].facts.audit == audit_data([("owner", ["A"]), ("data", ["a", "b"])])
