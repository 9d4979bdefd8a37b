"""The pods that a selector of Calico selects, as classes by the labels of their namespaces and their own.

Sources: projectcalico/calico libcalico-go/lib/backend/syncersv1/updateprocessors (rules.go: how the selectors of a rule
become one) and libcalico-go/lib/backend/k8s/conversion (the labels that pods have in addition).
"""

from collections.abc import Callable, Iterator
from typing import Final

from egressc.dialects.calico.grammar import All, Any, Atom, BadSelectorError, Global, Node, Not, PartOfText
from egressc.model.flows import EVERY_POD, PodClass
from egressc.model.label_classes import ANY, NAMESPACE_NAME, Labels, Values, both, named_namespaces
from egressc.model.pod_classes import common_pods, pods_without

_MOST_PARTS: Final = 64
_EVERY: Final = Values(True, frozenset())
NAMESPACE: Final = "projectcalico.org/namespace"
NAME: Final = "projectcalico.org/name"
OF_NAMESPACE: Final = "pcns."
_ORCHESTRATOR: Final = "projectcalico.org/orchestrator"
_OF_SERVICE_ACCOUNT: Final = ("projectcalico.org/serviceaccount", "pcsa.")

Place = Callable[[Atom], "list[PodClass]"]
"""The pods that meet one test of a label."""


def pods_by_labels(test: Atom) -> list[PodClass]:
    """By labels of pods, and those that Calico adds. Raises BadSelectorError."""
    key, values = test
    if key.startswith(_OF_SERVICE_ACCOUNT):
        raise BadSelectorError(f'tests "{key}", a label of service accounts, which are not known')
    if key == _ORCHESTRATOR:
        return [EVERY_POD] if values.admits("k8s") else []
    if key == NAMESPACE:
        return pods_by_namespace(Atom(NAME, values))
    if key.startswith(OF_NAMESPACE):
        return pods_by_namespace(Atom(key.removeprefix(OF_NAMESPACE), values))
    return [] if values.is_empty else [PodClass(ANY, _labels(key, values))]


def pods_by_namespace(test: Atom) -> list[PodClass]:
    """By labels of their namespaces."""
    key = NAMESPACE_NAME if test.key == NAME else test.key
    namespaces = named_namespaces(_labels(key, test.values))
    return [PodClass(namespaces, ANY)] if all(not it.is_empty for _, it in namespaces) else []


def select(node: Node, place: Place, *, is_negated: bool = False) -> list[PodClass]:
    """The pods that a selector selects, as classes that can overlap. Raises BadSelectorError."""
    match node:
        case Atom(key, values):
            return place(Atom(key, values.complement) if is_negated else node)
        case PartOfText(key, operator, _):
            raise BadSelectorError(f'tests the text of the label "{key}" ({operator}), which is not read')
        case Global():
            return [EVERY_POD] if is_negated else []
        case Not(inner):
            return select(inner, place, is_negated=not is_negated)
        case All(nodes) | Any(nodes):
            parts = (select(it, place, is_negated=is_negated) for it in nodes)
            return meet_all(parts) if isinstance(node, All) is not is_negated else join_all(parts)


def meet_all(parts: "Iterator[list[PodClass]]") -> list[PodClass]:
    """The pods in every part."""
    found = [EVERY_POD]
    for part in parts:
        found = _simple([it for one in found for other in part if (it := common_pods(one, other)) is not None])
    return found


def join_all(parts: "Iterator[list[PodClass]]") -> list[PodClass]:
    """The pods in some part."""
    return _simple([it for part in parts for it in part])


def _simple(classes: list[PodClass]) -> list[PodClass]:
    """The same with as few classes as merging two of them gives. Raises BadSelectorError where these are too many."""
    found: list[PodClass] = []
    for it in dict.fromkeys(classes):
        new = it
        while (other := next((one for one in found if _merged(one, new) is not None), None)) is not None:
            found.remove(other)
            new = _merged(other, new) or new
        found.append(new)
        if len(found) > _MOST_PARTS:
            raise BadSelectorError("has too many alternatives to be read")
    return found


def _merged(one: PodClass, other: PodClass) -> PodClass | None:
    """Both as one class: where one holds the other, or a single label tells them apart."""
    if not pods_without(one, other):
        return other
    if not pods_without(other, one):
        return one
    differing = [
        (side, key)
        for side, (mine, theirs) in enumerate(zip(map(dict, one), map(dict, other), strict=True))
        for key in mine.keys() | theirs.keys()
        if mine.get(key) != theirs.get(key)
    ]
    if len(differing) != 1:
        return None
    ((side, key),) = differing
    mine, theirs = dict(one[side]), dict(other[side])
    left = both(_labels(key, mine[key].complement), _labels(key, theirs[key].complement))
    del mine[key]
    labels = frozenset(mine.items()) | (ANY if left is None else _labels(key, dict(left)[key].complement))
    return one._replace(namespaces=labels) if side == 0 else one._replace(pods=labels)


def _labels(key: str, values: Values) -> Labels:
    return ANY if values == _EVERY else frozenset(((key, values),))
