"""Guardrails of the project file into what they deny: peers and ports, with the exceptions taken out.

A policy of the whole cluster can deny pods by selectors and networks, on numbered ports (network-policy-api v0.3.0,
ClusterNetworkPolicy: names of hosts can only be allowed).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.guardrails import idle_guardrail, undeniable_destination
from egressc.model.address_sets import AddressSet
from egressc.model.baselines import Opening
from egressc.model.endpoints import intersect, without
from egressc.model.entities import Target
from egressc.model.flows import Endpoints, PodClass
from egressc.model.guardrails import DeniedRule, Guardrail, GuardrailPolicies, GuardrailSettings
from egressc.model.intervals import Intervals
from egressc.model.known_namespaces import NamespaceFacts
from egressc.model.label_classes import has_members, is_coincidence, namespace, select, select_namespaces, selectors_of
from egressc.model.peers import read_peers
from egressc.model.pod_classes import common_pods
from egressc.model.policy import (
    AddressPeer,
    Direction,
    GrantEnd,
    HostPeer,
    Peer,
    PodPeer,
    Port,
    Protocol,
    ServicePolicy,
)
from egressc.model.port_sets import EVERY_NUMBER, EVERY_PORT, NO_PORTS, PortSet, port_set, subtract
from egressc.model.ports import sort_ports
from egressc.resolve.openings import answer_opening
from egressc.resolve.references import ReferenceResolver
from egressc.source import Located


class _Piece(NamedTuple):
    """One end and its ports."""

    end: Endpoints
    ports: PortSet


def resolve_guardrails(
    settings: Sequence[GuardrailSettings],
    policies: GuardrailPolicies | None,
    answers: ReferenceResolver,
    report: Report,
) -> tuple[Guardrail, ...]:
    """What guardrails deny, in the order of the file; those that deny nothing left out. EG497, EG498, unknown names."""
    resolver = _GuardrailResolver(policies, answers, report)
    return tuple(found for it in settings if (found := resolver.resolve(it)).rules)


def guardrails_by_service(
    guardrails: Sequence[Guardrail], policies: Iterable[ServicePolicy], facts: NamespaceFacts
) -> dict[str, tuple[Guardrail, ...]]:
    """What each policy must not allow, by its id, as it means where these namespaces are known.

    What some pods cannot reach is denied at both ends: as egress of the ones, and as ingress of the others. A chart
    knows no labels of namespaces: what they decide is said by names here.
    """
    sides = [(it, [*_sides(it, facts)]) for it in guardrails]
    found: dict[str, tuple[Guardrail, ...]] = {}
    shared: dict[tuple[int, ...], tuple[Guardrail, ...]] = {}
    for policy in policies if sides else ():
        pods = PodClass(namespace(policy.namespace), select(policy.pod_selector))
        own = [
            (it, [side for side in held if side.rule.direction in policy.directions and side.guards(pods)])
            for it, held in sides
        ]
        if chosen := tuple(id(side) for _, held in own for side in held):
            if chosen not in shared:
                shared[chosen] = tuple(it._replace(rules=tuple(one.rule for one in held)) for it, held in own if held)
            found[policy.id] = shared[chosen]
    return found


class _Side(NamedTuple):
    """A rule of a guardrail as it is for the pods at one end of its flows."""

    pods: tuple[PodClass, ...]
    rule: DeniedRule

    def guards(self, pods: PodClass) -> bool:
        """Whether it is about some of these pods; of pods that need its labels besides their own nobody knows."""
        return any(common_pods(one, pods) is not None and not is_coincidence(one.pods, pods.pods) for one in self.pods)


def _sides(guardrail: Guardrail, facts: NamespaceFacts) -> Iterator[_Side]:
    guarded = facts.settle_pods(PodClass(select_namespaces(guardrail.namespaces), select(guardrail.pods)))
    senders = tuple(peer for it in guarded for peer in _peers(it))
    for rule in guardrail.rules:
        pods, addresses = read_peers(rule.peers, "")
        others = tuple(part for it in pods for part in facts.settle_pods(it))
        ends: tuple[Endpoints, ...] = (*others, addresses)
        if peers := tuple(dict.fromkeys(peer for end in ends for peer in _peers(end))):
            yield _Side(guarded, rule._replace(peers=peers))
        if others and senders:
            yield _Side(others, rule._replace(direction=rule.direction.opposite, peers=senders))


def check_idle(guardrails: Sequence[Guardrail], guarded: Mapping[str, Sequence[Guardrail]], report: Report) -> None:
    """EG498 for guardrails that guard no pods of any policy; for where no policy of the cluster enforces them."""
    held = {it.key for own in guarded.values() for it in own}
    for it in guardrails:
        if it.key not in held:
            problem = "no policy here is about its pods, and no policy of the cluster enforces it"
            report.add(idle_guardrail(Located(it.key, it.origin), problem))


class _GuardrailResolver:
    def __init__(self, policies: GuardrailPolicies | None, answers: ReferenceResolver, report: Report) -> None:
        self._policies = policies
        self._answers = answers
        self._report = report

    def resolve(self, said: GuardrailSettings) -> Guardrail:
        rules: list[DeniedRule] = []
        is_denying = False
        for direction in Direction:
            excepted = [
                piece
                for opening in said.excepted[direction]
                for target, ports in answer_opening(opening, self._answers)
                for piece in self._pieces(target, ports, opening, direction)
            ]
            for opening in said.denied[direction]:
                for target, ports in answer_opening(opening, self._answers):
                    pieces = [*self._pieces(target, ports, opening, direction)]
                    is_denying |= bool(pieces)
                    rules += _rules(direction, _take(pieces, excepted), _end(target, direction).name, opening)
        found = Guardrail(said.key, said.purpose, said.namespaces, said.pods, tuple(rules), said.span)
        if is_denying and not rules:
            self._report.add(idle_guardrail(Located(said.key, said.span), "its exceptions are all that it denies"))
        return found

    def _pieces(
        self, target: Target, ports: tuple[Port, ...], opening: Opening, direction: Direction
    ) -> Iterator[_Piece]:
        """What a name stands for, on the ports that policies see. EG497 for what no policy of a cluster can deny."""
        end = _end(target, direction)
        seen = self._answers.pods.pod_ports(target.entity, ports, opening.place) if ports else ()
        if problem := self._problem(end, seen, direction):
            self._report.add(undeniable_destination(opening.place, end.name, *problem))
            return
        pods, addresses = read_peers(end.peers, "")
        reached = port_set(seen) if seen else EVERY_PORT
        yield from (_Piece(it, reached) for it in pods)
        if addresses:
            yield _Piece(addresses, reached)

    def _problem(self, end: GrantEnd, ports: tuple[Port, ...], direction: Direction) -> tuple[str, str] | None:
        """Why an end cannot be denied, and a repair."""
        if end.hosts or any(isinstance(it, HostPeer) for it in end.peers):
            return (
                "is known by name, and a policy can only deny pods and addresses",
                "write its networks: an entry of the catalog with `addresses`",
            )
        if any(isinstance(it, PodPeer) and it.namespaces is None for it in end.peers):
            return (
                "is in the namespace of whoever asks, so it is another destination for each pod",
                "write its namespace in the catalog",
            )
        if any(isinstance(it.port, str) for it in ports):
            return "has a port without a number, and a policy can only deny numbers", "write the number of the port"
        is_address = any(isinstance(it, AddressPeer) for it in end.peers)
        if direction is Direction.INGRESS and is_address and self._policies is not None:
            return (
                f"is an address, and {self._policies.kind} can only deny what pods send",
                "remove it from `denyFrom`, or remove `guardrails` from `cluster`: then it is checked, not enforced",
            )
        return None


def _end(target: Target, direction: Direction) -> GrantEnd:
    return target.destination if direction is Direction.EGRESS else target.caller


def _take(pieces: Iterable[_Piece], excepted: Iterable[_Piece]) -> list[_Piece]:
    """What is left of pieces without the exceptions, in disjoint parts."""
    left = [*pieces]
    for out in excepted:
        rest: list[_Piece] = []
        for piece in left:
            shared = intersect(piece.end, out.end)
            if shared is None:
                rest.append(piece)
                continue
            rest += (_Piece(it, piece.ports) for it in without(piece.end, out.end))
            ports = subtract(piece.ports, out.ports)
            if ports != NO_PORTS:
                rest.append(_Piece(shared, ports))
        left = rest
    return left


def _rules(direction: Direction, pieces: Iterable[_Piece], name: str, opening: Opening) -> Iterator[DeniedRule]:
    """One rule for each set of ports."""
    by_ports: dict[PortSet, list[Peer]] = {}
    for piece in pieces:
        by_ports.setdefault(piece.ports, []).extend(_peers(piece.end))
    for ports, peers in by_ports.items():
        numbers = () if ports == EVERY_PORT else _ports(ports)
        yield DeniedRule(direction, tuple(dict.fromkeys(peers)), numbers, name, opening.place)


def _peers(end: Endpoints) -> Iterator[Peer]:
    match end:
        case AddressSet(v4, v6):
            yield from (AddressPeer(it) for it in _networks(v4, v6))
        case PodClass(namespaces, pods):
            if has_members(namespaces) and has_members(pods):
                for where in selectors_of(namespaces):
                    for which in selectors_of(pods):
                        yield PodPeer(where, None if which.selects_everything else which)


def _networks(v4: Intervals, v6: Intervals) -> Iterator[str]:
    for first, last in v4:
        yield from map(str, summarize_address_range(IPv4Address(first), IPv4Address(last)))
    for first, last in v6:
        yield from map(str, summarize_address_range(IPv6Address(first), IPv6Address(last)))


def _ports(ports: PortSet) -> tuple[Port, ...]:
    found: list[Port] = []
    for protocol in Protocol:
        numbers = ports.of(protocol).numbers
        if numbers == EVERY_NUMBER:
            found.append(Port(protocol, None))
        else:
            found += (Port(protocol, first, None if first == last else last) for first, last in numbers)
    return sort_ports(found)
