"""Names in rows: whom they mean, and when they mean nobody or more than one."""

import pytest

from compiled import CATALOG, compile_text, dependency, findings, flows, services

DETAIL = "Destination | Namespace | Port | Protocol | Purpose"


def test_one_name_in_two_namespaces_has_to_be_told_apart() -> None:
    detail = services("db | a | 1 | TCP | x", "db | b | 2 | TCP | y", header=DETAIL)
    assert findings(services("web | db | None") + detail) == ["EG302 db"]
    assert flows(services("web | db (b) | None") + detail) == ["web -> db-b 2/TCP"]
    assert findings(services("web | db (c) | None") + detail) == ["EG309 db"]


def test_names_are_exact_and_near_ones_are_offered() -> None:
    _, report = compile_text(services("web | redis | None"))
    (found,) = [it for it in report.sorted() if it.code.id == "EG301"]
    assert found.help == 'write "Redis", or add "redis" to the catalog'
    assert [label.span.text for label in found.related] == ["Redis"]


@pytest.mark.parametrize(
    ("catalog", "found"),
    [
        ("", ["EG310 web", "EG310 Redis", "EG401 Redis"]),
        ('defaults: {selector: {app: "{id}"}}', ["EG310 web", "EG301 Redis"]),
        ("defaults: {namespace: apps}", ["EG311 web", "EG301 Redis"]),
    ],
)
def test_where_pods_are_is_never_guessed(catalog: str, found: list[str]) -> None:
    assert findings(services("web | Redis:1 | None"), catalog)[0] == found[0]


def test_a_service_is_certain_pods_of_one_namespace() -> None:
    header = "Service | Namespace | Selector | Calls"
    assert findings(services("web | any | app=web | None", header=header)) == ["EG312 web"]
    assert findings(services("web | apps | any pod | None", header=header)) == ["EG312 web"]
    assert findings(services("web | Internet | app=web | None", header=header)) == ["EG312 web"]


@pytest.mark.parametrize("name", ["../../x", "{{ .Values }}", "a" * 54, "Caf\u00e9", "-a"])
def test_names_that_make_no_id_are_refused(name: str) -> None:
    assert [it.split()[0] for it in findings(services(f"{name} | Redis | None"))] == ["EG306"]


def test_the_catalog_gives_an_id() -> None:
    catalog = CATALOG + "  Caf\u00e9: {id: cafe}\n"
    assert flows(services("Caf\u00e9 | Redis | None"), catalog) == ["cafe -> redis 6379/TCP"]


def test_two_things_of_one_id_are_refused() -> None:
    assert findings(services("my app | None | None", "my_app | None | None")) == ["EG307 my_app"]


def test_a_network_may_be_defined_by_a_row() -> None:
    text = services("web | 203.0.113.9 | None") + services("203.0.113.9/32 | | 443 | TCP | Bank", header=DETAIL)
    assert flows(text) == ["web -> cidr-203-0-113-9-32 443/TCP"]
    policies, _ = compile_text(text)
    assert dependency(policies, "web", "cidr-203-0-113-9-32").purpose == "Bank"


def test_a_group_takes_no_name_of_the_tables() -> None:
    catalog = CATALOG + "groups:\n  web: {members: [Redis]}\n"
    assert findings(services("web | Redis | None"), catalog) == ["EG308 web"]


FLOWS = "From | To | Port"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("web, cart | Redis | 1", "EG221 web, cart"),
        ("web<br>cart | Redis | 1", "EG221 web<br>cart"),
        ("All services | Redis, Kafka | 1", "EG221 Redis, Kafka"),
        ("web | Redis<br>Kafka | 1", "EG221 Redis<br>Kafka"),
    ],
)
def test_a_list_in_a_cell_for_one_name_is_refused_once(row: str, found: str) -> None:
    text = services("web | None | None", "cart | None | None") + services(row, header=FLOWS)
    assert findings(text) == [found]


def test_a_name_with_a_comma_stays_a_name_where_the_catalog_knows_it() -> None:
    catalog = CATALOG + '  "Redis, main": {id: main, ports: [1]}\n'
    assert flows(services("web | Redis, main | 1", header=FLOWS), catalog) == ["web -> main 1/TCP"]


def test_a_line_break_makes_no_service() -> None:
    assert findings(services("a<br>b | Redis | None")) == ["EG221 a<br>b"]
