"""Rows of flows that say where their ends are: what is known has to be what they say."""

from support.compiled import CATALOG, compile_text, findings, flows, say_peer, services
from support.tables import each

WEB = services("web | shop | app=web | None", header="Service | Namespace | Selector | Calls")
OUTSIDE = CATALOG + "  Vendor: {addresses: [203.0.113.0/24], ports: [443]}\n  All: {internet: true, ports: [443]}\n"


def one(header: str, row: str) -> str:
    return WEB + services(row, header=header)


@each(
    ("header", "row"),
    [
        ("From | To | Namespace | Port", "web | Kafka | events | 9092"),
        ("From | To | Destination namespace | Port", "web | Kafka | events | 9092"),
        ("From | Namespace | To | Namespace | Port", "web | shop | Kafka | events | 9092"),
        ("Namespace | From | To | Port", "shop | web | Kafka | 9092"),
        ("From | To | Selector | Port", "web | Kafka | app=kafka | 9092"),
        ("Source | Source namespace | Source labels | Target | Port", "web | shop | app=web | Kafka | 9092"),
        ("From | To | Namespace | Port", "web | Kafka | - | 9092"),
    ],
)
def test_a_row_that_says_what_is_known_changes_nothing(header: str, row: str) -> None:
    assert flows(one(header, row)) == ["web -> kafka 9092/TCP"]


@each(
    ("header", "row", "found"),
    [
        ("From | To | Namespace | Port", "web | Kafka | evil | 9092", "EG309 evil"),
        ("From | Namespace | To | Port", "web | evil | Kafka | 9092", "EG309 evil"),
        ("From | To | Source namespace | Port", "web | Kafka | evil | 9092", "EG309 evil"),
        ("From | Destination namespace | To | Port", "web | evil | Kafka | 9092", "EG309 evil"),
        ("From | To | Namespace | Port", "web | Kafka | any | 9092", "EG408 any"),
        ("From | To | Namespace | Port", "web | Kafka | Internet | 9092", "EG408 Internet"),
        ("From | To | Namespace | Port", "web | Vendor | shop | 443", "EG408 shop"),
        ("From | To | Selector | Port", "web | Kafka | app=evil | 9092", "EG408 app=evil"),
        ("From | To | Selector | Port", "web | Kafka | any pod | 9092", "EG408 any pod"),
        ("From | Selector | To | Port", "web | app=evil | Kafka | 9092", "EG408 app=evil"),
        ("From | To | Address | Port", "web | Kafka | 10.0.0.1 | 9092", "EG408 10.0.0.1"),
        ("From | To | Address | Port", "web | Vendor | 203.0.113.7 | 443", "EG408 203.0.113.7"),
        ("From | To | Address | Port", "web | All | 203.0.113.7 | 443", "EG408 203.0.113.7"),
        ("From | To | Namespace | Port", "web | kube-dns | data | 53", "EG309 data"),
    ],
)
def test_a_row_that_says_otherwise_is_refused(header: str, row: str, found: str) -> None:
    assert findings(one(header, row), OUTSIDE) == [found]


@each(
    ("row", "column"),
    [
        ("web | Vendor | 203.0.113.0/24 | 443", "Address"),
        ("web | Vendor | Internet | 443", "Namespace"),
        ("web | All | any public address | 443", "Address"),
        ("web | All | Internet | 443", "Namespace"),
    ],
)
def test_what_is_outside_may_be_said_to_be(row: str, column: str) -> None:
    assert findings(one(f"From | To | {column} | Port", row), OUTSIDE) == []


def test_a_cell_is_told_once_however_many_services_its_row_is_about() -> None:
    text = (
        WEB
        + services("cart | None | None")
        + services("All services | Kafka | x | 1", header="From | To | Namespace | Port")
    )
    assert findings(text) == ["EG309 x"]


def test_the_column_tells_things_of_one_name_apart() -> None:
    detail = services("db | a | 1", "db | b | 2", header="Destination | Namespace | Port")
    row = services("web | db | b | 2", header="From | To | Namespace | Port")
    assert flows(WEB + detail + row) == ["web -> db-b 2/TCP"]
    assert findings(WEB + detail + row.replace("| b |", "| c |")) == ["EG302 db"]


def test_the_message_says_what_to_write() -> None:
    _, report = compile_text(one("From | To | Namespace | Port", "web | Kafka | evil | 9092"))
    (found,) = [it for it in report.diagnostics if it.code.id == "EG309"]
    assert '{"evil": "events"}' in found.help


def test_rows_of_connections_place_what_nothing_else_places() -> None:
    catalog = "defaults: {selector: {app: '{id}'}}\ndestinations:\n  Kafka: {ports: [9092]}\n"
    header = "From | Source namespace | To | Destination namespace | Port"
    policies, report = compile_text(services("web | portal | Kafka | events | 9092", header=header), catalog)
    assert policies is not None, report.sorted()
    (service,) = policies.services
    assert service.namespace == "portal"
    assert [say_peer(it) for it in service.grants[0].destination.peers] == [
        "kubernetes.io/metadata.name=events/app=kafka"
    ]
    two = services("web | portal | Kafka | events | 9092", "web | shop | Kafka | events | 9092", header=header)
    assert [it.split()[0] for it in findings(two, catalog)][:1] == ["EG310"]
