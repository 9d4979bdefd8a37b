"""Code Quality: the format of GitLab, and fingerprints that are unique and stay the same when lines move."""

from typing import Any

import pytest

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity
from egressc.renderers.gitlab import render_gitlab
from egressc.source import Source, Span
from support.code_quality import read_code_quality
from support.tables import each

UNKNOWN = Code("EG301", "unknown-destination", Severity.ERROR, "A row names a destination that nothing defines.")
LATE = Code("EG507", "outdated-values", Severity.WARNING, "A values file is out of date.")
NOTED = Code("EG423", "more-findings", Severity.NOTE, "There are more.")


def finding(text: str, marked: str, code: Code = UNKNOWN, name: str = "services.md", help: str = "") -> Diagnostic:
    start = text.index(marked)
    label = Label(Span(Source(name, text), start, start + len(marked)), "here")
    return Diagnostic(code, f'"{marked}" is unknown', label, help=help)


def violations(*diagnostics: Diagnostic, folder: str = "") -> list[dict[str, Any]]:
    return read_code_quality(render_gitlab(diagnostics, folder=folder))


def test_nothing_found_is_an_empty_list() -> None:
    assert render_gitlab([]) == "[]\n"


def test_a_violation_has_the_finding_its_place_and_its_repair() -> None:
    (found,) = violations(finding("a\nb\n| paymnts |", "paymnts", help='write "payments"\nor add it'))
    assert found.pop("fingerprint")
    assert found == {
        "description": '"paymnts" is unknown; write "payments" or add it',
        "check_name": "EG301 unknown-destination",
        "severity": "blocker",
        "location": {"path": "services.md", "lines": {"begin": 3}},
    }


def test_a_severity_for_errors_warnings_and_notes() -> None:
    found = violations(*(finding("x", "x", code) for code in (UNKNOWN, LATE, NOTED)))
    assert [it["severity"] for it in found] == ["blocker", "minor", "info"]


@each(
    ("name", "folder", "path"),
    [
        ("services.md", "", "services.md"),
        ("services.md", "teams/my shop", "teams/my shop/services.md"),
        ("../é.md", "teams/shop", "teams/é.md"),
    ],
)
def test_paths_start_at_the_root_of_the_repository_and_are_no_urls(name: str, folder: str, path: str) -> None:
    (found,) = violations(finding("x", "x", name=name), folder=folder)
    assert found["location"]["path"] == path


def test_an_inserted_line_leaves_the_fingerprint_and_twins_have_two() -> None:
    (before,) = violations(finding("| x |", "x"))
    (after,) = violations(finding("\n\nnew\n| x |", "x"))
    assert before["fingerprint"] == after["fingerprint"]
    assert before["location"] != after["location"]
    assert len(violations(*[finding("| x |", "x")] * 3)) == 3


@each(
    ("before", "after"),
    [
        ('"severity": "blocker"', '"severity": "error"'),
        ('"begin": 1', '"begin": 0'),
        ('"path": "services.md"', '"path": "/srv/services.md"'),
        ('"check_name"', '"check"'),
        ('"fingerprint": "', '"fingerprint": "", "_": "'),
    ],
)
def test_what_the_format_does_not_allow_is_noticed(before: str, after: str) -> None:
    text = render_gitlab([finding("x", "x")])
    assert before in text
    with pytest.raises(AssertionError):
        read_code_quality(text.replace(before, after))
