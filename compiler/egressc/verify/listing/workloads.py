"""The workloads of a set of manifests as people count them: a Deployment, not its ReplicaSets and pods beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from egressc.model.endpoints import pods_in
from egressc.model.flows import Policy
from egressc.model.workloads import Workload
from egressc.verify.flows.regions import endpoints

_Identity = tuple[str, str, str]


def merge_workloads(workloads: Sequence[Workload], policies: Iterable[Policy]) -> tuple[Workload, ...]:
    """One workload for each controller that no other one owns, under its name, sorted by namespace, name and kind.

    A dump of a cluster has the controller, what it made, and the pods of these. Pods that some policy could tell from
    the others of their controller, by a label, or that name other ports, stay a workload of their own.
    """
    known = {_identity(it): it for it in workloads}
    keys = _keys(policies)
    groups: dict[_Identity, dict[object, Workload]] = {}
    for workload in sorted(workloads, key=lambda it: it.owner is not None):
        if workload.owner is None or not workload.is_idle:
            groups.setdefault(_root(workload, known), {}).setdefault(_seen_as(workload, keys), workload)
    found: list[Workload] = []
    for (kind, _, name), variants in groups.items():
        for number, workload in enumerate(variants.values()):
            title = (kind, name) if number == 0 else (workload.pod.kind, workload.pod.name)
            found.append(replace(workload, pod=replace(workload.pod, kind=title[0], name=title[1])))
    return tuple(_numbered(sorted(found, key=_order)))


def _identity(workload: Workload) -> _Identity:
    return workload.pod.kind, workload.pod.namespace, workload.pod.name


def _order(workload: Workload) -> tuple[str, str, str]:
    return workload.pod.namespace, workload.pod.name, workload.pod.kind


def _root(workload: Workload, known: dict[_Identity, Workload]) -> _Identity:
    """The controller at the top, as far as the manifests show the way."""
    identity, seen = _identity(workload), set[_Identity]()
    while identity not in seen:
        seen.add(identity)
        at = known.get(identity)
        if at is None or at.owner is None:
            break
        identity = at.owner
    return identity


def _keys(policies: Iterable[Policy]) -> frozenset[str]:
    """The labels of pods that policies look at."""
    found: set[str] = set()
    for policy in policies:
        rules = (*(policy.egress or ()), *(policy.ingress or ()))
        peers = (peer for rule in rules for peer in endpoints(rule))
        for pods in (policy.subject, *filter(None, map(pods_in, peers))):
            found.update(key for key, _ in pods.pods)
    return frozenset(found)


def _seen_as(workload: Workload, keys: frozenset[str]) -> object:
    """What policies can see of the pods of a workload."""
    pod = workload.pod
    labels = frozenset((key, value) for key, value in pod.labels.items() if key in keys)
    return labels, frozenset(pod.ports), pod.is_on_host_network


def _numbered(workloads: Iterable[Workload]) -> Iterable[Workload]:
    """No two of one name: of manifests that give a workload twice, in two ways, the later ones get a number."""
    taken: dict[_Identity, int] = {}
    for workload in workloads:
        count = taken[_identity(workload)] = taken.get(_identity(workload), 0) + 1
        if count == 1:
            yield workload
        else:
            yield replace(workload, pod=replace(workload.pod, name=f"{workload.pod.name} ({count})"))
