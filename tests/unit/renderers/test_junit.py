"""JUnit XML: the schema of Jenkins, what fails, and names that stay the same when lines move."""

from xml.etree import ElementTree

import pytest

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity
from egressc.renderers.junit import render_junit
from egressc.source import Source, Span
from support.junit_xml.official import read_junit
from support.tables import each

UNKNOWN = Code("EG301", "unknown-destination", Severity.ERROR, "A row names a destination that nothing defines.")
UNUSED = Code("EG413", "unused-entry", Severity.WARNING, "Nothing uses it.")


def finding(text: str, marked: str, code: Code = UNKNOWN, name: str = "services.md") -> Diagnostic:
    start = text.index(marked)
    label = Label(Span(Source(name, text), start, start + len(marked)), "here")
    return Diagnostic(code, f'"{marked}" is unknown', label, help="write it")


def is_error(found: Diagnostic) -> bool:
    return found.code.severity is Severity.ERROR


def suites(*diagnostics: Diagnostic, folder: str = "") -> list[ElementTree.Element]:
    return read_junit(render_junit(diagnostics, is_error, folder=folder))


def test_nothing_found_is_one_test_that_passes() -> None:
    (suite,) = suites()
    (test,) = suite
    assert (suite.get("tests"), suite.get("failures"), test.get("name"), len(test)) == ("1", "0", "no findings", 0)


def test_a_failure_has_the_finding_its_place_and_its_repair() -> None:
    (suite,) = suites(finding("a\n| paymnts |", "paymnts"), folder="teams/shop")
    assert suite.get("file") == "teams/shop/services.md"
    (test,) = suite
    assert test.attrib == {"classname": "teams/shop/services.md", "name": 'EG301 "paymnts" is unknown'}
    (failure,) = test
    assert failure.attrib == {"type": "EG301 unknown-destination", "message": '"paymnts" is unknown'}
    text = failure.text or ""
    assert text.startswith("error[EG301]: ")
    assert "--> services.md:2:3\n" in text
    assert text.endswith("= help: write it\n")


def test_what_fails_nothing_passes_and_is_shown() -> None:
    (suite,) = suites(finding("x", "x", UNUSED), finding("x", "x"))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    passed, failed = suite
    assert [it.tag for it in (*passed, *failed)] == ["system-out", "failure"]
    assert "warning[EG413]" in (passed.findtext("system-out") or "")


def test_a_suite_for_each_file() -> None:
    found = suites(finding("x", "x", name="a.md"), finding("x", "x", name="b.md"), finding("y", "y", name="b.md"))
    assert [(it.get("name"), it.get("tests")) for it in found] == [("a.md", "1"), ("b.md", "2")]


def test_names_of_tests_are_unique_and_without_lines() -> None:
    def names(text: str) -> list[str | None]:
        found = suites(*[finding(text, "x")] * 2)
        return [test.get("name") for suite in found for test in suite]

    assert names("x") == names("\n\nx") == ['EG301 "x" is unknown', 'EG301 "x" is unknown (2)']


def test_no_character_of_a_source_breaks_the_document() -> None:
    hostile = '<&>"\x00\x1b[31m\ud800\ufffe]]>\u2028é'
    (suite,) = suites(finding(hostile, hostile, name=f"{hostile}.md"))
    assert '<&>"\\x00\\x1b[31m\\ud800\\ufffe]]>\\u2028é' in (suite.findtext("testcase/failure") or "")


@each(("before", "after"), [("testcase", "test"), (' name="services.md"', ""), ('tests="1"', 'tests="2"')])
def test_what_the_schema_does_not_allow_is_noticed(before: str, after: str) -> None:
    text = render_junit([finding("x", "x")], is_error)
    assert before in text
    with pytest.raises(AssertionError):
        read_junit(text.replace(before, after))
