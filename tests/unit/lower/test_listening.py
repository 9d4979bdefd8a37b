"""`Port` in a table of services: what the service listens on, unless the table may mean something else."""

from support.compiled import findings, flows, services
from support.tables import each


@each("header", ["Service | Port | Calls", "Service | Listens on | Calls", "Service | Pod port | Calls"])
def test_a_port_is_what_the_service_listens_on(header: str) -> None:
    rows = services("web | 8443 | api", "api | 8080 | Redis", header=header)
    assert flows(rows) == ["api -> redis 6379/TCP", "web -> api 8080/TCP"]


def test_a_port_behind_the_calls_is_too_where_nothing_says_otherwise() -> None:
    assert flows(services("web | api | 8443", "api | None | 8080", header="Service | Calls | Port")) == [
        "web -> api 8080/TCP"
    ]


@each(
    ("header", "rows", "found"),
    [
        ("Service | Calls | Port | Protocol", ["web | Redis | 6379 | TCP"], "EG209 Port"),
        ("Service | Port | Protocol | Calls", ["web | 6379 | TCP | Redis"], "EG209 Port"),
        ("Service | Calls | Port", ["web | Redis | 6379"], "EG209 6379"),
        ("Service | Calls | Port", ["web | Redis | 6379", "web | Kafka | 9092"], "EG209 Port"),
        ("Service | Port | Calls", ["web | 6379 | Redis", "web | 9092 | Kafka"], "EG209 Port"),
        ("Service | Calls | Destination port", ["web | Redis | 6379"], "EG209 Destination port"),
        ("Service | Listens on | Calls | Port", ["web | 8443 | Redis | 6379"], "EG209 Port"),
    ],
)
def test_a_port_that_may_be_the_connections_is_refused(header: str, rows: list[str], found: str) -> None:
    assert findings(services(*rows, header=header)) == [found]


@each(
    ("header", "row"),
    [
        ("Service | Listens on | Protocol | Calls", "web | 6379 | UDP | Redis"),
        ("Service | Called by | Calls | Listens on | Protocol", "web | web | None | 6379 | UDP"),
    ],
)
def test_a_header_that_says_whose_port_it_is_settles_it(header: str, row: str) -> None:
    assert findings(services(row, header=header)) == []


def test_rows_of_one_service_have_to_agree() -> None:
    header = "Service | Listens on | Calls"
    assert findings(services("web | 80 | Redis", "web | 81 | Kafka", header=header)) == ["EG408 81"]
    assert findings(services("web | 80 | Redis", "web | 80 | Kafka", header=header)) == []
    assert findings(services("web | 80 | Redis", "web | | Kafka", header=header)) == []
    tables = services("web | 80 | Redis", header=header) + services("web | 81 | Kafka", header="Service | Port | Calls")
    assert findings(tables) == ["EG408 81"]


def test_a_document_says_whose_port_it_is() -> None:
    text = "services: [{service: web, dependencies: [Redis], listensOn: 6379}]"
    assert findings({"a.yaml": text}) == []
