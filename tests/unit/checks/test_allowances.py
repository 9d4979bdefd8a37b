"""What notes and project file allow, and what they cannot."""

import pytest

from egressc.diagnostics.core import MOST_HELD
from support.compiled import CATALOG, compile_text, findings, services


def test_an_error_cannot_be_allowed() -> None:
    text = services("web | Nowhere | allow EG301: later", header="Service | Calls | Notes")
    assert findings(text) == ["EG301 Nowhere", "EG417 EG301"]


def test_the_project_file_allows_by_service_and_destination() -> None:
    text = services("web | Redis:1 | None", "cart | Redis:1 | None")
    allow = "allow: [{code: EG407, reason: r, service: web, destination: Redis}]"
    assert findings(text, project=allow) == ["EG407 Redis:1"]
    assert findings(text, project="allow: [{code: EG407, reason: r}]") == []
    assert findings(text, project="allow: [{code: EG402, reason: r}]") == [
        "EG416 EG402",
        "EG407 Redis:1",
        "EG407 Redis:1",
    ]


@pytest.mark.slow
def test_an_allowance_of_a_whole_code_covers_what_a_report_only_counts() -> None:
    names = "".join(f"  X{number}: {{ports: [1]}}\n" for number in range(MOST_HELD + 1))
    _, report = compile_text(services("web | Redis | None"), CATALOG + names)
    assert report.surplus == {"EG413": 2}
    _, report = compile_text(services("web | Redis | None"), CATALOG + names, "allow: [{code: EG413, reason: r}]")
    assert not report.diagnostics
    assert not report.surplus
