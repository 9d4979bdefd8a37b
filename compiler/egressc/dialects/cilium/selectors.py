"""Endpoint selectors of Cilium: labels of pods and of their namespaces in one.

Sources: cilium 1.20.2 pkg/k8s/apis/cilium.io/utils (what a selector without a namespace means), pkg/k8s/apis/cilium.io
(the keys), pkg/labels (sources of labels are prefixes of keys).
"""

from dataclasses import replace
from typing import Final

from egressc.dialects.cilium.labels import OF_NAMESPACE, label_problem
from egressc.dialects.shapes.fields import Object, Problems, mapping, sequence
from egressc.dialects.shapes.selectors import read_selector
from egressc.model.flows import PodClass
from egressc.model.label_classes import NAMESPACE_NAME, Labels, both, namespace, select, select_namespaces
from egressc.model.policy import Selector

_NAMESPACE: Final = "io.kubernetes.pod.namespace"
_OVERRIDDEN: Final = f"k8s:{_NAMESPACE}"
_NOT_SHOWN: Final = {
    "io.cilium.k8s.policy.serviceaccount": "selects by service account, which no label of a pod shows",
    "io.cilium.k8s.policy.cluster": "selects by cluster, and only one is known",
}
_SOURCES: Final = ("k8s:", "any:")


def read_endpoints(value: Object, home: str, path: str, problems: Problems) -> PodClass | None:
    """The endpoints that a peer selects; None after a problem.

    Args:
        home: the namespace of the policy; "" for one of the whole cluster, whose selectors mean pods of any namespace.
    """
    read = _read(value, path, problems)
    if read is None:
        return None
    places, pods = read
    where = namespace(home) if places.selects_everything and home else select_namespaces(places)
    if home and not places.selects_everything and places.only_excludes and pods.only_excludes:
        problems.overlook(path, "asks for no label to be there, so before Cilium 1.19 it also fits what is no pod")
    return PodClass(where, select(pods))


def read_subject(value: Object, home: str, path: str, problems: Problems) -> PodClass | None:
    """The pods that a policy selects, in its namespace where it has one."""
    named = mapping(value, "matchLabels", path, problems) or {}
    if home and _OVERRIDDEN in named:  # Cilium writes the policy's own namespace over it
        value = {**value, "matchLabels": {key: text for key, text in named.items() if key != _OVERRIDDEN}}
    read = _read(value, path, problems)
    if read is None:
        return None
    places, pods = read
    where: Labels | None = select_namespaces(places)
    if home and not (where := both(namespace(home), select_namespaces(places))):
        problems.add(path, "selects pods of another namespace, which a policy in this one cannot")
    return PodClass(where, select(pods)) if where is not None else None


def _read(value: Object, path: str, problems: Problems) -> tuple[Selector, Selector] | None:
    """The selector of namespaces, and that of pods."""
    before = len(problems.found)
    plain = _without_sources(value, path, problems)
    if len(problems.found) > before:
        return None
    whole = read_selector(plain, path, problems)
    if len(problems.found) > before:
        return None
    labels = [(_place_key(key), key, text) for key, text in whole.match_labels]
    expressions = [(_place_key(it.key), it) for it in whole.match_expressions]
    places = Selector(
        tuple((place, text) for place, _, text in labels if place),
        tuple(replace(it, key=place) for place, it in expressions if place),
    )
    pods = Selector(
        tuple((key, text) for place, key, text in labels if not place),
        tuple(it for place, it in expressions if not place),
    )
    return places, pods


def _without_sources(value: Object, path: str, problems: Problems) -> Object:
    """The selector with its keys as Kubernetes has them."""
    plain = {**value}
    if (labels := mapping(value, "matchLabels", path, problems)) is not None:
        at = f"{path}.matchLabels"
        bare = [_bare(key, at, problems) for key in labels]
        if len(set(bare)) < len(bare):
            problems.add(at, "has a label twice, from two sources")
        plain["matchLabels"] = dict(zip(bare, labels.values(), strict=True))
    if (expressions := sequence(value, "matchExpressions", path, problems)) is not None:
        plain["matchExpressions"] = [
            {**it, "key": _bare(it["key"], f"{path}.matchExpressions[{number}].key", problems)}
            if isinstance(it, dict) and isinstance(it.get("key"), str)
            else it
            for number, it in enumerate(expressions)
        ]
    return plain


def _bare(key: str, path: str, problems: Problems) -> str:
    """A key without its source. A problem for one that no pod's labels answer."""
    source = next((it for it in _SOURCES if key.startswith(it)), "")
    bare = key.removeprefix(source)
    if ":" in bare:
        problems.add(
            path, f'"{key}" is a label of the source "{bare.partition(":")[0]}", which no pod has in Kubernetes'
        )
    elif bare in _NOT_SHOWN:
        problems.add(path, _NOT_SHOWN[bare])
    elif bare != _NAMESPACE:
        is_of_namespace = bare.startswith(OF_NAMESPACE)
        if problem := label_problem(bare.removeprefix(OF_NAMESPACE), of_namespace=is_of_namespace):
            problems.add(path, f'"{key}" {problem}')
    return bare


def _place_key(key: str) -> str:
    """The key that a label of a namespace has there; empty for a label of a pod."""
    return (
        NAMESPACE_NAME if key == _NAMESPACE else key.removeprefix(OF_NAMESPACE) if key.startswith(OF_NAMESPACE) else ""
    )
