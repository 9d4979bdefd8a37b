"""JUnit XML against the schema of Jenkins, and against what that schema cannot say and readers count on."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from xmlschema import XMLSchema10


@cache
def _schema() -> XMLSchema10:
    return XMLSchema10(Path(__file__).parent / "junit-10.xsd")


def read_junit(text: str) -> list[ElementTree.Element]:
    """The suites of a report, once both agree with it."""
    document = ElementTree.fromstring(text)  # noqa: S314  our own text
    assert [f"{error.path}: {error.reason}" for error in _schema().iter_errors(document)] == []
    suites = document.findall("testsuite")
    assert suites, "Jenkins refuses a report without results"
    named = [(test.get("classname"), test.get("name")) for test in document.iter("testcase")]
    assert sorted(set(named)) == sorted(named)
    for suite in suites:
        tests = suite.findall("testcase")
        assert suite.get("tests") == str(len(tests))
        assert suite.get("failures") == str(sum(test.find("failure") is not None for test in tests))
    return suites
