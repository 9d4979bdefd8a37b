"""One direction of a set of policies, by the class of pods that each policy isolates."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from egressc.model.endpoints import intersect, pods_in
from egressc.model.flows import Direction, Endpoints, Pod, PodClass, Policy, Rule
from egressc.model.label_classes import has_members
from egressc.model.pod_classes import ClassIndex, common_pods, pods_without
from egressc.model.port_sets import NO_PORTS, PortSet, covers, join
from egressc.verify.flows import regions
from egressc.verify.flows.precedence import additive
from egressc.verify.flows.regions import Region, endpoints, region_of, restrict


class _Allowed(NamedTuple):
    ports: dict[Endpoints, PortSet]
    narrowed: list[Region]


class PolicyIndex:
    """What a set of policies allows in one direction. A pod that no subject selects is not isolated: all is allowed.

    Policies with order or denials are held as the additive ones that mean the same.
    """

    def __init__(self, policies: Iterable[Policy], direction: Direction) -> None:
        self.direction = direction
        self._policies: dict[PodClass, tuple[Policy, ...]] = {}
        self._allowed: dict[PodClass, _Allowed] = {}
        for policy in additive(policies, (direction,)):
            if policy.rules(direction) is not None and has_members(policy.subject.pods):
                others = self._policies.get(policy.subject)
                self._policies[policy.subject] = (*others, policy) if others else (policy,)

    @property
    def subjects(self) -> Iterable[PodClass]:
        return self._policies

    def isolates(self, subject: PodClass) -> bool:
        """Whether some policy has exactly this class of pods as its subject."""
        return subject in self._policies

    def says_the_same(self, subject: PodClass, other: "PolicyIndex") -> bool:
        """Whether both sides allow the same to exactly this class of pods; False where one does not isolate it."""
        mine, theirs = self._policies.get(subject), other._policies.get(subject)
        if mine is None or theirs is None:
            return False
        if len(mine) == len(theirs) == 1 and _same_rules(mine[0], theirs[0], self.direction):
            return True
        return self._allowed_of(subject) == other._allowed_of(subject)

    def allowed(self, subject: PodClass) -> dict[Endpoints, PortSet]:
        """Ports by peer for exactly this class of pods, which is isolated; without rules of narrowed ports."""
        return self._allowed_of(subject).ports

    def _allowed_of(self, subject: PodClass) -> "_Allowed":
        allowed = self._allowed.get(subject)
        if allowed is None:
            # Only where the sides differ, or an index asks: of a fleet that is what it should be, never.
            allowed = self._allowed[subject] = _Allowed({}, [])
            for _, rule in self.rules(subject):
                for peer in endpoints(rule):
                    if rule.also_in or rule.not_in != NO_PORTS:
                        allowed.narrowed.append(region_of(subject, peer, rule))
                    else:
                        known = allowed.ports.get(peer)
                        allowed.ports[peer] = rule.ports if known is None else join(known, rule.ports)
        return allowed

    def rules(self, subject: PodClass) -> Iterator[tuple[Policy, Rule]]:
        for policy in self._policies[subject]:
            for rule in policy.rules(self.direction) or ():
                yield policy, rule

    def allows_as_is(self, subject: PodClass, peer: Endpoints, ports: PortSet) -> bool:
        """Whether a policy for exactly this class names exactly this peer with these ports: the quick yes."""
        if subject not in self._policies:
            return False
        known = self.allowed(subject).get(peer)
        return known is not None and covers(known, ports)

    @cached_property
    def _index(self) -> ClassIndex[tuple[Policy, ...]]:
        return ClassIndex(self._policies.items())

    def subjects_over(self, pods: PodClass) -> list[PodClass]:
        """The subjects that share pods with a class."""
        return [subject for subject, _ in self._index.overlapping(pods)]

    def pieces_over(self, pods: PodClass, *, on_any_port: bool = False) -> list[Region]:
        """What is allowed to subjects that share pods with a class; `on_any_port`: see `regions`."""
        pieces: list[Region] = []
        for subject in self.subjects_over(pods):
            pieces += self.pieces_of(subject)
        if on_any_port:
            return [regions.on_any_port(piece, self.direction) for piece in pieces]
        return pieces

    def pieces_of(self, subject: PodClass) -> list[Region]:
        """What is allowed to exactly this class of pods, which is isolated."""
        allowed = self._allowed_of(subject)
        return [*(Region(subject, peer, (ports,)) for peer, ports in allowed.ports.items()), *allowed.narrowed]

    def policies_of(self, pod: Pod) -> tuple[Policy, ...]:
        """The policies that isolate one pod."""
        held = self._index.holding(pod.namespace, pod.place(), pod.labels)
        return tuple(policy for _, policies in held for policy in policies)

    def not_isolated(self, pods: PodClass) -> list[PodClass]:
        """The part of a class that no policy isolates."""
        rest = [pods]
        for subject in self.subjects_over(pods):
            rest = [part for piece in rest for part in _without_if_common(piece, subject)]
        return rest

    def passing(self, region: Region) -> Iterator[Region]:
        """The flows of a region of this direction that this side allows."""
        (ports,) = region.inside
        if self.allows_as_is(region.subject, region.peer, ports):
            yield region
            return
        for free in self.not_isolated(region.subject):
            yield region._replace(subject=free)
        for piece in self.pieces_over(region.subject):
            subject, peer = common_pods(region.subject, piece.subject), intersect(region.peer, piece.peer)
            if subject is not None and peer is not None:
                inner = Region(subject, peer, (ports, *piece.inside), piece.outside)
                if inner.could_exist and inner.find_port(self.direction) is not None:
                    yield inner

    def restricted(self, region: Region, *, on_any_port: bool = False) -> Iterator[Region]:
        """The flows of a region that guards the opposite direction which this side allows as well.

        `on_any_port`: the port may be another one in this direction, so the flows of a peer with an open port of their
        protocol pass.
        """
        called = pods_in(region.peer)
        if called is None:
            yield region
            return
        for peer in self.not_isolated(called):
            part = region._replace(peer=peer)
            if part.could_exist:
                yield part
        for piece in self.pieces_over(called, on_any_port=on_any_port):
            both_allow = restrict(region, piece)
            if both_allow is None or not both_allow.could_exist:
                continue
            if both_allow.find_port(self.direction.opposite) is not None:
                yield both_allow


class BothDirections:
    """Both directions of one set of policies.

    `before_translation`: egress sees the ports of Services and ingress those of pods, and policies do not tell which
    lead to which. Then a direction restricts the other by its peers and protocols alone: more counts as allowed.
    """

    def __init__(self, policies: Iterable[Policy], *, before_translation: bool = False) -> None:
        policies = tuple(policies)
        self.of = {direction: PolicyIndex(policies, direction) for direction in Direction}
        self.before_translation = before_translation

    def passed(self, region: Region, direction: Direction) -> Iterator[Region]:
        """The flows of a region, which guards `direction`, that the other direction allows as well."""
        return self.of[direction.opposite].restricted(region, on_any_port=self.before_translation)


def _same_rules(one: Policy, other: Policy, direction: Direction) -> bool:
    """Whether two policies have the same rules in the same order, as a rendered one and its source mostly do."""
    mine, theirs = one.rules(direction) or (), other.rules(direction) or ()
    return len(mine) == len(theirs) and all(
        a.ports == b.ports
        and a.pods == b.pods
        and a.addresses == b.addresses
        and a.also_in == b.also_in
        and a.not_in == b.not_in
        for a, b in zip(mine, theirs, strict=True)
    )


def _without_if_common(one: PodClass, other: PodClass) -> list[PodClass]:
    return [one] if common_pods(one, other) is None else pods_without(one, other)
