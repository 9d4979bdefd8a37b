"""The report: what it holds, and what it only counts."""

from egressc.diagnostics.core import MOST_HELD, Report
from egressc.diagnostics.rows import no_services, unused_destination
from egressc.source import Located, Source, Span

PLACE = Span(Source("services.md", "x"), 0, 1)


def test_warnings_beyond_a_bound_are_counted_not_held() -> None:
    warning = unused_destination(Located("x", PLACE), "", "x")
    report = Report()
    for _ in range(MOST_HELD + 3):
        report.add(warning)
    assert len(report.diagnostics) == MOST_HELD
    assert report.surplus == {"EG413": 3}


def test_errors_are_held_all_of_them() -> None:
    report = Report()
    for _ in range(MOST_HELD + 3):
        report.add(no_services(PLACE))
    assert len(report.diagnostics) == MOST_HELD + 3
    assert not report.surplus
