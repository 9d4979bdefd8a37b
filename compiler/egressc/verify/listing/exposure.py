"""Exposure: who else could reach a workload, or be reached by it, than the workloads of the manifests.

A rule opens a class of pods, and the workloads at hand are those that happen to be in it. A workload stands for the
pods that a rule selects by the name of its namespace and by a label that is in the workload's own selector; every
other class may have further pods, of this release or of somebody else's. What a class may have is cut down by the
policies that are known to isolate it (docs/reports.md, "Exposure").
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from egressc.model.address_sets import EVERY_ADDRESS
from egressc.model.endpoints import is_within, pods_in, with_joined_addresses
from egressc.model.flows import EVERY_POD, Direction, Endpoints, Pod, PodClass, Policy
from egressc.model.known_namespaces import Namespaces, settle
from egressc.model.label_classes import NAMESPACE_NAME, Labels, matches
from egressc.model.pod_classes import common_pods
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, PortSet, covers, join, resolve
from egressc.model.workloads import Workload
from egressc.verify.flows.policy_index import PolicyIndex
from egressc.verify.flows.regions import Region, endpoints, ports_at
from egressc.verify.flows.verdicts import Judge


@dataclass(frozen=True, slots=True)
class Exposure:
    """One class of pods, or addresses, at the other end of a workload's connections.

    `is_isolated` False: no policy isolates the workload in this direction, so that only what denies keeps somebody out.
    `is_limited`: policies isolate some of the pods at the other end, and let less than `ports` through.
    """

    workload: Pod
    direction: Direction
    peer: Endpoints
    ports: PortSet
    is_isolated: bool
    is_limited: bool = False


def find_exposures(
    policies: Iterable[Policy], workloads: Sequence[Workload], namespaces: Namespaces
) -> Iterator[Exposure]:
    """Every exposure, by workload and direction, the widest first. `namespaces`: the labels of those that are known."""
    settled = settle(policies, namespaces)
    judge = Judge(settled)
    sides = {direction: PolicyIndex(settled, direction) for direction in Direction}
    at_hand = _Standing(workloads)
    for direction in Direction:
        far_ends = _FarEnds(sides[direction.opposite], at_hand)
        for workload in workloads:
            is_isolated = any(it.isolates(direction) for it in judge.policies_of(workload.pod))
            yield from _of_workload(workload.pod, sides[direction], far_ends, is_isolated=is_isolated)


def _of_workload(pod: Pod, side: PolicyIndex, far_ends: "_FarEnds", *, is_isolated: bool) -> Iterator[Exposure]:
    opened = _opened(side.policies_of(pod), side.direction, pod)
    found: list[Exposure] = []
    for peer, ports in opened.items():
        here = resolve(ports, pod.ports) if side.direction is Direction.INGRESS else ports
        pods = pods_in(peer)
        if pods is None:
            numbers = resolve(here, ())
            if numbers != NO_PORTS:
                found.append(Exposure(pod, side.direction, peer, numbers, is_isolated))
        elif here != NO_PORTS:
            left, is_limited = far_ends.let_through(pods, here, pod)
            if left != NO_PORTS:
                found.append(Exposure(pod, side.direction, peer, left, is_isolated, is_limited))
    yield from sorted(_widest(found), key=_order)


def _opened(policies: Sequence[Policy], direction: Direction, pod: Pod) -> dict[Endpoints, PortSet]:
    """Ports by peer; addresses together for each set of ports."""
    if not policies:
        return {EVERY_POD: EVERY_PORT, EVERY_ADDRESS: EVERY_PORT}
    opened: dict[Endpoints, PortSet] = {}
    for policy in policies:
        for rule in policy.rules(direction) or ():
            # Of a destination that no manifest shows, nobody knows the named ports.
            is_known = direction is Direction.INGRESS or not rule.ports.has_names
            ports = ports_at(rule, pod.ports if direction is Direction.INGRESS else ()) if is_known else rule.ports
            for peer in endpoints(rule):
                opened[peer] = join(opened.get(peer, NO_PORTS), ports)
    return with_joined_addresses(opened)


class _Standing:
    """Which classes of pods the workloads stand for."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self._values: dict[tuple[str, str], set[str | None]] = {}
        for workload in workloads:
            for key, (excluded, values) in workload.selector:
                if not excluded and None not in values:
                    self._values.setdefault((workload.pod.namespace, key), set()).update(values)

    def stand_for(self, pods: PodClass) -> bool:
        """Whether no pod of a class is without a workload.

        Every key of a class is free of the others. So in one namespace a pod is in the class and with no workload
        unless the class allows some key such values alone as selectors there have.
        """
        names = next((values for key, values in pods.namespaces if key == NAMESPACE_NAME), None)
        if names is None or names.excluded:
            return False
        return all(name is not None and self._names_some(name, pods.pods) for name in names.values)

    def _names_some(self, namespace: str, labels: Labels) -> bool:
        return any(
            not excluded and values <= self._values.get((namespace, key), set()) for key, (excluded, values) in labels
        )


class _Free(NamedTuple):
    """What is known of a class: whether pods of it may be isolated by nothing, and the policies of those that are."""

    has_free: bool
    guarded: tuple[PodClass, ...]


class _FarEnds:
    """The other ends, as the policies know them that isolate pods there."""

    def __init__(self, side: PolicyIndex, at_hand: _Standing) -> None:
        self._side = side
        self._at_hand = at_hand
        self._known: dict[PodClass, _Free] = {}

    def let_through(self, peer: PodClass, ports: PortSet, pod: Pod) -> tuple[PortSet, bool]:
        """The ports on which some pod of a class without a workload may be there; and whether not all of these may."""
        free = self._free(peer)
        left = ports if free.has_free else NO_PORTS
        is_limited = False
        for subject in free.guarded:
            admitted = NO_PORTS
            for piece in self._side.pieces_of(subject):
                pods = pods_in(piece.peer)
                if pods is not None and matches(pods.namespaces, pod.place()) and matches(pods.pods, pod.labels):
                    admitted = join(admitted, self._common(ports, piece, pod))
            left = join(left, admitted)
            is_limited |= not covers(admitted, ports)
            if is_limited and left == ports:
                break
        return left, is_limited and left != NO_PORTS

    def _free(self, peer: PodClass) -> _Free:
        known = self._known.get(peer)
        if known is None:
            known = self._known[peer] = self._look_at(peer)
        return known

    def _look_at(self, peer: PodClass) -> _Free:
        if self._at_hand.stand_for(peer):
            return _Free(False, ())
        has_free = any(not self._at_hand.stand_for(part) for part in self._side.not_isolated(peer))
        guarded = [
            subject
            for subject in self._side.subjects_over(peer)
            if (common := common_pods(peer, subject)) is not None and not self._at_hand.stand_for(common)
        ]
        return _Free(has_free, tuple(guarded))

    def _common(self, ports: PortSet, piece: Region, pod: Pod) -> PortSet:
        inside, outside = piece.inside, piece.outside
        if self._side.direction is Direction.EGRESS:  # the workload is where the names are looked up
            inside = tuple(resolve(it, pod.ports) for it in inside)
            outside = resolve(outside, pod.ports)
        region = Region(EVERY_POD, EVERY_POD, (ports, *inside), outside)
        return region.ports if region.find_port(Direction.EGRESS) is not None else NO_PORTS


def _widest(found: Sequence[Exposure]) -> Iterator[Exposure]:
    """Without those that another one holds, peer and ports; of two equal ones the first."""
    for number, one in enumerate(found):
        holding = (
            _holds(other, one) and not (_holds(one, other) and number < place)
            for place, other in enumerate(found)
            if place != number
        )
        if not any(holding):
            yield one


def _holds(large: Exposure, small: Exposure) -> bool:
    if large.is_limited and not small.is_limited:
        return False
    if not covers(large.ports, small.ports):
        return False
    return is_within(small.peer, large.peer)


def _order(exposure: Exposure) -> tuple[int, int]:
    pods = pods_in(exposure.peer)
    if pods is None:
        return 1, 0
    return (0, 0) if pods == EVERY_POD else (2, len(pods.namespaces) + len(pods.pods))
