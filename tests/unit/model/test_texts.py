"""Texts of cells: where a row says a name."""

from egressc.model.texts import place_of_name
from egressc.source import Source, Span
from support.tables import each


@each(
    ("name", "cell", "expected"),
    [
        ("Redis", "Redis", "Redis"),
        ("Redis", "Kafka, Redis, Mail", "Redis"),
        ("Redis", "Redis Cache, Redis (6379); Mail", "Redis (6379)"),
        ("Redis", "Redis:6379, Mail", "Redis:6379"),
        ("Redis", "**Redis**, Mail", "Redis"),
        ("Redis", "the cache, Mail", "the cache, Mail"),
        ("web", "api, cart", "web"),
        ("Red", "Redis, Mail", "Redis, Mail"),
    ],
)
def test_where_a_row_says_a_name(name: str, cell: str, expected: str) -> None:
    text = f"# A title\n\n| web | {cell} | x |\n"
    source, start = Source("services.md", text), text.index(cell)
    found = place_of_name(name, Span(source, start, start + len(cell)))
    assert found.text == expected
    assert found.line == 3
