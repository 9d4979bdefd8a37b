"""What references come to: groups within their bounds, and names inside longer ones."""

import pytest

from egressc.resolve import references
from support.compiled import CATALOG, codes, compile_text, services
from support.tables import each

GROUPS = CATALOG + "groups:\n  stores: {members: [Redis, Kafka]}\n"
ROWS = [f"{name} | stores | None" for name in ("one", "two", "three", "four")]


@each(
    ("most", "found"),
    [(8, []), (7, ["EG422 stores"]), (6, ["EG422 stores"]), (4, ["EG422 stores"]), (0, ["EG422 stores"])],
)
def test_what_groups_stand_for_is_bounded_and_reported_once(most: int, found: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(references, "MOST_CONNECTIONS", most)
        policies, report = compile_text(services(*ROWS), GROUPS)
    assert codes(report) == found
    assert (policies is None) is bool(found)


def test_the_first_connection_beyond_the_bound_is_pointed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MOST_CONNECTIONS", 6)
    (problem,) = compile_text(services(*ROWS), GROUPS)[1].diagnostics
    # Services come in the order of their keys: four, one, three, two.
    assert problem.primary.span.line == 4


def test_a_known_name_inside_a_longer_one_is_offered_once() -> None:
    _, report = compile_text(services("web | Redis cluster node | None"))
    (problem,) = [it for it in report.diagnostics if it.code.id == "EG301"]
    assert problem.help.startswith('write "Redis", or add it as an alias')


@each("name", ["Redis or Kafka cluster", "no Redis", "all but Redis", "Redis (not yet)", "~Redis", "Redis → Kafka"])
def test_a_known_name_is_not_offered_for_one_that_says_more(name: str) -> None:
    _, report = compile_text(services(f"web | {name} | None"))
    for problem in report.diagnostics:
        assert 'write "Redis"' not in problem.help, problem


HOSTS = (
    CATALOG
    + """\
  Pay: {hosts: [pay.example.com], addresses: [203.0.113.0/24], ports: [443]}
  Both: {hosts: [a.example.com, b.example.com], addresses: [203.0.113.0/24], ports: [443]}
  One: {hosts: [same.example.com], addresses: [203.0.113.0/24], ports: [443]}
  Other: {hosts: [same.example.com], addresses: [203.0.113.0/24], ports: [443]}
"""
)


@each(
    ("host", "found"),
    [
        ("pay.example.com", []),
        ("Pay.Example.com", []),
        ("a.example.com", ["EG301 a.example.com"]),
        ("same.example.com", ["EG301 same.example.com"]),
        ("unknown.example.com", ["EG301 unknown.example.com"]),
    ],
)
def test_a_host_is_the_one_destination_that_has_it_alone(host: str, found: list[str]) -> None:
    _, report = compile_text(services(f"web | {host} | None"), HOSTS)
    assert [it for it in codes(report) if not it.startswith("EG414")] == found
