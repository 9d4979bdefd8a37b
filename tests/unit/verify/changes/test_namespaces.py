"""Which namespace of one environment is which of another one, by what is in them."""

import re

from egressc.model.address_sets import NO_ADDRESSES
from egressc.model.flows import PodClass, Policy, Rule
from egressc.model.label_classes import ANY, namespace
from egressc.model.port_sets import EVERY_PORT
from egressc.source import Source, Span
from egressc.verify.changes.namespaces import find_moves, moved
from support.tables import each

NOWHERE = Span(Source("services.md", ""), 0, 0)


def policies(places: str) -> list[Policy]:
    """`web@shop db@data`: services with their namespaces, each with a rule to every thing behind a colon."""
    found = []
    for said in places.split():
        service, *targets = re.split("[:,]", said)
        name, place = service.split("@")
        rules = tuple(
            Rule(index, (PodClass(namespace(there), ANY),), NO_ADDRESSES, EVERY_PORT, name=target)
            for index, (target, there) in enumerate(it.split("@") for it in targets)
        )
        found.append(Policy(place, name, PodClass(namespace(place), ANY), rules, None, NOWHERE))
    return found


@each(
    ("old", "new", "moves"),
    [
        ("web@shop", "web@shop-prod", {"shop": "shop-prod"}),
        ("web@shop", "web@shop", {}),
        ("web@shop:db@data", "web@shop:db@data-prod", {"data": "data-prod"}),
        ("web@a cart@b", "web@b cart@a", {"a": "b", "b": "a"}),
        # Two that would become one, and one that would become two.
        ("web@a cart@b", "web@c cart@c", {}),
        ("web@a cart@a", "web@b cart@c", {}),
        # `b` of the old side has nothing in common with that of the new one.
        ("web@a debug@b", "web@b", {}),
        ("web@a", "cart@b", {}),
    ],
)
def test_moves(old: str, new: str, moves: dict[str, str]) -> None:
    assert find_moves(policies(old), policies(new)) == moves


def test_a_moved_policy_has_the_names_of_the_other_side_everywhere() -> None:
    (old,), (new,) = policies("web@shop:db@data"), policies("web@shop-prod:db@data-prod")
    keys = {"kubernetes.io/metadata.name"}
    assert moved(old, {"shop": "shop-prod", "data": "data-prod"}, keys) == new
    assert moved(old, {}, keys) == old
