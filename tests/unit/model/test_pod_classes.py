"""The index of classes of pods: which it finds, and in what order."""

from egressc.model.flows import PodClass
from egressc.model.label_classes import NAMESPACE_NAME, Labels, Values, namespace
from egressc.model.pod_classes import ClassIndex

NAMES = [f"n{number:02}" for number in range(24)]


def _any_of(key: str, values: list[str]) -> Labels:
    return frozenset(((key, Values(False, frozenset(values))),))


def test_classes_come_in_the_same_order_in_every_process() -> None:
    # A set of 24 texts has this order by chance once in 24!.
    by_place = ClassIndex((PodClass(namespace(name), frozenset()), name) for name in NAMES)
    found = by_place.overlapping(PodClass(_any_of(NAMESPACE_NAME, NAMES), frozenset()))
    assert [name for _, name in found] == NAMES
    by_label = ClassIndex((PodClass(namespace("shop"), _any_of("app", [name])), name) for name in NAMES)
    found = by_label.overlapping(PodClass(namespace("shop"), _any_of("app", NAMES)))
    assert [name for _, name in found] == NAMES
