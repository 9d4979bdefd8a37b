"""Reports for Jenkins, Azure Pipelines and others that read results of tests: JUnit XML.

Source: Jenkins, xunit-plugin, "junit-10.xsd".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree

from egressc.diagnostics.core import Diagnostic
from egressc.renderers.excerpts import printable
from egressc.renderers.findings import path_of
from egressc.renderers.text import render_finding


def render_junit(
    diagnostics: Sequence[Diagnostic], is_failure: Callable[[Diagnostic], bool], *, folder: str = ""
) -> str:
    """Lay out sorted diagnostics: a suite for each file, a test for each finding; without findings one that passes.

    Args:
        diagnostics: sorted, as every output shows them.
        is_failure: whether a finding fails its test; the test of any other passes and shows it as output.
        folder: where source names start, as a path from the root of the repository; empty for the root itself.
    """
    suites = ElementTree.Element("testsuites", name="egressc")
    for name, found in groupby(diagnostics, lambda it: it.primary.span.source.name):
        path = printable(path_of(name, folder))
        _count(ElementTree.SubElement(suites, "testsuite", name=path, file=path), _tests(found, path, is_failure))
    if not diagnostics:
        passed = ElementTree.Element("testcase", classname="egressc", name="no findings")
        _count(ElementTree.SubElement(suites, "testsuite", name="egressc"), [passed])
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _count(suite: ElementTree.Element, tests: Iterable[ElementTree.Element]) -> None:
    suite.extend(tests)
    failed = sum(test.find("failure") is not None for test in suite)
    suite.attrib |= {"tests": str(len(suite)), "failures": str(failed), "errors": "0"}


def _tests(
    diagnostics: Iterable[Diagnostic], path: str, is_failure: Callable[[Diagnostic], bool]
) -> Iterable[ElementTree.Element]:
    """Tests have the same name in the next run, wherever the line of their finding is then."""
    seen: Counter[str] = Counter()
    for diagnostic in diagnostics:
        message = printable(diagnostic.message)
        name = f"{diagnostic.code.id} {message}"
        seen[name] += 1
        again = f" ({seen[name]})" if seen[name] > 1 else ""
        test = ElementTree.Element("testcase", classname=path, name=f"{name}{again}")
        if is_failure(diagnostic):
            kind = f"{diagnostic.code.id} {diagnostic.code.slug}"
            inner = ElementTree.SubElement(test, "failure", type=kind, message=message)
        else:
            inner = ElementTree.SubElement(test, "system-out")
        inner.text = render_finding(diagnostic)
        yield test
