"""Classes as label queries: what the API server selects is what the class holds."""

import re

from egressc.model.label_classes import ANY, both, matches, namespace, select, select_namespaces
from egressc.model.policy import Expression, Operator, Selector
from egressc.verify.probing.queries import say_places, say_query
from support.tables import each

CASES = [
    (Selector(), ""),
    (Selector((("app", "web"), ("tier", "front"))), "app=web,tier=front"),
    (Selector((), (Expression("app", Operator.IN, ("b", "a")),)), "app in (a,b)"),
    (Selector((), (Expression("app", Operator.NOT_IN, ("b", "a")),)), "app notin (a,b)"),
    (Selector((), (Expression("app", Operator.EXISTS),)), "app"),
    (Selector((), (Expression("app", Operator.DOES_NOT_EXIST),)), "!app"),
    (
        Selector((), (Expression("app", Operator.EXISTS), Expression("app", Operator.NOT_IN, ("a",)))),
        "app,app notin (a)",
    ),
    (Selector((("app", ""),)), "app="),
]


@each(("selector", "query"), CASES)
def test_a_class_is_one_query(selector: Selector, query: str) -> None:
    assert say_query(select(selector)) == query


@each("selector", [selector for selector, _ in CASES])
@each("labels", [{}, {"app": ""}, {"app": "a"}, {"app": "web", "tier": "front"}, {"app": "c"}])
def test_the_query_selects_what_the_class_holds(selector: Selector, labels: dict[str, str]) -> None:
    assert selects(say_query(select(selector)), labels) == matches(select(selector), labels)


def test_a_single_namespace_is_its_name() -> None:
    assert say_places(namespace("data")) == "=data"
    assert say_places(ANY) == ""
    team = select_namespaces(Selector((("team", "data"),)))
    assert say_places(team) == "team=data"
    named = both(team, namespace("data"))
    assert named is not None
    assert say_places(named) == "kubernetes.io/metadata.name=data,team=data"


def selects(query: str, labels: dict[str, str]) -> bool:
    """The API server's reading of a query: k8s.io/apimachinery pkg/labels, Requirement.Matches."""
    for part in re.split(r",(?![^(]*\))", query) if query else []:
        if found := re.fullmatch(r"(\S+) (in|notin) \((.*)\)", part):
            key, operator, values = found[1], found[2], found[3].split(",")
            is_met = labels.get(key) in values if operator == "in" else labels.get(key) not in values
        elif part.startswith("!"):
            is_met = part[1:] not in labels
        elif "=" in part:
            key, value = part.split("=")
            is_met = labels.get(key) == value
        else:
            is_met = part in labels
        if not is_met:
            return False
    return True
