"""Places of values that are no cells of a table."""

from egressc.model.references import Value
from egressc.source import Source
from support.tables import each


@each(
    ("raw", "text", "place"),
    [("redis, db", "redis, db", "db"), ('"a\\x20db"', "a db", '"a\\x20db"'), ("[1, 2]", "1, 2", "[1, 2]")],
)
def test_a_value_that_is_not_written_as_it_reads_is_pointed_at_as_a_whole(raw: str, text: str, place: str) -> None:
    value = Value(text, 5, 5 + len(raw))
    assert value.place(Source("source", f"key: {raw}\n"), len(text) - 2, len(text)).text == place
