"""Rows of connections: which ports go with which destination, and who calls whom."""

from support.compiled import CATALOG, compile_text, findings, flows, services
from support.tables import each

FLOWS = "From | To | Port"
LISTENING = CATALOG + "  A: {ports: [1, 2]}\n  B: {ports: [1, 2]}\n  C: {ports: [1, 2, 3]}\n"


def test_several_ports_go_with_all_destinations_that_listen_on_them() -> None:
    assert flows(services("web | A, B, C | 1, 2", header=FLOWS), LISTENING) == [
        "web -> a 1/TCP, 2/TCP",
        "web -> b 1/TCP, 2/TCP",
        "web -> c 1/TCP, 2/TCP",
    ]
    assert findings(services("web | A, B, C | 1, 3", header=FLOWS), LISTENING) == ["EG435 1, 3"]


@each(
    ("callers", "found"),
    [
        ("all services", ["cart -> web 8080/TCP", "shop -> web 8080/TCP"]),
        ("team", ["cart -> web 8080/TCP"]),
        ("web", ["web -> web 8080/TCP"]),
        ("team, shop", ["cart -> web 8080/TCP", "shop -> web 8080/TCP"]),
    ],
)
def test_a_service_calls_itself_only_where_it_is_named(callers: str, found: list[str]) -> None:
    rows = services(
        "web | Redis | 8080", "cart | Kafka | 80", "shop | Redis | 90", header="Service | Dependencies | Port"
    )
    calls = services(f"web | {callers}", header="Service | Called by")
    allowed = flows(rows + calls, CATALOG + "groups:\n  team: {members: [web, cart]}\n")
    assert [flow for flow in allowed if "-> web" in flow] == found


def test_callers_in_a_table_of_services_are_services() -> None:
    rows = services("cart | web | 80", "web | | 8080", header="Service | Called by | Port")
    assert flows(rows) == ["web -> cart 80/TCP"]
    assert flows(rows + services("shop | Redis | None")) == ["shop -> redis 6379/TCP", "web -> cart 80/TCP"]


def test_a_port_that_may_be_the_one_of_a_destination_is_shown_there() -> None:
    text = services("web | Kafka, Redis | 6379", header="Service | Dependencies | Port")
    (problem,) = compile_text(text)[1].diagnostics
    assert (problem.code.id, [label.span.text for label in problem.related]) == ("EG209", ["Redis"])
