"""Two sets of policies, held against each other for every pod and namespace that could exist.

Exact: see docs/exactness.md. Where both sides say the same for a class of pods, which is nearly everywhere, they are
only looked up; the algebra of regions runs for what differs, and a difference in one direction counts only as far as
the other direction lets its flows through.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from egressc.model.address_sets import EVERY_ADDRESS
from egressc.model.endpoints import pods_in, without
from egressc.model.flows import (
    EVERY_POD,
    Difference,
    DifferenceKind,
    Direction,
    Endpoints,
    Pod,
    PodClass,
    Policy,
    Rule,
)
from egressc.model.pod_classes import ClassIndex, common_pods
from egressc.model.port_sets import EVERY_PORT
from egressc.verify.flows.internet import public_part
from egressc.verify.flows.policy_index import BothDirections, PolicyIndex
from egressc.verify.flows.regions import Region, endpoints, region_of, take
from egressc.verify.flows.witnesses import approximations, pick_witness


class _Excess(NamedTuple):
    """Flows that one side allows and the other does not, and the policy and rule that allow them, if it takes one."""

    policy: Policy | None
    rule: Rule | None
    regions: Iterator[Region]


class _Scope:
    """The flows that an intended policy limits: from pods that it isolates in egress, or to those in ingress."""

    def __init__(self, wanted: BothDirections) -> None:
        self._limited = {
            direction: ClassIndex((subject, None) for subject in wanted.of[direction].subjects)
            for direction in Direction
        }

    def within(self, region: Region, direction: Direction) -> Iterator[Region]:
        """The parts of a region, of flows in a direction, that lie in the scope."""
        for pods, _ in self._limited[direction].overlapping(region.subject):
            part = common_pods(region.subject, pods)
            if part is not None and (narrowed := region._replace(subject=part)).could_exist:
                yield narrowed
        if (others := pods_in(region.peer)) is not None:
            for pods, _ in self._limited[direction.opposite].overlapping(others):
                part = common_pods(others, pods)
                if part is not None and (narrowed := region._replace(peer=part)).could_exist:
                    yield narrowed


def compare(
    intended: Iterable[Policy],
    rendered: Iterable[Policy],
    *,
    of_intended_only: bool = False,
    before_translation: bool = False,
    group_by: Callable[[Difference], object] | None = None,
) -> list[Difference]:
    """Every difference in the flows that two sets of policies allow; none means that they allow the same.

    One stands for all that a rule makes, or a policy by what it isolates.

    Args:
        intended: what should be; its order is the order of the under-permissions.
        rendered: what is; its order is the order of the over-permissions, which come first.
        of_intended_only: only flows that an intended policy limits at one end. For manifests in which policies of
            others, about other pods, lie beside ours.
        before_translation: see `BothDirections`. A flow that the other direction closes may be reported; none that it
            opens is missed.
        group_by: tells differences of one rule apart: one stands for all of which it says the same.
    """
    wanted = BothDirections(intended, before_translation=before_translation)
    actual = BothDirections(rendered, before_translation=before_translation)
    scope = _Scope(wanted) if of_intended_only else None
    return list(
        chain(
            _differences(DifferenceKind.OVER, actual, wanted, scope, group_by),
            _differences(DifferenceKind.UNDER, wanted, actual, scope, group_by),
        )
    )


def _differences(
    kind: DifferenceKind,
    many: BothDirections,
    few: BothDirections,
    scope: _Scope | None,
    group_by: Callable[[Difference], object] | None,
) -> Iterator[Difference]:
    for direction in Direction:
        denying = few.of[direction]
        for excess in _excesses(many.of[direction], denying):
            found = _allowed(many, excess, scope, direction)
            if group_by is not None:
                # All flows that a rule adds for one service are alike, so the first will do: 200 services that may all
                # connect to each other took 8.5 s, and take 3.5 s. Rows that a policy cuts off differ.
                is_of_rows = kind is DifferenceKind.UNDER and excess.rule is None
                parts = (it for regions in found for it in (regions if is_of_rows else islice(regions, 1)))
                differences = (_difference(kind, direction, excess, it, denying) for it in parts)
                yield from _one_of_each(differences, group_by)
            elif (region := next(chain.from_iterable(found), None)) is not None:
                yield _difference(kind, direction, excess, region, denying)


def _allowed(
    side: BothDirections, excess: _Excess, scope: _Scope | None, direction: Direction
) -> Iterator[Iterator[Region]]:
    """The parts of each region that count: what the other direction of the same side denies is not allowed there."""
    for region in excess.regions:
        passed = side.passed(region, direction)
        yield passed if scope is None else (it for part in passed for it in scope.within(part, direction))


def _one_of_each(found: Iterable[Difference], group_by: Callable[[Difference], object]) -> Iterator[Difference]:
    """The first of those of which it says the same."""
    told: set[object] = set()
    for difference in found:
        if (key := group_by(difference)) not in told:
            told.add(key)
            yield difference


def _excesses(many: PolicyIndex, few: PolicyIndex) -> Iterator[_Excess]:
    for subject in many.subjects:
        if many.says_the_same(subject, few):
            continue
        for policy, rule in many.rules(subject):
            for peer in endpoints(rule):
                if not few.allows_as_is(subject, peer, rule.ports):
                    yield _Excess(policy, rule, _beyond_rule(subject, peer, rule, few))
    for subject in few.subjects:
        if not many.isolates(subject):
            yield _Excess(None, None, _beyond_isolation(subject, many, few))


def _beyond_rule(subject: PodClass, peer: Endpoints, rule: Rule, few: PolicyIndex) -> Iterator[Region]:
    # Pods that `few` does not isolate may do everything there: only the isolated ones can differ.
    if few.isolates(subject):
        isolated = [subject]
    else:
        isolated = [part for other in few.subjects_over(subject) if (part := common_pods(subject, other)) is not None]
    for part in isolated:
        pieces = few.pieces_over(part)
        for end in _telling_first(peer):
            yield from take(region_of(part, end, rule), pieces, few.direction)


def _beyond_isolation(subject: PodClass, many: PolicyIndex, few: PolicyIndex) -> Iterator[Region]:
    for free in many.not_isolated(subject):
        pieces = few.pieces_over(free)
        for everyone in (EVERY_POD, *_telling_first(EVERY_ADDRESS)):
            yield from take(Region(free, everyone, (EVERY_PORT,)), pieces, few.direction)


def _telling_first(peer: Endpoints) -> Iterator[Endpoints]:
    """A peer in parts, so that the first region found is the one to show: public addresses before all others."""
    public = public_part(peer)
    if not public:
        yield peer
        return
    yield from (public, *without(peer, public))


def _difference(
    kind: DifferenceKind, direction: Direction, excess: _Excess, region: Region, denying: PolicyIndex
) -> Difference:
    witness = pick_witness(region, direction)
    guarded = witness.source if direction is Direction.EGRESS else witness.destination
    return Difference(
        kind=kind,
        direction=direction,
        policy=excess.policy,
        rule=excess.rule,
        subject=region.subject,
        peer=region.peer,
        ports=region.inside[0],
        witness=witness,
        against=denying.policies_of(guarded) if isinstance(guarded, Pod) else (),
        approximate=approximations(region, witness, *filter(None, [excess.rule])),
    )
