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


def let_in(*allow: str) -> list[str]:
    """What is left of EG461 for two services, each with two callers by address."""
    rows = [f"{it} | 80 | None | Office, 198.51.100.7" for it in ("shop", "blog")]
    text = services(*rows, header="Service | Listens on | Depends on | Called by")
    catalog = CATALOG + "  Office: {addresses: [192.0.2.0/24]}\n"
    project = f"directions: both\nallow: [{', '.join(f'{{code: EG461, reason: r, {it}}}' for it in allow)}]"
    _, report = compile_text(text, catalog, project)
    return [it.message.partition(" by address")[0] for it in report.sorted() if it.code.id in ("EG416", "EG461")]


def test_callers_by_address_are_allowed_by_service_and_caller() -> None:
    assert let_in() == ['"shop" and 1 other service let in "198.51.100.7/32"']
    assert let_in("service: shop") == ['"blog" lets in "198.51.100.7/32"']
    assert let_in("service: shop", "service: blog") == []
    assert let_in("destination: Office") == ['"shop" and 1 other service let in "198.51.100.7/32"']
    assert let_in("destination: Office", "destination: 198.51.100.7") == []
    assert let_in("service: shop, destination: Office") == [
        '"shop" lets in "198.51.100.7/32"',
        '"blog" lets in "198.51.100.7/32"',
        '"blog" lets in "Office"',
    ]
    assert let_in("service: shop", "destination: Office") == ['"blog" lets in "198.51.100.7/32"']


def test_nodes_and_the_api_server_connect_without_a_load_balancer() -> None:
    text = services(
        "hook | 8443 | None | API server, kubelet API", header="Service | Listens on | Depends on | Called by"
    )
    project = "directions: both\ncluster: {nodes: [10.1.0.0/16], apiServer: {addresses: [192.0.2.1]}}"
    _, report = compile_text(text, project=project)
    assert "EG461" not in [it.code.id for it in report.diagnostics]
    _, report = compile_text(text, project=project.replace("}}", ", callsFrom: [192.0.2.64/28]}}"))
    assert "EG461" not in [it.code.id for it in report.diagnostics]
