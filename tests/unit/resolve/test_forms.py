"""Names that stand for people, for many things, or for several known ones."""

from collections.abc import Callable

from egressc.lower.references import read_reference
from egressc.resolve import forms
from support.tables import each

KNOWN = {"redis", "kafka", "ci/cd", "pg"}


@each(
    ("judge", "names", "others"),
    [
        (forms.is_everything, ["anything", "Everything"], ["all services", "redis"]),
        (forms.is_all_services, ["all services", "All Services"], ["anything", "all"]),
        (forms.stands_for_others, ["anything", "all services"], ["redis", "users"]),
        (forms.is_person, ["Browser", "end users", "the Internet"], ["users", "browser-api", "internet-gateway"]),
        (forms.is_doubtful, ["Users", "nodes", "VPN"], ["browser", "user-service", "redis"]),
        (
            forms.names_many,
            ["all 5 stores", "Every pod", "both stores", "anything"],
            ["allocator", "redis", "each-way"],
        ),
        (forms.is_no_name, ["Web or Orders", "the rest", "all pods in data", "not redis"], ["orders", "allocator"]),
    ],
)
def test_forms_of_names(judge: Callable[[str], bool], names: list[str], others: list[str]) -> None:
    assert {name: judge(name) for name in [*names, *others]} == {
        **dict.fromkeys(names, True),
        **dict.fromkeys(others, False),
    }


@each(
    ("text", "found"),
    [
        ("redis only", ["redis"]),
        ("only redis", ["redis"]),
        ("redis + kafka", ["redis", "kafka"]),
        ("redis and kafka only", ["redis", "kafka"]),
        ("redis & pg/kafka", ["redis", "pg", "kafka"]),
        ("redis + other", []),
        ("other", []),
        ("data/redis", ["redis in data"]),
        ("data/other", []),
        ("elsewhere/redis", []),
        ("pg/redis", ["pg", "redis"]),
        (" + ".join(["redis"] * 50), ["redis"] * 50),
        (" + ".join(["redis"] * 51), []),
    ],
)
def test_an_unknown_item_in_another_form(text: str, found: list[str]) -> None:
    asks = forms.other_forms(read_reference(text), lambda ask: ask.name in KNOWN, lambda name: name == "data")
    assert [f"{ask.name} in {ask.namespace}" if ask.namespace else ask.name for ask in asks] == found
