"""Guardrails of the project file into what they deny: peers and ports, with the exceptions taken out.

A policy of the whole cluster can deny pods by selectors and networks, on numbered ports (network-policy-api v0.3.0,
ClusterNetworkPolicy: names of hosts can only be allowed).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.guardrails import idle_guardrail, undeniable_destination
from egressc.model.baselines import Opening
from egressc.model.endpoints import intersect, without
from egressc.model.entities import Target
from egressc.model.flows import Endpoints
from egressc.model.guardrails import DeniedRule, Guardrail, GuardrailPolicies, GuardrailSettings
from egressc.model.peers import peers_of, read_peers
from egressc.model.policy import AddressPeer, Direction, GrantEnd, HostPeer, PodPeer, Port, Protocol
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
        seen = self._both_ports(target, ports, opening) if ports else ()
        if problem := self._problem(end, seen, direction):
            self._report.add(undeniable_destination(opening.place, end.name, *problem))
            return
        pods, addresses = read_peers(end.peers, "")
        reached = port_set(seen) if seen else EVERY_PORT
        yield from (_Piece(it, reached) for it in pods)
        if addresses:
            yield _Piece(addresses, reached)

    def _both_ports(self, target: Target, ports: tuple[Port, ...], opening: Opening) -> tuple[Port, ...]:
        """Ports of the pods and of the Services in front of them: whichever of the two is written means both."""
        said = {*ports, *self._answers.pods.pod_ports(target.entity, ports, opening.place)}
        for it in target.service_ports:
            service = Port(it.pod.protocol, it.service)
            if it.pod in said or service in said:
                said |= {it.pod, service}
        return sort_ports(said)

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
    by_ports: dict[PortSet, list[PodPeer | AddressPeer]] = {}
    for piece in pieces:
        by_ports.setdefault(piece.ports, []).extend(peers_of(piece.end))
    for ports, peers in by_ports.items():
        numbers = () if ports == EVERY_PORT else _ports(ports)
        yield DeniedRule(direction, tuple(dict.fromkeys(peers)), numbers, name, opening.place)


def _ports(ports: PortSet) -> tuple[Port, ...]:
    found: list[Port] = []
    for protocol in Protocol:
        numbers = ports.of(protocol).numbers
        if numbers == EVERY_NUMBER:
            found.append(Port(protocol, None))
        else:
            found += (Port(protocol, first, None if first == last else last) for first, last in numbers)
    return sort_ports(found)
