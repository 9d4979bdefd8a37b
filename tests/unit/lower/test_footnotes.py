"""Footnote marks in cells are no part of names and ports; where they may be one, the row is refused."""

from support.compiled import CATALOG, findings, flows, services
from support.tables import each


@each(
    "cell",
    [
        "Redis¹",
        "Redis†",
        "Redis*",
        "Redis[1]",
        "Redis [2]",
        "Redis<sup>1</sup>",
        "Redis<sup>[a](#a)</sup>",
        "Redis[^1]",
    ],
)
def test_a_mark_behind_a_name_is_no_part_of_it(cell: str) -> None:
    assert flows(services(f"web | {cell} | None")) == ["web -> redis 6379/TCP"]
    assert flows(services(f"web† | {cell}:6379, Kafka‡ | None")) == ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"]


@each("cell", ["443¹", "443*", "443†", "443[1]", "443<sup>1</sup>", "443<sup>*</sup>", "HTTPS 443²"])
def test_a_mark_behind_a_port_is_no_part_of_it(cell: str) -> None:
    table = services(f"web | Redis | {cell}", header="From | To* | Port¹")
    assert flows(table, CATALOG.replace("6379", "443")) == ["web -> redis 443/TCP"]


def test_a_name_that_is_written_with_its_mark_is_that_name() -> None:
    catalog = CATALOG + '  "Redis²": {id: other, ports: [1]}\n'
    assert flows(services("web | Redis² | None"), catalog) == ["web -> other 1/TCP"]


@each("cell", ["Redis<sub>2</sub>", "Redis<sup>new</sup>", "Re<sup>1</sup>dis"])
def test_what_may_belong_to_a_name_is_never_glued_to_it(cell: str) -> None:
    catalog = CATALOG + "  Redis2: {ports: [1]}\n  Redisnew: {ports: [1]}\n  Re1dis: {ports: [1]}\n"
    (found,) = findings(services(f"web | {cell} | None"), catalog)
    assert found.startswith("EG301")


def test_a_mark_that_makes_another_known_name_is_refused() -> None:
    catalog = CATALOG + "  Redis2: {ports: [1]}\n"
    assert findings(services("web | Kafka, Redis<sup>2</sup> | None"), catalog) == ["EG302 Redis"]
    assert findings(services("web | Redis<sup>2</sup> | None")) == []


def test_a_heading_with_a_mark_still_names_its_service() -> None:
    text = (
        services("web | None | None")
        + "## web¹ egress rules\n\n"
        + services("Redis | 6379", header="Destination | Port")
    )
    assert flows(text) == ["web -> redis 6379/TCP"]


def test_nothing_with_a_mark_is_nothing() -> None:
    assert flows(services("web | None† | N/A[1]")) == []
