"""Classes of pods against each other, and an index that finds the ones that overlap without walking all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Generic, TypeVar

from egressc.model.flows import PodClass
from egressc.model.label_classes import NAMESPACE_NAME, Labels, both, matches, only_name, without

T = TypeVar("T")


def common_pods(one: PodClass, other: PodClass) -> PodClass | None:
    """The pods in both classes; None when there can be none."""
    if one == other:
        return one
    namespaces = both(one.namespaces, other.namespaces)
    if namespaces is None:
        return None
    pods = both(one.pods, other.pods)
    return None if pods is None else PodClass(namespaces, pods)


def pods_without(one: PodClass, other: PodClass) -> list[PodClass]:
    """The pods in `one` and not in `other`, as disjoint classes."""
    left = [PodClass(namespaces, one.pods) for namespaces in without(one.namespaces, other.namespaces)]
    inside = both(one.namespaces, other.namespaces)
    if inside is not None:
        left += [PodClass(inside, pods) for pods in without(one.pods, other.pods)]
    return left


class ClassIndex(Generic[T]):
    """Finds the entries whose class of pods overlaps a given one.

    Entries of one namespace are filed under the values they ask of the label that most of them ask for, usually the
    service's name; so a service meets its own entries and the few that name no service.
    """

    __slots__ = ("_by_namespace", "_elsewhere")

    def __init__(self, entries: Iterable[tuple[PodClass, T]]) -> None:
        grouped: dict[str, list[tuple[PodClass, T]]] = {}
        self._elsewhere: list[tuple[PodClass, T]] = []
        for entry in entries:
            name = only_name(entry[0].namespaces)
            if name is None:
                self._elsewhere.append(entry)
            else:
                grouped.setdefault(name, []).append(entry)
        self._by_namespace = {name: _Drawer(group) for name, group in grouped.items()}

    def overlapping(self, pods: PodClass) -> Iterator[tuple[PodClass, T]]:
        """The entries that some pod of this class could belong to as well."""
        for drawer in self._drawers(pods.namespaces):
            for entry in drawer.candidates(pods.pods):
                if common_pods(entry[0], pods) is not None:
                    yield entry
        for entry in self._elsewhere:
            if common_pods(entry[0], pods) is not None:
                yield entry

    def holding(
        self, namespace: str, place: Mapping[str, str], labels: Mapping[str, str]
    ) -> Iterator[tuple[PodClass, T]]:
        """The entries that hold one pod: in a namespace of this name with the labels `place`, itself with `labels`."""
        drawer = self._by_namespace.get(namespace)
        for entry in chain(drawer.candidates_for(labels) if drawer else (), self._elsewhere):
            if matches(entry[0].namespaces, place) and matches(entry[0].pods, labels):
                yield entry

    def _drawers(self, namespaces: Labels) -> Iterable["_Drawer[T]"]:
        for key, values in namespaces:
            if key == NAMESPACE_NAME and not values.excluded:
                return [self._by_namespace[n] for n in values.values if n is not None and n in self._by_namespace]
        return self._by_namespace.values()


class _Drawer(Generic[T]):
    __slots__ = ("_entries", "_filed", "_key", "_unfiled")

    def __init__(self, entries: list[tuple[PodClass, T]]) -> None:
        self._entries = entries
        asked = Counter(key for pods, _ in entries for key, values in pods.pods if not values.excluded)
        self._key = max(asked, key=lambda key: (asked[key], key)) if asked else ""
        self._filed: dict[str | None, list[tuple[PodClass, T]]] = {}
        self._unfiled: list[tuple[PodClass, T]] = []
        for entry in entries:
            values = _named_values(entry[0].pods, self._key)
            if values is None:
                self._unfiled.append(entry)
            else:
                for value in values:
                    self._filed.setdefault(value, []).append(entry)

    def candidates(self, pods: Labels) -> Iterable[tuple[PodClass, T]]:
        values = _named_values(pods, self._key)
        if values is None:
            return self._entries
        found = [entry for value in values for entry in self._filed.get(value, ())]
        if len(values) > 1:
            found = list({id(entry): entry for entry in found}.values())
        return [*found, *self._unfiled]

    def candidates_for(self, labels: Mapping[str, str]) -> Iterable[tuple[PodClass, T]]:
        return chain(self._filed.get(labels.get(self._key), ()), self._unfiled)


def _named_values(labels: Labels, key: str) -> frozenset[str | None] | None:
    for name, values in labels:
        if name == key:
            return None if values.excluded else values.values
    return None
