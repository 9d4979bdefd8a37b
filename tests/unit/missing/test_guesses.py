"""What names are proposed as."""

from egressc.diagnostics.phrases import list_parts
from egressc.missing.guesses import guess
from support.tables import each


@each("name", ["Rail API", "APIs of partners", "api.pay.example", "https://api.pay.example/v1"])
def test_a_name_of_an_api_a_host_or_a_url_is_proposed_as_outside(name: str) -> None:
    assert guess(name, is_external=False).is_outside


@each("name", ["Capital", "orders-db", "store.shop.svc.cluster.local", "v1.2"])
def test_other_names_are_proposed_as_pods(name: str) -> None:
    assert not guess(name, is_external=False).is_outside


def test_what_is_in_an_external_column_is_proposed_as_outside() -> None:
    assert guess("Mail", is_external=True).is_outside


def test_a_host_is_taken_from_the_name() -> None:
    assert guess("https://API.Pay.example/v1", is_external=False).host == "api.pay.example"


@each(("name", "port"), [("PostgreSQL", 5432), ("orders-redis", 6379), ("Kafka", 9092), ("DB", None)])
def test_a_known_product_has_its_usual_port(name: str, port: int | None) -> None:
    assert guess(name, is_external=False).port == port


@each(
    ("name", "parts"),
    [
        ("PG + RMQ", ("PG", "RMQ")),
        ("PostgreSQL and Redis", ("PostgreSQL", "Redis")),
        ("S3 / MinIO", ("S3", "MinIO")),
        ("Sandbox", ()),
        ("https://a.example/b", ()),
    ],
)
def test_parts_of_what_may_be_a_list(name: str, parts: tuple[str, ...]) -> None:
    assert list_parts(name) == parts
