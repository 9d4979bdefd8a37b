"""Near names, without comparing with every name."""

import time

from egressc.resolve.names import Headings, NearNames
from support.tables import each

NAMES = ["payments-db", "payments-api", "Query Engine", "Redis", "PostgreSQL"]


@each(
    ("name", "near"),
    [
        ("paymnts-db", "payments-db"),
        ("query engine", "Query Engine"),
        ("query-engine", "Query Engine"),
        ("Rediss", "Redis"),
        ("Rdeis", "Redis"),
        ("Postgres", "PostgreSQL"),
    ],
)
def test_a_near_name_is_found(name: str, near: str) -> None:
    assert NearNames(NAMES).near(name)[0] == near


def test_a_name_far_from_all_is_near_none() -> None:
    assert NearNames(NAMES).near("Elasticsearch") == []


def test_many_names_stay_fast() -> None:
    near = NearNames(f"payments-api-{number:05}" for number in range(10_000))
    near.near("x")
    start = time.process_time()
    for number in range(200):
        assert near.near(f"payments-ap-{number:05}")[0] == f"payments-api-{number:05}"
    assert time.process_time() - start < 2


def test_headings_hold_whole_names_the_longest_first() -> None:
    headings = Headings(["API", "API Gateway", "web", "C++ tools"])
    assert headings.names_in("API Gateway egress") == ("API Gateway",)
    assert headings.names_in("Rules: API, web.") == ("API", "web")
    assert headings.names_in("APIs and webs") == ()
    assert headings.names_in("C++ tools") == ("C++ tools",)
    assert headings.names_in("my-web") == ()
