"""Classes of labels against every labelling of a small universe."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.label_classes import (
    ANY,
    NAMESPACE_NAME,
    Labels,
    both,
    example,
    has_members,
    is_coincidence,
    matches,
    namespace,
    only_name,
    possible_names,
    select,
    select_namespaces,
    selectors_of,
    without,
)
from egressc.model.policy import Expression, Operator, Selector
from support.tables import each

_VALUES = [None, "1", "", "3", "other"]
_UNIVERSE = [
    {key: value for key, value in zip("ab", pair, strict=True) if value is not None}
    for pair in itertools.product(_VALUES, repeat=2)
]

_some = st.lists(st.sampled_from(["1", "", "3"]), min_size=1, max_size=2).map(tuple)
_expressions = st.builds(Expression, st.sampled_from("ab"), st.sampled_from([Operator.IN, Operator.NOT_IN]), _some) | (
    st.builds(Expression, st.sampled_from("ab"), st.sampled_from([Operator.EXISTS, Operator.DOES_NOT_EXIST]))
)
_selectors = st.builds(
    Selector,
    st.dictionaries(st.sampled_from("ab"), st.sampled_from(["1", ""]), max_size=1).map(lambda d: tuple(d.items())),
    st.lists(_expressions, max_size=3).map(tuple),
)


def _members(labels: Labels) -> list[dict[str, str]]:
    return [actual for actual in _UNIVERSE if matches(labels, actual)]


@given(_selectors, _selectors)
def test_operations_are_those_of_sets(one: Selector, other: Selector) -> None:
    a, b = select(one), select(other)
    common = both(a, b)
    members, others = _members(a), _members(b)
    assert has_members(a) == bool(members)
    assert (_members(common) if common is not None and has_members(common) else []) == [
        actual for actual in members if actual in others
    ]
    if has_members(a):
        left = [_members(part) for part in without(a, b)]
        assert sorted(map(str, itertools.chain(*left))) == sorted(str(m) for m in members if m not in others)


@given(_selectors, _selectors)
def test_selectors_of_a_class_select_it(one: Selector, other: Selector) -> None:
    for labels in (select(one), *without(ANY, select(other)), *without(select(one), select(other))):
        if has_members(labels):
            selected = [_members(select(it)) for it in selectors_of(labels)]
            assert sorted(map(str, itertools.chain(*selected))) == sorted(map(str, _members(labels)))


@each(
    ("named", "guarded", "expected"),
    [
        ({"app": "web"}, {"tier": "pci"}, True),
        ({"app": "web", "tier": "pci"}, {"tier": "pci"}, False),
        ({"app": "web"}, {"app": "web", "tier": "pci"}, False),
        ({}, {"tier": "pci"}, False),
        ({"app": "web"}, {}, False),
        ({"app": Operator.EXISTS}, {"tier": "pci"}, False),
        ({"app": "web"}, {"tier": Operator.EXISTS}, True),
        ({"app": "web"}, {"tier": Operator.DOES_NOT_EXIST}, False),
    ],
)
def test_labels_that_say_nothing_about_each_other(
    named: dict[str, str], guarded: dict[str, str], expected: bool
) -> None:
    def of(labels: dict[str, str]) -> Labels:
        values = tuple((key, it) for key, it in labels.items() if not isinstance(it, Operator))
        asked = tuple(Expression(key, it) for key, it in labels.items() if isinstance(it, Operator))
        return select(Selector(values, asked))

    assert is_coincidence(of(named), of(guarded)) is expected


@given(_selectors)
def test_an_example_is_a_member(selector: Selector) -> None:
    labels = select(selector)
    if has_members(labels):
        assert matches(labels, example(labels))


@each(
    ("expression", "matched"),
    [
        (Expression("a", Operator.IN, ("",)), [{"a": ""}]),
        (Expression("a", Operator.NOT_IN, ("",)), [{}, {"a": "x"}]),
        (Expression("a", Operator.EXISTS), [{"a": ""}, {"a": "x"}]),
        (Expression("a", Operator.DOES_NOT_EXIST), [{}]),
    ],
)
def test_operators_and_the_absent_key(expression: Expression, matched: list[dict[str, str]]) -> None:
    labels = select(Selector(match_expressions=(expression,)))
    assert [actual for actual in ({}, {"a": ""}, {"a": "x"}) if matches(labels, actual)] == matched


def test_the_name_of_a_namespace_is_never_absent() -> None:
    named = [
        select_namespaces(Selector(match_expressions=(Expression(NAMESPACE_NAME, operator, values),)))
        for operator, values in (
            (Operator.EXISTS, ()),
            (Operator.DOES_NOT_EXIST, ()),
            (Operator.NOT_IN, ("x",)),
            (Operator.IN, ("x", "Not_a_name")),
        )
    ]
    assert named[0] == ANY
    assert not has_members(named[1])
    assert next(possible_names(named[2])) == "other"
    assert named[3] == namespace("x")
    assert [only_name(labels) for labels in named] == [None, None, None, "x"]
