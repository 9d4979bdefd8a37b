"""A cluster against its releases and sources: what is reported about it, and where."""

from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.model.flows import Policy, Precedence
from egressc.source import Source, Span
from egressc.verify.comparison.drift import (
    mean_the_same,
    report_edits,
    report_missing,
    report_outdated,
    report_widening,
)
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

ROW = Span(Source("services.md", "the row"), 0, 7)


def policies(*ports: int, name: str = "web", pods: str = "app: web", types: str = "Egress") -> tuple[Policy, ...]:
    rules = ", ".join(
        f"{{to: [{{podSelector: {{matchLabels: {{app: db}}}}}}], ports: [{{port: {it}}}]}}" for it in ports
    )
    text = (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec:\n  podSelector: {{matchLabels: {{{pods}}}}}\n  policyTypes: [{types}]\n  egress: [{rules}]\n"
    )
    report = Report()
    found = read_manifests([Source(f"{name}.yaml", text)], report).policies
    assert not report.diagnostics
    return found


def told(report: Report) -> list[tuple[str, str, str]]:
    return [(it.code.id, it.message, it.primary.span.text) for it in report.diagnostics]


RULE = "{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 2}]}"
FLOW = "pod app=web in shop -> pod app=db in shop on 2/TCP"


@each(
    ("stored", "live", "verdict", "place"),
    [
        ((1, 2), (2, 1), "", ""),
        ((1,), (1, 2), f"{FLOW} is allowed, but its release denies it", RULE),
        ((1, 2), (1,), f"{FLOW} is denied, but its release allows it", "web"),
    ],
)
def test_an_edited_policy(stored: tuple[int, ...], live: tuple[int, ...], verdict: str, place: str) -> None:
    report = Report()
    assert report_edits("web", policies(*stored), policies(*live), report) is bool(verdict)
    assert [(code, said.endswith(verdict), at) for code, said, at in told(report)] == (
        [("EG644", True, place)] if verdict else []
    )
    assert mean_the_same(policies(*stored), policies(*live)) is (verdict == "")


def test_a_policy_that_comes_at_another_place_is_another() -> None:
    """A tier that was moved changes no flow of its policies, and what they decide before others."""
    stored = policies(1)
    moved = (replace(stored[0], precedence=Precedence(tier=-1, by_index=True)),)
    assert not mean_the_same(stored, moved)
    report = Report()
    assert report_edits("web", stored, moved, report)
    assert report_outdated("web", ROW, moved, stored, report)
    assert [code for code, _, _ in told(report)] == ["EG644", "EG643"]
    assert all("comes before or after other policies than in" in said for _, said, _ in told(report))
    assert not report_edits("web", moved, moved, report)


@each(
    ("wanted", "installed", "verdict", "place"),
    [
        ((1, 2), (2, 1), "", ""),
        ((1,), (1, 2), f"{FLOW} is allowed, but they deny it", RULE),
        ((1, 2), (1,), f"{FLOW} is denied, but they allow it", "the row"),
    ],
)
def test_an_outdated_policy(wanted: tuple[int, ...], installed: tuple[int, ...], verdict: str, place: str) -> None:
    report = Report()
    assert report_outdated("web", ROW, policies(*wanted), policies(*installed), report) is bool(verdict)
    assert [(code, said.endswith(verdict), at) for code, said, at in told(report)] == (
        [("EG643", True, place)] if verdict else []
    )


def test_what_is_gone_is_outdated_at_the_row() -> None:
    report = Report()
    assert report_outdated("web", ROW, policies(1), (), report)
    assert [(code, at) for code, _, at in told(report)] == [("EG643", "the row")]


def test_each_missing_policy_is_named() -> None:
    report = Report()
    wanted = [("shop", "b"), ("shop", "a"), ("data", "a")]
    assert report_missing("web", ROW, wanted, {("shop", "a")}, "", report)
    assert [it[1].count("data/a") + it[1].count("shop/b") for it in told(report)] == [1, 1]
    assert not report_missing("web", ROW, wanted, wanted, "", Report())


@each(
    ("others", "found"),
    [
        (policies(1, name="same"), []),
        (policies(2, 3, name="wide"), ["wide"]),
        ((*policies(2, name="wide"), *policies(2, name="wider", pods="app: web, tier: x")), ["wide", "wider"]),
        (policies(2, name="elsewhere", pods="app: other"), []),
        (policies(2, name="web"), []),  # one of ours, which is edited and no other's
    ],
)
def test_each_policy_of_others_that_opens_more_is_told_once(others: tuple[Policy, ...], found: list[str]) -> None:
    report = Report()
    report_widening(policies(1), (*policies(1), *others), {("shop", "web")}, report)
    assert [(it.code.id, it.service, it.primary.span.source.name) for it in report.diagnostics] == [
        ("EG645", "web", f"{name}.yaml") for name in found
    ]
    assert [it.primary.span.text for it in report.diagnostics] == [RULE] * len(found)


def meshed(name: str, sent: int, admitted: int) -> tuple[Policy, ...]:
    """Pods that connect to each other through their Service."""
    peer = "[{podSelector: {matchLabels: {app: db}}}]"
    text = (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec:\n  podSelector: {{matchLabels: {{app: db}}}}\n  policyTypes: [Egress, Ingress]\n"
        f"  egress: [{{to: {peer}, ports: [{{port: {sent}}}]}}]\n"
        f"  ingress: [{{from: {peer}, ports: [{{port: {admitted}}}]}}]\n"
    )
    return read_manifests([Source(f"{name}.yaml", text)], Report()).policies


@each(("sent", "admitted", "is_equal"), [(80, 8080, True), (81, 8080, False), (80, 9090, False)])
def test_before_translation_each_end_counts_by_its_own_port(sent: int, admitted: int, is_equal: bool) -> None:
    report, one, other = Report(), meshed("db", 80, 8080), meshed("db", sent, admitted)
    assert mean_the_same(one, other, before_translation=True) is is_equal
    assert report_edits("db", one, other, report, before_translation=True) is not is_equal
    assert report_outdated("db", ROW, one, other, report, before_translation=True) is not is_equal
    others = meshed("wide", sent, admitted)
    report_widening(one, (*one, *others), {("shop", "db")}, report, before_translation=True)
    assert [it.code.id for it in report.diagnostics] == ([] if is_equal else ["EG644", "EG643", "EG645"])
