"""SARIF 2.1.0: its shape, stable rules, and findings that stay the same when lines move."""

from typing import Any

import pytest

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity
from egressc.diagnostics.registry import all_codes
from egressc.renderers.sarif import FINGERPRINT, render_sarif
from egressc.source import Source, Span
from support.sarif.official import read_sarif
from support.tables import each

FIRST = Code("EG101", "bad-row", Severity.WARNING, "A row is bad.")
SECOND = Code("EG301", "unknown-destination", Severity.ERROR, "A row names a destination that nothing defines.")
CODES = (FIRST, SECOND)


def finding(text: str, marked: str, *, service: str = "checkout", name: str = "services.md") -> Diagnostic:
    start = text.index(marked)
    label = Label(Span(Source(name, text), start, start + len(marked)), "no such destination")
    return Diagnostic(SECOND, f'destination "{marked}" is unknown', label, help="write it", service=service)


def log(*diagnostics: Diagnostic, folder: str = "") -> dict[str, Any]:
    return read_sarif(render_sarif(diagnostics, CODES, tool_version="1.2.3", folder=folder))


def results(*diagnostics: Diagnostic, folder: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(*diagnostics, folder=folder)["results"]
    return found


def test_lists_every_rule_in_order_even_without_findings() -> None:
    run = log()
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["EG101", "EG301"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"] == []


def test_the_whole_registry_makes_valid_rules() -> None:
    run = read_sarif(render_sarif([], all_codes(), tool_version="1"))
    assert len(run["tool"]["driver"]["rules"]) == len(all_codes())


def test_a_rule_says_where_its_help_is() -> None:
    rule = log()["tool"]["driver"]["rules"][1]
    assert "`egressc rule EG301`" in rule["help"]["text"]
    assert rule["helpUri"].endswith("/docs/diagnostics.md#eg301-unknown-destination")


@each(
    ("before", "after"),
    [
        ('"ruleId": "EG301"', '"ruleId": "EG302"'),
        ('"startLine": 1', '"startLine": 0'),
        ('"level": "error"', '"level": "fatal"'),
        ('"uri": "services.md"', '"uri": "my services.md"'),
        ('"version": "2.1.0"', '"version": "2.2"'),
        ('"results"', '"findings"'),
    ],
)
def test_what_the_standard_does_not_allow_is_noticed(before: str, after: str) -> None:
    text = render_sarif([finding("x", "x")], CODES, tool_version="1")
    read_sarif(text)
    assert before in text
    with pytest.raises((AssertionError, KeyError)):
        read_sarif(text.replace(before, after))


def test_a_result_names_rule_place_and_related_place() -> None:
    related = Label(Span(Source("catalog.yaml", "a: b\n"), 0, 1))
    base = finding("a\n| 決 | paymnts |\n", "paymnts")
    (result,) = results(Diagnostic(base.code, base.message, base.primary, (related,), base.help, "checkout"))
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("EG301", 1, "error")
    assert result["message"]["text"] == 'destination "paymnts" is unknown\nhelp: write it'
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "services.md"
    assert place["region"] == {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 14}
    assert result["relatedLocations"][0]["id"] == 1


def test_paths_start_at_the_root_of_the_repository() -> None:
    def uri(name: str, folder: str) -> str:
        (result,) = results(finding("x", "x", name=name), folder=folder)
        found: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        return found

    assert uri("services.md", "examples/shop") == "examples/shop/services.md"
    assert uri("../all.md", "examples/shop") == "examples/all.md"
    assert uri("my table é.md", "") == "my%20table%20%C3%A9.md"
    assert uri("/srv/a b.md", "examples") == "file:///srv/a%20b.md"


def fingerprint(result: dict[str, Any]) -> str:
    held: str = result["partialFingerprints"][FINGERPRINT]
    return held


def test_an_inserted_line_leaves_the_finding_the_same() -> None:
    (before,) = results(finding("| paymnts |", "paymnts"))
    (after,) = results(finding("\n\nnew\n| paymnts |", "paymnts"))
    assert fingerprint(before) == fingerprint(after)


def test_findings_differ_by_service_by_text_and_by_count() -> None:
    one, two = results(finding("x", "x"), finding("x", "x", service="cart"))
    assert fingerprint(one) != fingerprint(two)
    text = "left right left"
    found = results(*(finding(text, marked, service="") for marked in ("left", "right", "left")))
    assert len({fingerprint(result) for result in found}) == 3


def test_a_file_as_a_whole_has_no_region() -> None:
    label = Label(Span(Source("missing.md", ""), 0, 0))
    (result,) = results(Diagnostic(FIRST, "the file is missing", label))
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "missing.md"}}}]
