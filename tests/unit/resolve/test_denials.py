"""Rows that deny: what is wrong with their destinations is shown where they are written."""

from support.compiled import findings, services
from support.tables import each

FLOWS = "From | To | Port | Action"
NEEDS = "Service | Dependencies | Action"


@each(
    ("header", "row", "found"),
    [
        (FLOWS, "web | Rabbit | 1 | deny", ["EG301 Rabbit"]),
        (FLOWS, "web | Redis, Rabbit | 1 | deny", ["EG301 Rabbit"]),
        (FLOWS, "web | **Redis**, *Rabbit* | 1 | deny", ["EG301 Rabbit"]),
        (NEEDS, "web | Rabbit | deny", ["EG301 Rabbit"]),
        (NEEDS, "web | Redis, Rabbit | deny", ["EG301 Rabbit"]),
        (NEEDS, "web | Redis | deny", []),
    ],
)
def test_an_unknown_destination_is_pointed_at(header: str, row: str, found: list[str]) -> None:
    assert findings(services(row, header=header)) == found
