"""Classes of pods against every pod of a small universe, and the index of them against a walk through all."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.model.flows import PodClass
from egressc.model.label_classes import NAMESPACE_NAME, Labels, Values, matches, namespace
from egressc.model.pod_classes import ClassIndex, common_pods, pods_without

NAMES = [f"n{number:02}" for number in range(24)]
PLACES = [{NAMESPACE_NAME: name, **team} for name in ("n1", "n2", "n3") for team in ({}, {"team": "t"})]
LABELS = [
    {key: value for key, value in zip("ab", values, strict=True) if value is not None}
    for values in itertools.product([None, "1", "2", "3"], repeat=2)
]
PODS = list(itertools.product(PLACES, LABELS))


def labels_of(keys: str, values: list[str | None], *, most: int) -> st.SearchStrategy[Labels]:
    admitted = st.builds(
        lambda excluded, some: Values(excluded, frozenset(some)),
        st.booleans(),
        st.lists(st.sampled_from(values), min_size=1, max_size=2),
    )
    return st.dictionaries(st.sampled_from(keys), admitted, max_size=most).map(lambda chosen: frozenset(chosen.items()))


named = st.sampled_from(["n1", "n2"]).map(namespace)
some_named = st.sets(st.sampled_from(["n1", "n2"]), min_size=1).map(lambda names: _any_of(NAMESPACE_NAME, [*names]))
elsewhere = st.sampled_from(
    [
        frozenset[tuple[str, Values]](),
        frozenset({("team", Values(False, frozenset({"t"})))}),
        frozenset({(NAMESPACE_NAME, Values(True, frozenset({"n1"})))}),
    ]
)
classes = st.builds(PodClass, named | some_named | elsewhere, labels_of("ab", ["1", "2", None], most=2))
# Many of one namespace, so that they are filed by their labels, on several levels.
crowds = st.lists(st.builds(PodClass, named, labels_of("ab", ["1", "2", None], most=2)), min_size=9, max_size=30)


def _any_of(key: str, values: list[str]) -> Labels:
    return frozenset(((key, Values(False, frozenset(values))),))


def _holds(pods: PodClass, place: dict[str, str], labels: dict[str, str]) -> bool:
    return matches(pods.namespaces, place) and matches(pods.pods, labels)


def _members(pods: PodClass) -> list[int]:
    return [number for number, pod in enumerate(PODS) if _holds(pods, *pod)]


@settings(max_examples=40)
@given(classes, classes)
def test_operations_are_those_of_sets(one: PodClass, other: PodClass) -> None:
    common = common_pods(one, other)
    inside = [number for number in _members(one) if number in _members(other)]
    assert (_members(common) if common is not None else []) == inside
    left = [number for part in pods_without(one, other) for number in _members(part)]
    assert sorted(left) == [number for number in _members(one) if number not in inside]


@settings(max_examples=30)
@given(crowds, st.lists(classes, max_size=3), classes)
def test_the_index_finds_what_overlaps_each_once(
    crowd: list[PodClass], others: list[PodClass], asked: PodClass
) -> None:
    entries = [(pods, number) for number, pods in enumerate([*crowd, *others])]
    found = [number for _, number in ClassIndex(entries).overlapping(asked)]
    assert sorted(found) == [number for pods, number in entries if common_pods(pods, asked) is not None]


@settings(max_examples=30)
@given(crowds, st.lists(classes, max_size=3), st.sampled_from(PODS))
def test_the_index_finds_what_holds_a_pod_each_once(
    crowd: list[PodClass], others: list[PodClass], pod: tuple[dict[str, str], dict[str, str]]
) -> None:
    place, labels = pod
    entries = [(pods, number) for number, pods in enumerate([*crowd, *others])]
    found = [number for _, number in ClassIndex(entries).holding(place[NAMESPACE_NAME], place, labels)]
    assert sorted(found) == [number for pods, number in entries if _holds(pods, place, labels)]


def test_classes_come_in_the_same_order_in_every_process() -> None:
    # A set of 24 texts has this order by chance once in 24!.
    by_place = ClassIndex((PodClass(namespace(name), frozenset()), name) for name in NAMES)
    found = by_place.overlapping(PodClass(_any_of(NAMESPACE_NAME, NAMES), frozenset()))
    assert [name for _, name in found] == NAMES
    by_label = ClassIndex((PodClass(namespace("shop"), _any_of("app", [name])), name) for name in NAMES)
    found = by_label.overlapping(PodClass(namespace("shop"), _any_of("app", NAMES)))
    assert [name for _, name in found] == NAMES
