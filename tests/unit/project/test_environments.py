"""What is found in several environments as one report."""

from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.rows import unused_destination
from egressc.diagnostics.unread import blank_needs
from egressc.project.environments import merge_reports
from egressc.source import Located, Source, Span

BOTH = ("dev", "prod")


def finding(name: str) -> Diagnostic:
    """The same words at the same place of a text that is read anew."""
    return blank_needs(Span(Source("services.md", "| Orders |"), 2, 8), name, "Needs", "Services")


def unused() -> Diagnostic:
    return unused_destination(Located("Redis", whole_file("catalog.yaml")), "", "redis")


def messages(**found: list[Diagnostic]) -> list[str]:
    return [it.message for it in merge_reports({name: Report(held) for name, held in found.items()}, BOTH).sorted()]


def test_what_all_have_is_told_once_and_the_rest_with_names() -> None:
    plain = finding("Orders").message
    assert messages(dev=[finding("Orders")], prod=[finding("Orders")]) == [plain]
    assert messages(dev=[finding("Orders")], prod=[]) == [f"{plain} (in dev)"]


def test_what_one_report_has_twice_stays_twice() -> None:
    plain = finding("Orders").message
    assert messages(prod=[finding("Orders"), finding("Orders")]) == [plain, plain]
    twice = [finding("Orders"), finding("Orders")]
    assert messages(dev=twice, prod=[finding("Orders")]) == [plain, f"{plain} (in dev)"]


def test_what_one_environment_uses_is_used() -> None:
    assert messages(dev=[unused()], prod=[]) == []
    assert messages(dev=[unused()], prod=[unused()]) == ['destination "Redis" is unused']
    assert messages(dev=[unused()]) == []  # nobody asked the other one
