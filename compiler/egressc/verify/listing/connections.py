"""Every connection among known pods, and between them and addresses outside: for reports, which name the pairs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, common, join_addresses, subtract
from egressc.model.flows import Direction, Pod, PodClass, Policy, Rule
from egressc.model.label_classes import Labels, matches
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, PortSet, join, meet, resolve
from egressc.verify.flows.precedence import additive
from egressc.verify.flows.regions import NamedPorts, ports_at
from egressc.verify.flows.verdicts import Judge

Open = dict[int, PortSet]
"""Ports by the number of the pod at the other end; a pod that is missing is closed."""


class WorkloadConnection(NamedTuple):
    """Ports that are open from one end to the other; names are resolved, so `ports` are numbers."""

    source: Pod | AddressSet
    destination: Pod | AddressSet
    ports: PortSet


def list_connections(policies: Iterable[Policy], pods: Sequence[Pod]) -> Iterator[WorkloadConnection]:
    """Every pair that is open on some port, in the order of the pods, then the outside; no pod's calls to itself.

    Addresses come as the coarsest sets that all rules treat alike, and never stand for one of the pods. The time is in
    proportion to the pairs that the sources' egress opens, not to all pairs.
    """
    cluster = _ClusterView(pods)
    judge = Judge(additive(policies))
    rules = {direction: [_rules(judge, pod, direction) for pod in pods] for direction in Direction}
    inward = [cluster.reach(guard, pod) for guard, pod in zip(rules[Direction.INGRESS], pods, strict=True)]
    for number, source in enumerate(pods):
        outward = cluster.reach(rules[Direction.EGRESS][number])
        for other in range(len(pods)) if outward is None else sorted(outward):
            if other == number:
                continue
            there = pods[other]
            towards, from_here = EVERY_PORT if outward is None else outward[other], inward[other]
            back = EVERY_PORT if from_here is None else from_here.get(number, NO_PORTS)
            ports = meet(resolve(towards, there.ports), resolve(back, there.ports))
            if ports != NO_PORTS:
                yield WorkloadConnection(source, there, ports)
    for number, pod in enumerate(pods):
        for addresses, ports in _outside(rules[Direction.EGRESS][number], ()):
            if (numbers := resolve(ports, ())) != NO_PORTS:
                yield WorkloadConnection(pod, addresses, numbers)
        for addresses, ports in _outside(rules[Direction.INGRESS][number], pod.ports):
            if (numbers := resolve(ports, pod.ports)) != NO_PORTS:
                yield WorkloadConnection(addresses, pod, numbers)


class _ClusterView:
    """Known pods, and which of them each class holds; a class is looked up once, among the pods with its labels."""

    def __init__(self, pods: Sequence[Pod]) -> None:
        self._pods = pods
        self._members: dict[PodClass, list[int]] = {}
        self._labelled: dict[tuple[str, str], list[int]] = {}
        for number, pod in enumerate(pods):
            for label in pod.labels.items():
                self._labelled.setdefault(label, []).append(number)

    def reach(self, rules: Sequence[Rule] | None, guarded: Pod | None = None) -> Open | None:
        """What rules open to the pods; None where there are none, so that everything is open.

        `guarded`: the destination, if these are rules of its ingress.
        """
        if rules is None:
            return None
        found: Open = {}
        for rule in rules:
            for peer in rule.pods:
                for number in self._members_of(peer):
                    ports = ports_at(rule, (guarded or self._pods[number]).ports)
                    known = found.get(number)
                    found[number] = ports if known is None else join(known, ports)
        return found

    def _members_of(self, peer: PodClass) -> list[int]:
        known = self._members.get(peer)
        if known is None:
            known = self._members[peer] = [
                number
                for number in self._candidates(peer.pods)
                if matches(peer.pods, (pod := self._pods[number]).labels) and matches(peer.namespaces, pod.place())
            ]
        return known

    def _candidates(self, pods: Labels) -> Iterable[int]:
        for key, (excluded, values) in pods:
            if not excluded and None not in values:
                return sorted(
                    number for value in values if value is not None for number in self._labelled.get((key, value), ())
                )
        return range(len(self._pods))


def _rules(judge: Judge, pod: Pod, direction: Direction) -> list[Rule] | None:
    lists = [rules for policy in judge.policies_of(pod) if (rules := policy.rules(direction)) is not None]
    return [rule for rules in lists for rule in rules] if lists else None


def _outside(rules: Sequence[Rule] | None, named_ports: NamedPorts) -> list[tuple[AddressSet, PortSet]]:
    if rules is None:
        return [(EVERY_ADDRESS, EVERY_PORT)]
    cells: list[tuple[AddressSet, PortSet]] = [(EVERY_ADDRESS, NO_PORTS)]
    for rule in rules:
        if rule.addresses:
            opened = ports_at(rule, named_ports)
            inside = [(common(addresses, rule.addresses), join(ports, opened)) for addresses, ports in cells]
            outside = [(subtract(addresses, rule.addresses), ports) for addresses, ports in cells]
            cells = [cell for cell in (*inside, *outside) if cell[0]]
    merged: dict[PortSet, AddressSet] = {}
    for addresses, ports in cells:
        merged[ports] = join_addresses((merged.get(ports, NO_ADDRESSES), addresses))
    return [(addresses, ports) for ports, addresses in merged.items()]
