"""What manifests alone say: connections between their workloads, and what each is exposed to beyond them."""

from collections.abc import Iterable
from dataclasses import dataclass

from egressc.model.address_sets import EVERY_ADDRESS, AddressSet, common
from egressc.model.endpoints import pods_in
from egressc.model.flows import Approximation, Direction, Pod, Policy
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.workloads import Workload
from egressc.verify.flows.internet import INSIDE
from egressc.verify.flows.regions import endpoints
from egressc.verify.flows.verdicts import Judge
from egressc.verify.listing.connections import WorkloadConnection, list_connections
from egressc.verify.listing.exposure import Exposure, find_exposures
from egressc.verify.listing.workloads import merge_workloads
from egressc.verify.manifests.reader import Manifests


@dataclass(frozen=True, slots=True)
class Connectivity:
    """`isolated`: in which directions policies isolate each workload, in the order of `workloads`.

    `supposed`: namespaces of workloads that no manifest shows, where policies look at labels of namespaces: they are
    taken to have no label but their name.
    """

    workloads: tuple[Workload, ...]
    isolated: tuple[frozenset[Direction], ...]
    connections: tuple[WorkloadConnection, ...]
    exposures: tuple[Exposure, ...]
    supposed: tuple[str, ...]


def find_connectivity(manifests: Manifests) -> Connectivity:
    workloads = merge_workloads(manifests.workloads, manifests.policies)
    pods = [it.pod for it in workloads]
    judge = Judge(manifests.policies)
    return Connectivity(
        workloads,
        tuple(_isolated(judge, pod) for pod in pods),
        tuple(list_connections(manifests.policies, pods)),
        tuple(find_exposures(manifests.policies, workloads, manifests.namespaces)),
        tuple(supposed_namespaces(manifests.policies, pods, manifests.namespaces)),
    )


def approximations_between(one: Pod | AddressSet, other: Pod | AddressSet) -> tuple[Approximation, ...]:
    """Why a connection of these ends, or its absence, may be otherwise in some cluster."""
    ends = (one, other)
    found = []
    if any(isinstance(end, AddressSet) and end != EVERY_ADDRESS and common(end, INSIDE) for end in ends):
        found.append(Approximation.POD_ADDRESS)
    if any(isinstance(end, Pod) and end.is_on_host_network for end in ends):
        found.append(Approximation.HOST_NETWORK)
    return tuple(found)


def supposed_namespaces(policies: Iterable[Policy], pods: Iterable[Pod], known: Iterable[str]) -> list[str]:
    """Namespaces of pods, sorted, whose labels some policy looks at and nobody knows."""
    peers = (
        peer
        for policy in policies
        for rule in (*(policy.egress or ()), *(policy.ingress or ()))
        for peer in endpoints(rule)
    )
    if not any(key != NAMESPACE_NAME for it in filter(None, map(pods_in, peers)) for key, _ in it.namespaces):
        return []
    return sorted({pod.namespace for pod in pods} - set(known))


def _isolated(judge: Judge, pod: Pod) -> frozenset[Direction]:
    policies = judge.policies_of(pod)
    return frozenset(it for it in Direction if any(policy.isolates(it) for policy in policies))
