"""What places say of one thing: agreeing, completing, contradicting."""

from support.compiled import CATALOG, findings, services
from support.tables import each

DESTINATION = "Destination | Namespace | Selector | Port | Notes"


def wide(row: str, header: str = DESTINATION) -> str:
    return services("web | X | None") + services(row, header=header)


@each(
    ("row", "entry", "part"),
    [
        ("X | data | app=x | 1 | ", "{namespace: apps}", "apps"),
        ("X | data | app=x | 1 | ", "{selector: {app: z}}", "{app: z}"),
        ("X | data | app=x | 1 | ", "{ports: [2]}", "[2]"),
        ("X | data | app=x | 1 | ", "{addresses: [203.0.113.0/24]}", "[203.0.113.0/24]"),
        ("X | any | app=x | 1 | ", "{namespace: apps}", "any"),
    ],
)
def test_places_that_contradict_each_other(row: str, entry: str, part: str) -> None:
    assert f"EG408 {part}" in findings(wide(row), CATALOG + f"  X: {entry}\n")


def test_places_that_agree_contradict_nobody() -> None:
    entry = "  X: {namespace: data, selector: {app: x}, ports: [1]}\n"
    assert findings(wide("X | data | app=x | 1 | "), CATALOG + entry) == []


def test_a_place_that_lists_networks_and_the_internet_agrees_with_one_that_lists_the_networks() -> None:
    entry = "  X: {addresses: [203.0.113.0/24], internet: true}\n"
    assert findings(wide("X | | 203.0.113.0/24 | 1", EXTERNAL), CATALOG + entry) == []


@each("row", ["X | data | | 203.0.113.0/24", "X | | app=x | 203.0.113.0/24", "X | data | app=x | 203.0.113.0/24"])
def test_one_row_may_contradict_itself(row: str) -> None:
    found = findings(wide(f"{row} | 1", "Destination | Namespace | Selector | Address | Port"))
    assert [it.split()[0] for it in found] == ["EG408"]


EXTERNAL = "Destination | Namespace | Address | Port"


@each(
    ("row", "entry"),
    [
        ("X | | 203.0.113.0/24 | 1", "{internet: true}"),
        ("X | data | 203.0.113.0/24 | 1", "{}"),
        ("X | data | | 1", "{to: [{podSelector: {matchLabels: {a: b}}}]}"),
        ("X | | 203.0.113.0/24 | 1", "{to: [{podSelector: {matchLabels: {a: b}}}]}"),
    ],
)
def test_pods_peers_addresses_and_the_internet_exclude_each_other(row: str, entry: str) -> None:
    found = findings(wide(row, EXTERNAL), CATALOG + f"  X: {entry}\n")
    assert [it.split()[0] for it in found] == ["EG408"]
