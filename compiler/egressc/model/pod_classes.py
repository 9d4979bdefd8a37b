"""Classes of pods against each other, and an index that finds the ones that overlap without walking all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, Generic, TypeVar

from egressc.model.flows import PodClass
from egressc.model.label_classes import (
    NAMESPACE_NAME,
    Labels,
    Values,
    both,
    is_coincidence,
    matches,
    only_name,
    without,
)

T = TypeVar("T")

# Fewer entries are looked at one by one; and no labels beyond so many are worth filing by.
_FEW: Final = 8
_MOST_LEVELS: Final = 6


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


def meets_by_chance(named: PodClass, guarded: PodClass, known: Iterable[PodClass]) -> bool:
    """Whether only pods are in both that need labels of each (see `is_coincidence`), and none of those is `known`."""
    if not is_coincidence(named.pods, guarded.pods):
        return False
    shared = common_pods(named, guarded)
    return shared is None or all(common_pods(it, shared) is None or pods_without(it, shared) for it in known)


class ClassIndex(Generic[T]):
    """Finds the entries whose class of pods overlaps a given one.

    Entries of one namespace are filed under the values they ask of the label that most of them ask for, those of one
    value under the next such label; so a service meets its own entries and the few that name no service.
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
        seen: set[int] = set()
        asked = dict(pods.pods)
        for drawer in self._drawers(pods.namespaces):
            for entry in drawer.candidates(asked):
                if id(entry) not in seen and common_pods(entry[0], pods) is not None:
                    seen.add(id(entry))
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
                # Sorted: a set has another order in every process, and who asks shows what comes in this one.
                return [self._by_namespace[name] for name in sorted(self._by_namespace.keys() & values.values)]
        return self._by_namespace.values()


class _Drawer(Generic[T]):
    """Entries of one namespace, filed by the values that they ask of one label; those that name no value stand apart.

    Without a label they are a plain list. An entry with several values is filed under each, at the first level only.
    """

    __slots__ = ("_entries", "_filed", "_key", "_unfiled")

    def __init__(self, entries: Sequence[tuple[PodClass, T]], used: frozenset[str] = frozenset()) -> None:
        self._entries = entries
        self._key = _most_telling(entries, used) if len(entries) > _FEW and len(used) < _MOST_LEVELS else ""
        filed: dict[str | None, list[tuple[PodClass, T]]] = {}
        rest: list[tuple[PodClass, T]] = []
        for entry in entries if self._key else ():
            values = _named_values(entry[0].pods, self._key)
            if values is None or (used and len(values) > 1):
                rest.append(entry)
            else:
                for value in values:
                    filed.setdefault(value, []).append(entry)
        used |= {self._key}
        self._filed = {value: _Drawer(group, used) for value, group in filed.items()}
        self._unfiled = _Drawer(rest, used) if rest else None

    def candidates(self, asked: Mapping[str, Values]) -> Iterator[tuple[PodClass, T]]:
        """The entries that may overlap a class of these labels, some of them more than once."""
        if not self._key:
            yield from self._entries
            return
        values = asked.get(self._key)
        for value in self._filed if values is None or values.excluded else _sorted(values.values):
            if value in self._filed:
                yield from self._filed[value].candidates(asked)
        if self._unfiled is not None:
            yield from self._unfiled.candidates(asked)

    def candidates_for(self, labels: Mapping[str, str]) -> Iterable[tuple[PodClass, T]]:
        """The entries that may hold a pod of these labels, each once."""
        if not self._key:
            return self._entries
        drawers = (self._filed.get(labels.get(self._key)), self._unfiled)
        return chain.from_iterable(drawer.candidates_for(labels) for drawer in drawers if drawer is not None)


def _sorted(values: frozenset[str | None]) -> Iterable[str | None]:
    """In the same order in every process; nearly always it is one."""
    return values if len(values) == 1 else sorted(values, key=lambda value: (value is not None, value or ""))


def _most_telling(entries: Sequence[tuple[PodClass, T]], used: frozenset[str]) -> str:
    """The label that most entries ask for, of those the one with the most values; empty where too few ask for any."""
    asked: Counter[str] = Counter()
    named: dict[str, set[str | None]] = {}
    for pods, _ in entries:
        for key, values in pods.pods:
            if not values.excluded and key not in used:
                asked[key] += 1
                named.setdefault(key, set()).update(values.values)
    key = max(asked, key=lambda it: (asked[it], len(named[it]), it), default="")
    return key if asked[key] * 4 >= len(entries) else ""


def _named_values(labels: Labels, key: str) -> frozenset[str | None] | None:
    for name, values in labels:
        if name == key:
            return None if values.excluded else values.values
    return None
