"""One connection between two known ends: allowed or not, and which rules and policies decide it.

Source: NetworkPolicy (networking.k8s.io/v1): a connection is allowed if the source's egress and the destination's
ingress both allow it; an end that no policy isolates in that direction allows everything. With order and denials:
`flows.Precedence`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from egressc.model.address_sets import holds, is_host
from egressc.model.flows import Approximation, Direction, Endpoint, Pod, Policy, Rule, RuleAction
from egressc.model.label_classes import has_members, matches
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import Protocol
from egressc.model.port_sets import has_port
from egressc.verify.flows.precedence import place_of, precedence_of
from egressc.verify.flows.witnesses import is_inside, naming


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """One rule against one connection; it is about the connection if both ends of it are."""

    policy: Policy
    rule: Rule
    meets_peer: bool
    meets_port: bool

    @property
    def meets(self) -> bool:
        return self.meets_peer and self.meets_port


@dataclass(frozen=True, slots=True)
class Guard:
    """One end of a connection: the policies that select it, and each of their rules judged.

    `deciding` are the rules that allow or deny it. Without any, it is denied if `isolates`.
    """

    direction: Direction
    policies: tuple[Policy, ...]
    rules: tuple[JudgedRule, ...]
    deciding: tuple[JudgedRule, ...]
    isolates: bool

    @property
    def allows(self) -> bool:
        return self.deciding[0].rule.action is RuleAction.ALLOW if self.deciding else not self.isolates

    @property
    def isolating(self) -> tuple[Policy, ...]:
        """The policies that deny what no rule meets."""
        return tuple(it for it in self.policies if it.isolates(self.direction))

    @property
    def near_misses(self) -> tuple[JudgedRule, ...]:
        """The allowing rules that meet the other end but not the port, then those that meet the port alone."""
        allowing = [judged for judged in self.rules if judged.rule.action is RuleAction.ALLOW]
        right_peer = tuple(j for j in allowing if j.meets_peer and not j.meets_port)
        return right_peer + tuple(j for j in allowing if j.meets_port and not j.meets_peer)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a connection is allowed; an end outside the cluster has no guard."""

    egress: Guard | None
    ingress: Guard | None
    approximate: tuple[Approximation, ...]

    @property
    def allowed(self) -> bool:
        return all(guard is None or guard.allows for guard in (self.egress, self.ingress))


class Judge:
    """Judges connections under one set of policies; the policies of a pod are found by index."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._index = ClassIndex((policy.subject, policy) for policy in policies if has_members(policy.subject.pods))

    def policies_of(self, pod: Pod) -> list[Policy]:
        """The policies that select a pod."""
        return [policy for _, policy in self._index.holding(pod.namespace, pod.place(), pod.labels)]

    def judge(
        self, source: Endpoint, destination: Endpoint, protocol: Protocol, port: int, pod_port: int | None = None
    ) -> Verdict:
        """The verdict on one connection; addresses are IPv4 or IPv6 as text. Raises ValueError for other text.

        `pod_port`: what ingress sees, where egress sees the port of a Service.
        """
        egress = ingress = None
        if isinstance(source, Pod):
            egress = self._guard(Direction.EGRESS, source, destination, protocol, port)
        if isinstance(destination, Pod):
            ingress = self._guard(Direction.INGRESS, destination, source, protocol, pod_port or port)
        return Verdict(egress, ingress, _approximations(source, destination, (egress, ingress)))

    def _guard(self, direction: Direction, guarded: Pod, other: Endpoint, protocol: Protocol, port: int) -> Guard:
        destination = other if direction is Direction.EGRESS else guarded
        names = destination.names_of(protocol, port) if isinstance(destination, Pod) else frozenset[str]()
        policies = tuple(p for p in self.policies_of(guarded) if p.rules(direction) is not None)
        judged = tuple(
            JudgedRule(policy, rule, meets_peer(rule, other), meets_port(rule, protocol, port, names))
            for policy in policies
            for rule in policy.rules(direction) or ()
        )
        return Guard(direction, policies, judged, *_decide(direction, policies, judged))


def _decide(
    direction: Direction, policies: tuple[Policy, ...], judged: tuple[JudgedRule, ...]
) -> tuple[tuple[JudgedRule, ...], bool]:
    """The rules that decide; without any, whether a policy isolates the pod in a tier that no rule passes."""
    for tier in sorted({precedence_of(policy).tier for policy in policies}):
        met = [it for it in judged if it.meets and precedence_of(it.policy).tier == tier]
        first = min((place_of(it.policy, it.rule) for it in met), default=None)
        deciding = tuple(it for it in met if place_of(it.policy, it.rule) == first)
        if deciding:
            if deciding[0].rule.action is not RuleAction.PASS:
                return deciding, True
        elif any(it.isolates(direction) for it in policies if precedence_of(it).tier == tier):
            return (), True
    return (), False


def meets_port(rule: Rule, protocol: Protocol, port: int, names: frozenset[str]) -> bool:
    """Whether a rule's ports include this number, which bears these names at its destination."""
    is_inside = all(has_port(it, protocol, port, names) for it in (rule.ports, *rule.also_in))
    return is_inside and not has_port(rule.not_in, protocol, port, names)


def meets_peer(rule: Rule, end: Endpoint) -> bool:
    """Whether a rule's peers include this end of a connection."""
    if isinstance(end, Pod):
        place = end.place()
        return any(matches(peer.namespaces, place) and matches(peer.pods, end.labels) for peer in rule.pods)
    return bool(rule.addresses) and holds(rule.addresses, end)


def _approximations(
    source: Endpoint, destination: Endpoint, guards: tuple[Guard | None, Guard | None]
) -> tuple[Approximation, ...]:
    ends = (source, destination)
    found = []
    if any(isinstance(end, str) and is_inside(end) for end in ends):
        found.append(Approximation.POD_ADDRESS)
    rules = (judged.rule for guard in guards if guard is not None for judged in guard.rules)
    by_name = [it for it in rules if it.addresses.names_hosts]
    if by_name and any(isinstance(end, str) and is_host(end) for end in ends):
        found.append(naming(by_name))
    decided = (judged for guard in guards if guard is not None for judged in guard.rules if judged.meets_peer)
    is_known = isinstance(destination, Pod) and destination.kind  # a workload says which numbers its names are
    if not is_known and any(judged.rule.ports.has_names for judged in decided):
        found.append(Approximation.NAMED_PORT)
    if any(isinstance(end, Pod) and end.is_on_host_network for end in ends):
        found.append(Approximation.HOST_NETWORK)
    return tuple(found)
